"""Who may do what. Views ask here; the role matrix itself belongs to people."""

from typing import Any

from django.contrib.auth.decorators import permission_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from avatars.models import Approval, Avatar, PhotoCall, Policy, State, Token
from avatars.models.photo_call import PhotoCallQuerySet
from avatars.models.token import TokenQuerySet

# Anonymous visitors never get this far: every view needs a login unless it says otherwise.
can_view = permission_required("avatars.view_avatar", raise_exception=True)
can_create = permission_required("avatars.add_avatar", raise_exception=True)
can_review = permission_required("avatars.review_avatar", raise_exception=True)
can_operate = permission_required("avatars.operate_avatar", raise_exception=True)
can_read_record = permission_required("avatars.view_event", raise_exception=True)
_KEPT = "avatars_policy"  # on a request


def policy_of(request: HttpRequest) -> Policy:
    """Read once for each request, so that all of an answer goes by the same rules."""
    kept: Policy | None = getattr(request, _KEPT, None)
    if kept is None:
        kept = Policy.current()
        setattr(request, _KEPT, kept)
    return kept


def visible_to(user: Any, rows: QuerySet[Avatar], policy: Policy) -> QuerySet[Avatar]:
    """Those of `rows` that somebody may know of: the rows that the policy `shows` them."""
    if not policy.private or user.has_perm("avatars.review_avatar"):
        return rows
    return rows.filter(Q(owner=user.pk) | Q(approval=Approval.APPROVED) | Q(stock=True))


def may_see_face(user: Any, avatar: Avatar) -> bool:
    """Of one that is out of use for want of consent, only who decides about such things."""
    return not avatar.is_blocked or bool(user.has_perm("avatars.review_avatar"))


def may_create(user: Any, policy: Policy) -> bool:
    return policy.lets_create(user)


def may_retry(user: Any, avatar: Avatar) -> bool:
    """Its maker, or somebody who operates the dashboard, while a new try makes sense."""
    if avatar.stock or avatar.state not in (State.HELD, State.REFUSED):
        return False
    return _makes(user, avatar) or bool(user.has_perm("avatars.operate_avatar"))


def may_review(user: Any, avatar: Avatar, policy: Policy) -> bool:
    """Whoever reviews, once there is something to decide about.

    With four eyes nobody decides about what they made themselves.
    """
    if not avatar.is_reviewable or not user.has_perm("avatars.review_avatar"):
        return False
    return not (policy.four_eyes and avatar.owner_id == user.pk)


def may_review_with(token: Token, avatar: Avatar, policy: Policy) -> bool:
    """As its person may, but never about what that person, or the token's maker, made."""
    makers = (token.owner_id, token.created_by_id)
    return avatar.owner_id not in makers and may_review(token.owner, avatar, policy)


def may_resubmit(user: Any, avatar: Avatar) -> bool:
    """Its maker, once a reviewer has asked for changes."""
    asked = avatar.is_reviewable and avatar.approval == Approval.CHANGES
    return asked and (_makes(user, avatar) or bool(user.has_perm("avatars.change_avatar")))


def may_ask_consent(user: Any, avatar: Avatar) -> bool:
    """Its maker, and whoever reviews: they must be able to put it in order."""
    if avatar.stock or avatar.is_erased or not avatar.has_photo:
        return False
    return _makes(user, avatar) or bool(user.has_perm("avatars.review_avatar"))


def may_read_consent_file(user: Any, avatar: Avatar) -> bool:
    """What somebody signed is for whoever answers for it: its owner, and whoever reviews."""
    return avatar.owner_id == user.pk or bool(user.has_perm("avatars.review_avatar"))


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


def may_choose(user: Any, avatar: Avatar) -> bool:
    """Whoever operates, when Greenroom can't tell which upstream avatar is ours."""
    return bool(avatar.candidates) and bool(user.has_perm("avatars.operate_avatar"))


def calls_for(user: Any) -> PhotoCallQuerySet:
    """The photo calls that they see: everybody's, for whoever operates the dashboard."""
    rows = PhotoCall.objects.all()
    return rows if user.has_perm("avatars.operate_avatar") else rows.filter(made_by=user.pk)


def may_close_call(user: Any, maker_id: Any) -> bool:
    """Who made the photo call, or somebody who operates the dashboard."""
    return maker_id == user.pk or bool(user.has_perm("avatars.operate_avatar"))


def tokens_for(user: Any) -> TokenQuerySet:
    """The tokens that they see and may revoke: everybody's, for whoever operates the dashboard."""
    if user.has_perm("avatars.operate_avatar"):
        return Token.objects.all()
    return Token.objects.filter(owner=user)


def _makes(user: Any, avatar: Avatar) -> bool:
    return bool(avatar.owner_id == user.pk and user.has_perm("avatars.add_avatar"))
