"""Help: why Anam says no, and what to try."""

from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from avatars.access import can_view
from avatars.causes import WORDS, Words
from avatars.remedies import REMEDIES, Ending, Remedy
from avatars.upstream.errors import Cause

_PARTS = {
    Ending.FOR_THE_PHOTO: "It needs another photo",
    Ending.AS_IT_IS: "Something has to be changed",
    Ending.WAITS: "Somebody has to see to it",
    Ending.GOES_ON: "It goes on by itself",
}


@dataclass(frozen=True)
class Page:
    """One cause, in all its words."""

    cause: Cause
    words: Words
    remedy: Remedy

    @property
    def who(self) -> str:
        """Who can do something, as a sentence has it."""
        *others, last = self.remedy.who
        return f"{', '.join(others)} or {last}" if others else last


PAGES = {cause: Page(cause, WORDS[cause], REMEDIES[cause]) for cause in Cause}


@require_safe
@can_view
def refusals(request: HttpRequest) -> HttpResponse:
    """Every cause there is, by what ends it."""
    return render(request, "avatars/help_refusals.html", {"parts": _parts()})


@require_safe
@can_view
def refusal(request: HttpRequest, cause: str) -> HttpResponse:
    """One cause: what happened, whether it is final, what is safe, what to try."""
    if cause not in Cause:
        raise Http404
    return render(request, "avatars/help_refusal.html", {"page": PAGES[Cause(cause)]})


def _parts() -> list[tuple[str, list[Page]]]:
    order = list(_PARTS)
    pages = sorted(PAGES.values(), key=lambda page: order.index(page.remedy.ending))
    parts = groupby(pages, key=lambda page: page.remedy.ending)
    return [(_PARTS[ending], list(found)) for ending, found in parts]
