"""How people want their notices by mail."""

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q


class Mailing(models.TextChoices):
    EACH = "each", "A mail for each, soon after it happened"
    DAILY = "daily", "One mail a day with everything new"
    OFF = "off", "No mail"


class MailChoiceQuerySet(models.QuerySet["MailChoice"]):
    def of(self, person: Any) -> "MailChoice":
        """Theirs, or what counts for somebody who never chose."""
        return self.filter(person=person).first() or self.model(person=person)

    def wait(self, person: Any, until: datetime) -> None:
        """Their mail was not taken: try no other before then."""
        self.update_or_create(person=person, defaults={"again_at": until})

    def claim_digest(self, person: Any, morning: datetime, now: datetime) -> bool:
        """Become the one who sends the mail of the day that began then."""
        unsent = Q(digest_at=None) | Q(digest_at__lt=morning)
        rows = self.filter(unsent, person=person, mailing=Mailing.DAILY)
        return rows.update(digest_at=now) == 1

    def give_digest_back(self, person: Any, claimed: datetime, before: datetime | None) -> bool:
        """The mail surely did not go out."""
        return self.filter(person=person, digest_at=claimed).update(digest_at=before) == 1


class MailChoice(models.Model):
    """Somebody's choice; who never chose gets a mail for each."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        primary_key=True,
        on_delete=models.CASCADE,
        related_name="mail_choice",
    )
    mailing = models.CharField(max_length=5, choices=Mailing, default=Mailing.EACH)
    digest_at = models.DateTimeField(null=True, blank=True, help_text="When the last one went.")
    again_at = models.DateTimeField(
        null=True, blank=True, help_text="No mail before, because the last was not taken."
    )

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        default_permissions: ClassVar = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.mailing}"
