"""The way of an avatar in five steps, for people who wait."""

from avatars.models import Avatar, State

_TEXTS = {
    "checked": ("Checked", "The photo is good and safe here."),
    "sent": ("Sent", "Anam gets the photo."),
    "created": ("Created", "Anam makes the avatar: {usually}."),
    "preview": ("Preview", "Anam films the preview video."),
    "ready": ("Ready", "It can be shown and reviewed."),
}


_DOCUMENTED = "half a minute to two minutes"  # as independent clients saw it


def steps_of(avatar: Avatar, usual: str = "") -> list[dict[str, str]]:
    """Each step as {"key", "title", "state": done|now|todo|stuck, "text"}; none once removed.

    Also none for Anam's stock, which did not come this way.

    `usual`: how long creating took lately, in words.
    """
    if avatar.state == State.REMOVED or avatar.stock:
        return []
    reached = _reached(avatar)
    stuck = avatar.state in (State.HELD, State.UNKNOWN, State.REFUSED)
    usually = f"usually {usual}" if usual else _DOCUMENTED
    steps = []
    for number, (key, (title, text)) in enumerate(_TEXTS.items()):
        if number < reached:
            state = "done"
        elif number > reached:
            state = "todo"
        else:
            state = "stuck" if stuck else "now"
        steps.append(
            {"key": key, "title": title, "state": state, "text": text.format(usually=usually)}
        )
    return steps


def _reached(avatar: Avatar) -> int:
    """The number of the step that is going on; 5 when all are done."""
    if avatar.state == State.READY:
        return 3 if avatar.preview_pending else 5
    if avatar.state in (State.SENDING, State.UNKNOWN, State.REFUSED):
        return 2
    return 1
