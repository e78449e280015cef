"""Consents and their wordings, to be read: without what would open their links."""

from typing import ClassVar

from django.contrib import admin

from avatars.models import Consent, Wording

from .reading import Shown


@admin.register(Consent)
class ConsentAdmin(Shown[Consent]):
    group: ClassVar = "Review and consent"
    list_display = ("who", "avatar", "how", "words", "asked_by", "asked_at", "valid_until")
    list_display_links = ("who", "words")
    list_filter = (
        "standing",
        "how",
        "wants_erasure",
        ("asked_at", admin.DateFieldListFilter),
        ("valid_until", admin.DateFieldListFilter),
    )
    lookups: ClassVar = ("avatar",)
    list_select_related = ("avatar", "asked_by")
    search_fields = ("who", "email", "avatar__display_name", "=avatar__id", "=id")
    search_help_text = "Who is shown, their e-mail address, or the avatar's name or id."
    date_hierarchy = "asked_at"
    fieldsets = (
        (None, {"fields": ("avatar", "who", "email", "scope", "how", "wording", "has_file")}),
        (
            "Asked and answered",
            {
                "fields": (
                    "words",
                    "asked_at",
                    "asked_by",
                    "link_until",
                    "cancelled_at",
                    "seen_at",
                    "answered_at",
                )
            },
        ),
        (
            "Its end",
            {
                "fields": (
                    "valid_until",
                    "reminded",
                    "withdrawn_at",
                    "withdrawn_by",
                    "wants_erasure",
                )
            },
        ),
    )

    @admin.display(description="how it stands", ordering="standing")
    def words(self, consent: Consent) -> str:
        return consent.words

    @admin.display(boolean=True, description="signed form on file")
    def has_file(self, consent: Consent) -> bool:
        return bool(consent.file)


@admin.register(Wording)
class WordingAdmin(Shown[Wording]):
    group: ClassVar = "Review and consent"
    list_display = ("number", "made_at", "made_by")
    list_select_related = ("made_by",)
    search_fields = ("text", "=number")
    fields: ClassVar = ("number", "text", "made_at", "made_by")
