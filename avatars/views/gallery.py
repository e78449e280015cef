"""The team's avatars, newest first."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from avatars.access import can_view, may_create, policy_of
from avatars.forms import GalleryFilters
from avatars.models import Avatar, State

from .finding import visible
from .place import Place

PAGE = 24


@require_safe
@can_view
def gallery(request: HttpRequest) -> HttpResponse:
    """A page of cards. Paging goes by the last card's time and id, so no row is ever counted."""
    reviews = request.user.has_perm("avatars.review_avatar")
    filters = GalleryFilters(request.GET or None, owners=_owners(request), reviews=reviews)
    chosen = _chosen(filters)
    place = Place.read(request.GET.get("before", ""))
    has_stock = _stock().exists()
    stock = has_stock and request.GET.get("tab") == "stock"
    ours = visible(request, Avatar.objects.filter(stock=False))
    rows = _filtered(chosen, _stock() if stock else ours)
    if place:
        rows = place.older(rows)
    cards = list(rows.select_related("owner")[: PAGE + 1])
    more = len(cards) > PAGE
    cards = cards[:PAGE]
    tab = {**chosen, "tab": "stock"} if stock else chosen
    context = {
        "cards": cards,
        "filters": filters,
        "filtered": bool(chosen),
        "older_url": _address(tab, before=Place.of(cards[-1]).text) if more else "",
        "newer_url": _address(tab) if place else "",
        "has_stock": has_stock,
        "stock": stock,
        "can_create": may_create(request.user, policy_of(request)),
    }
    return render(request, "avatars/gallery.html", context)


def _owners(request: HttpRequest) -> list[tuple[str, str]]:
    # One look into an index for each person; a join would read every avatar there is.
    makers = Exists(visible(request, Avatar.objects.filter(owner=OuterRef("pk"))))
    people = get_user_model().objects.filter(makers)
    return sorted(((str(person.pk), str(person)) for person in people), key=lambda item: item[1])


def _chosen(filters: GalleryFilters) -> dict[str, str]:
    if not filters.is_bound:
        return {}
    filters.is_valid()
    return {name: str(value) for name, value in filters.cleaned_data.items() if value}


def _stock() -> QuerySet[Avatar]:
    """What everybody has at the upstream in use; the sandbox's would be strange beside Anam's."""
    return Avatar.objects.filter(stock=True, rehearsal=settings.REHEARSAL, state=State.READY)


def _filtered(chosen: dict[str, str], rows: QuerySet[Avatar]) -> QuerySet[Avatar]:
    lookups = {"q": "display_name__icontains"}
    rows = rows.filter(**{lookups.get(name, name): value for name, value in chosen.items()})
    return rows if "state" in chosen else rows.exclude(state=State.REMOVED)


def _address(chosen: dict[str, str], **more: str) -> str:
    query = urlencode({**chosen, **more})
    return f"{reverse('gallery')}?{query}" if query else reverse("gallery")
