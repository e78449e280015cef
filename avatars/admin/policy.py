"""The policy and the replies of reviewers. They are changed on pages of their own."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import admin

from avatars.models import Policy, Reply

from .reading import Shown


@admin.register(Policy)
class PolicyAdmin(Shown[Policy]):
    group: ClassVar = "Review and consent"
    list_display = ("__str__", "review", "four_eyes", "consent", "private", "changed_at")
    fieldsets = (
        (
            "As it was chosen",
            {
                "fields": (
                    "review",
                    "four_eyes",
                    "consent",
                    "creators",
                    "private",
                    "month_limit",
                    "month_warning",
                )
            },
        ),
        (None, {"fields": ("pinned", "version", "changed_at", "changed_by")}),
    )

    def view_on_site(self, _: Any) -> str:
        return "/policy"

    @admin.display(description="counts more, from the environment")
    def pinned(self, _: Policy) -> str:
        rules = [f"{name}: {value}" for name, value in settings.POLICY.items()]
        return ", ".join(rules) or "Nothing is set there."


@admin.register(Reply)
class ReplyAdmin(Shown[Reply]):
    group: ClassVar = "Review and consent"
    list_display = ("name", "decision", "reason", "made_by", "made_at", "retired_at")
    list_filter = ("decision", "reason", ("retired_at", admin.EmptyFieldListFilter))
    list_select_related = ("made_by",)
    search_fields = ("name", "text")
    fields: ClassVar = ("name", "decision", "reason", "text", "made_by", "made_at", "retired_at")
