"""What the doors of allauth and of Django's admin are tried with."""

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.contrib.contenttypes.models import ContentType

from avatars.models import Avatar
from dashboard.people.models import User

from .doors import METHODS
from .examples import Example, Value
from .house import PASSWORD, House, Who

_NEW = "a-mirror-by-the-lamp-5"
_FROM_A_SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


def _confirmation(house: House, _: User) -> object:
    address, _made = EmailAddress.objects.get_or_create(
        user=house.other, email="new@example.com", verified=False
    )
    return EmailConfirmationHMAC(address).key


def _enrolled(_: House, owner: User) -> None:
    TOTP.activate(owner, generate_totp_secret())
    RecoveryCodes.activate(owner)


def _own_key(house: House, owner: User) -> None:
    # Not for every visit: allauth's other pages would want to read it, and it is no real one.
    Authenticator.objects.filter(pk=house.key.pk).update(user=owner)


_KEY = "accounts/2fa/webauthn/keys/<int:pk>"

VALUES: dict[str, Value] = {
    "accounts/confirm-email/<key>": _confirmation,
    "accounts/password/reset/key/<uidb36>": lambda house, _: user_pk_to_url_str(house.other),
    "accounts/password/reset/key/<uidb36>-<key>": lambda house, _: (
        default_token_generator.make_token(house.other)
    ),
    _KEY: lambda house, _: house.key.pk,
    "admin/<app_label>": lambda _, __: "avatars",
    "admin/<url>": lambda _, __: "nowhere",
    "admin/r/<path:content_type_id>": lambda _, __: ContentType.objects.get_for_model(Avatar).pk,
    "admin/r/<path:content_type_id>/<path:object_id>": lambda house, _: house.avatar.pk,
}

EXAMPLES: dict[str, Example] = {
    "POST accounts/login/": Example(
        lambda house: {"login": house.people[Who.VIEWER].email, "password": PASSWORD}
    ),
    "POST accounts/logout/": Example(in_session=True),
    "POST accounts/reauthenticate/": Example(lambda _: {"password": PASSWORD}, in_session=True),
    "POST accounts/password/change/": Example(
        lambda _: {"oldpassword": PASSWORD, "password1": _NEW, "password2": _NEW}
    ),
    "POST accounts/password/reset/": Example(lambda house: {"email": house.other.email}),
    "POST accounts/password/reset/key/<uidb36>-<key>/": Example(
        lambda _: {"password1": _NEW, "password2": _NEW}, headers=_FROM_A_SCRIPT
    ),
    "POST accounts/email/": Example(lambda _: {"action_add": "", "email": "new@example.com"}),
    "GET accounts/2fa/recovery-codes/": Example(before=_enrolled),
    "GET accounts/2fa/recovery-codes/download/": Example(before=_enrolled),
    "POST accounts/2fa/recovery-codes/generate/": Example(before=_enrolled),
    "GET accounts/2fa/totp/deactivate/": Example(before=_enrolled),
    "POST accounts/2fa/totp/deactivate/": Example(before=_enrolled),
    "GET accounts/2fa/webauthn/login/": Example(headers=_FROM_A_SCRIPT),
    **{
        f"{method} {_KEY}/{what}/": Example(lambda _: {"name": "Desk"}, before=_own_key)
        for method in METHODS
        for what in ("edit", "remove")
    },
    "POST admin/logout/": Example(in_session=True),
    "POST admin/password_change/": Example(
        lambda _: {"old_password": PASSWORD, "new_password1": _NEW, "new_password2": _NEW}
    ),
}


def thing_in_admin(route: str, house: House, owner: User) -> object:
    """The id of what a page of Django's admin is about: `admin/<app>/<model>/<path:object_id>`."""
    _, app, name, *_rest = route.split("/")
    model = apps.get_model(app, name)
    known: dict[type, object] = {Avatar: house.avatar.pk, User: owner.pk}
    return known.get(model) or model._base_manager.values_list("pk", flat=True).first() or 1


# Everything that any page there could take for an order.
IN_ADMIN = Example(
    lambda house: {
        "name": "Grace",
        "display_name": "Grace",
        "note": "Grace",
        "post": "yes",
        "action": "delete_selected",
        "_selected_action": str(house.avatar.pk),
    }
)
