"""The codes of links for people without an account.

A code is derived from this installation's key and a row's salt: no database holds it, and whoever
made the link can see it again. It is found by its digest. 256 bits can't be guessed at any speed.
"""

import base64
import hashlib
from uuid import UUID

from django.utils.crypto import salted_hmac


def code_for(purpose: str, salt: UUID) -> str:
    """43 characters that are safe in an address, other ones for each purpose and salt."""
    keyed = salted_hmac(f"avatars.codes.{purpose}", str(salt), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(keyed).rstrip(b"=").decode()


def digest(code: str) -> str:
    """64 hexadecimal characters: what the database may know of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def known(code: str, kept: str | None) -> bool:
    """Whether a row's code is still the one that was handed out: not under another key."""
    return digest(code) == kept
