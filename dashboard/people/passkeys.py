"""Signing in with a passkey alone: allauth's form, made safe against strangers."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.forms import LoginWebAuthnForm


class PasskeyForm(LoginWebAuthnForm):
    def clean_credential(self) -> Any:
        """Anybody may post here, and allauth 65.21 answers a credential with holes by a 500."""
        try:
            return super().clean_credential()
        except KeyError as error:
            raise get_adapter().validation_error("incorrect_code") from error
