"""The end of consents, and the reminders ahead of it."""

from django.db import transaction
from django.utils import timezone

from avatars.models import REMINDERS, Consent, Event, Kind

from .consent_sums import settle


def expire_due() -> int:
    """Write down what the clock has ended; how many there were."""
    return sum(_expire(consent) for consent in Consent.objects.expired(timezone.now()))


def remind_due() -> int:
    """Tell people 30 and 7 days ahead that consent ends; how many reminders there were."""
    now = timezone.now()
    # The last reminder first: who is told of seven days needs not be told of thirty.
    due = [(days, each) for days in sorted(REMINDERS) for each in Consent.objects.ending(now, days)]
    return sum(_remind(consent, days) for days, consent in due)


def _expire(consent: Consent) -> bool:
    with transaction.atomic():
        expired = Consent.objects.expire(consent, timezone.now())
        if expired:
            settle(consent, Kind.CONSENT_EXPIRED)
    return expired


def _remind(consent: Consent, days: int) -> bool:
    with transaction.atomic():
        reminded = Consent.objects.remind(consent, days)
        if reminded:
            until = {"until": consent.valid_until.isoformat()} if consent.valid_until else {}
            Event.objects.create(
                avatar=consent.avatar, kind=Kind.CONSENT_ENDING, detail={"days": days, **until}
            )
    return reminded
