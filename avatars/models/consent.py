"""Consent: who is shown in a photo, and what they said about it."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from avatars import codes

from .states import BLOCKING, STANDING_TONES, Standing

LINK_LIFE = timedelta(days=7)  # of the question, until it is answered
REMINDERS = (30, 7)  # days before its end
_MAILED_BY = timedelta(minutes=15)  # after that its task is lost, and people pass the link on


class How(models.TextChoices):
    """How somebody's consent came here."""

    OWN = "own", "It is their own face: they said so themselves"
    FILE = "file", "On a signed form"
    LINK = "link", "By a link that was sent to them"
    CALL = "call", "With the photo they sent in"


class Mail(models.TextChoices):
    """What became of the mail with the question's link."""

    NONE = "", "Nobody was mailed"
    PLANNED = "planned", "Being mailed"
    SENT = "sent", "Mailed"
    FAILED = "failed", "The mail failed"


class Wording(models.Model):
    """What people agree to, word for word. Never changed: a new text is a new number."""

    number = models.PositiveIntegerField(unique=True)
    text = models.TextField()
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-number"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"version {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Raises `TypeError` on an old one: people have agreed to it."""
        if not self._state.adding:
            raise TypeError("a wording is never changed")
        super().save(*args, **kwargs)

    @classmethod
    def current(cls) -> Wording:
        """The one with the highest number; a migration brings the first."""
        return cls._default_manager.order_by("-number")[0]


class ConsentQuerySet(models.QuerySet["Consent"]):
    """Conditional UPDATEs: False means that somebody, or the clock, was first."""

    def open(self, now: datetime) -> Self:
        """Questions that can still be answered by their link."""
        return self.filter(standing=Standing.ASKED, link_until__gt=now, cancelled_at=None)

    def remembered(self) -> Self:
        """Not those whose photo was erased: what is left of them says nothing any more."""
        return self.exclude(photo_sha256="")

    def by_code(self, code: str) -> Self:
        """The one that a question's link leads to."""
        return self.filter(digest=codes.digest(code))

    def by_withdrawal_code(self, code: str) -> Self:
        return self.filter(withdrawal_digest=codes.digest(code))

    def of_photo(self, photo_sha256: str) -> Self:
        """For whichever avatar of this very photo; none where there is no photo any more."""
        return self.remembered().filter(photo_sha256=photo_sha256)

    def see(self, consent: Consent, now: datetime) -> bool:
        return self.open(now).filter(pk=consent.pk, seen_at=None).update(seen_at=now) == 1

    def keep_draft(self, consent: Consent, draft: dict[str, Any], now: datetime) -> bool:
        return self.open(now).filter(pk=consent.pk).update(draft=draft) == 1

    def answer(self, consent: Consent, standing: Standing, now: datetime, **words: Any) -> bool:
        """`words`: `who`, `valid_until` and `wants_erasure`, as the depicted person says."""
        rows = self.open(now).filter(pk=consent.pk)
        return rows.update(standing=standing, answered_at=now, draft={}, **words) == 1

    def cancel(self, consent: Consent, now: datetime) -> bool:
        rows = self.filter(pk=consent.pk, standing=Standing.ASKED, cancelled_at=None)
        return rows.update(cancelled_at=now, draft={}) == 1

    def tidy(self, now: datetime) -> None:
        """Forget what nobody sent in time, and whose mail nobody has sent so far."""
        asked = self.filter(standing=Standing.ASKED)
        asked.filter(link_until__lte=now).exclude(draft={}).update(draft={})
        lost = asked.filter(mail=Mail.PLANNED, asked_at__lte=now - _MAILED_BY)
        lost.update(mail=Mail.FAILED)

    def withdrawable(self, *, anew: bool = False) -> Self:
        """What was given; `anew` also what is over, since another consent came after it."""
        over = BLOCKING if anew else ()
        return self.remembered().filter(standing__in=(Standing.GIVEN, *over))

    def withdraw(
        self, consent: Consent, now: datetime, *, by: Any = None, wants_erasure: bool
    ) -> bool:
        erase = wants_erasure or consent.wants_erasure
        changes = {"withdrawn_by": by, "wants_erasure": erase}
        rows = self.filter(pk=consent.pk)
        return rows.update(standing=Standing.WITHDRAWN, withdrawn_at=now, **changes) == 1

    def wish_erasure(self, consent: Consent) -> bool:
        """Whoever said no, or said yes until it ended, wants the picture gone too."""
        over = self.remembered().filter(pk=consent.pk, standing__in=BLOCKING)
        return over.filter(wants_erasure=False).update(wants_erasure=True) == 1

    def plan_mail(self, consent: Consent) -> bool:
        """Once for each."""
        rows = self.filter(pk=consent.pk, mail=Mail.NONE)
        return rows.update(mail=Mail.PLANNED) == 1

    def note_mail(self, consent_id: Any, mail: Mail) -> None:
        self.filter(pk=consent_id).update(mail=mail)

    def expired(self, now: datetime) -> Self:
        return self.remembered().filter(standing=Standing.GIVEN, valid_until__lte=now)

    def expire(self, consent: Consent, now: datetime) -> bool:
        return self.expired(now).filter(pk=consent.pk).update(standing=Standing.EXPIRED) == 1

    def ending(self, now: datetime, days: int) -> Self:
        """Those that end within so many days, and of which nobody was reminded yet."""
        soon = self.remembered().filter(standing=Standing.GIVEN, valid_until__gt=now)
        unsaid = Q(reminded=None) | Q(reminded__gt=days)
        return soon.filter(unsaid, valid_until__lte=now + timedelta(days=days))

    def remind(self, consent: Consent, days: int) -> bool:
        unsaid = Q(reminded=None) | Q(reminded__gt=days)
        return self.filter(unsaid, pk=consent.pk).update(reminded=days) == 1


class Consent(models.Model):
    """One question and its answer, about one photo: `photo_sha256` is that of the prepared one.

    `digest` belongs to the link with which the depicted person answers, `withdrawal_digest` to the
    one with which they take it back. `draft` holds what they filled in and did not send yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    avatar = models.ForeignKey("avatars.Avatar", on_delete=models.PROTECT, related_name="consents")
    photo_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    who = models.CharField(max_length=100, blank=True, help_text="The person who is shown.")
    email = models.EmailField(blank=True)
    how = models.CharField(max_length=4, choices=How)
    scope = models.TextField(blank=True, help_text="What the avatar will be used for.")
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    standing = models.CharField(max_length=9, choices=Standing, default=Standing.ASKED)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    salt = models.UUIDField(default=uuid.uuid4, editable=False)
    # Null and not empty, because only one of all rows could be empty.
    digest = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    link_until = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    mail = models.CharField(max_length=7, choices=Mail, default=Mail.NONE, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    draft = models.JSONField(default=dict, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    valid_until = models.DateTimeField(null=True, blank=True)
    file = models.FileField(upload_to="consents/", blank=True)
    withdrawal_digest = models.CharField(  # noqa: DJ001
        max_length=64, null=True, unique=True, editable=False
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    wants_erasure = models.BooleanField(default=False)
    reminded = models.PositiveSmallIntegerField(
        null=True, blank=True, help_text="How many days before its end people were told last."
    )

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at"]
        indexes: ClassVar = [
            models.Index(
                fields=["valid_until"],
                condition=Q(standing="given", valid_until__isnull=False),
                name="consents_that_end",
            )
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.who or 'somebody'}: {self.standing}"

    @property
    def code(self) -> str:
        """Of the link with which it is answered."""
        return codes.code_for("consent", self.salt)

    @property
    def withdrawal_code(self) -> str:
        return codes.code_for("withdrawal", self.salt)

    @property
    def is_open(self) -> bool:
        waits = self.standing == Standing.ASKED and self.cancelled_at is None
        return waits and self.link_until is not None and self.link_until > timezone.now()

    @property
    def is_readable(self) -> bool:
        """Whether the question's link still shows something: the question, or what was answered."""
        in_time = self.link_until is not None and self.link_until > timezone.now()
        return in_time and self.cancelled_at is None

    @property
    def standing_now(self) -> Standing:
        """The clock counts more than the row, which a sweep changes a little later."""
        over = self.valid_until is not None and self.valid_until <= timezone.now()
        given = self.standing == Standing.GIVEN
        return Standing.EXPIRED if given and over else Standing(self.standing)

    @property
    def words(self) -> str:
        if self.standing == Standing.ASKED and not self.is_open:
            return "Taken back" if self.cancelled_at else "Not answered in time"
        return self.standing_now.label

    @property
    def tone(self) -> str:
        over = self.standing == Standing.ASKED and not self.is_open
        return "plain" if over else STANDING_TONES[self.standing_now]
