"""Forms about feeds: a name for programs, and what stands behind it."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.validators import RegexValidator
from django.db.models import QuerySet

from avatars.models import Avatar

OFFERED = 200  # avatars to choose from; a search finds the others
_NAME = RegexValidator(
    r"\A[a-z0-9]+(-[a-z0-9]+)*\Z", "Small letters, digits and single hyphens, such as support-de."
)


class SwapForm(forms.Form):
    """Which avatar and model, on the version of the feed that the page showed."""

    avatar = forms.ModelChoiceField(Avatar.objects.none(), label="Avatar")
    model = forms.ChoiceField(label="Model", required=False)
    version = forms.IntegerField(min_value=0, initial=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        usable: QuerySet[Avatar],
        offered: Sequence[Avatar] | None = None,
        **kwargs: Any,
    ) -> None:
        """`offered` are those of them to choose from, if they have been read already."""
        super().__init__(*args, **kwargs)
        avatar, model = self.fields["avatar"], self.fields["model"]
        assert isinstance(avatar, forms.ModelChoiceField)
        assert isinstance(model, forms.ChoiceField)
        avatar.queryset = usable
        shown = usable[:OFFERED] if offered is None else offered
        avatar.choices = [("", "Choose an avatar"), *((found.pk, str(found)) for found in shown)]
        model.choices = [("", "The avatar's own"), *((name, name) for name in settings.ANAM_MODELS)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        avatar, model = cleaned.get("avatar"), cleaned.get("model")
        if avatar and model and avatar.versions and model not in avatar.versions:
            there = ", ".join(avatar.versions)
            self.add_error("model", f"At Anam this avatar is there for {there} alone.")
        return cleaned


class FeedForm(SwapForm):
    slug = forms.CharField(
        label="Name",
        max_length=60,
        validators=[_NAME],
        help_text="What programs ask for, such as support-de. It stays for good.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("slug", "avatar", "model")
