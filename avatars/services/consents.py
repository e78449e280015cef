"""Consent to a photo: asked for, given, refused, withdrawn, ended.

It is bound to the photo's hash, so it counts for every avatar made from that photo. The avatars
carry the sum of it (`consent`, `consent_until`), written in the transaction of each change.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from avatars import codes
from avatars.models import LINK_LIFE, Avatar, Consent, Event, How, Kind, Standing, Wording

from .consent_sums import of_photo, same_photo, settle


@dataclass(frozen=True)
class Terms:
    """Who is shown, what the avatar will be used for, and until when; None is without an end."""

    who: str
    scope: str = ""
    valid_until: datetime | None = None
    email: str = ""


def ask(avatar: Avatar, terms: Terms, by: Any) -> Consent:
    """A question for the depicted person. Its link is `consent.code`, good for seven days."""
    now = timezone.now()
    consent = _drafted(avatar, How.LINK, terms, by)
    consent.digest = codes.digest(consent.code)
    consent.link_until = now + LINK_LIFE
    with transaction.atomic():
        consent.save(force_insert=True)
        settle(consent, Kind.CONSENT_ASKED, actor=by)
    return consent


def state_own(avatar: Avatar, terms: Terms, by: Any) -> Consent:
    """It is the face of whoever says so, and they agree."""
    return _given(_drafted(avatar, How.OWN, terms, by), actor=by)


def put_on_file(avatar: Avatar, terms: Terms, by: Any, *, data: bytes, extension: str) -> Consent:
    """Somebody has signed, on paper or elsewhere; `data` is the picture or document of that.

    Raises `OSError` when it can't be stored; then nothing is.
    """
    consent = _drafted(avatar, How.FILE, terms, by)
    consent.file.save(f"{consent.pk}{extension}", ContentFile(data), save=False)
    return _given(consent, actor=by, kind=Kind.CONSENT_FILED)


def take_with_photo(avatar: Avatar, terms: Terms) -> Consent:
    """The depicted person has sent the photo themselves, by a photo call, and agrees.

    In the transaction that makes the avatar.
    """
    return _given(_drafted(avatar, How.CALL, terms, None), visitor=terms.who)


def see(consent: Consent) -> None:
    """The depicted person has opened the link; the first time is on the record."""
    with transaction.atomic():
        if Consent.objects.see(consent, timezone.now()):
            Event.objects.create(avatar=consent.avatar, visitor=consent.who, kind=Kind.CONSENT_SEEN)


def answer(consent: Consent, *, yes: bool, who: str, valid_until: datetime | None) -> bool:
    """The depicted person's word; False when the question is over, or answered before."""
    standing = Standing.GIVEN if yes else Standing.DENIED
    kind = Kind.CONSENT_GIVEN if yes else Kind.CONSENT_DENIED
    now = timezone.now()
    with transaction.atomic():
        answered = Consent.objects.answer(
            consent, standing, now, who=who, valid_until=valid_until if yes else None
        )
        if answered:
            consent.refresh_from_db()
            if yes:
                _open_the_way_back(consent)
            else:
                # A no to the same face takes back what was said before.
                _withdraw_others(consent, now)
            settle(consent, kind, visitor=consent.who)
    return answered


def cancel(consent: Consent, by: Any) -> bool:
    """Take the question back: its link is over. False when it was answered before."""
    with transaction.atomic():
        cancelled = Consent.objects.cancel(consent, timezone.now())
        if cancelled:
            settle(consent, Kind.CONSENT_CANCELLED, actor=by)
    return cancelled


def withdraw(consent: Consent, *, by: Any = None, wants_erasure: bool = False) -> bool:
    """Taken back by the depicted person, or, on their word, by somebody of the team.

    From this transaction on every avatar of the photo is out of use. False when it is over already.
    """
    now = timezone.now()
    with transaction.atomic():
        withdrawn = Consent.objects.withdraw(consent, now, by=by, wants_erasure=wants_erasure)
        if withdrawn:
            _withdraw_others(consent, now)
            visitor = "" if by else consent.who
            settle(consent, Kind.CONSENT_WITHDRAWN, actor=by, visitor=visitor)
    return withdrawn


def files_of(avatar: Avatar) -> list[str]:
    """The files that go with it when it is erased."""
    if same_photo(avatar):
        return []
    return [str(row.file) for row in Consent.objects.filter(avatar=avatar).exclude(file="")]


def forget(avatar: Avatar, photo_sha256: str) -> None:
    """Leave nothing of an erased avatar's consents; that it was asked, and when, stays.

    What counts for another avatar of the same photo goes on with that one.
    """
    rows = Consent.objects.filter(avatar=avatar)
    heir = of_photo(photo_sha256).exclude(pk=avatar.pk).first()
    if heir is not None:
        rows.update(avatar=heir)
        return
    words = {"who": "", "email": "", "scope": "", "draft": {}, "file": "", "photo_sha256": ""}
    rows.update(salt=uuid4(), digest=None, withdrawal_digest=None, **words)


def _drafted(avatar: Avatar, how: How, terms: Terms, by: Any) -> Consent:
    return Consent(
        avatar=avatar,
        photo_sha256=avatar.photo_sha256,
        who=terms.who,
        email=terms.email,
        how=how,
        scope=terms.scope,
        wording=Wording.current(),
        valid_until=terms.valid_until,
        asked_by=by,
    )


def _given(
    consent: Consent, *, actor: Any = None, visitor: str = "", kind: Kind = Kind.CONSENT_GIVEN
) -> Consent:
    consent.standing = Standing.GIVEN
    consent.answered_at = timezone.now()
    consent.withdrawal_digest = codes.digest(consent.withdrawal_code)
    with transaction.atomic():
        consent.save(force_insert=True)
        settle(consent, kind, actor=actor, visitor=visitor)
    return consent


def _open_the_way_back(consent: Consent) -> None:
    """What somebody gave they can take back, by a link of its own."""
    digest = codes.digest(consent.withdrawal_code)
    Consent.objects.filter(pk=consent.pk).update(withdrawal_digest=digest)


def _withdraw_others(consent: Consent, now: datetime) -> None:
    for other in Consent.objects.standing_for(consent.photo_sha256).exclude(pk=consent.pk):
        Consent.objects.withdraw(other, now, wants_erasure=consent.wants_erasure)
