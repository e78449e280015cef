"""Consent to a photo: asked for, given, refused, withdrawn, ended.

It is bound to the photo's hash, so it counts for every avatar made from that photo. The avatars
carry the sum of it (`consent`, `consent_until`), written in the transaction of each change.
"""

from dataclasses import dataclass
from datetime import datetime
from logging import getLogger
from secrets import token_hex
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.utils import timezone

from avatars import codes
from avatars.models import LINK_LIFE, Avatar, Consent, Event, How, Kind, Standing, Wording

from .consent_sums import locked, settle, standing_of
from .strays import CONSENTS, discard

logger = getLogger(__name__)

_NO = (Standing.DENIED, Standing.WITHDRAWN)


class TooLate(Exception):
    """The avatar is being erased: nothing about its face is written down any more."""


class OtherTerms(Exception):
    """The same wish was fulfilled before, with other words or another file."""


class SaidNo(Exception):
    """Whoever is shown has said no. Only their own word or signature brings the face back."""


@dataclass(frozen=True)
class Terms:
    """Who is shown, what the avatar will be used for, and until when; None is without an end.

    `wording` is what they read; None is the one of this moment.
    """

    who: str
    scope: str = ""
    valid_until: datetime | None = None
    email: str = ""
    wording: Wording | None = None


def ask(avatar: Avatar, terms: Terms, by: Any, *, wish: str = "") -> Consent:
    """A question for the depicted person. Its link is `consent.code`, good for seven days.

    The same `wish`, as by a double click, gets the same question. Raises `OtherTerms`, `TooLate`.
    """
    consent = _drafted(avatar, How.LINK, terms, by, wish)
    consent.digest = codes.digest(consent.code)
    consent.link_until = timezone.now() + LINK_LIFE
    return _added(consent, Kind.CONSENT_ASKED, actor=by)


def state_own(avatar: Avatar, terms: Terms, by: Any, *, wish: str = "") -> Consent:
    """It is the face of whoever says so, and they agree.

    Raises `OtherTerms`, `SaidNo` and `TooLate`.
    """
    return _given(_drafted(avatar, How.OWN, terms, by, wish), actor=by)


def put_on_file(
    avatar: Avatar, terms: Terms, by: Any, *, data: bytes, extension: str, wish: str = ""
) -> Consent:
    """Somebody has signed, on paper or elsewhere; `data` is the picture or document of that.

    Raises `OtherTerms`, `TooLate`, and `OSError` when it can't be stored; then nothing is.
    """
    consent = _drafted(avatar, How.FILE, terms, by, wish)
    # A name of its own for each try, so that none can be mistaken for another's.
    consent.file.name = name = f"{CONSENTS}/{consent.pk}-{token_hex(4)}{extension}"
    try:
        default_storage.save(name, ContentFile(data))
        kept = _given(consent, actor=by, kind=Kind.CONSENT_FILED)
    except BaseException:
        _take_back(consent)
        raise
    if kept is not consent:  # of the same wish, with a file of its own
        discard([name])
        if _data_of(kept) != data:
            raise OtherTerms
    return kept


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


def answer(
    consent: Consent,
    *,
    yes: bool,
    who: str,
    valid_until: datetime | None = None,
    wants_erasure: bool = False,
) -> bool:
    """The depicted person's word; False when the question is over, or answered before.

    With a yes there is no end but `valid_until`, with a no maybe the wish to be erased.
    """
    standing = Standing.GIVEN if yes else Standing.DENIED
    kind = Kind.CONSENT_GIVEN if yes else Kind.CONSENT_DENIED
    words = {"who": who, "valid_until": valid_until if yes else None}
    erase, now = wants_erasure and not yes, timezone.now()
    with transaction.atomic():
        avatars = locked(consent.photo_sha256)
        answered = Consent.objects.answer(consent, standing, now, wants_erasure=erase, **words)
        if answered:
            consent.refresh_from_db()
            _open_the_way_back(consent)
            if not yes:
                # A no to the same face takes back what was said before.
                _withdraw_others(consent, now, wants_erasure=erase)
            settle(avatars, consent, kind, visitor=consent.who)
            if erase:
                _write_down_wish(avatars, visitor=consent.who)
    return answered


def cancel(consent: Consent, by: Any) -> bool:
    """Take the question back: its link is over. False when it was answered before."""
    with transaction.atomic():
        avatars = locked(consent.photo_sha256)
        cancelled = Consent.objects.cancel(consent, timezone.now())
        if cancelled:
            settle(avatars, consent, Kind.CONSENT_CANCELLED, actor=by)
    return cancelled


def counts(consent: Consent) -> bool:
    """Whether its face may be used: by this consent, or by another one put on record since."""
    return Standing.GIVEN in (consent.standing_now, standing_of(consent.avatar)[0])


def withdraw(consent: Consent, *, by: Any = None, wants_erasure: bool = False) -> bool:
    """Taken back by the depicted person, or, on their word, by somebody of the team.

    From this transaction on every avatar of the photo is out of use; of a photo that was sent in,
    that avatar. False when nothing counts any more. The depicted person ends with an old link of
    theirs also what was put on record since; somebody of the team ends what they saw.
    """
    now = timezone.now()
    told = {"actor": by, "visitor": "" if by else consent.who}
    with transaction.atomic():
        avatars = locked(consent.photo_sha256)
        anew = by is None and standing_of(consent.avatar)[0] == Standing.GIVEN
        rows = Consent.objects.withdrawable(anew=anew)
        withdrawn = rows.withdraw(consent, now, by=by, wants_erasure=wants_erasure)
        if withdrawn:
            _withdraw_others(consent, now, by, wants_erasure=wants_erasure)
            settle(avatars, consent, Kind.CONSENT_WITHDRAWN, **told)
            if wants_erasure:
                _write_down_wish(avatars, **told)
    return withdrawn


def wish_erasure(consent: Consent) -> bool:
    """Whose consent is over wants photo and avatar erased, too; False when that is known."""
    with transaction.atomic():
        avatars = locked(consent.photo_sha256)
        wished = Consent.objects.wish_erasure(consent)
        if wished:
            _write_down_wish(avatars, visitor=consent.who)
    return wished


# Rows ---------------------------------------------------------------------------------------------
def _drafted(avatar: Avatar, how: How, terms: Terms, by: Any, wish: str = "") -> Consent:
    return Consent(
        id=_id_of(avatar, how, wish),
        avatar=avatar,
        photo_sha256=avatar.photo_sha256,
        who=terms.who,
        email=terms.email,
        how=how,
        scope=terms.scope,
        wording=terms.wording or Wording.current(),
        valid_until=terms.valid_until,
        asked_by=by,
    )


def _id_of(avatar: Avatar, how: How, wish: str) -> UUID:
    return uuid5(avatar.pk, f"{how} {wish}") if wish else uuid4()


def _given(
    consent: Consent, *, actor: Any = None, visitor: str = "", kind: Kind = Kind.CONSENT_GIVEN
) -> Consent:
    consent.standing = Standing.GIVEN
    consent.answered_at = timezone.now()
    consent.withdrawal_digest = codes.digest(consent.withdrawal_code)
    return _added(consent, kind, actor=actor, visitor=visitor)


def _added(consent: Consent, kind: Kind, *, actor: Any = None, visitor: str = "") -> Consent:
    photo = consent.photo_sha256
    with transaction.atomic():
        avatars = locked(photo)
        if twin := Consent.objects.filter(pk=consent.pk).first():
            return _same(twin, consent)
        if consent.avatar_id not in {each.pk for each in avatars if not each.is_erased}:
            raise TooLate
        if consent.how == How.OWN and standing_of(consent.avatar)[0] in _NO:
            raise SaidNo
        consent.save(force_insert=True)
        settle(avatars, consent, kind, actor=actor, visitor=visitor)
    return consent


def _same(twin: Consent, consent: Consent) -> Consent:
    """The one that this wish got before; of a link the depicted person may have changed both."""
    if not twin.photo_sha256:
        raise TooLate
    terms = ("scope", "email") if consent.how == How.LINK else ("scope", "who", "valid_until")
    if any(getattr(twin, name) != getattr(consent, name) for name in terms):
        raise OtherTerms
    return twin


def _data_of(consent: Consent) -> bytes:
    with default_storage.open(str(consent.file)) as stream:
        return bytes(stream.read())


def _take_back(consent: Consent) -> None:
    """Delete the file that no row names. A commit whose answer was lost may have made one."""
    name = str(consent.file)
    try:
        named = Consent.objects.filter(file=name).exists()
    except DatabaseError:
        logger.exception("%s is left to the clean-up", name)
    else:
        if not named:
            discard([name])


def _open_the_way_back(consent: Consent) -> None:
    """What somebody gave they can take back, by a link of its own."""
    digest = codes.digest(consent.withdrawal_code)
    Consent.objects.filter(pk=consent.pk).update(withdrawal_digest=digest)


def _withdraw_others(
    consent: Consent, now: datetime, by: Any = None, *, wants_erasure: bool
) -> None:
    """Whoever sent a photo in speaks for that avatar alone."""
    given = Consent.objects.of_photo(consent.photo_sha256).filter(standing=Standing.GIVEN)
    if consent.how == How.CALL:
        given = given.filter(avatar=consent.avatar_id)
    for other in given.exclude(pk=consent.pk):
        given.withdraw(other, now, by=by, wants_erasure=wants_erasure)


def _write_down_wish(avatars: list[Avatar], *, actor: Any = None, visitor: str = "") -> None:
    Event.objects.bulk_create(
        Event(avatar=avatar, actor=actor, visitor=visitor, kind=Kind.ERASURE_WISHED)
        for avatar in avatars
    )
