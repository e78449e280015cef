"""The record, to be searched. Nothing here can be added, changed or deleted, by anybody."""

from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from avatars.models import Event, Subject

from .reading import Shown
from .words import Told


@admin.register(Event)
class EventAdmin(Told, Shown[Event]):
    group: ClassVar = "The record"
    needed = "avatars.view_event"
    list_display = ("at", "who", "what", "about", "said", "details")
    list_display_links = ("at",)
    list_filter = (
        "subject",
        ("at", admin.DateFieldListFilter),
        ("actor", admin.RelatedOnlyFieldListFilter),
        "kind",
    )
    lookups: ClassVar = ("avatar", "trace")
    search_fields = (
        "avatar__display_name",
        "subject_name",
        "note",
        "visitor",
        "actor__email",
        "=avatar__id",
        "=actor__id",
        "=subject_id",
        "=trace",
    )
    search_help_text = (
        "A name, a word of a note, an e-mail address, a request id, or the id of what it is about."
    )
    date_hierarchy = "at"
    ordering = ("-at", "-id")
    fields: ClassVar = ("at", "who", "what", "about", "said", "details", "kind", "token", "trace")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        return super().get_queryset(request).select_related("actor", "token", "avatar")

    @admin.display(description="about")
    def about(self, event: Event) -> SafeString | str:
        if event.avatar is None:
            name = event.subject_name or event.subject_id
            return f"{Subject(event.subject).label}: {name}" if name else event.subject
        address = reverse("admin:avatars_avatar_change", args=[event.avatar.pk])
        return format_html('<a href="{}">{}</a>', address, event.avatar)
