"""Photo calls, without the code of their links."""

from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from avatars.access import may_close_call, policy_of
from avatars.models import PhotoCall
from avatars.services import photo_calls

from .acts import NOT_YOURS, Act
from .asking import action_of
from .reading import Shown


def _not_closed(user: Any, call: PhotoCall) -> str:
    if call.closed_at or call.until <= timezone.now():
        return "It is over already."
    return "" if may_close_call(user, call.made_by_id) else NOT_YOURS


CLOSE: Act[PhotoCall] = Act(
    name="close",
    menu="Close",
    question="Close them?",
    text="Their links take no photo any more. What has come in stays. They can't be opened again.",
    done="Closed",
    undone="Not closed",
    obstacle=_not_closed,
    do=photo_calls.close,
)


@admin.register(PhotoCall)
class PhotoCallAdmin(Shown[PhotoCall]):
    actions = (action_of(CLOSE),)
    list_display = ("title", "made_by", "made_at", "until", "came_in", "standing")
    list_filter = (
        ("made_by", admin.RelatedOnlyFieldListFilter),
        ("until", admin.DateFieldListFilter),
        ("closed_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("made_by",)
    search_fields = ("title", "purpose", "made_by__email", "=id")
    fields: ClassVar = (
        "title",
        "purpose",
        "model",
        "made_by",
        "made_at",
        "until",
        "closed_at",
        "standing",
        "came_in",
        "avatars",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[PhotoCall]:
        return PhotoCall.objects.with_makers(policy_of(request))

    @admin.display(description="photos")
    def came_in(self, call: PhotoCall) -> str:
        return f"{call.taken} of {call.places}"

    @admin.display(description="takes photos")
    def standing(self, call: PhotoCall) -> str:
        why = call.why_over(maker_may=call.maker_may)
        return f"No: {why}" if why else "Yes"

    @admin.display(description="avatars")
    def avatars(self, call: PhotoCall) -> SafeString:
        address = reverse("admin:avatars_avatar_changelist", query={"call__id__exact": call.pk})
        return format_html('<a href="{}">Those that came in by it</a>', address)
