"""How it stands with Anam: the way there, and what stock-takes found."""

from typing import Any, ClassVar

from django.contrib import admin
from django.urls import reverse
from django.utils.safestring import SafeString

from avatars.models import Difference, StockTake, Weather

from .reading import Shown
from .words import details_of


@admin.register(Weather)
class WeatherAdmin(Shown[Weather]):
    group: ClassVar = "Anam"
    list_display = ("where", "words", "since", "until", "failures", "succeeded_at")
    fields: ClassVar = (
        "where",
        "words",
        "said",
        "since",
        "until",
        "failures",
        "told",
        "succeeded_at",
        "key_checked_at",
        "key_cause",
    )

    def view_on_site(self, _: Any) -> str:
        return reverse("status")

    @admin.display(description="where", ordering="rehearsal")
    def where(self, weather: Weather) -> str:
        return "The sandbox" if weather.rehearsal else "Anam"

    @admin.display(description="what keeps photos back", ordering="cause")
    def words(self, weather: Weather) -> str:
        return weather.words.title if weather.words else "Nothing"


@admin.register(StockTake)
class StockTakeAdmin(Shown[StockTake]):
    group: ClassVar = "Anam"
    list_display = ("started_at", "ended_at", "rehearsal", "asked_by", "seen", "found", "cause")
    list_filter = ("rehearsal", ("started_at", admin.DateFieldListFilter), "cause")
    list_select_related = ("asked_by",)
    date_hierarchy = "started_at"
    fields: ClassVar = (
        "started_at",
        "ended_at",
        "rehearsal",
        "asked_by",
        "pages",
        "seen",
        "expected",
        "found",
        "cause",
    )

    def view_on_site(self, _: Any) -> str:
        return reverse("stocktake")


@admin.register(Difference)
class DifferenceAdmin(Shown[Difference]):
    group: ClassVar = "Anam"
    list_display = ("found_at", "kind", "name", "upstream_id", "outcome", "settled_by")
    list_filter = (
        "kind",
        "outcome",
        ("settled_at", admin.EmptyFieldListFilter),
        "rehearsal",
        ("found_at", admin.DateFieldListFilter),
    )
    list_select_related = ("avatar", "settled_by")
    search_fields = ("upstream_id", "avatar__display_name", "=avatar__id")
    fields: ClassVar = (
        "kind",
        "avatar",
        "upstream_id",
        "rehearsal",
        "found_at",
        "details",
        "outcome",
        "settled_at",
        "settled_by",
    )

    def view_on_site(self, _: Any) -> str:
        return reverse("stocktake")

    @admin.display(description="name")
    def name(self, difference: Difference) -> str:
        return difference.name

    @admin.display(description="details")
    def details(self, difference: Difference) -> SafeString | str:
        return details_of(difference.detail)
