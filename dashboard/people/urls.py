"""The addresses of people. Signing in and second factors are allauth's, under /accounts/."""

from django.urls import path

from .views.account import account
from .views.factors import AddKeyView
from .views.invitation import invitation
from .views.people import change_role, deactivate, invite, people, reactivate, revoke
from .views.set_up import set_up

urlpatterns = [
    path("setup/<slug:code>", set_up, name="setup"),
    path("invitations/<slug:code>", invitation, name="invitation"),
    path("account", account, name="account"),
    # Before allauth's own, which it takes the place of.
    path("accounts/2fa/webauthn/add/", AddKeyView.as_view(), name="mfa_add_webauthn"),
    path("people/", people, name="people"),
    path("people/invite", invite, name="people_invite"),
    path("people/invitations/<int:pk>/revoke", revoke, name="people_revoke"),
    path("people/<uuid:pk>/role", change_role, name="people_role"),
    path("people/<uuid:pk>/deactivate", deactivate, name="people_deactivate"),
    path("people/<uuid:pk>/reactivate", reactivate, name="people_reactivate"),
]
