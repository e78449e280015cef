"""Who may do what. Views ask here; the role matrix itself belongs to people."""

from typing import Any

from django.contrib.auth.decorators import permission_required

from avatars.models import Approval, Avatar, State, Token
from avatars.models.token import TokenQuerySet
from avatars.upstream.errors import Cause

# Anonymous visitors never get this far: every view needs a login unless it says otherwise.
can_view = permission_required("avatars.view_avatar", raise_exception=True)
can_create = permission_required("avatars.add_avatar", raise_exception=True)
can_review = permission_required("avatars.review_avatar", raise_exception=True)
can_operate = permission_required("avatars.operate_avatar", raise_exception=True)


def may_retry(user: Any, avatar: Avatar) -> bool:
    """Its maker, or somebody who operates the dashboard, while a new try makes sense."""
    if avatar.stock or avatar.state not in (State.HELD, State.REFUSED):
        return False
    own = avatar.owner_id == user.pk and user.has_perm("avatars.add_avatar")
    return own or bool(user.has_perm("avatars.operate_avatar"))


def may_review(user: Any, avatar: Avatar) -> bool:
    """Whoever reviews, once there is an avatar to decide about."""
    made = avatar.state == State.READY and not avatar.stock and avatar.cause != Cause.GONE
    return made and bool(user.has_perm("avatars.review_avatar"))


def may_rename(user: Any, avatar: Avatar) -> bool:
    """Its maker, or somebody who changes avatars. Anam's stock is nobody's to rename."""
    return not avatar.stock and (_makes(user, avatar) or user.has_perm("avatars.change_avatar"))


def may_remove(user: Any, avatar: Avatar) -> bool:
    return not avatar.stock and (_makes(user, avatar) or user.has_perm("avatars.delete_avatar"))


def may_restore(user: Any, avatar: Avatar) -> bool:
    return may_remove(user, avatar)


def may_erase(user: Any, avatar: Avatar) -> bool:
    """Also a maker who makes avatars no more: it may be their own face."""
    own = avatar.owner_id == user.pk
    return not avatar.stock and (own or user.has_perm("avatars.delete_avatar"))


def _makes(user: Any, avatar: Avatar) -> bool:
    return bool(avatar.owner_id == user.pk and user.has_perm("avatars.add_avatar"))


def may_choose(user: Any, avatar: Avatar) -> bool:
    """Whoever operates, when Greenroom can't tell which upstream avatar is ours."""
    return bool(avatar.candidates) and bool(user.has_perm("avatars.operate_avatar"))


def tokens_for(user: Any) -> TokenQuerySet:
    """The tokens that they see and may revoke: everybody's, for whoever operates the dashboard."""
    if user.has_perm("avatars.operate_avatar"):
        return Token.objects.all()
    return Token.objects.filter(owner=user)


def awaits_review(avatar: Avatar) -> bool:
    return avatar.state == State.READY and avatar.approval == Approval.WAITING
