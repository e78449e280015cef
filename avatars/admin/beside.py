"""What stands beside an object: what happened to it, and what people agreed to."""

from datetime import datetime

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from avatars.models import Avatar, Consent, Event

from .reading import LATEST, Beside
from .words import Told


class History(Told, Beside[Event, Avatar]):
    model = Event
    needed = "avatars.view_event"
    verbose_name_plural = f"the record, the latest {LATEST} first"
    fields = readonly_fields = ("at", "who", "what", "said", "details", "trace")
    ordering = ("-at", "-id")
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).select_related("actor", "token", "avatar")


class Consents(Beside[Consent, Avatar]):
    model = Consent
    verbose_name_plural = "consents, the latest first"
    fields = readonly_fields = ("who", "how", "words", "scope", "wording", "asked_at", "until")
    ordering = ("-asked_at",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consent]:
        return super().get_queryset(request).select_related("wording")

    @admin.display(description="how it stands")
    def words(self, consent: Consent) -> str:
        return consent.words

    @admin.display(description="until")
    def until(self, consent: Consent) -> datetime | str:
        return consent.valid_until or "without an end"
