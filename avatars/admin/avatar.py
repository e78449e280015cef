"""The operators' view of avatars."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from avatars.access import policy_of, visible_to
from avatars.models import Avatar, Event, is_usable
from avatars.views.managing import anam_knows

from .avatar_acts import ACTIONS
from .beside import Consents, History
from .filters import ConsentInOrder, Named
from .reading import Shown
from .words import answer_of

_FACE = '<img class="face" src="{}" alt="" width="{}" height="{}" loading="lazy">'


@admin.register(Avatar)
class AvatarAdmin(Shown[Avatar]):
    actions = ACTIONS
    list_display = (
        "face",
        "display_name",
        "owner",
        "state",
        "approval",
        "consent_words",
        "usable",
        "created_at",
    )
    list_display_links = ("display_name",)
    list_filter = (
        "state",
        "approval",
        "review",
        "consent",
        ConsentInOrder,
        "rehearsal",
        "stock",
        ("created_at", admin.DateFieldListFilter),
        ("model", Named),
        ("owner", admin.RelatedOnlyFieldListFilter),
    )
    lookups: ClassVar = ("call", "token")
    list_select_related = ("owner",)
    search_fields = ("display_name", "upstream_id", "former_ids", "owner__email", "=id", "=trace")
    search_help_text = "A name, an id of ours or Anam's, the owner's e-mail, or a request id."
    date_hierarchy = "created_at"
    inlines = (History, Consents)
    fieldsets = (
        (None, {"fields": ("portrait", "display_name", "owner", "purpose", "model", "usable")}),
        (
            "State",
            {"fields": ("state", "words", ("attempts", "retry_at", "claimed_at", "lost_at"))},
        ),
        (
            "Review and consent",
            {
                "fields": (
                    ("approval", "review", "asked_at", "version"),
                    "review_reason",
                    "review_note",
                    ("consent_words", "consent_until", "needs_consent"),
                )
            },
        ),
        (
            "Where it came from",
            {"fields": (("token", "call", "replaces"), ("rehearsal", "stock"), "id", "trace")},
        ),
        ("Photo", {"fields": (("photo_type", "photo_width", "photo_height"), "advice_words")}),
        (
            "Anam",
            {
                "fields": (
                    ("upstream_id", "former_ids"),
                    ("active_version", "versions_words", "has_video", "refreshed_at"),
                    "answer",
                )
            },
        ),
        (
            "Changes and removal",
            {
                "fields": (
                    ("errand", "errand_at", "told"),
                    ("removed_at", "removed_by", "erased_at"),
                )
            },
        ),
        ("Times", {"fields": (("created_at", "ready_at", "changed_at", "creating_seconds"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Avatar]:
        rows = super().get_queryset(request)
        return visible_to(request.user, rows, policy_of(request))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Also by the id of any request in an avatar's record."""
        found, doubled = super().get_search_results(request, queryset, search_term)
        if not search_term:
            return found, doubled
        traced = Event.objects.filter(trace=search_term.strip()).values("avatar")
        return found | queryset.filter(pk__in=traced), doubled

    @admin.display(description="face")
    def face(self, avatar: Avatar) -> SafeString | str:
        address = avatar.thumbnail_url(96)
        return format_html(_FACE, address, 48, 48) if address else "–"

    @admin.display(description="face")
    def portrait(self, avatar: Avatar) -> SafeString | str:
        address = avatar.thumbnail_url(320)
        return format_html(_FACE, address, 160, 160) if address else "No photo is kept here."

    @admin.display(description="consent", ordering="consent")
    def consent_words(self, avatar: Avatar) -> str:
        missing = avatar.needs_consent and avatar.lacks_consent and not avatar.is_blocked
        return f"{avatar.consent_now.label}{', and needed' if missing else ''}"

    @admin.display(description="in words")
    def words(self, avatar: Avatar) -> str:
        return avatar.message or f"{avatar.state_words}."

    @admin.display(boolean=True, description="may be used")
    def usable(self, avatar: Avatar) -> bool:
        return is_usable(avatar)

    @admin.display(description="the check of the photo")
    def advice_words(self, avatar: Avatar) -> str:
        return ", ".join(str(each.get("title", "")) for each in avatar.advice) or "Nothing to say."

    @admin.display(boolean=True, description="preview video")
    def has_video(self, avatar: Avatar) -> bool:
        return avatar.has_video

    @admin.display(description="versions")
    def versions_words(self, avatar: Avatar) -> str:
        return ", ".join(avatar.versions) or "–"

    @admin.display(description="Anam's last answer")
    def answer(self, avatar: Avatar) -> SafeString | str:
        return answer_of(avatar.upstream)

    @admin.display(description="what Anam knows")
    def told(self, avatar: Avatar) -> str:
        return anam_knows(avatar) or "All of it."
