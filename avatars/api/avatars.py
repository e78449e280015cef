"""`/v1/avatars`: list, get, rename and delete, as Anam does it."""

import re

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query

from avatars.access import may_erase, may_remove, may_rename
from avatars.forms import judge_name
from avatars.models import Avatar, Right, State, Token
from avatars.names import tidy_name
from avatars.services import changing, erasing, previews
from avatars.tasks import wake_for_errand

from .answers import OUR_FACTS, meaning
from .bearer import needing, token_of
from .catalogue import cut, found, known, meta, visible
from .described import described
from .doors import router
from .places import AvatarId, Hard
from .refusals import Refusal, detail, invalid, missing
from .shapes import Avatar as AvatarShape
from .shapes import AvatarPage, Deleted, Problem, Renaming, Wanted
from .waiting import seat

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_ONE = dict.fromkeys((400, 401, 403, 404, 429, 503), Problem)
_STOCK = "Anam's stock avatars can't be changed."
_NOT_YOURS = "Only its maker or an administrator can do that. Nothing was changed."


@router.get(
    "/avatars",
    **needing(Right.READ, responses={200: meaning("One page of avatars, maybe an empty one.")}),
    tags=["Avatars"],
    operation_id="listAvatars",
    summary="List avatars",
    url_name="list",
    response={200: AvatarPage, **dict.fromkeys((400, 401, 403, 429, 503), Problem)},
)
def list_avatars(request: HttpRequest, wanted: Query[Wanted]) -> HttpResponse:
    """The team's avatars and Anam's stock, newest first, from Greenroom's own records.

    Where nobody fits, the list is empty.
    """
    rows = found(request, wanted)
    page = [described(request, avatar) for avatar in cut(rows, wanted)]
    return JsonResponse({"data": page, "meta": meta(wanted, rows.count())})


@router.get(
    "/avatars/{avatar_id}",
    **needing(Right.READ, responses={200: meaning("The avatar.", *OUR_FACTS)}),
    tags=["Avatars"],
    operation_id="getAvatar",
    summary="Get an avatar",
    url_name="avatar",
    response={200: AvatarShape, **_ONE},
)
def get_avatar(request: HttpRequest, avatar_id: AvatarId) -> HttpResponse:
    """One avatar by Anam's id, with links that work for minutes at least.

    `videoUrl` is null until Anam has made the preview: ask again after some seconds.
    """
    avatar = find(request, avatar_id)
    if not previews.lives_on(avatar, previews.VIDEO):
        with seat():
            previews.fresh_link(avatar)
        avatar = find(request, avatar_id)  # Anam took a while: a withdrawal counts at once
    headers = {"Greenroom-Id": str(avatar.pk)}
    if not avatar.stock:  # which nobody here has decided about
        headers["Greenroom-Approval"] = avatar.approval
    return JsonResponse(described(request, avatar), headers=headers)


@router.put(
    "/avatars/{avatar_id}",
    **needing(Right.WRITE, responses={200: meaning("The avatar with its new name.")}),
    tags=["Avatars"],
    operation_id="renameAvatar",
    summary="Rename an avatar",
    url_name="rename",
    response={200: AvatarShape, **_ONE, 409: Problem, 413: Problem},
)
def rename(request: HttpRequest, avatar_id: AvatarId, wish: Renaming) -> HttpResponse:
    """Change the one thing that can change. It counts here at once; Anam is told right after."""
    avatar, token = find(request, avatar_id), token_of(request)
    name = tidy_name(wish.displayName)
    if finding := judge_name(name):
        words = f"{finding.title}: {finding.wanted}"
        raise invalid([detail("displayName", words, finding.code)])
    _check(avatar, may_rename(token.owner, avatar))
    if not changing.rename(avatar, name, token.owner, token):
        raise _moved_on()
    wake_for_errand(avatar)
    avatar.refresh_from_db()
    return JsonResponse(described(request, avatar))


@router.delete(
    "/avatars/{avatar_id}",
    **needing(Right.DELETE, responses={200: meaning("It is gone here; Anam is told.")}),
    tags=["Avatars"],
    operation_id="deleteAvatar",
    summary="Delete an avatar",
    url_name="delete",
    response={200: Deleted, **_ONE, 409: Problem},
)
def delete(request: HttpRequest, avatar_id: AvatarId, hard: Hard = False) -> HttpResponse:
    """Remove it here and at Anam, at once and without a way back, as Anam does.

    With `hard` the photo and everything that shows the face is erased, here and there.
    """
    avatar, token = _removable(request, avatar_id, hard=hard), token_of(request)
    if hard:
        if avatar.state == State.REMOVED and not may_erase(token.owner, avatar):
            raise missing()  # as everybody else is told
        _check(avatar, may_erase(token.owner, avatar))
        words, done = "Avatar permanently deleted", erasing.erase(avatar, token.owner, token)
    else:
        _check(avatar, may_remove(token.owner, avatar))
        words, done = "Avatar deleted successfully", _remove(avatar, token)
    if not done:
        raise _moved_on()
    wake_for_errand(avatar)
    return JsonResponse({"message": words})


def find(request: HttpRequest, avatar_id: str) -> Avatar:
    """Raises a Refusal: 400 for what is no id, 404 for one that the token's person can't know."""
    check_id(avatar_id)
    rows = visible(request, known()).select_related("owner")
    avatar = rows.filter(upstream_id=avatar_id).first()
    if avatar is None:
        raise missing()
    return avatar


def _removable(request: HttpRequest, avatar_id: str, *, hard: bool) -> Avatar:
    """A removed one may still be erased: a wish for that may well come later."""
    check_id(avatar_id)
    if hard:
        removed = Avatar.objects.filter(
            state=State.REMOVED, upstream_id=avatar_id, rehearsal=settings.REHEARSAL
        )
        avatar = removed.select_related("owner").first()
        if avatar is not None and not avatar.is_erased:
            return avatar
    return find(request, avatar_id)


def check_id(avatar_id: str, path: str = "id") -> None:
    """Before any database sees it: not all of them take all texts."""
    if not _UUID.fullmatch(avatar_id):
        raise invalid([detail(path, "Invalid uuid", "invalid_string")])


def _remove(avatar: Avatar, token: Token) -> bool:
    # A program that deletes one to make room for another must not wait for our time to undo.
    return changing.remove(avatar, token.owner, token) and changing.remove_now(avatar)


def _check(avatar: Avatar, allowed: bool) -> None:
    if not allowed:
        raise Refusal(403, "Forbidden", _STOCK if avatar.stock else _NOT_YOURS)


def _moved_on() -> Refusal:
    return Refusal(409, "Conflict", "Somebody else changed it at this moment. Nothing was done.")
