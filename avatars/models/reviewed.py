"""What the team says of an avatar, and what the person says who is shown."""

from django.db import models
from django.utils import timezone

from .states import (
    APPROVAL_TONES,
    BEFOREHAND,
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

    @property
    def review_tone(self) -> str:
        """While it is not sent for want of somebody's yes."""
        if self.is_blocked:
            return self.consent_tone
        return self.approval_tone if self.approval in _ANSWERS else "wait"

    @property
    def review_message(self) -> str:
        """Who has to act before it is sent to Anam, and that it goes on by itself then."""
        if self.is_blocked:
            return f"{self.consent_now.label}. {_NO_MORE}"
        if self.approval in _ANSWERS:
            return _ANSWERS[Approval(self.approval)]
        unseen = self.review in BEFOREHAND and self.approval != Approval.APPROVED
        if self.lacks_consent:
            return f"{_CONSENT} {_THEN_REVIEW if unseen else _GOES_ON}"
        return f"{_REVIEW} {_GOES_ON}" if unseen else _AT_ONCE


_GOES_ON = "It goes on by itself after that yes."
_THEN_REVIEW = "A reviewer looks at it as well. With both it goes on by itself."
_REVIEW = "A reviewer looks at it first, and nothing is sent to Anam before they say yes."
_CONSENT = "The person shown must agree first, and nothing is sent to Anam before they say yes."
_NO_MORE = (
    "Nothing is sent to Anam without a yes of the person shown. Whoever made it can ask them for "
    "one, and so can a reviewer."
)
_AT_ONCE = "Nothing keeps it back any more: it goes on by itself in a minute."
_ANSWERS = {
    Approval.CHANGES: "A reviewer asks for changes before anything is sent to Anam. Whoever made "
    "it answers, or sends another photo.",
    Approval.REJECTED: "A reviewer said no. Nothing was sent to Anam, and nothing was spent.",
}
