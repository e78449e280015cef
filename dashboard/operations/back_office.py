"""Django's admin as this house has it: through the front door, and in an order that helps."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.utils import get_next_redirect_url
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

# Lists say by `group` where they belong. Others keep the name of their app, and come last.
GROUPS = ("Avatars", "Review and consent", "The record", "Programs", "Anam", "People")


class BackOffice(AdminSite):
    """Its own forms for signing in and for passwords know no second factor, throttle or record."""

    site_header = site_title = "Greenroom records"
    index_title = "Records"

    @method_decorator([never_cache, login_not_required, secure_admin_login])
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect(get_next_redirect_url(request) or "admin:index")

    def password_change(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    def get_app_list(
        self, request: HttpRequest, app_label: str | None = None
    ) -> list[dict[str, Any]]:
        """By groups on the index; the page of one app keeps Django's order."""
        apps = super().get_app_list(request, app_label)
        return apps if app_label else _grouped(self, apps)


def _grouped(site: AdminSite, apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The groups as Django's template wants apps, but without a page of their own."""
    groups: dict[str, list[Any]] = {name: [] for name in GROUPS}
    for app in apps:
        for row in app["models"]:
            shown = site.get_model_admin(row["model"])
            groups.setdefault(getattr(shown, "group", app["name"]), []).append(row)
    return [
        {"name": name, "app_label": name.lower().replace(" ", "-"), "models": rows}
        for name, rows in groups.items()
        if rows
    ]
