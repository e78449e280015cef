"""/policy: the rules of this Greenroom, for everybody to read and administrators to change."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from avatars.access import can_operate, can_view, policy_of
from avatars.models import RULES, Avatar, Event, Kind, Policy, State, holders
from avatars.policy_forms import PolicyForm, variable_of
from avatars.services import policy as service

from .policy_words import REVIEWS, TITLES, changes_of, consequence, in_words

SHOWN = 10  # changes that the page tells of
_SAVED = (
    "Saved. It counts for photos that come in from now on; who decides and who sees what counts at "
    "once."
)


@dataclass(frozen=True)
class Rule:
    """One rule as it stands. `variable` names what settles it in the environment."""

    name: str
    value: Any
    field: BoundField | None

    @property
    def title(self) -> str:
        return TITLES[self.name]

    @property
    def words(self) -> str:
        return in_words(self.name, self.value)

    @property
    def consequence(self) -> str:
        return consequence(self.name, self.value)

    @property
    def otherwise(self) -> str:
        """What a yes comes to, beside its box."""
        return consequence(self.name, True)

    @property
    def variable(self) -> str:
        return variable_of(self.name) if self.name in settings.POLICY else ""

    @property
    def times(self) -> list[tuple[Any, str]]:
        """When to review: each choice, and what it comes to."""
        return [(choice, REVIEWS[choice.data["value"]]) for choice in self.field or ()]


@require_safe
@can_view
@never_cache
def policy(request: HttpRequest) -> HttpResponse:
    return _page(request, PolicyForm.of(policy_of(request)))


@require_POST
@can_operate
@never_cache
def change(request: HttpRequest) -> HttpResponse:
    """Save all rules at once, on the version that the page showed."""
    form = PolicyForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=422)
    version = form.cleaned_data["version"]
    if not service.change(version, form.rules, request.user):
        return _stale(request, version)
    messages.success(request, _SAVED)
    if Policy.current().four_eyes and (words := _alone()):
        messages.warning(request, words)
    return redirect("policy")


def _stale(request: HttpRequest, version: int) -> HttpResponse:
    """Nothing was saved; here is what somebody else has changed since."""
    policy = policy_of(request)
    count = min(max(policy.version - version, 1), SHOWN)
    meanwhile = [{"event": event, "changes": changes_of(event)} for event in _changes()[:count]]
    return _page(request, PolicyForm.of(policy), status=409, meanwhile=meanwhile)


def _page(
    request: HttpRequest, form: PolicyForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    policy = policy_of(request)
    fields = {name: form[name] for name in RULES if name in form.fields}
    rules = {name: Rule(name, getattr(policy, name), fields.get(name)) for name in RULES}
    context = {
        "policy": policy,
        "rules": rules,
        "form": form,
        "may_change": request.user.has_perm("avatars.operate_avatar"),
        "history": [{"event": event, "changes": changes_of(event)} for event in _changes()[:SHOWN]],
        **more,
    }
    if context["may_change"]:
        context |= {"waits": _waits(), "alone": _alone()}
    return render(request, "avatars/policy.html", context, status=status)


def _changes() -> Any:
    changes = Event.objects.filter(kind=Kind.POLICY_CHANGED).select_related("actor", "token")
    return changes.order_by("-at", "-id")


def _waits() -> dict[str, int]:
    """How many are waiting under the rules they came in with."""
    unsent = Avatar.objects.filter(state=State.REVIEW)
    return {
        "review": Avatar.objects.review_queue().count(),
        "consent": unsent.count() - unsent.consented(timezone.now()).count(),
    }


def _alone() -> str:
    """A warning where nobody could decide about what the only reviewer makes."""
    reviewers = list(holders("avatars.review_avatar").order_by("pk")[:2])
    if len(reviewers) > 1:
        return ""
    if not reviewers:
        return "Nobody may review at the moment, so nothing can be approved."
    return (
        f"Only {reviewers[0]} may review at the moment. With four eyes, nobody can decide about "
        "what they make themselves: let somebody else review too."
    )
