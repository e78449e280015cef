"""What people fill in about themselves and each other."""

from typing import Any, ClassVar
from uuid import uuid4

from django import forms
from django.conf import settings
from django.contrib.auth.forms import BaseUserCreationForm

from .models import User
from .roles import IN_WORDS, Role

LONGEST_INVITATION = 90  # days
_JOINERS = "\u200c\u200d"  # invisible, but some names are written with them


class _Name(forms.CharField):
    """One line without controls: they would turn, hide or break the text around the name."""

    def to_python(self, value: Any) -> str:
        name = super().to_python(value) or ""
        shown = (c if c.isprintable() or c in _JOINERS else " " for c in name)
        return " ".join("".join(shown).split())


class NewPersonForm(BaseUserCreationForm[User]):
    """`save(commit=False)` gives a new User with the password set, checked by the validators."""

    class Meta:
        model = User
        fields = ("name", "email")
        field_classes: ClassVar = {"name": _Name}

    def __init__(self, *args: Any, fixed_email: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs.update(autocomplete="name", autofocus=True)
        email = self.fields["email"]
        email.widget.attrs.update(autocomplete="username", autofocus=False)
        if fixed_email:
            email.initial, email.disabled = fixed_email, True
            email.help_text = "The invitation is for this address."
        self.fields["password2"].label = "Password, once more"
        self.fields["password2"].help_text = ""


class NameForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("name",)
        field_classes: ClassVar = {"name": _Name}
        widgets: ClassVar = {"name": forms.TextInput(attrs={"autocomplete": "name"})}


class RoleForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)

    def chosen(self) -> Role:
        return Role(self.cleaned_data["role"])


class InvitationForm(RoleForm):
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        help_text="Fixes the account to this address. Leave it empty and whoever opens the link "
        "first chooses their own.",
    )
    role = forms.ChoiceField(
        choices=[(role.value, f"{role.label}: {IN_WORDS[role]}") for role in Role],
        initial=Role.CREATOR.value,
    )
    days = forms.IntegerField(
        label="Days the link works", min_value=1, max_value=LONGEST_INVITATION
    )
    # A form sent twice, as by a double click, makes one invitation.
    wish = forms.CharField(max_length=100, required=False, initial=uuid4, widget=forms.HiddenInput)
    field_order = ("email", "role", "days")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].initial = settings.INVITATION_DAYS

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        if email and User.objects.filter(email=email).exists():
            raise forms.ValidationError("Somebody with this e-mail address already has an account.")
        return email
