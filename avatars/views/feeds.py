"""/feeds: what programs find behind each stable name, and the buttons that change it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_review, can_view, policy_of
from avatars.feed_forms import OFFERED, FeedForm, SwapForm
from avatars.models import Avatar, Feed, FeedChange, is_usable
from avatars.origin import absolute
from avatars.services import feeds as feeds_service
from avatars.services.feeds import NothingToUndo, NotUsable, Taken

HISTORY = 10  # changes that a page shows
_NOT_USABLE = "This avatar may not be used at the moment, so nothing was changed."
_LATE = "Somebody else changed this feed meanwhile. Please look once more; nothing was changed."


@require_safe
@can_view
@never_cache
def feeds(request: HttpRequest) -> HttpResponse:
    return _page(request)


@require_POST
@can_review
def open_feed(request: HttpRequest) -> HttpResponse:
    """A new name, with an avatar from the start."""
    form = FeedForm(request.POST, usable=feeds_service.usable(), auto_id="new-%s")
    if not form.is_valid():
        return _page(request, form=form, status=422)
    chosen = form.cleaned_data
    try:
        feeds_service.open_feed(chosen["slug"], chosen["avatar"], chosen["model"], request.user)
    except Taken:
        form.add_error("slug", "There is a feed of this name already.")
        return _page(request, form=form, status=422)
    except NotUsable:
        form.add_error("avatar", _NOT_USABLE)
        return _page(request, form=form, status=422)
    messages.success(request, f"{chosen['slug']} leads to {chosen['avatar']} now.")
    return redirect("feeds")


@require_POST
@can_review
def swap(request: HttpRequest, slug: str) -> HttpResponse:
    """Another avatar behind the name; programs see it with their next call."""
    feed = _find(slug)
    form = SwapForm(request.POST, usable=feeds_service.usable())
    if not form.is_valid():
        wrong = " ".join(str(error) for error in form.errors.get("model", ()))
        messages.error(request, f"{wrong or 'Choose an approved avatar.'} Nothing was changed.")
        return redirect("feeds")
    feed.version = form.cleaned_data["version"]
    return _changed(request, feed, form.cleaned_data["avatar"], form.cleaned_data["model"])


@require_POST
@can_review
def undo(request: HttpRequest, slug: str) -> HttpResponse:
    """Back to the avatar before; once more brings the other one back."""
    feed = _find(slug)
    if request.POST.get("version") != str(feed.version):
        messages.warning(request, _LATE)
        return redirect("feeds")
    try:
        done = feeds_service.undo(feed, request.user)
    except NothingToUndo:
        messages.info(request, "There is nothing to undo: no other avatar was there before.")
    except NotUsable:
        messages.error(request, f"The one before can't come back. {_NOT_USABLE}")
    else:
        _tell(request, feed, done)
    return redirect("feeds")


def _changed(request: HttpRequest, feed: Feed, avatar: Avatar, model: str) -> HttpResponse:
    try:
        _tell(request, feed, feeds_service.swap(feed, avatar, model, request.user))
    except NotUsable:
        messages.error(request, _NOT_USABLE)
    return redirect("feeds")


def _tell(request: HttpRequest, feed: Feed, done: bool) -> None:
    if done:
        feed.refresh_from_db()
        messages.success(request, f"{feed} leads to {feed.avatar} now.")
    else:
        messages.warning(request, _LATE)


def _find(slug: str) -> Feed:
    return get_object_or_404(Feed.objects.select_related("avatar"), slug=slug)


def _page(request: HttpRequest, *, form: FeedForm | None = None, status: int = 200) -> HttpResponse:
    search = request.GET.get("q", "").strip().replace("\0", "")[:60]
    usable = feeds_service.usable(search)
    found = list(usable[: OFFERED + 1])
    offered: dict[str, Any] = {"usable": usable, "offered": found[:OFFERED]}
    feeds = list(Feed.objects.select_related("avatar__owner"))
    changes = feeds_service.latest_changes(HISTORY + 1)  # afterwards: each of them has some
    context = {
        "feeds": [
            _shown(request, feed, changes[feed.pk]) | {"form": _swap_form(feed, offered)}
            for feed in feeds
        ],
        "form": form or FeedForm(**offered, auto_id="new-%s"),
        "may_change": request.user.has_perm("avatars.review_avatar"),
        "none_usable": not search and not found,
        "search": search,
        "offers_search": bool(search) or len(found) > OFFERED,
        "api": absolute(request, "/v1/feed/"),
    }
    return render(request, "avatars/feeds.html", context, status=status)


def _swap_form(feed: Feed, offered: dict[str, Any]) -> SwapForm:
    return SwapForm(**offered, initial={"version": feed.version}, auto_id=f"{feed}-%s")


def _shown(request: HttpRequest, feed: Feed, changes: list[FeedChange]) -> dict[str, Any]:
    """What somebody may not see any more is left out, so there may be no avatar to show."""
    user, policy = request.user, policy_of(request)
    latest, *earlier = changes
    earlier = [change for change in earlier if policy.shows(change.avatar, user)]
    hidden = feed.avatar is None or not policy.shows(feed.avatar, user)
    return {
        "feed": feed,
        "avatar": None if hidden else feed.avatar,
        "usable": feed.current is not None,
        "latest": latest,
        "before": earlier[0] if earlier and is_usable(earlier[0].avatar) else None,
        "history": earlier,
    }
