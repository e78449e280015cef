"""Photo calls: asking people without an account for their own photo."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import IntegrityError, transaction
from django.utils import timezone

from avatars import codes, names
from avatars.models import Avatar, Kind, PhotoCall, Subject
from avatars.photos.prepare import Prepared

from . import record
from .accept import CallIsOver, Wanted, Way, accept
from .consents import Terms

PLACES_MAX = 200
DAYS_MAX = 90


def open_call(
    by: Any, *, title: str, purpose: str, model: str, places: int, days: int, wish: str = ""
) -> PhotoCall:
    """A link, `call.code`, by which so many people may each send one photo.

    The same `wish`, as by a double click, gets the same call.
    """
    until = timezone.now() + timedelta(days=days)
    call = PhotoCall(
        id=uuid5(by.pk, f"call {wish}") if wish else uuid4(),
        title=title,
        purpose=purpose,
        model=model,
        places=places,
        until=until,
        made_by=by,
    )
    call.digest = codes.digest(call.code)
    try:
        with transaction.atomic():
            call.save(force_insert=True)
            detail = {"places": places, "until": until.isoformat()}
            record.write(Kind.CALL_OPENED, _about(call), actor=by, detail=detail)
    except IntegrityError:
        return PhotoCall.objects.get(pk=call.pk)
    return call


def close(call: PhotoCall, by: Any) -> bool:
    """Its link takes nothing any more; False when it was over already."""
    with transaction.atomic():
        closed = PhotoCall.objects.close(call.pk, timezone.now())
        if closed:
            record.write(Kind.CALL_CLOSED, _about(call), actor=by)
    return closed


def take(call: PhotoCall, prepared: Prepared, terms: Terms, *, advice: Any, key: str) -> Avatar:
    """The avatar of a photo that somebody sent, with their consent, waiting for a reviewer.

    Sent again with the same `key` it is the same one. Raises `CallIsOver`, and what `accept` does.
    """
    name = terms.who if len(terms.who) >= names.MIN else f"{terms.who}, {call.title}"
    wanted = Wanted(name[: names.MAX], call.model, prepared, advice, purpose=call.purpose)
    if call.is_over and call.is_over != "full":  # who was the last may send the form twice
        raise CallIsOver
    way = Way(call=call, terms=terms)
    key = f"call-{call.pk.hex}-{key}"
    (avatar,) = accept(owner=call.made_by, wanted=[wanted], key=key, way=way)
    return avatar


def find(code: str) -> PhotoCall | None:
    return PhotoCall.objects.select_related("made_by").by_code(code).first()


def _about(call: PhotoCall) -> tuple[str, UUID, str]:
    return Subject.CALL, call.pk, call.title
