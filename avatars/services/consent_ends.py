"""The end of consents: by the clock, with reminders ahead of it, and with the face itself."""

from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from avatars.models import REMINDERS, Avatar, Consent, Event, How, Kind, Standing

from .consent_sums import locked, settle, standing_of


def expire_due() -> int:
    """Write down what the clock has ended; how many there were."""
    return sum(
        _expire(consent)
        for consent in Consent.objects.expired(timezone.now()).select_related("avatar")
    )


def remind_due() -> int:
    """Tell people 30 and 7 days ahead that consent ends; how many reminders there were."""
    now = timezone.now()
    # The last reminder first: who is told of seven days needs not be told of thirty.
    due = [(days, each) for days in sorted(REMINDERS) for each in Consent.objects.ending(now, days)]
    return sum(_remind(consent, days) for days, consent in due)


def hand_on(avatar: Avatar) -> None:
    """What counts for another avatar of the same photo goes on with that one.

    Before the first file of the erased one goes.
    """
    with transaction.atomic():
        others = [each for each in locked(avatar.photo_sha256) if each.pk != avatar.pk]
        heir = next((each for each in others if not each.is_erased), None)
        if heir is not None:
            _heritage(avatar, heir).update(avatar=heir)


def _heritage(avatar: Avatar, heir: Avatar) -> Any:
    """What was sent in by a photo call was about that avatar, but for a no that blocks the heir."""
    rows = Consent.objects.remembered().filter(avatar=avatar)
    if heir.consent == Standing.GIVEN:
        return rows.exclude(how=How.CALL)
    return rows.exclude(how=How.CALL, standing__in=(Standing.GIVEN, Standing.EXPIRED))


def files_of(avatar: Avatar) -> list[str]:
    """The files that go with it."""
    return [str(row.file) for row in Consent.objects.filter(avatar=avatar).exclude(file="")]


def forget(avatar: Avatar) -> None:
    """Leave nothing of its consents; that there was one, how it ended and when, stays.

    Their links are over: also for somebody who has the page open at this moment.
    """
    words = {"who": "", "email": "", "scope": "", "draft": {}, "photo_sha256": ""}
    dead = {"salt": uuid4(), "digest": None, "withdrawal_digest": None, "link_until": None}
    Consent.objects.filter(avatar=avatar).update(**words, **dead)


def forget_files(avatar: Avatar) -> None:
    """Once the disk has let go of them."""
    Consent.objects.filter(avatar=avatar).update(file="")


def _expire(consent: Consent) -> bool:
    with transaction.atomic():
        avatars = locked(consent.photo_sha256)
        expired = Consent.objects.expire(consent, timezone.now())
        # Another one may go on: then nothing has ended that anybody has to hear of.
        if expired and standing_of(consent.avatar)[0] != Standing.GIVEN:
            settle(avatars, consent, Kind.CONSENT_EXPIRED)
    return expired


def _remind(consent: Consent, days: int) -> bool:
    if standing_of(consent.avatar) != (Standing.GIVEN, consent.valid_until):
        return False  # another one lasts longer
    with transaction.atomic():
        reminded = Consent.objects.remind(consent, days)
        if reminded:
            until = {"until": consent.valid_until.isoformat()} if consent.valid_until else {}
            Event.objects.create(
                avatar=consent.avatar, kind=Kind.CONSENT_ENDING, detail={"days": days, **until}
            )
    return reminded
