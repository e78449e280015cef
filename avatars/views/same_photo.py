"""The other avatars of the very same photo, or of one like it, when one of them is to be erased."""

from typing import Any

from avatars.access import may_erase
from avatars.models import Avatar, Policy
from avatars.services import changing, erasing
from avatars.services.consent_sums import same_photo
from avatars.services.lookalikes import lookalikes_of
from avatars.tasks import wake_for_errand


def others_of(user: Any, avatar: Avatar, policy: Policy) -> tuple[list[Avatar], int]:
    """Those that they may erase as well, and how many they know of that they can't erase now."""
    twins = [twin for twin in same_photo(avatar) if policy.shows(twin, user)]
    theirs = [twin for twin in twins if _can(user, twin)]
    return theirs, len(twins) - len(theirs)


def alike(user: Any, avatar: Avatar, policy: Policy) -> list[Avatar]:
    """Those that look alike and that they may know of: a copy may have been saved anew."""
    pairs = lookalikes_of(avatar).pairs
    return [other for other, same in pairs if not same and policy.shows(other, user)]


def erase_all(user: Any, avatars: list[Avatar]) -> int:
    """How many were erased; one that has moved on meanwhile is left as it is."""
    erased = [avatar for avatar in avatars if erasing.erase(avatar, user)]
    for avatar in erased:
        wake_for_errand(avatar)
    return len(erased)


def _can(user: Any, avatar: Avatar) -> bool:
    return may_erase(user, avatar) and avatar.state not in changing.IN_DOUBT
