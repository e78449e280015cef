"""Pages for people without an account, each opened by a code in its link and by nothing else."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from avatars import throttle
from avatars.services.consent_mail import organisation

# What a form of theirs may weigh without a photo: a name, a date, a few choices.
WORDS_MAX = 20_000

_OVER = {
    "unknown": (
        "There is nothing here",
        "This link opens nothing. It may have been copied incompletely, or what it led to was "
        "erased.",
        "Open it from the message once more, or ask whoever sent it to you.",
    ),
    "cancelled": (
        "This question was taken back",
        "Whoever asked you has taken the question back. Nothing was agreed.",
        "If you are still waiting for it, ask them for a new link.",
    ),
    "late": (
        "This link is over",
        "It was good for seven days. What you answered in that time counts; without an answer "
        "nothing was agreed.",
        "To take back what you agreed to, use the link you were given for that, or ask whoever "
        "sent you here.",
    ),
    "call-closed": (
        "This photo call is over",
        "It takes no photos any more. Nothing of yours was kept by opening it.",
        "If you would still like to send yours, ask whoever gave you the link for a new one.",
    ),
    "call-full": (
        "This photo call is full",
        "As many photos as it was made for have come in. Nothing of yours was kept by opening it.",
        "If you would still like to send yours, ask whoever gave you the link for a new one.",
    ),
    "too-much": (
        "That was too much at once",
        "One photo may have 10 MB. Nothing was kept of what you sent.",
        "Go back, choose a smaller photo, and send it once more.",
    ),
}


def by_code(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For a view of a request and a code: counted, never cached, and telling no other site.

    Without a check of where a form comes from: the code alone may, no cookie counts, and somebody
    else's page does not know it. A page that tells no referrer could not pass that check either.
    """

    @wraps(view)
    def guarded(request: HttpRequest, code: str) -> HttpResponseBase:
        seconds = throttle.wait(request, _what(request), code)
        response = too_often(request, seconds) if seconds else view(request, code)
        response["Referrer-Policy"] = "no-referrer"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return csrf_exempt(never_cache(guarded))


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """In the frame for people outside: it shows who asks, and nothing of the team's own pages."""
    return render(request, template, {**context, **frame(request)}, status=status)


def frame(request: HttpRequest) -> dict[str, Any]:
    return {"organisation": organisation(request.get_host()), "rehearsal": False}


def over(request: HttpRequest, why: str, *, status: int = 410) -> HttpResponse:
    """A friendly end. `why` is one of `_OVER`."""
    title, lead, text = _OVER[why]
    words = {"title": title, "lead": lead, "text": text}
    return page(request, "visitors/over.html", words, status=status)


def unknown(request: HttpRequest, code: str) -> HttpResponse:
    """404, and after too many of them 429."""
    seconds = throttle.wait(request, "miss", code)
    return too_often(request, seconds) if seconds else over(request, "unknown", status=404)


def too_often(request: HttpRequest, seconds: int) -> HttpResponse:
    minutes = -(-seconds // 60)
    words = {
        "title": "One moment, please",
        "lead": "There were too many tries in a short time, so this one was not looked at.",
        "text": "Nothing is lost. "
        f"Try again in {'a minute' if minutes == 1 else f'{minutes} minutes'}.",
    }
    response = page(request, "visitors/over.html", words, status=429)
    response["Retry-After"] = str(seconds)
    return response


def weighs_more(request: HttpRequest, most: int) -> bool:
    """By the announced length, before anything of the body is read."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0) > most
    except ValueError:
        return True


def _what(request: HttpRequest) -> str:
    """What the throttle counts it as."""
    if request.method == "POST":
        # Drafts go by themselves, with this header, which no form can send.
        return "save" if request.headers.get("Accept") == "application/json" else "post"
    return "see" if request.path.endswith("/photo") else "open"
