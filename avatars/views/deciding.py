"""Deciding about an avatar: what a reviewer may say, and what happened when they did."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from avatars.access import may_review
from avatars.models import Approval, Avatar, Event, Kind, Policy, ReviewTime, State
from avatars.services import review
from avatars.tasks import send_due
from avatars.upstream.errors import Cause

from . import consent_summary

_SAID = (Kind.APPROVED, Kind.CHANGES, Kind.REJECTED, Kind.RESUBMITTED)
_MADE = (Kind.CREATED, Kind.ADOPTED)
_NAMED = (Kind.RENAMED, Kind.RENAMED_THERE, Kind.RENAME_REFUSED)
_LEFT = (Kind.GONE, Kind.REMOVED, Kind.ERASURE)
_NOTHING = "There is nothing to decide about yet."
_FOUR_EYES = "You made it yourself, and the policy wants four eyes: somebody else decides."
_DONE = {
    Approval.APPROVED: "Approved {}.",
    Approval.CHANGES: "Asked for changes to {}.",
    Approval.REJECTED: "Rejected {}.",
}
_CHANGE_IT = (
    ' <a href="{}" data-key="u" aria-keyshortcuts="u">Change it<kbd aria-hidden="true">U</kbd></a>'
)


@dataclass(frozen=True)
class Say:
    """Why somebody can't decide about it at all, and why nobody can approve it; "" if they can."""

    why_not: str
    why_no_yes: str

    def against(self, approval: str) -> str:
        """What keeps this very decision from counting."""
        return self.why_not or (self.why_no_yes if approval == Approval.APPROVED else "")


def say_of(user: Any, avatar: Avatar, policy: Policy) -> Say:
    no_yes = consent_summary.WORDS[avatar.consent_now] if avatar.lacks_consent else ""
    if may_review(user, avatar, policy):
        return Say("", no_yes)
    return Say(_FOUR_EYES if avatar.is_reviewable else _NOTHING, no_yes)


def take_decision(
    request: HttpRequest, avatar: Avatar, cleaned: dict[str, Any], *, at_the_desk: bool = False
) -> bool:
    """Take it and say so; False when the avatar has moved on since the page was made.

    `at_the_desk` the next one is opened, so the way back is named.
    """
    approval = Approval(cleaned["decision"])
    verdict = review.Verdict(approval, cleaned["version"], cleaned["note"], cleaned["reason"])
    if not review.decide(avatar.pk, verdict, request.user):
        return False
    more = ""
    if approval == Approval.APPROVED and avatar.state == State.REVIEW:
        send_due.enqueue()
        more = " It is on its way to Anam now."
    elif at_the_desk:
        more = format_html(_CHANGE_IT, reverse("review-desk", args=[avatar.pk]))
    link = format_html('<a href="{}">{}</a>', avatar.get_absolute_url(), avatar.display_name)
    messages.success(request, format_html("{}{}", format_html(_DONE[approval], link), more))
    return True


def latest_move(avatar: Avatar) -> Event | None:
    """What made a reviewer's page older than the avatar; with whoever did it."""
    kinds = _SAID if avatar.is_reviewable else (*_SAID, *_LEFT)
    if avatar.review == ReviewTime.BOTH:
        kinds = (*kinds, *_MADE)  # which asks for the second look
    if avatar.approval != Approval.APPROVED:
        kinds = (*kinds, *_NAMED)  # an approved one keeps its approval under another name
    made_anew = Q(kind=Kind.AGAIN, detail__before=Cause.GONE)
    return _latest(avatar, Q(kind__in=kinds) | made_anew)


def latest_word(avatar: Avatar) -> Event | None:
    """What was said of it last; with whoever said it."""
    return _latest(avatar, Q(kind__in=_SAID))


def _latest(avatar: Avatar, which: Q) -> Event | None:
    moves = avatar.events.filter(which).select_related("actor", "token")
    return moves.order_by("-at", "-id").first()


def in_words(move: Event | None, reader: Any) -> str:
    """Such as “Mia Berg approved the avatar, 2 minutes ago.”"""
    if move is None:
        return "It has moved on meanwhile."
    who = "You" if move.actor == reader and not move.token else move.actor_name
    return f"{who} {move.sentence}, {ago(move.at)}."


def ago(moment: datetime) -> str:
    """Such as “2 minutes ago”, at the end of a sentence."""
    words = naturaltime(moment)
    return "just now" if words == "now" else words
