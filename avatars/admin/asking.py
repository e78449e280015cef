"""Actions on selected rows: first the question with everything in it, then the answer of each."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ActionLocation
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from .acts import Act, Outcome, carry_out

_WHERE = (ActionLocation.CHANGE_LIST, ActionLocation.CHANGE_FORM)
_CONFIRMED = "confirmed"


class NumberForm(forms.Form):
    """What can't be undone is asked for with the number of what it will happen to."""

    number = forms.IntegerField(widget=forms.TextInput({"inputmode": "numeric"}))

    def __init__(self, *args: Any, wanted: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = wanted
        self.fields["number"].label = f"Type {wanted}, the number of them, to go on"

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        if number != self.wanted:
            raise forms.ValidationError("That is not their number. Nothing was done.")
        return number


def action_of[Row: Model](act: Act[Row]) -> Any:
    """The act as an action for Django's admin, on the list and on the page of one row."""

    @admin.action(description=act.menu, location=_WHERE)
    def ask_or_do(
        office: admin.ModelAdmin[Row], request: HttpRequest, rows: QuerySet[Row]
    ) -> HttpResponse | None:
        if not _is_confirmed(office, request):
            return _ask(act, office, request, rows)
        form = NumberForm(request.POST, wanted=rows.count())
        if act.is_final and not form.is_valid():
            return _ask(act, office, request, rows, form)
        _tell(act, request, carry_out(act, list(rows), request.user))
        return redirect(_back(office, request))

    ask_or_do.__name__ = act.name
    return ask_or_do


def _is_confirmed(office: admin.ModelAdmin[Any], request: HttpRequest) -> bool:
    """By the list's address alone: Django opens a transaction around the page of one row."""
    return _CONFIRMED in request.POST and request.path == _list_of(office)


def _ask[Row: Model](
    act: Act[Row],
    office: admin.ModelAdmin[Row],
    request: HttpRequest,
    rows: QuerySet[Row],
    form: NumberForm | None = None,
) -> HttpResponse | None:
    """Say to which it would happen, and to which not and why."""
    if (number := rows.count()) > act.most:
        text = f"{number} are too many at once: choose {act.most} at most. Nothing was done."
        messages.error(request, text)
        return None
    shown = rows.prefetch_related(*act.shows)
    found = [(row, act.obstacle(request.user, row)) for row in shown]
    ready = [row for row, obstacle in found if not obstacle]
    context = {
        **office.admin_site.each_context(request),
        "title": act.question,
        "opts": office.opts,
        "act": act,
        "ready": ready,
        "left": [pair for pair in found if pair[1]],
        "form": (form or NumberForm(wanted=len(ready))) if act.is_final and ready else None,
        "selected": ACTION_CHECKBOX_NAME,
        "list": _list_of(office),
        "back": _back(office, request),
    }
    request.current_app = office.admin_site.name
    return TemplateResponse(request, "admin/ask.html", context, status=422 if form else 200)


def _tell(act: Act[Any], request: HttpRequest, outcome: Outcome) -> None:
    if outcome.done:
        which = str(len(outcome.done)) if act.is_final else ", ".join(outcome.done)
        messages.success(request, f"{act.done}: {which}. {act.afterwards}".strip())
    for reason, names in outcome.left.items():
        messages.warning(request, f"{act.undone}: {', '.join(names)}. {reason}")


def _list_of(office: admin.ModelAdmin[Any]) -> str:
    name = f"{office.opts.app_label}_{office.opts.model_name}_changelist"
    return reverse(f"admin:{name}")


def _back(office: admin.ModelAdmin[Any], request: HttpRequest) -> str:
    """Where somebody came from: the list with its filters, or the page of one row."""
    asked = request.POST.get("back", request.get_full_path())
    return asked if asked.startswith(_list_of(office)) else _list_of(office)
