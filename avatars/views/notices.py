"""/notices: what somebody was told, where it leads, and how they want it by mail."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_view, may_see_face, policy_of
from avatars.models import Avatar, MailChoice, Mailing, Notice, Policy
from avatars.notice_forms import MailChoiceForm
from avatars.services import notice_mail
from avatars.services.notice_words import words_of

PAGE = 24
_LARGEST = 2**63 - 1  # that a row's number can be


@require_safe
@can_view
@never_cache
def notices(request: HttpRequest) -> HttpResponse:
    """One's own, the newest first. To look at the list reads none of them."""
    rows = Notice.objects.of(request.user).with_events()
    if before := _number(request.GET.get("before", "")):
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    policy = policy_of(request)
    context = {
        "rows": [_row(request.user, notice, policy) for notice in shown],
        "some_unread": any(notice.read_at is None for notice in shown),
        "newest": shown[0].pk if shown else 0,
        "older_url": f"{reverse('notices')}?before={shown[-1].pk}" if len(found) > PAGE else "",
        "newer_url": reverse("notices") if before else "",
        "form": MailChoiceForm(instance=MailChoice.objects.of(request.user)),
    }
    return render(request, "avatars/notices.html", context)


@require_safe
@can_view
@never_cache
def notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """On to where it is dealt with. Who goes there has read it.

    A GET, because mails lead here, and because nothing is lost by it: it marks one notice of
    whoever is signed in, and the page tells the same as before.
    """
    rows = Notice.objects.of(request.user).with_events().filter(pk=min(notice_id, _LARGEST))
    found = get_object_or_404(rows)
    if request.method == "GET":
        rows.read(timezone.now())
    path = words_of(found, request.user, policy_of(request)).path
    return redirect(path or "notices")


@require_POST
@can_view
def read_all(request: HttpRequest) -> HttpResponse:
    """Everything up to the newest that the page showed: what came in since stays new."""
    newest = _number(request.POST.get("newest", ""))
    count = Notice.objects.of(request.user).filter(pk__lte=newest).read(timezone.now())
    messages.success(request, "All read." if count else "There was nothing new.")
    return redirect("notices")


@require_POST
@can_view
def choose_mail(request: HttpRequest) -> HttpResponse:
    form = MailChoiceForm(request.POST, instance=MailChoice.objects.of(request.user))
    if not form.is_valid():
        messages.error(request, "Choose one of the three. Nothing was changed.")
        return redirect("notices")
    mailing = Mailing(form.cleaned_data["mailing"])
    notice_mail.choose(request.user, mailing)
    later = "" if settings.MAILERS else " It counts once mail is set up."
    messages.success(request, f"{mailing.label}: that is your choice from now on.{later}")
    return redirect("notices")


def read_about(request: HttpRequest, avatar: Avatar) -> None:
    """Whoever has its page in front of them knows what their notices would tell."""
    unread = Notice.objects.of(request.user).unread().about(avatar)
    # A question first: an update that changes nothing would still wait for whoever writes.
    if request.method == "GET" and unread.exists():
        unread.read(timezone.now())


def _row(person: Any, found: Notice, policy: Policy) -> dict[str, Any]:
    words = words_of(found, person, policy)
    avatar = found.event.avatar if words.path else None
    shows = avatar is not None and not avatar.is_erased and may_see_face(person, avatar)
    return {"notice": found, "words": words, "face": avatar if shows else None}


def _number(text: str) -> int:
    """0 for what is none; never more than a database takes."""
    return min(int(text), _LARGEST) if text.isdecimal() and len(text) < 20 else 0
