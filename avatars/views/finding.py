"""Finding an avatar for whoever asks: what the policy hides from them is not there."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from avatars.access import policy_of, visible_to
from avatars.models import Avatar


def visible(request: HttpRequest, rows: QuerySet[Avatar]) -> QuerySet[Avatar]:
    """Those that whoever asks may know of."""
    return visible_to(request.user, rows, policy_of(request))


def find(request: HttpRequest, avatar_id: UUID, *related: str) -> Avatar:
    """With what is `related` to it. Raises `Http404`, also for a hidden one."""
    rows = visible(request, Avatar.objects.all())
    return get_object_or_404(rows.select_related(*related) if related else rows, pk=avatar_id)
