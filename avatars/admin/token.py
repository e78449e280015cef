"""Tokens: who may call in whose name. Of their text not even the digest is shown."""

from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse

from avatars.access import tokens_for
from avatars.models import Right, Token
from avatars.services import credentials

from .acts import NOT_YOURS, Act
from .asking import action_of
from .reading import Shown


def _not_revoked(user: Any, token: Token) -> str:
    if token.revoked_at:
        return "It is revoked already."
    return "" if tokens_for(user).filter(pk=token.pk).exists() else NOT_YOURS


REVOKE: Act[Token] = Act(
    name="revoke",
    menu="Revoke",
    question="Revoke them?",
    text="Programs that use them get 401 from the next call on. They can't be brought back.",
    done="Revoked",
    undone="Not revoked",
    obstacle=_not_revoked,
    do=lambda token, user: credentials.revoke(token.pk, user),
)


@admin.register(Token)
class TokenAdmin(Shown[Token]):
    group: ClassVar = "Programs"
    actions = (action_of(REVOKE),)
    list_display = ("__str__", "owner", "rights_words", "last_used_at", "expires_at", "standing")
    list_filter = (
        ("revoked_at", admin.EmptyFieldListFilter),
        ("expires_at", admin.DateFieldListFilter),
        ("last_used_at", admin.DateFieldListFilter),
        ("owner", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("owner",)
    search_fields = ("name", "hint", "owner__email")
    fields: ClassVar = (
        "name",
        "hint",
        "owner",
        "rights_words",
        "rate",
        "month_limit",
        "created_at",
        "created_by",
        "expires_at",
        "last_used_at",
        "revoked_at",
        "revoked_by",
        "standing",
    )

    def view_on_site(self, _: Any) -> str:
        return reverse("tokens")

    @admin.display(description="may")
    def rights_words(self, token: Token) -> str:
        return ", ".join(Right(right).label for right in token.rights if right in Right)

    @admin.display(description="works")
    def standing(self, token: Token) -> str:
        return f"No: {token.is_over}" if token.is_over else "Yes"
