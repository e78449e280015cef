"""What is asked about consent: of the team, and of whoever is shown."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone

from avatars.forms import Line, Text
from avatars.models import Wording
from avatars.photos.inspect import FILE_BYTES_MAX
from avatars.photos.signed import extension_of
from avatars.services.consents import Terms

WHO_MAX = 100
_YEARS_MAX = 10
_SCOPE_MAX = 2000
_NO_FORM = (
    "This is no PDF, JPEG or PNG of at most 10 MB that can be opened. Scan or photograph the "
    "signed form once more, and choose that file."
)


class Until(forms.DateField):
    """A day to come. Cleaned it is that day's last second, in the server's time zone."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self, value: Any) -> datetime | None:
        day: date | None = super().clean(value)
        if day is None:
            return None
        today = timezone.localdate()
        if day <= today:
            raise forms.ValidationError("Choose a day after today.")
        if day > today + timedelta(days=366 * _YEARS_MAX):
            raise forms.ValidationError(f"Choose a day within {_YEARS_MAX} years, or none.")
        return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


class TermsForm(forms.Form):
    """Who is shown and what the avatar is for. `terms` once it is valid."""

    who = Line(
        label="Who is shown",
        max_length=WHO_MAX,
        error_messages={"required": "Write the name of the person in the photo."},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scope = Text(
        label="What the avatar will be used for",
        max_length=_SCOPE_MAX,
        help_text="They agree to this and to nothing else. Say where it will be seen.",
        error_messages={"required": "Say what it will be used for: they agree to nothing else."},
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    # A form sent twice, as by a double click, counts once.
    wish = forms.CharField(max_length=100, initial=uuid4, widget=forms.HiddenInput)

    @property
    def terms(self) -> Terms:
        data = self.cleaned_data
        return Terms(
            who=data["who"],
            scope=data["scope"],
            valid_until=data.get("until"),
            email=data.get("email", ""),
            wording=data.get("wording"),
        )


class AskForm(TermsForm):
    email = forms.EmailField(
        label="Their e-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("who", "email", "scope")


class OwnForm(TermsForm):
    until = Until(label="Until", required=False, help_text="Empty: until you take it back.")


class FileForm(TermsForm):
    until = Until(label="Until", required=False, help_text="If the form says so.")
    wording = forms.ModelChoiceField(
        Wording.objects.all(),
        label="Wording on the form",
        empty_label=None,
        help_text="The version that stands at the foot of the printed form.",
    )
    file = forms.FileField(
        label="Signed form",
        help_text="A scan or photo of it: PDF, JPEG or PNG, up to 10 MB. "
        "Its owner, reviewers and administrators can download it.",
        error_messages={"required": "Choose the file with the signature."},
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )
    field_order = ("file", "who", "scope", "wording", "until")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if Wording.objects.count() < 2:
            del self.fields["wording"]
        self.data_of_file = b""
        self.extension = ""

    def clean_file(self) -> UploadedFile[bytes]:
        file: UploadedFile[bytes] = self.cleaned_data["file"]
        self.data_of_file = file.read() if (file.size or 0) <= FILE_BYTES_MAX else b""
        extension = extension_of(self.data_of_file)
        if extension is None:
            raise forms.ValidationError(_NO_FORM)
        self.extension = extension
        return file


class AnswerForm(forms.Form):
    """The depicted person's answer, or what of it they want to keep for later."""

    YES, NO, LATER = "yes", "no", "later"
    OPEN, DATED = "open", "until"

    who = Line(
        label="Your name, as a signature",
        required=False,
        max_length=WHO_MAX,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    length = forms.ChoiceField(
        label="For how long",
        required=False,
        choices=[(OPEN, "Until I take it back"), (DATED, "Until a date")],
        widget=forms.RadioSelect,
    )
    until = Until(label="Date", required=False)
    erase = forms.BooleanField(required=False, label="Please erase the photo and the avatar, too")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = self.data.get("do", self.LATER)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.wanted != self.YES:
            self.errors.clear()  # a draft may be unfinished, and a no needs neither
            return cleaned
        if not cleaned.get("who") and "who" not in self.errors:
            self.add_error("who", "Please write your name: it is your signature.")
        if cleaned.get("erase"):
            self.add_error("erase", "This goes with a no. Untick it to agree, or press “No”.")
        if cleaned.get("length") != self.DATED:
            self.errors.pop("until", None)  # not what they chose in the end
            cleaned["until"] = None
        elif not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", "Please choose the date.")
        return cleaned

    @property
    def draft(self) -> dict[str, Any]:
        """What was filled in so far, as the form takes it up again."""
        until = self.cleaned_data.get("until")
        return {
            "who": self.cleaned_data.get("who", ""),
            "length": self.cleaned_data.get("length", ""),
            "until": f"{timezone.localtime(until):%Y-%m-%d}" if until else "",
            "erase": self.cleaned_data.get("erase", False),
        }
