"""What the team says of an avatar, and what the person says who is shown."""

from django.db import models
from django.utils import timezone

from .states import (
    APPROVAL_TONES,
    BLOCKING,
    STANDING_TONES,
    Approval,
    Reason,
    ReviewTime,
    Standing,
)


class Reviewed(models.Model):
    """`consent` and `consent_until` sum up the rows of `Consent`, for every avatar of one photo."""

    approval = models.CharField(max_length=10, choices=Approval, default=Approval.WAITING)
    review = models.CharField(
        max_length=6,
        choices=ReviewTime,
        default=ReviewTime.AFTER,
        help_text="When it is reviewed, by the policy under which it came in.",
    )
    review_reason = models.CharField(max_length=10, choices=Reason, blank=True)
    review_note = models.TextField(blank=True)
    version = models.PositiveIntegerField(
        default=0, help_text="Counts the review's decisions and requests."
    )
    asked_at = models.DateTimeField(
        default=timezone.now, help_text="Since when it waits for a reviewer."
    )
    needs_consent = models.BooleanField(
        default=False, help_text="By the policy under which it came in."
    )
    consent = models.CharField(max_length=9, choices=Standing, default=Standing.NONE)
    consent_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def approval_tone(self) -> str:
        return APPROVAL_TONES[Approval(self.approval)]

    @property
    def consent_now(self) -> Standing:
        """The clock counts more than the row, which a sweep changes a little later."""
        over = self.consent_until is not None and self.consent_until <= timezone.now()
        given = self.consent == Standing.GIVEN
        return Standing.EXPIRED if given and over else Standing(self.consent)

    @property
    def consent_tone(self) -> str:
        return STANDING_TONES[self.consent_now]

    @property
    def is_blocked(self) -> bool:
        """Out of use, because whoever is shown said no, or their yes has ended."""
        return self.consent_now in BLOCKING

    @property
    def lacks_consent(self) -> bool:
        """Whether the policy keeps it from being sent, approved and used."""
        return self.is_blocked or (self.needs_consent and self.consent_now != Standing.GIVEN)
