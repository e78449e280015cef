"""Where allauth asks Greenroom what to do."""

import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.safestring import SafeString
from qrcode import make
from qrcode.image.svg import SvgPathFillImage

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
