"""Photo calls: what whoever makes one says, and what whoever answers it sends."""

from typing import Any
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max

from avatars.consent_forms import WHO_MAX, Until
from avatars.forms import NO_ROOM, Line, Text
from avatars.models import Wording
from avatars.photos.finding import Finding
from avatars.photos.kinds import ACCEPT, KINDS
from avatars.photos.prepare import Prepared
from avatars.photos.taking import take
from avatars.services.consents import Terms
from avatars.services.photo_calls import DAYS_MAX, PLACES_MAX


class CallForm(forms.Form):
    title = Line(
        label="Title",
        max_length=100,
        help_text="As people read it, such as “Faces for the new intranet”.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    purpose = Text(
        label="What the avatars will be used for",
        max_length=2000,
        help_text="They agree to this and to nothing else. Say where their face will be seen.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    places = forms.IntegerField(
        label="Photos it takes",
        min_value=1,
        max_value=PLACES_MAX,
        initial=10,
        help_text=f"{PLACES_MAX} at most.",
    )
    days = forms.IntegerField(
        label="Days it is open",
        min_value=1,
        max_value=DAYS_MAX,
        initial=14,
        help_text=f"{DAYS_MAX} at most.",
    )
    model = forms.ChoiceField(label="Model")
    # A form sent twice, as by a double click, opens one call.
    wish = forms.CharField(max_length=100, initial=uuid4, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        model = self.fields["model"]
        assert isinstance(model, forms.ChoiceField)
        model.choices = [(name, name) for name in settings.ANAM_MODELS]


class SendForm(forms.Form):
    """One photo and the consent to it.

    `findings` holds what is wrong with the photo; `prepared` and `advice` what passed, once it is
    valid, and `terms` what was agreed to.
    """

    photo = forms.FileField(
        label="Your photo",
        help_text=f"{KINDS}, up to 10 MB. A phone lets you take one now.",
        required=False,  # an absent or empty one is explained like everything else about photos
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ACCEPT, "required": True}),
    )
    who = Line(
        label="Your name",
        max_length=WHO_MAX,
        error_messages={"required": "Please write your name: it is your signature."},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label="Your e-mail address",
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    agrees = forms.BooleanField(
        label="I have read this, and I agree",
        error_messages={"required": "Without your consent the photo can't be used. Do you agree?"},
    )
    until = Until(label="Until", required=False, help_text="Empty: until you take it back.")
    wording = forms.IntegerField(required=False)  # the number of the text that they read
    wish = forms.CharField(max_length=36, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].help_text = _MAILED if settings.MAILERS else _FOR_ASKING
        self.findings: list[dict[str, str]] = []
        self.advice: list[dict[str, str]] = []
        self.prepared: Prepared | None = None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        latest = Wording.objects.aggregate(latest=Max("number"))["latest"]
        if cleaned.get("wording") != latest:
            self.add_error("agrees", _OTHER_WORDS)
            # Nothing is ticked any more that was ticked beside the old words.
            self.data = {name: self.data[name] for name in self.data if name != "agrees"}
        photo = cleaned.get("photo")
        if photo is None and "photo" not in self.errors:
            self._refuse(_NO_PHOTO)
        elif photo is not None:
            self._take(photo)
        return cleaned

    @property
    def wrong_fields(self) -> list[forms.BoundField]:
        """Those that need another answer, besides the photo, whose findings tell more."""
        return [field for field in self if field.errors and field.name != "photo"]

    def refuse_for_want_of_room(self) -> None:
        """The disk said no, which is nobody's fault but has to be told like the rest."""
        self._refuse(NO_ROOM)

    def refuse_as_used(self) -> None:
        """This very form was sent before, with another photo or name."""
        self._refuse(_USED)

    def terms(self, scope: str) -> Terms:
        data = self.cleaned_data
        return Terms(
            who=data["who"],
            scope=scope,
            valid_until=data["until"],
            email=data["email"],
            wording=Wording.objects.get(number=data["wording"]),
        )

    def _take(self, photo: UploadedFile[bytes]) -> None:
        taken = take(photo.read())
        for finding in taken.errors:
            self._refuse(finding)
        if taken.prepared:
            self.prepared = taken.prepared
            self.advice = taken.as_dicts

    def _refuse(self, finding: Finding) -> None:
        self.findings.append(finding.as_dict())
        self.add_error("photo", f"{finding.title}: {finding.how_to_fix}")


_MAILED = "If you like: the link with which you can take your consent back is sent there."
_FOR_ASKING = "If you like: so that the team can ask you something."
_OTHER_WORDS = "The words have been changed since you opened this page. Please read them once more."
_USED = Finding(
    code="wish-used",
    severity="error",
    title="You have sent a photo with this form already",
    measured="another photo or name than the first time",
    wanted="a fresh form for each photo",
    how_to_fix="The first one has arrived and is safe. To send this one as well, send it again.",
)
_NO_PHOTO = Finding(
    code="no-file",
    severity="error",
    title="There is no photo",
    measured="no file",
    wanted=f"one photo of you as {KINDS}",
    how_to_fix="Choose a photo, or take one now.",
)
