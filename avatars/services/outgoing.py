"""One mail, and what is known of it afterwards."""

import logging
from contextlib import suppress
from enum import Enum, auto
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused, SMTPSenderRefused
from typing import Any

from django.core.mail import EmailMessage, mailers

logger = logging.getLogger(__name__)

# What keeps programs from answering.
_HEADERS = {"Auto-Submitted": "auto-generated"}


class Outcome(Enum):
    """Only of the first one the mail may have arrived."""

    GONE = auto()  # sent, or nobody knows
    LATER = auto()  # surely not sent; this address may be tried again
    IN_VAIN = auto()  # surely not sent, and trying again would not help
    CLOSED = auto()  # surely not sent; the mail server takes nothing from us at the moment


def send(person: Any, subject: str, body: str) -> Outcome:
    """Send one mail to one person. To be called outside any transaction."""
    mail = EmailMessage(subject, body, None, [person.email], headers=_HEADERS)
    try:
        post = mailers.default
        post.open()
    except Exception as error:
        # Be it the server or a setting: not a word of the mail has left this machine.
        logger.warning("the mail server takes nothing at the moment: %s", in_short(error))
        return Outcome.CLOSED
    try:
        post.send_messages([mail])
    except Exception as error:
        # Whatever it was must not keep the next person's mail. Its text may name addresses.
        outcome = _outcome(error)
        logger.warning("the mail to %s ended as %s: %s", person.pk, outcome.name, in_short(error))
        return outcome
    finally:
        with suppress(OSError):
            post.close()
    return Outcome.GONE


def _outcome(error: Exception) -> Outcome:
    match error:
        case SMTPSenderRefused():
            return Outcome.CLOSED
        case SMTPRecipientsRefused():
            codes = [code for code, _ in error.recipients.values()]
            return Outcome.LATER if all(code < 500 for code in codes) else Outcome.IN_VAIN
        case SMTPDataError():
            return Outcome.LATER if error.smtp_code < 500 else Outcome.IN_VAIN
        case ValueError():  # no mail can be written to such an address
            return Outcome.IN_VAIN
    return Outcome.GONE


def in_short(error: Exception) -> str:
    """What a log may say of it: its text, and so its traceback, may name addresses."""
    code = getattr(error, "smtp_code", "") if isinstance(error, SMTPException) else ""
    return f"{type(error).__name__} {code}".strip()
