"""Mail to the depicted person: the link with which they answer, and the one to take it back."""

import logging
from smtplib import SMTPException
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from avatars.models import Consent, How, Mail, Standing

from .outgoing import in_short

logger = logging.getLogger(__name__)

QUESTION, WAY_BACK = "consent", "withdraw"  # also the names of the addresses
_SUBJECTS = {
    QUESTION: "{} asks: may we use your photo?",
    WAY_BACK: "{}: how to take your consent back",
}


def is_mailed(consent: Consent) -> bool:
    """Whether there is a way to, and somebody to send it to."""
    return bool(settings.MAILERS and consent.email)


def plan(consent: Consent) -> bool:
    """Whether the question is to be mailed; the page about it says so until it is done."""
    return is_mailed(consent) and Consent.objects.plan_mail(consent)


def plan_way_back(consent: Consent) -> bool:
    """Whether to mail it. Of a photo call once, however often its form comes; else with the yes."""
    return is_mailed(consent) and (consent.how != How.CALL or Consent.objects.plan_mail(consent))


def send(consent_id: str, way: str, origin: str) -> None:
    """One mail with one link. Whether the question's got through stands in the row afterwards."""
    consent = Consent.objects.filter(pk=consent_id).select_related("asked_by").first()
    if consent is None or not consent.email or not _is_due(consent, way):
        return
    sent = _sent(consent, way, origin)
    if way == QUESTION:
        Consent.objects.note_mail(consent.pk, Mail.SENT if sent else Mail.FAILED)


def organisation(host: str) -> str:
    """Who asks, as people outside read it; without a name whoever is behind this address."""
    return settings.ORGANISATION or f"the team at {host}"


def _is_due(consent: Consent, way: str) -> bool:
    """Meanwhile it may be answered, taken back, withdrawn or erased."""
    return consent.is_open if way == QUESTION else consent.standing == Standing.GIVEN


def _sent(consent: Consent, way: str, origin: str) -> bool:
    asks = organisation(urlsplit(origin).netloc)
    code = consent.code if way == QUESTION else consent.withdrawal_code
    # Nothing that strangers typed goes into a mail to an address that strangers typed.
    words = {
        "consent": consent,
        "organisation": asks,
        "link": f"{origin}{reverse(way, args=[code])}",
    }
    subject = " ".join(_SUBJECTS[way].format(f"{asks[:1].upper()}{asks[1:]}").split())
    text = render_to_string(f"mail/{way}.txt", words)
    try:
        send_mail(subject, text, None, [consent.email])
    except (OSError, SMTPException, ValueError) as error:
        logger.warning("the mail about consent %s did not go out: %s", consent.pk, in_short(error))
        return False
    return True
