"""One wish, one avatar: who may fulfil a wish, and what becomes of one whose process died."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import batched
from logging import getLogger
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from avatars.models import Avatar, State, Wish

from .presence import is_gone, our_token
from .strays import delete_files_of

logger = getLogger(__name__)

EQUAL = "equal-"  # how the keys begin that we derive; nobody else's do
TWIN_SECONDS = 10.0  # that an equal request waits for the first one
KEPT = timedelta(hours=24)  # how long the same key gets the same answer
_ENDED = (State.READY, State.REFUSED, State.REMOVED)
_PATIENCE = timedelta(minutes=5)  # with a process that may be alive on another machine
_KEY = re.compile(r"[!-~]{1,100}")
# The avatars that threads of this very process are making: a claim of ours that is not among them
# was left behind, for instance by a database that did not take the farewell.
_in_hand: set[str] = set()


class BadKey(ValueError):
    """A key is 1 to 100 visible ASCII characters."""


class StillRunning(Exception):
    """Another request with the same key is at it. Ask again in a moment."""


class OtherContent(Exception):
    """The key was used before, for something else: for `avatars`."""

    def __init__(self, avatars: list[Avatar]) -> None:
        super().__init__("the key was used for other content")
        self.avatars = avatars


def patiently[Made](work: Callable[[], Made], seconds: float = TWIN_SECONDS) -> Made:
    """As the first of several equal requests is answered, so are the others.

    Raises `StillRunning` when that takes longer, and what `work` raises.
    """
    give_up = time.monotonic() + seconds
    while True:
        try:
            return work()
        except StillRunning:
            if time.monotonic() > give_up:
                raise
            time.sleep(0.1)


@contextmanager
def claim(owner: Any, key: str | None, fingerprint: str, count: int) -> Iterator[Wish]:
    """The wish, to be fulfilled by the caller unless it says `done_at`.

    Raises `StillRunning`, `OtherContent` and `BadKey`.
    """
    key = uuid4().hex if key is None else key
    if not _KEY.fullmatch(key):
        raise BadKey(key)
    ids = [str(uuid4()) for _ in range(count)]
    _in_hand.update(ids)
    try:
        yield _claimed(Wish(owner=owner, key=key, fingerprint=fingerprint, avatar_ids=ids))
    finally:
        _in_hand.difference_update(ids)


def key_of_equal(owner: Any, fingerprint: str) -> str:
    """A key for somebody who sends none: that of an equal wish still under way, or a fresh one.

    So a program that knows of no keys, and tries again while the first try goes on, gets the one
    avatar. Once that is made or refused, the same once more is another wish.
    """
    stem = f"{EQUAL}{fingerprint}-"
    equal = Wish.objects.filter(owner=owner, key__startswith=stem).order_by("-claimed_at", "-pk")
    latest = equal.first()
    if latest is None:
        return f"{stem}1"
    if latest.done_at is None or _goes_on(latest):
        return latest.key
    return f"{stem}{int(latest.key.removeprefix(stem)) + 1}"


def _goes_on(wish: Wish) -> bool:
    return any(avatar.state not in _ENDED for avatar in avatars_of(wish))


def was_wished(owner: Any, key: str) -> bool:
    """Whether something was asked for under that key before, fulfilled or not."""
    return Wish.objects.filter(owner=owner, key=key).exists()


def avatars_of(wish: Wish) -> list[Avatar]:
    """What came of it, in the order of the photos; those that still exist."""
    found = Avatar.objects.in_bulk(wish.avatar_ids, field_name="pk")
    by_id = {str(pk): avatar for pk, avatar in found.items()}
    return [by_id[pk] for pk in wish.avatar_ids if pk in by_id]


def drop(wish: Wish) -> bool:
    """Forget an unfulfilled wish. False when it isn't ours (any more), or may be fulfilled.

    Raises nothing: what the database doesn't take now is cleaned up after.
    """
    try:
        return Wish.objects.drop(wish)
    except DatabaseError:
        logger.exception("wish %s could not be dropped", wish.pk)
        return False


def clean_up_after_the_dead() -> int:
    """Remove what unfulfilled wishes of dead processes left behind; how many there were."""
    return sum(map(_cleaned_up, Wish.objects.filter(done_at=None)))


def forget_old(now: datetime) -> int:
    """Forget the wishes that were fulfilled long ago; how many there were.

    Not those whose avatar is still on its way, however long that takes: an equal wish joins it.
    """
    on_its_way = set(
        map(str, Avatar.objects.exclude(state__in=_ENDED).values_list("pk", flat=True))
    )
    old = Wish.objects.filter(claimed_at__lt=now - KEPT).exclude(done_at=None)
    over = [wish.pk for wish in old if on_its_way.isdisjoint(wish.avatar_ids)]
    return sum(Wish.objects.filter(pk__in=some).delete()[0] for some in batched(over, 500))


def _claimed(wish: Wish) -> Wish:
    earlier = Wish.objects.filter(owner=wish.owner, key=wish.key).first()
    wish.claimed_by = our_token()
    if earlier is None:
        return _begun(wish)
    if earlier.done_at is None:
        return _taken_over(earlier, wish)
    if earlier.fingerprint != wish.fingerprint:
        raise OtherContent(avatars_of(earlier))
    return earlier


def _begun(wish: Wish) -> Wish:
    try:
        with transaction.atomic():
            wish.save(force_insert=True)
    except IntegrityError:
        raise StillRunning from None  # begun by somebody else a moment ago
    return wish


def _taken_over(earlier: Wish, wish: Wish) -> Wish:
    """With ids of our own, so that no file of the two can be mistaken for the other's."""

    def take() -> bool:
        return Wish.objects.take_over(
            earlier,
            fingerprint=wish.fingerprint,
            claimed_by=wish.claimed_by,
            avatar_ids=wish.avatar_ids,
        )

    if not _released(earlier, take):
        raise StillRunning
    wish.pk = earlier.pk
    return wish


def _cleaned_up(wish: Wish) -> bool:
    return _released(wish, lambda: Wish.objects.drop(wish))


def _released(wish: Wish, let_go: Callable[[], bool]) -> bool:
    """Delete the files of an abandoned wish and change its row by `let_go`; False for others."""
    files = set(wish.avatar_ids)
    if _is_surely_dead(wish):
        # The files first: as long as the row names them, whoever comes after us finds them.
        delete_files_of(files)
        return let_go()
    if not _is_old(wish) or not let_go():
        return False
    # The row first: its process may only be asleep, and must not commit rows without files.
    # A file left over after this is a stray, and goes with those.
    delete_files_of(files)
    return True


def _is_old(wish: Wish) -> bool:
    return wish.claimed_at < timezone.now() - _PATIENCE


def _is_surely_dead(wish: Wish) -> bool:
    if wish.claimed_by and wish.claimed_by == our_token():
        return _in_hand.isdisjoint(wish.avatar_ids)
    return is_gone(wish.claimed_by)
