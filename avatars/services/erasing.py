"""Forgetting a face: its words, its files, then which files they were; Anam's part by errand.

Each step may be repeated, so whoever finds one half done goes on from the start.
"""

import logging
from pathlib import PurePath
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import CharField, Q, TextField, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from avatars.models import Avatar, Difference, Event, Kind, State, Token, Wish

from . import consent_ends, delivery_bodies, drafts, wishes

logger = logging.getLogger(__name__)


def erase(avatar: Avatar, actor: Any, token: Token | None = None) -> bool:
    """Forget the face for good; False while Anam makes it, or when that was asked before.

    Nothing here waits for Anam. Whoever calls this wakes somebody who tells it.
    """
    with transaction.atomic():
        begun = Avatar.objects.begin_erasure(avatar.pk, timezone.now(), by=actor)
        if begun:
            Event.objects.create(avatar=avatar, actor=actor, token=token, kind=Kind.ERASURE)
    if begun:
        avatar.refresh_from_db()
        erase_here(avatar)
    return begun


def erase_here(avatar: Avatar) -> bool:
    """Forget what was said of it, then its files; False while the disk does not let go of one."""
    if avatar.erased_at is not None:
        return True
    consent_ends.hand_on(avatar)
    with transaction.atomic():
        _forget_words(avatar)
    try:
        _delete_files(avatar)
        drafts.take_off_copies(avatar)
    except OSError:
        logger.exception("the files of avatar %s can't be deleted yet", avatar.pk)
        return False
    _forget(avatar)
    return True


def _delete_files(avatar: Avatar) -> None:
    if avatar.photo:
        default_storage.delete(str(avatar.photo))
    for name in consent_ends.files_of(avatar):
        default_storage.delete(name)
    folder = str(PurePath(avatar.thumbnail_name(96)).parent)
    try:
        _, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in names:
        default_storage.delete(f"{folder}/{name}")
    default_storage.delete(folder)


def _forget(avatar: Avatar) -> None:
    with transaction.atomic():
        if not Avatar.objects.blank(avatar.pk, timezone.now()):
            return
        _forget_words(avatar)  # once more, with what was written down meanwhile
        consent_ends.forget_files(avatar)
        Event.objects.create(avatar=avatar, actor=avatar.removed_by, kind=Kind.ERASED)


def _forget_words(avatar: Avatar) -> None:
    Event.objects.filter(avatar=avatar).forget_words()
    _differences(avatar).update(detail={})
    consent_ends.forget(avatar)
    delivery_bodies.forget(avatar)
    _forget_as_candidate(avatar)
    # Kept without what it says of the photo, so that a late repetition makes nothing again.
    _wishes(avatar).update(fingerprint="")
    # A key that we derived from the photo says of it what the fingerprint said.
    nameless = Concat(Value("erased-"), Cast("pk", CharField()))
    _wishes(avatar).filter(key__startswith=wishes.EQUAL).update(key=nameless)


def _forget_as_candidate(avatar: Avatar) -> None:
    """Those who could not be told apart from it carry its name."""
    for other in Avatar.objects.filter(state=State.UNKNOWN).exclude(candidates=[]):
        kept = [item for item in other.candidates if item["id"] != avatar.upstream_id]
        if kept != other.candidates:
            Avatar.objects.of_attempt(other).update(candidates=kept)


def _differences(avatar: Avatar) -> Any:
    there = Q(rehearsal=avatar.rehearsal, upstream_id=avatar.upstream_id or "")
    return Difference.objects.filter(Q(avatar=avatar) | there)


def _wishes(avatar: Avatar) -> Any:
    # As text, because SQLite can't look into JSON for an element.
    told = Wish.objects.annotate(ids=Cast("avatar_ids", TextField()))
    return told.filter(owner=avatar.owner_id, ids__contains=str(avatar.pk))
