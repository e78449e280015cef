"""The operators' view of avatars: everything to be read, nothing to be typed over."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from .models import Avatar, Event

_REMOVAL = ("removed_at", "removed_by", "erased_at")


class ReadOnly:
    """Changes go through services, which keep the record; the admin only shows."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


class History(ReadOnly, admin.TabularInline[Event, Avatar]):
    model = Event
    verbose_name_plural = "history"
    fields = ("at", "who", "what", "note", "detail")
    readonly_fields = fields
    extra = 0

    @admin.display(description="who")
    def who(self, event: Event) -> str:
        return event.actor_name

    @admin.display(description="what")
    def what(self, event: Event) -> str:
        return event.sentence


@admin.register(Avatar)
class AvatarAdmin(ReadOnly, admin.ModelAdmin[Avatar]):
    list_display = ("face", "display_name", "owner", "state", "approval", "model", "created_at")
    list_display_links = ("face", "display_name")
    list_filter = (
        "state",
        "approval",
        "model",
        "rehearsal",
        ("owner", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("owner",)
    search_fields = ("display_name", "upstream_id", "owner__email", "=id")
    search_help_text = "A name, an id of ours or Anam's, or the owner's e-mail."
    date_hierarchy = "created_at"
    show_full_result_count = False
    inlines = (History,)
    fieldsets = (
        (None, {"fields": ("face", "display_name", "owner", "model", "rehearsal", "id")}),
        (
            "State",
            {"fields": ("state", "message", "attempts", "retry_at", "claimed_at", "lost_at")},
        ),
        ("Review", {"fields": ("approval", "review_note", "version")}),
        (
            "Photo",
            {"fields": ("photo_type", "photo_width", "photo_height", "advice")},
        ),
        (
            "Anam",
            {"fields": ("upstream_id", "versions", "has_video", "refreshed_at")},
        ),
        (
            "Changes and removal",
            {"fields": ("errand", "errand_at", "errand_cause", *_REMOVAL)},
        ),
        ("Times", {"fields": ("created_at", "changed_at", "creating_seconds")}),
    )

    def has_view_permission(self, request: HttpRequest, obj: Avatar | None = None) -> bool:
        return request.user.has_perm("avatars.operate_avatar")

    @admin.display(description="")
    def face(self, avatar: Avatar) -> str:
        address = avatar.thumbnail_url(96)
        if not address:
            return "–"
        return format_html('<img src="{}" alt="" width="48" height="48" loading="lazy">', address)

    @admin.display(boolean=True, description="preview video")
    def has_video(self, avatar: Avatar) -> bool:
        return avatar.has_video


@admin.register(Event)
class EventAdmin(ReadOnly, admin.ModelAdmin[Event]):
    list_display = ("at", "avatar", "actor_name", "sentence", "note")
    list_filter = ("kind",)
    list_select_related = ("avatar", "actor")
    search_fields = ("avatar__display_name", "=avatar__id", "note")
    date_hierarchy = "at"
    show_full_result_count = False
    fields: ClassVar = ("at", "avatar", "actor", "kind", "note", "detail")
