"""What keeps everybody's photos here until an administrator mends it, on every page of theirs."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from avatars.causes import Words
from avatars.models import FOR_ADMINISTRATORS, Weather


def closed_way(request: HttpRequest) -> dict[str, object]:
    """For templates: `closed_way`, the words about it or None; asked for only where it is shown."""
    return {"closed_way": SimpleLazyObject(_words)}


def _words() -> Words | None:
    found = Weather.objects.filter(rehearsal=settings.REHEARSAL, cause__in=FOR_ADMINISTRATORS)
    weather = found.first()
    return weather.words if weather else None
