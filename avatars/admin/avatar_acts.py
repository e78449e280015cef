"""What operators can do to avatars here. Approving is not among it: that needs eyes."""

from collections.abc import Sequence
from typing import Any

from avatars.access import may_erase, may_remove, may_retry
from avatars.causes import WORDS
from avatars.models import BEFOREHAND, Approval, Avatar, State
from avatars.services import changing, erasing, previews, release, review
from avatars.tasks import send_due, wake_for_errand
from avatars.upstream.errors import Missing

from .acts import NOT_YOURS, Act, NotNow
from .asking import action_of

_STOCK = "Anam made it for everybody, so it is nobody's to change."
_NOT_THERE = "Anam does not know it (any more). The stock-take offers what to do about that."
_READING = "It is being read, or was a moment ago. Its page says when; try again in some seconds."


def _not_again(user: Any, avatar: Avatar) -> str:
    if avatar.stock or avatar.state not in (State.HELD, State.REFUSED):
        return "It is neither on hold nor refused, so there is nothing to try again."
    return "" if may_retry(user, avatar) else NOT_YOURS


def _not_removed(user: Any, avatar: Avatar) -> str:
    if avatar.state == State.REMOVED:
        return "It is removed already."
    return _unchangeable(avatar) or ("" if may_remove(user, avatar) else NOT_YOURS)


def _not_erased(user: Any, avatar: Avatar) -> str:
    if avatar.is_erased:
        return "It is erased already, or being erased."
    return _unchangeable(avatar) or ("" if may_erase(user, avatar) else NOT_YOURS)


def _not_looked_at(_: Any, avatar: Avatar) -> str:
    made = avatar.state == State.READY and avatar.upstream_id
    return "" if made else "Anam has not made it, or it is removed: there is nothing to look at."


def _not_let_go(_: Any, avatar: Avatar) -> str:
    if avatar.state != State.REVIEW:
        return "It does not wait for anybody's yes."
    if avatar.review in BEFOREHAND and avatar.approval != Approval.APPROVED:
        return "No reviewer has approved it. That needs eyes: it is done on the page for reviews."
    return "The consent of whoever is shown is missing, or over." if avatar.lacks_consent else ""


def _unchangeable(avatar: Avatar) -> str:
    if avatar.stock:
        return _STOCK
    return changing.WAIT if avatar.state in changing.IN_DOUBT else ""


def _look(avatar: Avatar, _: Any) -> bool:
    seen = avatar.refreshed_at
    error = previews.look(avatar)
    if isinstance(error, Missing):
        raise NotNow(_NOT_THERE)
    if error is not None:
        raise NotNow(f"{WORDS[error.cause].title}. What is known here is as it was.", for_all=True)
    avatar.refresh_from_db()
    if avatar.refreshed_at == seen:
        raise NotNow(_READING)
    return True


def _wake_sender(avatars: Sequence[Avatar]) -> None:
    if avatars:
        send_due.enqueue()


def _wake_for_errands(avatars: Sequence[Avatar]) -> None:
    for avatar in avatars:
        wake_for_errand(avatar)


AGAIN: Act[Avatar] = Act(
    name="try_again",
    menu="Try again",
    question="Try them again?",
    text="Each is sent to Anam once more, when its turn comes. It stays one avatar.",
    done="In line for Anam again",
    undone="Not tried again",
    obstacle=_not_again,
    do=review.ask_again,
    wake=_wake_sender,
)
LOOK: Act[Avatar] = Act(
    name="look_at_anam",
    menu="Look at Anam again",
    question="Look at Anam again?",
    text="Each is read at Anam now: fresh links, a preview that has come, new versions. "
    "Nothing is changed there.",
    done="Read at Anam",
    undone="Not read",
    obstacle=_not_looked_at,
    do=_look,
    most=20,  # they are read one after the other, while the page waits
)
LET_GO: Act[Avatar] = Act(
    name="let_go",
    menu="Let go what nothing keeps",
    question="Let them go on to Anam?",
    text="Whoever has the yes of all that are asked goes on by itself within a minute. "
    "This does it now.",
    done="On the way to Anam",
    undone="Not let go",
    obstacle=_not_let_go,
    do=release.release,
    wake=_wake_sender,
)
REMOVE: Act[Avatar] = Act(
    name="remove",
    menu="Remove",
    question="Remove them?",
    text="They are out of the gallery at once, and Anam hears of it a little later. Until then "
    "each one's own page offers “Undo”. The photos stay here.",
    done="Removed",
    undone="Not removed",
    afterwards="For a while each one's own page offers to undo it.",
    obstacle=_not_removed,
    do=changing.remove,
    shows=("feeds",),
    wake=_wake_for_errands,
)
ERASE: Act[Avatar] = Act(
    name="erase",
    menu="Erase for good",
    question="Erase them for good?",
    text="Gone here at once: the photo, its thumbnails, the name, notes and everything else that "
    "tells whose face it was. Gone at Anam as soon as it can be reached. Nobody can undo this. "
    "Only want them out of the way? Remove them instead.",
    done="Erased for good",
    undone="Not erased",
    afterwards="Should the disk not let go of a file, it is tried again.",
    obstacle=_not_erased,
    do=erasing.erase,
    shows=("feeds",),
    wake=_wake_for_errands,
    is_final=True,
)
ACTIONS = [action_of(act) for act in (AGAIN, LOOK, LET_GO, REMOVE, ERASE)]
