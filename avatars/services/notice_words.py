"""What a notice says, in words for its reader: what happened, and what they can do next."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone

from avatars.causes import WORDS
from avatars.models import Approval, Avatar, Event, Kind, Notice, Policy, Reason, State
from avatars.names import tidy_name
from avatars.upstream.errors import Cause

from .notice_sentences import FORMS, OTHER, Form


@dataclass(frozen=True)
class NoticeWords:
    """`title` without a full stop, for lists and subject lines; `body` what was said, or "".

    `next` is what the reader can do, in whole sentences. `path` leads to where that is done; "" is
    nowhere.
    """

    title: str
    body: str = ""
    next: str = ""
    path: str = ""

    @property
    def sentence(self) -> str:
        return f"{self.title}: {self.body}" if self.body else f"{self.title}."


# Whose note is for the reader; that of others has been said before.
_QUOTED = {Kind.APPROVED, Kind.CHANGES, Kind.REJECTED, Kind.RESUBMITTED, Kind.RENAME_REFUSED}
# What a decision led to: is it otherwise by now, then there is nothing to do about it any more.
_LED_TO = {
    Kind.APPROVED: Approval.APPROVED,
    Kind.CHANGES: Approval.CHANGES,
    Kind.REJECTED: Approval.REJECTED,
    Kind.RESUBMITTED: Approval.WAITING,
}
_BLOCKED_BY = {Kind.CONSENT_DENIED, Kind.CONSENT_WITHDRAWN, Kind.CONSENT_EXPIRED}
_ERASED = "an erased avatar"
_HIDDEN = NoticeWords("Something happened to an avatar that you may not see any more")


def words_of(notice: Notice, reader: Any, policy: Policy) -> NoticeWords:
    """It names no avatar that its reader may not see, and no erased one."""
    event = notice.event
    if not event.is_shown_to(reader, policy):
        return _HIDDEN
    form = FORMS.get(Kind(event.kind), OTHER)
    title = form.title.format(**_names(event))
    if title.startswith(_ERASED):
        title = f"A{title[1:]}"
    return NoticeWords(title, _body(event), _next(event, form.next), _place(event.avatar, form))


def _names(event: Event) -> dict[str, str]:
    who = tidy_name(str(event.actor) if event.actor else event.visitor)
    if who and event.token:
        who = f"{who} (by the token “{tidy_name(event.token.name)}”)"
    return {
        "name": _name(event),
        "who": who or "Somebody",
        "by": f" by {who}" if who else "",
        "did": tidy_name(event.sentence),
    }


def _name(event: Event) -> str:
    if event.avatar is None:
        return f"“{tidy_name(event.subject_name)}”"
    return _ERASED if event.avatar.is_erased else tidy_name(event.avatar.display_name)


def _place(avatar: Avatar | None, form: Form) -> str:
    if avatar is not None:
        return avatar.get_absolute_url()
    return "" if form.place == "avatar" else reverse(form.place)


def _body(event: Event) -> str:
    """What was said, or how it stands; nothing of what was said about an erased face."""
    if event.avatar and event.avatar.is_erased:
        return ""
    match event.kind:
        case Kind.REFUSED:
            return _refusal(event)
        case Kind.CONSENT_ENDING:
            return _last_day(event)
        case Kind.ROLE_CHANGED:
            return _role(event)
    reason = event.detail.get("reason")
    parts = [f"{Reason(reason).label}." if reason in Reason else ""]
    parts += [event.note if event.kind in _QUOTED else ""]
    return "\n".join(part for part in parts if part)


def _refusal(event: Event) -> str:
    cause = event.detail.get("cause")
    said = str(event.detail.get("said") or "").rstrip(".")
    happened = WORDS[Cause(cause)].happened if cause in Cause else ""
    return " ".join(filter(None, [happened, f"Anam says: “{said}.”" if said else ""]))


def _last_day(event: Event) -> str:
    try:
        moment = timezone.localtime(datetime.fromisoformat(str(event.detail.get("until"))))
    except ValueError:
        return ""
    return f"the last day is {moment.day} {moment:%B %Y}."


def _role(event: Event) -> str:
    after = event.detail.get("after")
    role = after.get("role") if isinstance(after, dict) else after
    return f"it is “{role}” now." if isinstance(role, str) and role else ""


def _next(event: Event, usual: str) -> str:
    """What can still be done, as it stands now."""
    avatar, kind = event.avatar, Kind(event.kind)
    if avatar is None or kind == Kind.ERASURE:
        return usual
    if avatar.is_erased:
        return "It was erased, so there is nothing to do any more."
    if avatar.state == State.REMOVED and kind != Kind.REMOVED:
        return "It was removed since."
    if kind in _LED_TO and avatar.approval != _LED_TO[kind]:
        return f"It has moved on since: {avatar.get_approval_display().lower()}."
    if kind in _BLOCKED_BY and not avatar.is_blocked:
        return f"It has moved on since: {avatar.consent_now.label.lower()}."
    return _special(avatar, event, usual)


def _special(avatar: Avatar, event: Event, usual: str) -> str:
    if event.kind == Kind.APPROVED and avatar.state != State.READY:
        return "It goes on to Anam now. You hear again when it is ready."
    if event.kind in (Kind.CREATED, Kind.ADOPTED) and avatar.awaits_review:
        return "A reviewer looks at it once more before it may be used."
    cause = event.detail.get("cause")
    if event.kind == Kind.REFUSED and cause in Cause:
        return WORDS[Cause(cause)].next
    return usual
