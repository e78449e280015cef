"""What administrators type and pick for a webhook, and everything that is wrong with it."""

from typing import Any

from django import forms
from django.conf import settings

from avatars.models import Topic
from avatars.upstream.addresses import is_public
from avatars.upstream.web_address import BadAddress, literal, read

URL_MAX = 2000  # characters

_SAYINGS = {
    "scheme": "Only addresses that begin with https:// can be used. Nothing was saved. "
    "Put a certificate in front of the receiver, or ask whoever runs Greenroom.",
    "credentials": "The address holds a name or a password. Nothing was saved. "
    "Take out everything between // and @: messages are signed, which tells more.",
    "port": "The address names an unusual port. Nothing was saved. "
    "Take out the colon and the number behind the host.",
}
_NO_ADDRESS = (
    "This is not a full web address. Nothing was saved. "
    "Write it like https://www.example.com/greenroom."
)
_INSIDE = (
    "This address lies inside a private network. Nothing was saved. Use one that is open to the "
    "internet, or have WEBHOOK_PRIVATE switched on where Greenroom runs."
)


class WebhookForm(forms.Form):
    """Where to, and what about."""

    url = forms.CharField(
        label="Address",
        max_length=URL_MAX,
        error_messages={"required": "Say where the messages are to go. Nothing was saved."},
    )
    topics = forms.MultipleChoiceField(
        label="What it hears of",
        choices=Topic.choices,
        initial=Topic.values,
        error_messages={"required": "Pick at least one. Nothing was saved."},
    )

    def clean_url(self) -> str:
        """Judged by its text; where its name leads to is looked at whenever something is sent."""
        text = str(self.cleaned_data["url"])
        private = settings.WEBHOOK_PRIVATE
        try:
            host = read(text, private=private).raw_host.decode("ascii")
        except BadAddress as error:
            raise forms.ValidationError(_SAYINGS.get(error.code, _NO_ADDRESS)) from None
        if not private and _is_inside(host):
            raise forms.ValidationError(_INSIDE)
        return text

    @property
    def picked(self) -> list[tuple[str, str, bool]]:
        """Value, label and whether it is ticked, of each topic."""
        values: Any = self["topics"].value() or []
        return [(value, str(label), value in values) for value, label in Topic.choices]


def _is_inside(host: str) -> bool:
    """Also one of the names that only a private network knows: they have no dot."""
    return not is_public(host) if literal(host) else "." not in host
