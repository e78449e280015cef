"""Circles: whom an event concerns. Who did it themselves is left out by `Notice.objects.tell`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from .consent import How
from .kinds import Kind, Subject
from .photo_call import PhotoCall
from .policy import Policy, holders
from .states import BEFOREHAND
from .token import Token

if TYPE_CHECKING:
    from .event import Event

_AWAY = timedelta(minutes=15)  # nobody keeps looking at a page for longer
_DECISIONS = (Kind.CHANGES, Kind.REJECTED, Kind.APPROVED)

Circle = Callable[["Event"], Iterable[Any]]


def concerned(event: Event) -> set[str]:
    """The ids of the people whom it concerns by its kind, as texts."""
    circles = CIRCLES.get(Kind(event.kind), ())
    return {str(pk) for circle in circles for pk in circle(event) if pk is not None}


def who_may_know(event: Event) -> QuerySet[Any]:
    """The active people who may see what it is about."""
    people = holders("avatars.view_avatar")
    avatar = event.avatar
    if avatar is None or not Policy.current().hides(avatar):
        return people
    reviewers = holders("avatars.review_avatar").values("pk")
    return people.filter(Q(pk=avatar.owner_id) | Q(pk__in=reviewers))


# Each circle answers ids of people ----------------------------------------------------------------
def _owner(event: Event) -> list[Any]:
    return [event.avatar.owner_id] if event.avatar else []


def _judged_owner(event: Event) -> list[Any]:
    """Not of what the policy says by itself: they were told so before they sent the photo."""
    return [] if event.detail.get("by") == "policy" else _owner(event)


def _owner_who_left(event: Event) -> list[Any]:
    """Who did not see it being made: it waited for other people, or for long."""
    avatar = event.avatar
    if avatar is None:
        return []
    waited = avatar.review in BEFOREHAND or avatar.needs_consent
    return _owner(event) if waited or event.at - avatar.created_at > _AWAY else []


def _caller(event: Event) -> list[Any]:
    """Who asked for photos by a link, when one comes in."""
    return _owner(event) if event.avatar and event.avatar.call_id else []


def _owner_who_waits(event: Event) -> list[Any]:
    """Not of a consent that came with the photo: they are told of the photo."""
    latest = event.avatar.consents.order_by("-asked_at").first() if event.avatar else None
    return [] if latest and latest.how == How.CALL else _owner(event)


def _askers(event: Event) -> list[Any]:
    """Whoever asked for consent, as long as they review; owners are told anyway."""
    if event.avatar is None:
        return []
    return _still("avatars.review_avatar", event.avatar.consents.values_list("asked_by", flat=True))


def _reviewer(event: Event) -> list[Any]:
    """Whose decision is in question, as long as they review."""
    if event.avatar is None:
        return []
    decisions = event.avatar.events.filter(kind__in=_DECISIONS).order_by("-at", "-id")
    return _still("avatars.review_avatar", decisions.values_list("actor", flat=True)[:1])


def _administrators(_: Event) -> list[Any]:
    return list(holders("avatars.operate_avatar").values_list("pk", flat=True))


def _administrators_if_used(event: Event) -> list[Any]:
    """When an approved one goes out of use by it."""
    return _administrators(event) if event.detail.get("usable") is False else []


def _person(event: Event) -> list[Any]:
    return [event.subject_id] if _is_about(event, Subject.PERSON) else []


def _token_owner(event: Event) -> list[Any]:
    if not _is_about(event, Subject.TOKEN):
        return []
    return list(Token.objects.filter(pk=event.subject_id).values_list("owner", flat=True))


def _call_maker(event: Event) -> list[Any]:
    if not _is_about(event, Subject.CALL):
        return []
    return list(PhotoCall.objects.filter(pk=event.subject_id).values_list("made_by", flat=True))


def _is_about(event: Event, subject: Subject) -> bool:
    return event.subject == subject and bool(event.subject_id)


def _still(permission: str, ids: Iterable[Any]) -> list[Any]:
    """Those of them who may do that now."""
    known = set(ids) - {None}
    return list(holders(permission).filter(pk__in=known).values_list("pk", flat=True))


CIRCLES: dict[Kind, tuple[Circle, ...]] = {
    Kind.UPLOADED: (_caller,),
    Kind.CREATED: (_owner_who_left,),
    Kind.ADOPTED: (_owner_who_left,),
    Kind.SEVERAL: (_administrators,),
    Kind.REFUSED: (_owner,),
    Kind.STOPPED: (_owner,),
    Kind.GONE: (_owner,),
    Kind.BACK: (_owner,),
    Kind.RENAMED: (_owner,),
    Kind.RENAME_REFUSED: (_owner,),
    Kind.REMOVED: (_owner,),
    Kind.RESTORED: (_owner,),
    Kind.ERASURE: (_owner,),
    Kind.APPROVED: (_judged_owner,),
    Kind.CHANGES: (_owner,),
    Kind.REJECTED: (_owner,),
    Kind.RESUBMITTED: (_reviewer,),
    Kind.CONSENT_GIVEN: (_owner_who_waits, _askers),
    Kind.CONSENT_FILED: (_owner, _askers),
    Kind.CONSENT_DENIED: (_owner, _askers, _administrators_if_used),
    Kind.CONSENT_WITHDRAWN: (_owner, _askers, _administrators),
    Kind.ERASURE_WISHED: (_owner, _askers, _administrators),
    Kind.CONSENT_ENDING: (_owner, _askers),
    Kind.CONSENT_EXPIRED: (_owner, _askers, _administrators),
    Kind.CALL_CLOSED: (_call_maker,),
    Kind.TOKEN_MADE: (_token_owner,),
    Kind.TOKEN_REVOKED: (_token_owner,),
    Kind.ROLE_CHANGED: (_person,),
    Kind.REACTIVATED: (_person,),
    Kind.PASSWORD_CHANGED: (_person,),
    Kind.EMAIL_CHANGED: (_person,),
    Kind.NAME_CHANGED: (_person,),
    Kind.FACTOR_ADDED: (_person,),
    Kind.FACTOR_REMOVED: (_person,),
}
