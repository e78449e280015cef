"""What all consents to one photo come to, kept in every avatar made from it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from avatars.models import BLOCKING, Approval, Avatar, Consent, Event, How, Kind, Standing, State
from avatars.models.event import SOMEBODY

from .consent_weight import Sum, weigh
from .release import recall, release

_YOUNG = timedelta(days=1)  # a photo this old is known to whoever changes a consent to it


def locked(photo_sha256: str) -> list[Avatar]:
    """Every avatar of the photo, locked. What changes a consent to it begins with this.

    So all changes of one photo come one after the other: of a yes and a withdrawal at once the
    later one sees the earlier one, and a photo that comes in waits for the end of both.
    """
    rows = Avatar.objects.select_for_update(no_key=True, of=("self",))
    # By age: a twin that has just come in is locked after the one at which all wait for each other.
    rows = rows.filter(photo_sha256=photo_sha256).exclude(photo_sha256="")
    rows = rows.order_by("created_at", "pk")
    list(rows)  # PostgreSQL does not show what was committed while this waited: the next does
    return list(rows.all())


def settle(
    before: list[Avatar], consent: Consent, kind: Kind, *, actor: Any = None, visitor: str = ""
) -> None:
    """Write the new sum into every avatar of the photo, and the event into the record of each.

    `before` is what `locked` gave before the change. What waited for nothing but a yes goes on its
    way; what lacks it now leaves the line for Anam. Whoever calls this wakes a worker.
    """
    _sum_up(consent.photo_sha256)
    _write_down(before, consent, kind, actor=actor, visitor=visitor)
    for avatar in before:
        if avatar.state == State.REVIEW:
            release(avatar)
        elif avatar.state in (State.QUEUED, State.HELD):
            recall(avatar)


def take_over(avatar: Avatar) -> None:
    """Give a new avatar what counts for its photo, in the transaction that makes its row."""
    locked(avatar.photo_sha256)
    avatar.consent, avatar.consent_until = standing_of(avatar)


def mend() -> int:
    """Sum up anew where avatars say something else than the rows of consent; how many photos.

    For questions that nobody answered in time, and for two avatars of one new photo that came in
    at the same moment: neither could wait for the other's consent.
    """
    told = Exists(Consent.objects.filter(photo_sha256=OuterRef("photo_sha256")))
    young = Q(created_at__gt=timezone.now() - _YOUNG) & (told | ~Q(consent=Standing.NONE))
    doubtful = Avatar.objects.filter(young | Q(consent=Standing.ASKED)).exclude(photo_sha256="")
    return sum(_mended(photo) for photo in set(doubtful.values_list("photo_sha256", flat=True)))


def standing_of(avatar: Avatar) -> Sum:
    """How it stands with consent to an avatar, and until when, by the rows of this moment."""
    return weigh(Consent.objects.of_photo(avatar.photo_sha256), avatar.pk)


def same_photo(avatar: Avatar) -> list[Avatar]:
    """The other avatars that were made from the very same photo."""
    return list(of_photo(avatar.photo_sha256).exclude(pk=avatar.pk))


def of_photo(photo_sha256: str) -> Any:
    rows = Avatar.objects.filter(photo_sha256=photo_sha256, erased_at=None)
    return rows.exclude(photo_sha256="").exclude(errand="erase").order_by("created_at", "id")


def _write_down(
    before: Iterable[Avatar], consent: Consent, kind: Kind, *, actor: Any, visitor: str
) -> None:
    """Of a photo that was sent in only for the avatar that it is about, and where it counts.

    Who was asked for another maker's avatar is for that one's record to tell.
    """
    now = {a.pk: a for a in Avatar.objects.filter(pk__in=[avatar.pk for avatar in before])}
    own = now.get(consent.avatar_id)
    Event.objects.bulk_create(
        Event(
            avatar=now[avatar.pk],
            actor=actor,
            visitor=visitor and (visitor if _of_one(own, avatar) else SOMEBODY),
            kind=kind,
            detail=_detail(avatar, now[avatar.pk]),
        )
        for avatar in before
        if consent.how != How.CALL
        or avatar.pk == consent.avatar_id
        or avatar.consent != now[avatar.pk].consent
    )


def _of_one(own: Avatar | None, other: Avatar) -> bool:
    return own is not None and own.owner_id == other.owner_id


def _detail(before: Avatar, after: Avatar) -> dict[str, Any]:
    """What webhooks are told depends on whether an approved one goes out of use, or comes back."""
    detail: dict[str, Any] = {}
    if before.consent != after.consent:
        detail |= {"before": before.consent, "after": after.consent}
    if before.approval == Approval.APPROVED and _suffices(before) != _suffices(after):
        detail["usable"] = _suffices(after)
    return detail


def _suffices(avatar: Avatar) -> bool:
    """By the row alone: to the clock an ended consent has ended before anybody wrote it down."""
    wanted = avatar.consent == Standing.GIVEN or not avatar.needs_consent
    return wanted and avatar.consent not in BLOCKING


def _mended(photo_sha256: str) -> bool:
    with transaction.atomic():
        locked(photo_sha256)
        return _sum_up(photo_sha256)


def _sum_up(photo_sha256: str) -> bool:
    """Whether any of them says something else now."""
    rows = list(Consent.objects.of_photo(photo_sha256))
    sent_in = {row.avatar_id for row in rows if row.how == How.CALL}
    avatars = Avatar.objects.filter(photo_sha256=photo_sha256).exclude(photo_sha256="")
    changed = avatars.exclude(pk__in=sent_in).set_consent(*weigh(rows), timezone.now())
    for pk in sent_in:
        changed += avatars.filter(pk=pk).set_consent(*weigh(rows, pk), timezone.now())
    return changed > 0
