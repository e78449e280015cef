"""The record: who did what, when and on what. Written once, never changed."""

from collections.abc import Iterable
from typing import Any, ClassVar, Never, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Q, Value, When
from django.db.models.signals import pre_delete
from django.utils import timezone

from avatars import trace

from .delivery import Delivery
from .kinds import Kind, Subject, Topic, sentence_of, topic_of
from .notice import Notice
from .policy import Policy

SOMEBODY = "Somebody"  # a visitor whose name is forgotten, or never was known


class EventQuerySet(models.QuerySet["Event"]):
    """Reading and adding is all there is."""

    def bulk_create(self, objs: Iterable["Event"], *args: Any, **kwargs: Any) -> list["Event"]:
        """Write several new events, and owe them to whoever listens.

        Raises `TypeError` when old ones are to be written over: the record is append-only.
        """
        if len(args) > 1 or kwargs.keys() - {"batch_size"}:
            raise TypeError("an event is never changed")
        events = super().bulk_create([event.traced() for event in objs], *args, **kwargs)
        _owe(events)
        return events

    def update(self, **_: Any) -> Never:
        """Raises `TypeError`: the record is append-only."""
        raise TypeError("an event is never changed")

    def _update(self, *_: Any) -> Never:
        # By which a row is saved that has an id already, be it made by hand or read from a dump.
        raise TypeError("an event is never changed")

    def bulk_update(self, *_: Any, **__: Any) -> Never:
        raise TypeError("an event is never changed")

    def delete(self) -> Never:
        """Raises `TypeError`: the record is append-only."""
        raise TypeError("an event is never deleted")

    def _raw_delete(self, using: str | None) -> Never:
        raise TypeError("an event is never deleted")

    def forget_words(self) -> int:
        """The one change that a record ever sees, once a face is to be erased; of others nothing.

        That something happened stays, and when and by whom; what was said and what it was called
        goes, and so do the names of people without an account.
        """
        nameless = Case(When(visitor="", then=Value("")), default=Value(SOMEBODY))
        of_erased = self.filter(Q(avatar__erased_at__isnull=False) | Q(avatar__errand="erase"))
        return models.QuerySet.update(
            of_erased, note="", detail={}, subject_name="", visitor=nameless
        )

    def with_people(self) -> Self:
        return self.select_related("actor", "token", "avatar")


class Event(models.Model):
    """One thing that happened. `actor` is None when Greenroom did it by itself, or a visitor.

    It is about `avatar`, or about what `subject`, `subject_id` and `subject_name` say.

    `trace` is the same for everything that one request led to, through the worker to Anam.
    `detail` may hold `before` and `after`.

    With the event, in the same transaction, come the deliveries that webhooks are owed for it, and
    the notices for whoever it concerns.
    """

    avatar = models.ForeignKey(
        "avatars.Avatar", null=True, on_delete=models.PROTECT, related_name="events"
    )
    subject = models.CharField(max_length=12, choices=Subject, default=Subject.AVATAR)
    subject_id = models.CharField(max_length=64, blank=True)
    subject_name = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    visitor = models.CharField(
        max_length=100, blank=True, help_text="Who did it, when they have no account."
    )
    token = models.ForeignKey(
        "avatars.Token", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=20, choices=Kind)
    note = models.TextField(blank=True)
    detail = models.JSONField(default=dict, blank=True)
    trace = models.CharField(max_length=trace.LENGTH, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        # What Django itself takes when it saves, adds to a relation or cascades is as strict.
        base_manager_name = "objects"
        ordering: ClassVar = ["at", "id"]
        indexes: ClassVar = [
            models.Index(fields=["avatar", "at"]),
            models.Index(fields=["-at", "-id"], name="record_page"),
            models.Index(fields=["actor", "-at", "-id"], name="record_of_people"),
            models.Index(fields=["trace"], name="record_by_trace"),
            models.Index(fields=["subject", "subject_id"], name="record_of_subjects"),
        ]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor_name} {self.sentence}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event. Raises `TypeError` on an old one: the record is append-only."""
        if not self._state.adding:
            raise TypeError("an event is never changed")
        self.traced()
        super().save(*args, **{**kwargs, "force_insert": True})
        _owe([self])

    def delete(self, *args: Any, **kwargs: Any) -> Never:
        """Raises `TypeError`: the record is append-only."""
        raise TypeError("an event is never deleted")

    def traced(self) -> Self:
        """With the id of what is being done: of a request, or of the one that set a worker on."""
        avatars_own = self.avatar.trace if self.avatar and not trace.current() else ""
        self.trace = self.trace or trace.current() or avatars_own
        return self

    @property
    def actor_name(self) -> str:
        """Who did it, in words; a program that did it for somebody is named with them."""
        person = str(self.actor) if self.actor else self.visitor or "Greenroom"
        return f"{person} (by the token “{self.token.name}”)" if self.token else person

    @property
    def sentence(self) -> str:
        """What happened, as the rest of a sentence that begins with the actor's name."""
        if feed := self.detail.get("feed"):
            return sentence_of(Kind(self.kind), Subject.FEED, feed)
        subject = Subject(self.subject)
        own = subject == Subject.PERSON and self.subject_id == str(self.actor_id)
        return sentence_of(Kind(self.kind), subject, self.subject_name, own=own)

    def is_shown_to(self, person: Any, policy: Policy) -> bool:
        """Whether somebody may know of what it is about."""
        return self.avatar is None or policy.shows(self.avatar, person)

    @property
    def topic(self) -> Topic | None:
        """What webhooks tell of it; None when it is nobody's business outside."""
        return topic_of(Kind(self.kind), self.detail)


def _owe(events: Iterable[Event]) -> None:
    events = list(events)
    told = [
        (event.topic, event.avatar_id, event.at)
        for event in events
        if event.topic and event.avatar_id
    ]
    if told:
        Delivery.objects.owe(told)
    Notice.objects.owe(events)


def _refuse(instance: Event, **_: Any) -> Never:
    raise TypeError("an event is never deleted")


# Whatever way a deletion takes, also that of Django's admin, it comes past here.
pre_delete.connect(_refuse, sender=Event, dispatch_uid="avatars.record_is_kept")
