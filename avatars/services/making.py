"""From the photos on a desk to avatars: each goes its own way."""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage

from avatars.models import Avatar, Draft, Wish
from avatars.photos.prepare import Prepared, thumbnails

from . import drafts, wishes
from .accept import Wanted, accept


@dataclass(frozen=True)
class Choices:
    """What counts for all photos of one desk."""

    model: str
    purpose: str = ""
    replaces: Avatar | None = None


class PhotoIsLost(Exception):
    """The stored photo is not what was looked at. Nothing was made."""


def make(draft: Draft, choices: Choices, patience: float = wishes.TWIN_SECONDS) -> Avatar:
    """Turn a good draft into an avatar, once, however often this is called; it leaves the desk.

    Another request that makes it at this moment is waited for, `patience` seconds at most.
    Raises what `accept` does, and `PhotoIsLost`; the draft stays on the desk then.
    """
    try:
        prepared = _prepared(draft)
    except FileNotFoundError:  # made before, by a request that has taken it off or was killed at it
        if made := made_of(draft.owner, [draft.pk]):
            drafts.take_off([draft])
            return made[0]
        raise PhotoIsLost("the stored photo is gone") from None
    wanted = Wanted(
        display_name=draft.display_name,
        model=choices.model,
        prepared=prepared,
        advice=draft.advice,
        purpose=choices.purpose,
        replaces=choices.replaces,
        whole_likeness=draft.whole_likeness,
    )
    key = _key_of(draft.pk)
    accepting = partial(accept, owner=draft.owner, wanted=[wanted], key=key)
    try:
        (avatar,) = wishes.patiently(accepting, patience)
    except wishes.OtherContent as other:  # made before under another name, and not taken off since
        avatar = _the_same(draft, other.avatars)
    drafts.take_off([draft])
    return avatar


def made_of(owner: Any, draft_ids: list[UUID]) -> list[Avatar]:
    """What was made of drafts that are gone, when the same form comes once more."""
    rows = Wish.objects.filter(owner=owner, key__in=[_key_of(pk) for pk in draft_ids])
    return [avatar for wish in rows for avatar in wishes.avatars_of(wish)]


def _the_same(draft: Draft, made: list[Avatar]) -> Avatar:
    """The one that was made of just this picture. Raises `OtherContent`: of another frame, say."""
    for avatar in made:
        if avatar.photo_sha256 == draft.photo_sha256:
            return avatar
    raise wishes.OtherContent(made)


def _key_of(draft_id: UUID) -> str:
    return f"draft-{draft_id}"


def _prepared(draft: Draft) -> Prepared:
    with default_storage.open(str(draft.photo)) as stream:
        data = stream.read()
    if sha256(data).hexdigest() != draft.photo_sha256:
        raise PhotoIsLost("the stored photo has changed")
    return Prepared(
        data=data,
        content_type=draft.photo_type,
        extension=f".{str(draft.photo).rpartition('.')[2]}",
        width=draft.photo_width,
        height=draft.photo_height,
        sha256=draft.photo_sha256,
        likeness=draft.photo_likeness,
        thumbnails=thumbnails(data),
    )
