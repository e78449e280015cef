"""How it stands with consent, in the words of an avatar's page."""

from typing import Any

from django.db.models import QuerySet

from avatars.access import may_ask_consent, may_erase
from avatars.models import Avatar, Consent, Kind, Standing
from avatars.services import changing

WORDS = {
    Standing.NONE: "There is no word of the person who is shown yet.",
    Standing.ASKED: "The person who is shown has been asked, and has not answered yet.",
    Standing.GIVEN: "The person who is shown agrees.",
    Standing.DENIED: "The person who is shown said no.",
    Standing.WITHDRAWN: "The person who is shown took their consent back.",
    Standing.EXPIRED: "The consent of the person who is shown has ended.",
}


def summary_of(user: Any, avatar: Avatar) -> dict[str, Any] | None:
    """None where nobody has to be asked: Anam's stock, and what was erased."""
    if avatar.stock or avatar.is_erased:
        return None
    return {
        "words": WORDS[avatar.consent_now],
        "wants_erasure": avatar.is_blocked and _wishes(avatar).exists(),
        "may_erase": may_erase(user, avatar) and avatar.state not in changing.IN_DOUBT,
        "may_ask": may_ask_consent(user, avatar),
        "sender": sender_of(avatar),
    }


def sender_of(avatar: Avatar) -> str:
    """Who sent the photo in by a photo call; "" for one that somebody with an account sent."""
    if not avatar.call_id:
        return ""
    sent = avatar.events.filter(kind=Kind.UPLOADED).values_list("visitor", flat=True)
    return sent.first() or "somebody"


def _wishes(avatar: Avatar) -> QuerySet[Consent]:
    return Consent.objects.of_photo(avatar.photo_sha256).filter(wants_erasure=True)
