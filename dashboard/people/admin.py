"""People in Django's admin: to look things up. Changes have their own pages, with their rules."""

from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string

from . import record
from .models import Invitation, User

_LATEST = 50


class LookOnly:
    """Nobody adds or deletes here: people come by invitation and go by deactivation."""

    group: ClassVar = "People"
    filtered: ClassVar[tuple[str, ...]] = ()

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the filters offer: by others, hashes and digests could be guessed at."""
        return lookup.partition("__")[0] in self.filtered


@admin.register(User)
class UserAdmin(LookOnly, admin.ModelAdmin[User]):
    list_display = ("name", "email", "role", "is_active", "last_login", "date_joined")
    list_filter = filtered = ("is_active", "groups")
    search_fields = ("name", "email", "=id")
    fields = ("name", "email", "role", "is_active", "last_login", "date_joined", "id", "record")
    readonly_fields = fields[1:]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    def view_on_site(self, _: User) -> str:
        return reverse("people")

    @admin.display(description="role")
    def role(self, person: User) -> str:
        return person.role.label if person.role else "none"

    def save_model(
        self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool
    ) -> None:
        """In the admin's own transaction. Only what the form may change: the row may be old."""
        obj.save(update_fields=["name"])
        record.renamed(obj, form.initial["name"], by=cast("User", request.user))

    @admin.display(description="the record")
    def record(self, person: User) -> str:
        events: list[Any] = import_string(settings.RECORD_OF_PERSON)(person, _LATEST)
        address = reverse("admin:avatars_event_changelist", query={"q": str(person.pk)})
        shown = {"events": events, "all": address, "number": _LATEST}
        return render_to_string("admin/people/user/record.html", shown)


@admin.register(Invitation)
class InvitationAdmin(LookOnly, admin.ModelAdmin[Invitation]):
    list_display = ("__str__", "invited_by", "expires_at", "accepted_at", "revoked_at")
    list_filter = filtered = ("role",)
    list_select_related = ("invited_by",)
    search_fields = ("email",)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
