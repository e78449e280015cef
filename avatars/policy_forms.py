"""What people type and pick for the policy, its replies and its wording."""

from typing import Any

from django import forms
from django.conf import settings

from avatars.models import Approval, Creators, Policy, Reason, ReviewTime
from avatars.names import tidy_name, tidy_text
from avatars.services.credentials import MONTH_MAX

TEXT_MAX = 2000  # characters of a reply
WORDING_MAX = 6000
_INT_MAX = 2_147_483_647  # of a column
_KEPT = "Nothing was saved."
_NOES = [choice for choice in Approval.choices if choice[0] in ("changes", "rejected")]


def variable_of(rule: str) -> str:
    """The name of what settles a rule in the environment."""
    return f"POLICY_{rule.upper()}"


class PolicyForm(forms.Form):
    """All rules, on the version that the page showed. What the environment settles has no field."""

    review = forms.ChoiceField(choices=ReviewTime, widget=forms.RadioSelect)
    four_eyes = forms.BooleanField(required=False)
    consent = forms.BooleanField(required=False)
    creators = forms.ChoiceField(choices=Creators, widget=forms.RadioSelect)
    private = forms.BooleanField(required=False)
    month_limit = forms.IntegerField(
        label="Avatars that one person may make in a calendar month",
        required=False,
        min_value=1,
        max_value=MONTH_MAX,
        help_text="Empty is no limit. What is removed or rejected later counts too.",
        error_messages={
            "min_value": f"One at least. {_KEPT} Leave it empty for no limit at all; who may make "
            "avatars is settled above.",
            "max_value": f"{MONTH_MAX:,} at most. {_KEPT} Leave it empty for no limit.",
        },
    )
    month_warning = forms.IntegerField(
        label="From how many on the page warns them",
        required=False,
        min_value=1,
        max_value=MONTH_MAX,
        help_text="Empty is four fifths of the limit.",
        error_messages={
            "min_value": f"One at least. {_KEPT} Leave it empty for the usual.",
            "max_value": f"{MONTH_MAX:,} at most. {_KEPT} Leave it empty for the usual.",
        },
    )
    version = forms.IntegerField(min_value=0, max_value=_INT_MAX, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for rule in settings.POLICY:
            del self.fields[rule]

    @classmethod
    def of(cls, policy: Policy) -> "PolicyForm":
        """As the policy stands."""
        return cls(initial={**policy.rules, "version": policy.version})

    @property
    def rules(self) -> dict[str, Any]:
        """Once it is valid."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        warning = cleaned.get("month_warning")
        if warning is None or "month_limit" in self.errors:
            return cleaned
        limit = settings.POLICY.get("month_limit", cleaned.get("month_limit"))
        if limit is None:
            words = f"There is no limit to warn of. {_KEPT} Say the limit too, or leave this empty."
            self.add_error("month_warning", words)
        elif warning > limit:
            words = f"Nobody gets this far: the limit is {limit}. {_KEPT} Say {limit} or less."
            self.add_error("month_warning", words)
        return cleaned


class _Words(forms.CharField):
    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return tidy_text(super().to_python(value) or "")


class _Name(forms.CharField):
    def to_python(self, value: Any) -> str:
        return tidy_name(super().to_python(value) or "")


class ReplyForm(forms.Form):
    """A reply, and maybe the one whose place it takes."""

    name = _Name(
        max_length=60,
        help_text="What reviewers pick it by, such as “Sharper photo”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": f"Give it a name that people can see. {_KEPT}"},
    )
    decision = forms.ChoiceField(label="Goes with", choices=_NOES)
    reason = forms.ChoiceField(choices=Reason)
    text = _Words(
        label="Words",
        max_length=TEXT_MAX,
        help_text="What the maker reads: what is wrong, and what to change.",
        error_messages={"required": f"Write what the maker is to read. {_KEPT}"},
    )
    instead_of = forms.IntegerField(
        required=False, max_value=_INT_MAX, widget=forms.HiddenInput, min_value=0
    )


class WordingForm(forms.Form):
    """Another text, on the number that the page showed."""

    text = _Words(
        label="New text",
        max_length=WORDING_MAX,
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": f"Without words nobody can agree to anything. {_KEPT}"},
    )
    number = forms.IntegerField(min_value=1, max_value=_INT_MAX, widget=forms.HiddenInput)
