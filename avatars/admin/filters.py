"""Filters that no single column answers."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from avatars.models import BLOCKING, Avatar, Standing


class Named(admin.AllValuesFieldListFilter):
    """All values, also those without any letter: a link needs words."""

    def choices(self, changelist: ChangeList) -> Iterator[Any]:
        for choice in super().choices(changelist):
            yield {**choice, "display": str(choice["display"]).strip() or "Not said"}


class ConsentInOrder(admin.SimpleListFilter):
    """As `is_blocked` and `lacks_consent` say it of one avatar."""

    title = "consent in order"
    parameter_name = "in_order"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("blocked", "Out of use: refused, withdrawn or over"),
            ("missing", "Needed, and not given"),
            ("yes", "Nothing is missing"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        now = timezone.now()
        blocked = Q(consent__in=BLOCKING) | Q(consent=Standing.GIVEN, consent_until__lte=now)
        match self.value():
            case "blocked":
                return queryset.filter(blocked)
            case "missing":
                wanted = queryset.filter(needs_consent=True).exclude(consent=Standing.GIVEN)
                return wanted.exclude(consent__in=BLOCKING)
            case "yes":
                return queryset.filter(pk__in=Avatar.objects.consented(now).values("pk"))
        return queryset
