"""What `GET /v1/avatars` finds, from our own rows.

Source of the parameters and the shape: Anam's reference of April 2026. Stock and custom avatars are
mixed unless `onlyOneShot` leaves the stock out.
"""

import json
from math import ceil

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.http import HttpRequest

from avatars.access import policy_of, visible_to
from avatars.models import Avatar, State
from avatars.upstream.errors import Cause

from .bearer import token_of
from .shapes import Wanted


def known() -> QuerySet[Avatar]:
    """Everything that a client of Anam's would find there."""
    made = Avatar.objects.filter(state=State.READY, rehearsal=settings.REHEARSAL)
    return made.exclude(cause=Cause.GONE).exclude(upstream_id=None)


def visible(request: HttpRequest, rows: QuerySet[Avatar]) -> QuerySet[Avatar]:
    """Those that the token's person may know of."""
    return visible_to(token_of(request).owner, rows, policy_of(request))


def found(request: HttpRequest, wanted: Wanted) -> QuerySet[Avatar]:
    """Newest first."""
    rows = visible(request, known()).filter(display_name__icontains=wanted.search)
    if wanted.onlyOneShot:
        rows = rows.filter(stock=False)
    if wanted.approval:
        rows = rows.filter(approval=wanted.approval, stock=False)
    if wanted.renderStyle != "all":
        rows = rows.filter(upstream__renderStyle=wanted.renderStyle)
    return _tagged(rows, wanted.tags)


def meta(wanted: Wanted, total: int) -> dict[str, int | None]:
    last = ceil(total / wanted.perPage)
    return {
        "total": total,
        "lastPage": last,
        "currentPage": wanted.page,
        "perPage": wanted.perPage,
        "prev": wanted.page - 1 if wanted.page > 1 else None,
        "next": wanted.page + 1 if wanted.page < last else None,
    }


def cut(rows: QuerySet[Avatar], wanted: Wanted) -> list[Avatar]:
    start = (wanted.page - 1) * wanted.perPage
    return list(rows[start : start + wanted.perPage])


def _tagged(rows: QuerySet[Avatar], tags: str) -> QuerySet[Avatar]:
    """Any of them, in whatever case; as text, because SQLite can't look into JSON."""
    names = [tag.strip() for tag in tags.split(",") if tag.strip()]
    if not names:
        return rows
    any_of = Q()
    for name in names:
        # One database keeps letters as they are, the other as JSON escapes.
        for spelling in {json.dumps(name), json.dumps(name, ensure_ascii=False)}:
            any_of |= Q(told_tags__icontains=spelling)
    return rows.annotate(told_tags=Cast(KT("upstream__displayTags"), TextField())).filter(any_of)
