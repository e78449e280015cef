"""Help: every rule about photos, and a page for each, made from the rules alone."""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from avatars.access import can_view
from avatars.photos.finding import Severity
from avatars.photos.rule import Rule
from avatars.photos.rules import CHECKS, RULES


@dataclass(frozen=True)
class Weight:
    """How much a finding weighs, in a word and in a sentence; `tone` is that of its badge."""

    word: str
    sentence: str
    tone: str


WEIGHTS: dict[Severity, Weight] = {
    "error": Weight(
        "Refused",
        "The photo is not taken as it is. Nothing is sent and nothing is spent.",
        "bad",
    ),
    "advice": Weight(
        "Advice",
        "The photo is taken all the same. Without this it would make a better avatar.",
        "wait",
    ),
    "fixed": Weight(
        "Done by itself",
        "Greenroom puts it in order, and the photo is taken. The file on your device stays as it "
        "is.",
        "good",
    ),
}


@dataclass(frozen=True)
class Entry:
    """A rule as the help shows it."""

    rule: Rule

    @property
    def weight(self) -> Weight:
        return WEIGHTS[self.rule.severity]

    @property
    def check(self) -> str:
        return CHECKS[self.rule.check]


def entries() -> list[Entry]:
    """All of them, in the order of the list of checks."""
    order = list(CHECKS)
    return [Entry(rule) for rule in sorted(RULES.values(), key=lambda r: order.index(r.check))]


@require_safe
@can_view
def photos(request: HttpRequest) -> HttpResponse:
    """What makes a good photo, and everything that is looked at."""
    found = entries()
    parts = {title: [e for e in found if e.rule.check == key] for key, title in CHECKS.items()}
    context = {"parts": {t: part for t, part in parts.items() if part}, "weights": WEIGHTS}
    return render(request, "avatars/help_photos.html", context)


@require_safe
@can_view
def photo(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule: what it means, what is wanted, how to get there."""
    found = entries()
    at = next((place for place, entry in enumerate(found) if entry.rule.code == rule), None)
    if at is None:
        raise Http404
    around = {
        "before": found[at - 1] if at else None,
        "after": found[at + 1] if at + 1 < len(found) else None,
    }
    return render(request, "avatars/help_photo.html", {"entry": found[at], **around})
