"""The site's addresses: the avatars' own, the people's, and the machine's."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("avatars.urls")),
    path("", include("dashboard.people.urls")),
    path("", include("dashboard.operations.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
handler403 = "dashboard.operations.errors.forbidden"
handler404 = "dashboard.operations.errors.not_found"
handler400 = "dashboard.operations.faults.bad_request"
handler500 = "dashboard.operations.faults.server_error"
