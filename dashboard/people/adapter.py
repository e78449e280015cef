"""Where allauth asks Greenroom what to do."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils.safestring import SafeString
from qrcode import make
from qrcode.image.svg import SvgPathFillImage


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """People come in by set-up, invitation or command, never by themselves."""
        return False


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
