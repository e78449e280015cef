"""What can be changed about an avatar now, by whom, and what Anam knows of it."""

from typing import Any

from django.utils import timezone

from avatars.access import may_erase, may_remove, may_rename, may_restore
from avatars.causes import WORDS
from avatars.models import Avatar, Errand, State
from avatars.services import changing
from avatars.upstream.errors import Cause


def management_of(user: Any, avatar: Avatar) -> dict[str, Any]:
    """What the page offers, and its words; `removed` is None for an avatar that is there."""
    here = avatar.state != State.REMOVED
    settled = avatar.state not in changing.IN_DOUBT
    mine = may_rename(user, avatar) or may_remove(user, avatar)
    return {
        "can_rename": here and settled and may_rename(user, avatar),
        "can_remove": here and settled and may_remove(user, avatar),
        "can_erase": settled and not avatar.is_erased and may_erase(user, avatar),
        "why_not": "" if settled or not mine else changing.WAIT,
        "anam": anam_knows(avatar),
        "removed": None if here else _removed(user, avatar),
    }


def anam_knows(avatar: Avatar) -> str:
    """What Anam has been told of the last change, in a sentence or two; "" if it knows it all."""
    if avatar.state == State.REMOVED and avatar.upstream_id is None:
        return "Anam never had it, so there is nobody to tell."
    if not avatar.errand:
        return _told(avatar)
    if avatar.errand_cause and avatar.errand_at:
        again = f"{timezone.localtime(avatar.errand_at):%H:%M:%S}"
        return f"Anam could not be told yet: {_why(avatar)}. It is tried again at {again}."
    if avatar.errand == Errand.RENAME:
        return "Anam has not been told the new name yet."
    return "Anam has not been told yet."


def _removed(user: Any, avatar: Avatar) -> dict[str, Any]:
    restorable = changing.may_be_restored(avatar)
    waits = avatar.errand == Errand.REMOVE and (avatar.errand_at or timezone.now()) > timezone.now()
    return {
        "restorable": restorable,
        "until": changing.undo_until(avatar),
        "can_restore": restorable and may_restore(user, avatar),
        "can_hurry": waits and may_remove(user, avatar),
    }


def _told(avatar: Avatar) -> str:
    if avatar.state != State.REMOVED:
        return ""
    return "Erased at Anam as well." if avatar.is_erased else "Removed at Anam."


def _why(avatar: Avatar) -> str:
    if avatar.errand_cause == Cause.NO_ANSWER:
        return "Anam gave no clear answer"
    known = avatar.errand_cause in Cause
    return WORDS[Cause(avatar.errand_cause)].title if known else "something went wrong"
