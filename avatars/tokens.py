"""The text of an API token: what it looks like, and the digest that is all we keep of it.

`grn_`, 30 random characters, and 6 that check the rest, so that a scanner of leaked secrets can
tell a token from any other text without asking us.
"""

import hashlib
import secrets
import string
import zlib

from django.utils.crypto import salted_hmac

PREFIX = "grn_"
PATTERN = r"grn_[0-9A-Za-z]{36}"
HINT = 8  # characters of a token that a page may show, so that people can tell theirs apart
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 30, 6  # characters; 30 of 62 are 178 bits


def new_token() -> str:
    """A token that nobody can guess, 40 characters long."""
    return _whole("".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM)))


def token_for(wish: str) -> str:
    """The one token of a wish, such as a form that is sent twice; nobody without our key knows it.

    It is not weaker than a new one: `SECRET_KEY` is as secret as what it opens.
    """
    keyed = salted_hmac("avatars.tokens", wish, algorithm="sha256").digest()
    return _whole(_in_base_62(int.from_bytes(keyed), _RANDOM))


def is_whole(text: str) -> bool:
    """Whether it looks like a token and its last characters fit the others."""
    body = text.removeprefix(PREFIX)
    if body == text or len(body) != _RANDOM + _CHECK or not set(body) <= set(_ALPHABET):
        return False
    return body[_RANDOM:] == _checksum(body[:_RANDOM])


def digest(text: str) -> str:
    """64 hexadecimal characters. A fast hash will do: 178 random bits can't be guessed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _whole(random: str) -> str:
    return f"{PREFIX}{random}{_checksum(random)}"


def _checksum(random: str) -> str:
    """CRC-32 in base 62, padded to six characters."""
    return _in_base_62(zlib.crc32(random.encode()), _CHECK)


def _in_base_62(number: int, length: int) -> str:
    """The last `length` digits of it."""
    characters = ""
    for _ in range(length):
        number, index = divmod(number, len(_ALPHABET))
        characters = _ALPHABET[index] + characters
    return characters
