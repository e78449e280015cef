"""What people choose about their notices."""

from typing import ClassVar

from django import forms

from avatars.models import MailChoice


class MailChoiceForm(forms.ModelForm[MailChoice]):
    class Meta:
        model = MailChoice
        fields = ("mailing",)
        labels: ClassVar = {"mailing": "How often"}
        widgets: ClassVar = {"mailing": forms.RadioSelect}
