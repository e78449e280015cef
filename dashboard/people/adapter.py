"""Where allauth asks Greenroom what to do."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from qrcode import make
from qrcode.image.svg import SvgPathFillImage

from . import entrance, record
from .models import User

logger = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by set-up, invitation or command, never by themselves."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send, if there is a way to. The pages have said so if there is none."""
        if settings.MAILERS:
            super().send_mail(template_prefix, email, context)
        else:
            logger.warning("a mail was not sent: EMAIL_URL is not set")

    # What goes on the record ---------------------------------------------------------------------
    @transaction.atomic
    def login(self, request: HttpRequest, user: User) -> None:
        """On the record, or not at all."""
        entrance.came_in(user, entrance.way_of(request, user))
        super().login(request, user)

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            entrance.went_out(request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Of what was typed nothing is kept: people type passwords into the wrong field."""
        person = User.objects.filter(email=credentials.get("email", "")).first()
        if person:
            by = person if request.user == person else None
            record.failed_sign_in(person, "a wrong password", by=by)

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        record.failed_sign_in(user, "the right password, but deactivated")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def set_password(self, user: User, password: str) -> None:
        """Who is not signed in has come by a link that was sent by mail."""
        user.set_password(password)  # takes its time, so before the transaction
        way = {} if self.request.user.is_authenticated else {"with": "a link sent by mail"}
        with transaction.atomic():
            user.save(update_fields=["password"])  # the rest may have changed meanwhile
            record.of_person("password-changed", user, by=user, detail=way)

    @transaction.atomic
    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        person = User.objects.select_for_update().get(pk=email_address.user_id)
        confirmed: bool = super().confirm_email(request, email_address)
        if confirmed and email_address.email != person.email:
            detail = record.change("email", person.email, email_address.email)
            record.of_person("email-changed", person, by=person, detail=detail)
        return confirmed


class MFAAdapter(DefaultMFAAdapter):
    def get_totp_issuer(self) -> str:
        return "Greenroom"

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002
        """What the form suggests; people call keys by where they are, we can only count."""
        return f"Key {Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1}"

    def build_totp_svg(self, url: str) -> SafeString:
        """A fragment for the page itself: the content policy allows no data: pictures.

        On white, because a phone reads no dark code on a dark page. Safe: the drawing holds
        squares only, nothing of `url` is in it as text.
        """
        drawing: str = make(url, image_factory=SvgPathFillImage).to_string(encoding="unicode")
        return SafeString(drawing)
