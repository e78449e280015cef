"""The text of an API token: what it looks like, and the digest that is all we keep of it.

`grn_`, 30 random characters, and 6 that check the rest, so that a scanner of leaked secrets can
tell a token from any other text without asking us.
"""

import hashlib
import secrets
import string
import zlib

PREFIX = "grn_"
PATTERN = r"grn_[0-9A-Za-z]{36}"
HINT = 8  # characters of a token that a page may show, so that people can tell theirs apart
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM, _CHECK = 30, 6  # characters; 30 of 62 are 178 bits


def new_token() -> str:
    """A token that nobody can guess, 40 characters long."""
    random = "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return f"{PREFIX}{random}{_checksum(random)}"


def is_whole(text: str) -> bool:
    """Whether it looks like a token and its last characters fit the others."""
    body = text.removeprefix(PREFIX)
    if body == text or len(body) != _RANDOM + _CHECK or not set(body) <= set(_ALPHABET):
        return False
    return body[_RANDOM:] == _checksum(body[:_RANDOM])


def digest(text: str) -> str:
    """64 hexadecimal characters. A fast hash will do: 178 random bits can't be guessed."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(random: str) -> str:
    """CRC-32 in base 62, padded to six characters."""
    number, characters = zlib.crc32(random.encode()), ""
    for _ in range(_CHECK):
        number, index = divmod(number, len(_ALPHABET))
        characters = _ALPHABET[index] + characters
    return characters
