"""What to look for in the record."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from avatars.models import Kind, Subject
from avatars.models.areas import AREAS, Area
from avatars.trace import LENGTH

GREENROOM, VISITORS = "greenroom", "visitors"
_EDGES = [MinValueValidator(date(2000, 1, 1)), MaxValueValidator(date(2999, 12, 31))]


def _kinds() -> list[tuple[str, Any]]:
    """Each area as a whole, then what is in it."""
    return [
        (area.label, [(area.value, f"All of this: {area.label}"), *map(_choice, kinds)])
        for area, kinds in AREAS.items()
    ]


def _choice(kind: Kind) -> tuple[str, str]:
    return kind.value, kind.label[0].upper() + kind.label[1:]


class _Day(forms.DateField):
    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(required=False, widget=widget, validators=_EDGES, **kwargs)


class RecordFilters(forms.Form):
    """All of them may be left out. `people`: ids and names."""

    about = forms.ChoiceField(required=False, choices=[("", "Anything"), *Subject.choices])
    kind = forms.ChoiceField(
        label="What happened", required=False, choices=[("", "Anything"), *_kinds()]
    )
    who = forms.ChoiceField(required=False)
    avatar = forms.CharField(
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"placeholder": "Part of a name, or an id"}),
    )
    trace = forms.CharField(label="Request id", required=False, max_length=LENGTH)
    since = _Day(label="From")
    until = _Day(label="To")

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.fields["who"]
        assert isinstance(who, forms.ChoiceField)
        others = [(GREENROOM, "Greenroom itself"), (VISITORS, "People without an account")]
        who.choices = [("", "Anybody"), *others, ("With an account", people)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "That is before “From”, so nothing could fit.")
        return cleaned

    @property
    def chosen(self) -> dict[str, Any]:
        """What was chosen, once it is valid."""
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def kinds(self) -> list[Kind]:
        """The chosen kind, or those of the chosen area; none when neither is chosen."""
        chosen = self.cleaned_data["kind"]
        if chosen in Area:
            return list(AREAS[Area(chosen)])
        return [Kind(chosen)] if chosen else []
