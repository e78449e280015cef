"""Feeds, and which avatar each of them had when."""

from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse

from avatars.models import Feed, FeedChange

from .reading import LATEST, Beside, Shown


class Changes(Beside[FeedChange, Feed]):
    model = FeedChange
    verbose_name_plural = f"its changes, the latest {LATEST} first"
    fields = readonly_fields = ("version", "avatar", "model", "at", "actor", "undone")
    ordering = ("-version",)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).select_related("avatar", "actor")


@admin.register(Feed)
class FeedAdmin(Shown[Feed]):
    group: ClassVar = "Programs"
    list_display = ("slug", "avatar", "works", "model", "version", "changed_at")
    lookups: ClassVar = ("avatar",)
    list_select_related = ("avatar",)
    search_fields = ("slug", "avatar__display_name", "=avatar__id")
    inlines = (Changes,)
    fields: ClassVar = (
        "slug",
        "avatar",
        "works",
        "model",
        "version",
        "changed_at",
        "created_at",
        "created_by",
    )

    def view_on_site(self, feed: Feed) -> str:
        return f"{reverse('feeds')}#feed-{feed.slug}"

    @admin.display(boolean=True, description="has an avatar that may be used")
    def works(self, feed: Feed) -> bool:
        return feed.current is not None
