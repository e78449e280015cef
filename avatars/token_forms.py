"""What people fill in to make a token."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings

from avatars.models import Right
from avatars.names import tidy_name
from avatars.services.credentials import DAYS_MAX, MONTH_MAX, NAME_MAX, RATE_MAX, Limits


class TokenForm(forms.Form):
    """A token for a person whose role covers the rights `covered`."""

    name = forms.CharField(
        max_length=NAME_MAX,
        help_text="What it is for, such as “Build server”. It stands in each avatar's history.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    rights = forms.MultipleChoiceField(
        initial=[Right.READ],
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Pick at least one: a token without rights opens nothing.",
            "invalid_choice": "Your role does not cover %(value)s. Leave it out.",
        },
    )
    days = forms.IntegerField(
        label="Days until it ends",
        min_value=1,
        max_value=DAYS_MAX,
        help_text=f"{DAYS_MAX} at most. Make the next one in time: ends are not moved.",
    )
    rate = forms.IntegerField(label="Calls a minute", min_value=1, max_value=RATE_MAX)
    month_limit = forms.IntegerField(
        label="New avatars a month",
        required=False,
        min_value=1,
        max_value=MONTH_MAX,
        help_text="Each may cost money at Anam. Empty is no limit.",
    )
    # A form sent twice, as by a double click, makes one token.
    wish = forms.CharField(max_length=100, initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, covered: Sequence[Right], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rights = self.fields["rights"]
        assert isinstance(rights, forms.MultipleChoiceField)
        rights.choices = [(right.value, right.label) for right in covered]
        self.fields["days"].initial = settings.TOKEN_DAYS
        self.fields["rate"].initial = settings.TOKEN_RATE

    def clean_name(self) -> str:
        name = tidy_name(str(self.cleaned_data["name"]))
        if not name:
            raise forms.ValidationError("Give it a name that people can see.")
        return name

    def clean_rights(self) -> list[Right]:
        return [Right(value) for value in self.cleaned_data["rights"]]

    @property
    def limits(self) -> Limits:
        """Once it is valid."""
        data = self.cleaned_data
        return Limits(days=data["days"], rate=data["rate"], month_limit=data["month_limit"])

    @property
    def limits_are_wrong(self) -> bool:
        """Then the page may not fold them away."""
        return "rate" in self.errors or "month_limit" in self.errors
