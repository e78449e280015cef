"""Secret codes in links: made once, shown once, kept only as a digest.

Logs show neither them nor the tokens of programs.

A code carries 256 bits from the system's generator. Guessing one is out of reach at any speed, so
the doors that take codes need no limit, and a plain SHA-256 needs no salt and no slow hash.
"""

import base64
import hashlib
import logging
import re
import secrets

from django.utils.crypto import salted_hmac

IN_ADDRESS = re.compile(
    r"(/(?:setup|invitations|consent|withdraw|call|links|password/reset/key)/)[\w:=.-]+",
    re.IGNORECASE,
)
# A code works all the same when somebody mistypes what stands before it: "/consents/…", "/call/ …".
LONG = re.compile(r"[\w-]{40,}")
# What the page of tokens shows of one stays: it tells an administrator which of them to revoke.
TOKEN = re.compile(r"(grn_[0-9A-Za-z]{4})[0-9A-Za-z]{32}")


def new_code() -> str:
    """43 characters that are safe in an address."""
    return secrets.token_urlsafe(32)


def code_for(wish: str) -> str:
    """The one code of a wish, such as a form that is sent twice; nobody without our key knows it.

    It is not weaker than a new one: `SECRET_KEY` is as secret as what it opens.
    """
    keyed = salted_hmac("dashboard.people.codes", wish, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(keyed).rstrip(b"=").decode()


def digest(code: str) -> str:
    """64 hexadecimal characters: what the database may know of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


class HideCodes(logging.Filter):
    """For log handlers: Django logs the path of every refused request, codes that work included.

    A token belongs into a header, but sooner or later somebody puts theirs into an address.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        message = record.getMessage()
        hidden = _hidden(message)
        if hidden != message:
            record.msg, record.args = hidden, ()
        if record.exc_info:
            record.exc_text = _hidden(logging.Formatter().formatException(record.exc_info))
        return True


def _hidden(text: str) -> str:
    return LONG.sub("...", TOKEN.sub(r"\1...", IN_ADDRESS.sub(r"\1...", text)))
