"""People in Django's admin: to look things up. Changes have their own pages, with their rules."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from .models import Invitation, User

# The admin's own form knows no second factor and no throttle: send people through allauth.
admin.site.login = secure_admin_login(  # type: ignore[method-assign]
    admin.site.login
)


class LookOnly:
    """Nobody adds or deletes here: people come by invitation and go by deactivation."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(User)
class UserAdmin(LookOnly, admin.ModelAdmin[User]):
    list_display = ("name", "email", "role", "is_active", "last_login", "date_joined")
    list_filter = ("is_active", "groups")
    search_fields = ("name", "email")
    fields = ("name", "email", "role", "is_active", "last_login", "date_joined")
    readonly_fields = ("email", "role", "is_active", "last_login", "date_joined")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description="role")
    def role(self, person: User) -> str:
        return person.role.label if person.role else "none"


@admin.register(Invitation)
class InvitationAdmin(LookOnly, admin.ModelAdmin[Invitation]):
    list_display = ("__str__", "invited_by", "expires_at", "accepted_at", "revoked_at")
    list_filter = ("role",)
    search_fields = ("email",)

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
