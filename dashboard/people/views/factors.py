"""Second factors: what allauth's own pages leave to be done."""

from typing import Any

from allauth.mfa.signals import authentication_failed
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.db import transaction
from django.dispatch import receiver
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from .. import record
from ..models import User


class AddKeyView(AddWebAuthnView):
    """Allauth saves the key and tells of it in two steps."""

    @transaction.atomic
    def form_valid(self, form: Form) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        return response


@receiver(authentication_failed)
def failed(request: HttpRequest, user: User, reauthentication: bool, **_: Any) -> None:
    """The password was right, the code was not."""
    record.failed_sign_in(user, "a wrong code", by=user if reauthentication else None)
