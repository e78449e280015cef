"""What all lists here have in common: they show, and change nothing by themselves."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Model
from django.forms import BaseInlineFormSet
from django.http import HttpRequest

LATEST = 50  # rows beside an object


class ReadOnly:
    """Changes go through services, which keep the record. `needed`: the permission to look."""

    needed: ClassVar = "avatars.operate_avatar"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(self.needed)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


class Shown[Row: Model](ReadOnly, admin.ModelAdmin[Row]):
    """A list and its pages. `group` is where the index has it.

    `lookups`: fields beside those of the filters, by which other pages link to the list.
    """

    group: ClassVar = "Avatars"
    lookups: ClassVar[tuple[str, ...]] = ()
    show_full_result_count = False
    list_per_page = 100

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the filters offer: by others, digests and salts could be guessed at."""
        return lookup.partition("__")[0] in self._offered() and super().lookup_allowed(
            lookup, value, request
        )

    def _offered(self) -> set[str]:
        filters = [each[0] if isinstance(each, tuple) else each for each in self.list_filter]
        names = [str(getattr(each, "parameter_name", each)) for each in filters]
        return {name for name in (*names, self.date_hierarchy, *self.lookups) if name}


class _Latest(BaseInlineFormSet[Any, Any, Any]):
    """The first rows of the inline's order: a page must not grow for ever."""

    def get_queryset(self) -> Any:
        if not hasattr(self, "_latest"):
            self._latest = super().get_queryset()[:LATEST]
        return self._latest


class Beside[Row: Model, Parent: Model](ReadOnly, admin.TabularInline[Row, Parent]):
    """The latest rows that belong to an object."""

    formset = _Latest
    template = "admin/beside.html"
    extra = 0
    can_delete = False
