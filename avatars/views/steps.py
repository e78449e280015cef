"""The way of an avatar step by step, for people who wait."""

from avatars.models import BEFOREHAND, Approval, Avatar, State

_TEXTS = {
    "checked": ("Checked", "The photo is good and safe here."),
    "consent": ("Consent", "The person shown agrees to it."),
    "approved": ("Approved", "A reviewer looks at the photo before anything is sent."),
    "sent": ("Sent", "Anam gets the photo."),
    "created": ("Created", "Anam makes the avatar: {usually}."),
    "preview": ("Preview", "Anam films the preview video."),
    "ready": ("Ready", "It can be shown and reviewed."),
}
_STUCK = (State.HELD, State.UNKNOWN, State.REFUSED)
_DOCUMENTED = "half a minute to two minutes"  # as independent clients saw it


def steps_of(avatar: Avatar, usual: str = "") -> list[dict[str, str]]:
    """Each step as {"key", "title", "state": done|now|todo|stuck, "text"}; none once removed.

    Also none for Anam's stock, which did not come this way.

    `usual`: how long creating took lately, in words.
    """
    if avatar.state == State.REMOVED or avatar.stock:
        return []
    way = [key for key in _TEXTS if _is_asked_for(avatar, key)]
    here = _here(avatar)
    reached = way.index(here) if here else len(way)
    usually = f"usually {usual}" if usual else _DOCUMENTED
    return [
        {
            "key": key,
            "title": _TEXTS[key][0],
            "state": _state(avatar, key, number - reached),
            "text": _TEXTS[key][1].format(usually=usually),
        }
        for number, key in enumerate(way)
    ]


def _is_asked_for(avatar: Avatar, key: str) -> bool:
    """Consent and review have a step where they keep a photo from being sent."""
    if key == "consent":
        return avatar.needs_consent or avatar.is_blocked
    return key != "approved" or avatar.review in BEFOREHAND


def _here(avatar: Avatar) -> str:
    """The step that is going on; "" when all are done."""
    if avatar.state == State.READY:
        return "preview" if avatar.preview_pending else ""
    if avatar.state in (State.SENDING, State.UNKNOWN, State.REFUSED):
        return "created"
    if avatar.state != State.REVIEW:
        return "sent"
    if avatar.lacks_consent:
        return "consent"
    unseen = avatar.review in BEFOREHAND and avatar.approval != Approval.APPROVED
    return "approved" if unseen else "sent"


def _state(avatar: Avatar, key: str, ahead: int) -> str:
    """`ahead`: how far the step is from the one that is going on."""
    if key == "consent" and avatar.is_blocked:
        return "stuck"
    if ahead:
        return "done" if ahead < 0 else "todo"
    answered = avatar.approval in (Approval.CHANGES, Approval.REJECTED)
    said_no = key == "approved" and answered
    return "stuck" if said_no or avatar.state in _STUCK else "now"
