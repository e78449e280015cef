"""What reviewers decide, and what makers answer."""

from typing import Any

from django import forms

from avatars.forms import Text
from avatars.models import Approval, Reason, Reply

NOTE_MAX = 2000  # characters


class ReviewForm(forms.Form):
    """A decision, on the version that the reviewer saw. A no needs a note, or a reply kept ready.

    Of the reply (picked where there are no scripts) only what is missing is taken.
    """

    decision = forms.ChoiceField(choices=[c for c in Approval.choices if c[0] != Approval.WAITING])
    reply = forms.ModelChoiceField(
        Reply.objects.offered(), required=False, empty_label="None", label="Use a reply"
    )
    reason = forms.ChoiceField(required=False, choices=[("", "No particular one"), *Reason.choices])
    note = Text(required=False, max_length=NOTE_MAX)
    version = forms.IntegerField(min_value=0)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("decision") == Approval.APPROVED:
            return cleaned
        reply = cleaned.get("reply")
        if reply and not cleaned.get("note"):
            cleaned["note"] = reply.text
            cleaned["reason"] = cleaned.get("reason") or reply.reason
        if not cleaned.get("note"):
            self.add_error("note", "Write a sentence that tells the maker why, and what to change.")
        return cleaned


class ResubmitForm(forms.Form):
    """What the maker did about the changes that were asked for, if they say so."""

    note = Text(required=False, max_length=NOTE_MAX)
