"""Notices: which events somebody is told of, because they concern them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

from .circles import concerned, who_may_know

if TYPE_CHECKING:
    from .event import Event


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Conditional UPDATEs: False or 0 means that there was nothing to change."""

    def owe(self, events: Iterable[Event]) -> None:
        """Tell whoever each event concerns; belongs into the transaction that makes it true."""
        for event in events:
            self._tell(event, concerned(event))

    def tell(self, event: Event, people: Iterable[Any]) -> None:
        """Tell these people: each once, nobody of what they did themselves, and no strangers."""
        self._tell(event, {str(person.pk) for person in people})

    def _tell(self, event: Event, ids: set[str]) -> None:
        others = ids - {str(event.actor_id)}
        if not others:
            return
        told = who_may_know(event).filter(pk__in=others).order_by("pk")
        notices = [
            self.model(person_id=pk, event=event) for pk in told.values_list("pk", flat=True)
        ]
        # Whom the kind concerns may have been named by the caller as well.
        self.bulk_create(notices, ignore_conflicts=True)

    def of(self, person: Any) -> Self:
        """Theirs, the newest first."""
        return self.filter(person=person).order_by("-id")

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def read(self, now: datetime) -> int:
        return self.unread().update(read_at=now)

    def with_events(self) -> Self:
        """With all that their words are made of."""
        return self.select_related("event__actor", "event__token", "event__avatar")

    def about(self, avatar: Any) -> Self:
        return self.filter(event__avatar=avatar)

    def unmailed(self) -> Self:
        """Neither read nor sent by mail, the oldest first."""
        return self.unread().filter(mailed_at=None).order_by("id")

    def claim_for_mail(self, now: datetime) -> list[int]:
        """Take these for one mail, before it is sent: nobody gets it twice. Answers their ids."""
        with transaction.atomic():
            # Locked, so that of two workers the later one finds that they are taken.
            rows = self.filter(mailed_at=None).select_for_update(of=("self",))
            ids = list(rows.values_list("pk", flat=True))
            self.model._default_manager.filter(pk__in=ids).update(mailed_at=now)
        return ids

    def give_back(self) -> int:
        """The mail surely did not go out."""
        return self.update(mailed_at=None)

    def over(self, read_before: datetime, happened_before: datetime) -> Self:
        """Those that nobody needs any more; the record has what happened."""
        return self.filter(Q(read_at__lt=read_before) | Q(event__at__lt=happened_before))


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
