"""Notices: which events somebody is told of, because they concern them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
from django.db.models import Q

from .kinds import Kind, Subject
from .states import BEFOREHAND

if TYPE_CHECKING:
    from .event import Event


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Conditional UPDATEs: False or 0 means that there was nothing to change."""

    def owe(self, events: Iterable[Event]) -> None:
        """Tell whoever each event concerns; belongs into the transaction that makes it true."""
        for event in events:
            circles = _CIRCLES.get(Kind(event.kind), ())
            people = [person for circle in circles for person in circle(event)]
            self.tell(event, people)

    def tell(self, event: Event, people: Iterable[Any]) -> None:
        """Tell these people: each once, nobody of what they did themselves, and no strangers."""
        ids = {person.pk for person in people if person.is_active} - {event.actor_id}
        self.bulk_create(self.model(person_id=pk, event=event) for pk in sorted(ids, key=str))

    def of(self, person: Any) -> Self:
        """Theirs, the newest first."""
        return self.filter(person=person).order_by("-id")

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def read(self, now: datetime) -> int:
        return self.unread().update(read_at=now)

    def unmailed(self) -> Self:
        """Neither read nor sent by mail, the oldest first."""
        return self.unread().filter(mailed_at=None).order_by("id")

    def claim_for_mail(self, now: datetime) -> int:
        """Take these for one mail, before it is sent: nobody gets it twice."""
        return self.filter(mailed_at=None).update(mailed_at=now)

    def give_back(self) -> int:
        """The mail surely did not go out."""
        return self.update(mailed_at=None)


class Notice(models.Model):
    """One event, for one person. What it says is the event's own."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices"
    )
    event = models.ForeignKey("avatars.Event", on_delete=models.PROTECT, related_name="notices")
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "event"], name="one_notice_per_event")
        ]
        indexes: ClassVar = [
            models.Index(fields=["person", "-id"], name="notices_of_people"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="unread_notices"),
            models.Index(
                fields=["id"], condition=Q(read_at=None, mailed_at=None), name="unmailed_notices"
            ),
        ]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.event_id} for {self.person_id}"


class Mailing(models.TextChoices):
    """How somebody wants their notices by mail."""

    EACH = "each", "A mail for each, soon after it happened"
    DAILY = "daily", "One mail a day with everything new"
    OFF = "off", "No mail"


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

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.person_id}: {self.mailing}"


# Whom it concerns ---------------------------------------------------------------------------------
def _owner(event: Event) -> list[Any]:
    owner = event.avatar.owner if event.avatar else None
    return [owner] if owner else []


def _waiting_owner(event: Event) -> list[Any]:
    """Who did not see it being made, because people had to look at it first."""
    avatar = event.avatar
    return _owner(event) if avatar and avatar.review in BEFOREHAND else []


def _caller(event: Event) -> list[Any]:
    """Who asked for photos by a link, when one comes in."""
    return _owner(event) if event.avatar and event.avatar.call_id else []


def _asker(event: Event) -> list[Any]:
    """Who asked for the consent in question."""
    if event.avatar is None:
        return []
    latest = event.avatar.consents.select_related("asked_by").order_by("-asked_at").first()
    return [latest.asked_by] if latest and latest.asked_by else []


def _reviewer(event: Event) -> list[Any]:
    """Whose decision is in question."""
    if event.avatar is None:
        return []
    decisions = event.avatar.events.filter(kind__in=[Kind.CHANGES, Kind.REJECTED, Kind.APPROVED])
    latest = decisions.select_related("actor").order_by("-at", "-id").first()
    return [latest.actor] if latest and latest.actor else []


def _administrators(_: Event) -> list[Any]:
    operators = Q(groups__permissions__codename="operate_avatar") | Q(is_superuser=True)
    return list(get_user_model().objects.filter(operators, is_active=True).distinct())


def _subject(event: Event) -> list[Any]:
    if event.subject != Subject.PERSON:
        return []
    return list(get_user_model().objects.filter(pk=event.subject_id))


_CIRCLES: dict[Kind, tuple[Callable[[Event], list[Any]], ...]] = {
    Kind.UPLOADED: (_caller,),
    Kind.CREATED: (_waiting_owner,),
    Kind.ADOPTED: (_waiting_owner,),
    Kind.REFUSED: (_owner,),
    Kind.STOPPED: (_owner,),
    Kind.GONE: (_owner,),
    Kind.APPROVED: (_owner,),
    Kind.CHANGES: (_owner,),
    Kind.REJECTED: (_owner,),
    Kind.RESUBMITTED: (_reviewer,),
    Kind.CONSENT_GIVEN: (_owner, _asker),
    Kind.CONSENT_DENIED: (_owner, _asker),
    Kind.CONSENT_WITHDRAWN: (_owner, _asker, _administrators),
    Kind.CONSENT_ENDING: (_owner, _asker),
    Kind.CONSENT_EXPIRED: (_owner, _asker, _administrators),
    Kind.ROLE_CHANGED: (_subject,),
}
