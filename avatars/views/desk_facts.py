"""What lies on the reviewing desk beside the picture: who asks and why, consent, what was said."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from avatars.models import Avatar, Consent, How, Kind, Look, Policy, Reply, Standing
from avatars.services.lookalikes import lookalikes_of
from avatars.services.queue import Part, Queue

from .consent_summary import sender_of
from .crops import crops_of
from .deciding import ago, in_words, latest_word, say_of

_SAID = (Kind.APPROVED, Kind.CHANGES, Kind.REJECTED, Kind.RESUBMITTED)
_LARGEST_THUMBNAIL = 640  # pixels


def facts_for(user: Any, avatar: Avatar, policy: Policy, part: Part) -> dict[str, Any]:
    """The desk's context, but for its form."""
    queue = Queue(user, policy, part)
    following = queue.next_after(avatar)
    others = Look.objects.others(user, timezone.now()).filter(avatar=avatar)
    return {
        "avatar": avatar,
        "part": part,
        "place": queue.place_of(avatar),
        "say": say_of(user, avatar, policy),
        "looking": looking(look.reviewer for look in others),
        "picture": picture_of(avatar),
        "next_picture": picture_of(following) if following else None,
        "crops": crops_of(avatar),
        "replies": list(Reply.objects.offered()),
        "lookalikes": lookalikes_of(avatar),
        "visitor": sender_of(avatar),
        "feeds": list(avatar.feeds.all()),
        **consent_of(avatar),
        **_said_of(avatar),
        "decided": "" if avatar.awaits_review else in_words(latest_word(avatar), user),
    }


def looking(people: Iterable[Any]) -> str:
    """Such as “Mia Berg is looking at it”; "" when nobody is."""
    names = [str(person) for person in people]
    if len(names) < 2:
        return f"{names[0]} is looking at it" if names else ""
    return f"{', '.join(names[:-1])} and {names[-1]} are looking at it"


def picture_of(avatar: Avatar) -> dict[str, str]:
    """What an `img` of the large square needs; the photo itself where screens are sharp enough."""
    photo, side = avatar.thumbnail_url_640, min(avatar.photo_width, avatar.photo_height)
    still = f"{avatar.get_absolute_url()}/still"
    if not photo:
        return {"src": still if avatar.image_url else "", "srcset": ""}
    sharp = side > _LARGEST_THUMBNAIL
    srcset = f"{photo} {_LARGEST_THUMBNAIL}w, {still} {side}w" if sharp else ""
    return {"src": photo, "srcset": srcset}


def consent_of(avatar: Avatar) -> dict[str, Any]:
    """`consent` is the row that counts, or the latest that is left of what was asked."""
    found = Consent.objects.of_photo(avatar.photo_sha256).select_related("wording", "asked_by")
    # What came with a photo call counts for its own avatar alone.
    rows = [row for row in found if row.how != How.CALL or row.avatar_id == avatar.pk]
    given = [row for row in rows if row.standing_now == Standing.GIVEN]
    return {"consent": next(iter(given or rows), None), "consents": len(rows)}


def _said_of(avatar: Avatar) -> dict[str, Any]:
    """`resubmitted`: what its maker answered last. `history`: the newest first."""
    said = list(avatar.events.filter(kind__in=_SAID).select_related("actor", "token"))
    latest = said[-1] if said else None
    again = latest if latest and latest.kind == Kind.RESUBMITTED else None
    return {
        "resubmitted": again,
        "resubmitted_ago": ago(again.at) if again else "",
        "history": said[::-1],
    }
