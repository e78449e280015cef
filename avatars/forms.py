"""Forms: what people type and pick, and everything that is wrong with it, at once."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from avatars import names
from avatars.models import Standing, State
from avatars.names import tidy_name, tidy_text
from avatars.photos.finding import Finding
from avatars.photos.kinds import ACCEPT, KINDS
from avatars.photos.prepare import Prepared
from avatars.photos.taking import take

NAME_MIN, NAME_MAX = names.MIN, names.MAX
MODEL_MAX = 60  # characters that a row keeps; Anam's models have ten
PURPOSE_MAX = 500  # characters


class Line(forms.CharField):
    """One line as people can read it."""

    def to_python(self, value: Any) -> str:
        # Before Django's validators, whose words would be no finding.
        return tidy_name(super().to_python(value) or "")


class Text(forms.CharField):
    """Several lines as people can read them."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        return tidy_text(super().to_python(value) or "")


class _PhotoInput(forms.ClearableFileInput):
    template_name = "django/forms/widgets/file.html"
    allow_multiple_selected = True


class _Photos(forms.FileField):
    widget = _PhotoInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        # An empty file is for `inspect` to explain, so Django's own check is left out.
        return [file for file in data or [] if file]


class ChoicesForm(forms.Form):
    """What counts for all photos on a desk: the model, and what the avatars are for.

    `findings` holds every error as {"field", "code", "severity", "title", "measured", "wanted",
    "how_to_fix"}.
    """

    avatar_model = Line(label="Model", required=False)
    purpose = Text(
        label="What is it for?",
        required=False,
        help_text="Where it will be seen, and who speaks with it. Reviewers read this.",
        widget=forms.Textarea(attrs={"maxlength": PURPOSE_MAX, "rows": 2}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(name, name) for name in settings.ANAM_MODELS]
        self.fields["avatar_model"].widget = forms.Select(choices=choices)
        self.findings: list[dict[str, str]] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if len(cleaned["avatar_model"]) > MODEL_MAX:
            self.refuse("avatar_model", NO_MODEL)
        if len(cleaned["purpose"]) > PURPOSE_MAX:
            self.refuse("purpose", LONG_PURPOSE)
        return cleaned

    def clean_avatar_model(self) -> str:
        # Any model goes through: which ones there are is Anam's word, the picker only offers some.
        return str(self.cleaned_data["avatar_model"] or settings.ANAM_MODELS[0])

    def refuse(self, field: str, finding: Finding, **more: str) -> None:
        self.findings.append({"field": field, **more, **finding.as_dict()})
        self.add_error(field, f"{finding.title}: {finding.how_to_fix}")


class UploadForm(ChoicesForm):
    """One name, and one or several photos that are made at once, without a look at them first.

    In `findings` a photo's have "file" too. `accepted` holds what passed: names, prepared photos
    and what was found about them.
    """

    display_name = Line(
        label="Display name",
        required=False,
        help_text=f"{NAME_MIN} to {NAME_MAX} characters. Everybody in the team sees it.",
        widget=forms.TextInput(attrs={"maxlength": NAME_MAX, "autocomplete": "off"}),
    )
    image_file = _Photos(
        label="Portrait",
        required=False,
        widget=_PhotoInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["display_name", "image_file"])
        self.accepted: list[tuple[str, Prepared, list[dict[str, str]]]] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        name = cleaned["display_name"]
        photos = cleaned.get("image_file") or []
        if finding := judge_name(name) or judge_name(numbered(name, max(1, len(photos)))):
            self.refuse("display_name", finding)
        if not photos:
            self.refuse("image_file", NO_FILE)
        for number, file in enumerate(photos, start=1):
            self._take(numbered(name, number), file)
        return cleaned

    def refuse_for_want_of_room(self) -> None:
        """The disk said no, which is nobody's fault but has to be told like the rest."""
        self.refuse("image_file", NO_ROOM)

    def refuse_as_used(self) -> None:
        """This very form was sent before, with other content."""
        self.refuse("image_file", _USED)

    def refuse_as_unknown(self) -> None:
        """The mark in the form is none that this server would have written there."""
        self.refuse("image_file", _UNKNOWN_FORM)

    def refuse_by_policy(self, finding: Finding) -> None:
        """The photos are good; it is the policy that lets no more in."""
        self.refuse("image_file", finding)

    def _take(self, name: str, file: UploadedFile[bytes]) -> None:
        # One photo at a time, and only its prepared bytes are kept: decoded, twenty would not fit
        # into memory.
        taken = take(file.read())
        for finding in taken.errors:
            self.refuse("image_file", finding, file=file.name or "")
        if taken.prepared:
            self.accepted.append((name, taken.prepared, taken.as_dicts))


NO_FILE = Finding(
    code="no-file",
    severity="error",
    title="There is no photo",
    measured="no file",
    wanted=f"one portrait as {KINDS}",
    how_to_fix="Pick a photo or drop it onto the desk.",
)
NO_ROOM = Finding(
    code="not-stored",
    severity="error",
    title="The photo could not be stored",
    measured="the server's disk took no more",
    wanted="room for the photo",
    how_to_fix="Nothing was saved or sent. Tell an administrator, then send the photo again.",
)
_USED = Finding(
    code="wish-used",
    severity="error",
    title="This form has already made an avatar",
    measured="another name, model or photo than the first time",
    wanted="a fresh form for each avatar",
    how_to_fix="Nothing was made now; the first one is safe. Send it once more to make another.",
)
_UNKNOWN_FORM = Finding(
    code="wish-unknown",
    severity="error",
    title="This form was damaged on its way",
    measured="a hidden mark that is not ours",
    wanted="the form as the page had it",
    how_to_fix="Nothing was made. Send it once more: the page has a fresh form now.",
)
LONG_PURPOSE = Finding(
    code="purpose-length",
    severity="error",
    title="What it is for takes too many words",
    measured=f"more than {PURPOSE_MAX} characters",
    wanted=f"{PURPOSE_MAX} characters at most",
    how_to_fix="Say it shorter: where the avatar will be seen, and who speaks with it.",
)
NO_MODEL = Finding(
    code="model-length",
    severity="error",
    title="No model has a name this long",
    measured=f"more than {MODEL_MAX} characters",
    wanted="the name of one of Anam's models",
    how_to_fix="Pick one of the models offered.",
)


def numbered(name: str, number: int) -> str:
    """The name for the `number`-th photo of one form: "Mia", "Mia 2", "Mia 3"."""
    return name if number == 1 else f"{name} {number}"


def _length(name: str) -> str:
    return f"{len(name)} character{'' if len(name) == 1 else 's'}" if name else "no name"


def judge_name(name: str) -> Finding | None:
    """What is wrong with a tidied name, for the page, the gateway and the command line alike."""
    if NAME_MIN <= len(name) <= NAME_MAX:
        return None
    return Finding(
        code="name-length",
        severity="error",
        title="The name is too short" if len(name) < NAME_MIN else "The name is too long",
        measured=_length(name),
        wanted=f"{NAME_MIN} to {NAME_MAX} characters",
        how_to_fix="Give the avatar a name the team will recognise, such as a first name.",
    )


class RenameForm(forms.Form):
    """Another name for an avatar that is there already."""

    display_name = Line(
        label="New name",
        required=False,
        widget=forms.TextInput(attrs={"maxlength": NAME_MAX, "autocomplete": "off"}),
    )

    def clean_display_name(self) -> str:
        name = str(self.cleaned_data["display_name"])
        if finding := judge_name(name):
            raise forms.ValidationError(f"{finding.title}: {finding.how_to_fix}")
        return name


class GalleryFilters(forms.Form):
    """What to look for in the gallery; anything unknown is ignored rather than an error."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=60,
        widget=forms.SearchInput(attrs={"placeholder": "Search by name"}),
    )
    state = forms.ChoiceField(
        label="State", required=False, choices=[("", "Any state"), *State.choices]
    )
    owner = forms.ChoiceField(label="Owner", required=False)
    model = forms.ChoiceField(label="Model", required=False)
    consent = forms.ChoiceField(
        label="Consent", required=False, choices=[("", "Any consent"), *Standing.choices]
    )

    def __init__(
        self, *args: Any, owners: list[tuple[str, str]], reviews: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if not reviews:  # nobody else has to put consents in order
            del self.fields["consent"]
        owner, model = self.fields["owner"], self.fields["model"]
        assert isinstance(owner, forms.ChoiceField)
        assert isinstance(model, forms.ChoiceField)
        owner.choices = [("", "Everybody"), *owners]
        model.choices = [("", "Any model"), *((name, name) for name in settings.ANAM_MODELS)]
