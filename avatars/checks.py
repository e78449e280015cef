"""What `manage.py check` says about settings that would leak the key or break what goes by them."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Advice

from avatars.models import Creators, ReviewTime

_Fault = tuple[str, str, str]  # code, text, hint
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@register(Tags.security)
def anam_settings(**_: Any) -> list[CheckMessage]:
    """The key must be fit for a header, and travel over TLS unless it stays on this machine."""
    messages = [*_address_faults(), *_key_faults()]
    return [Error(text, hint=hint, id=f"avatars.{code}") for code, text, hint in messages]


def _address_faults() -> list[_Fault]:
    url = urlsplit(settings.ANAM_API_URL)
    if url.scheme not in ("http", "https") or not url.hostname:
        return [("E001", "ANAM_API_URL is not an address.", "Leave it empty for Anam itself.")]
    if url.scheme == "http" and url.hostname not in _LOOPBACK:
        return [("E002", "ANAM_API_URL would send the key without TLS.", "Use https://.")]
    return []


def _key_faults() -> list[_Fault]:
    key = settings.ANAM_API_KEY
    if key.isascii() and key.isprintable() and " " not in key:
        return []
    return [("E003", "ANAM_API_KEY holds characters that no key has.", "Copy it once more.")]


@register
def policy_settings(**_: Any) -> list[CheckMessage]:
    """What the environment settles must be something that the policy knows."""
    messages = [*_choice_faults(), *_switch_faults(), *_month_faults()]
    return [Error(text, hint=hint, id=f"avatars.{code}") for code, text, hint in messages]


def _choice_faults() -> list[_Fault]:
    known = {"review": ("E004", ReviewTime.values), "creators": ("E005", Creators.values)}
    pins = settings.POLICY
    return [
        (code, f"{_named(rule)}, which is none of its values.", f"Say {', '.join(values)}.")
        for rule, (code, values) in known.items()
        if rule in pins and pins[rule] not in values
    ]


def _switch_faults() -> list[_Fault]:
    pins = settings.POLICY
    wrong = [
        rule
        for rule in ("four_eyes", "consent", "private")
        if rule in pins and not isinstance(pins[rule], bool)
    ]
    hint = "Say on or off; leave it empty to settle it on the page “Policy”."
    return [("E006", f"{_named(rule)}, which is neither on nor off.", hint) for rule in wrong]


def _month_faults() -> list[_Fault]:
    pins = settings.POLICY
    months = [rule for rule in ("month_limit", "month_warning") if rule in pins]
    wrong = [rule for rule in months if not (isinstance(pins[rule], int) and pins[rule] > 0)]
    hint = "Say 1 or more; leave it empty for none, or to settle it on the page “Policy”."
    if wrong:
        text = "which is no whole number above zero."
        return [("E007", f"{_named(rule)}, {text}", hint) for rule in wrong]
    if len(months) == 2 and pins["month_warning"] > pins["month_limit"]:
        text = "POLICY_MONTH_WARNING is above POLICY_MONTH_LIMIT, so nobody would be warned."
        return [("E008", text, "Make the warning as low as the limit, or lower.")]
    return []


def _named(rule: str) -> str:
    return f"POLICY_{rule.upper()} is “{settings.POLICY[rule]}”"


@register(Tags.security, deploy=True)
def public_address(**_: Any) -> list[CheckMessage]:
    """Beyond this machine, Greenroom belongs behind TLS."""
    if settings.PUBLIC_URL or settings.HOST in _LOOPBACK:
        return []
    return [
        Advice(
            "PUBLIC_URL is not set, so cookies and pages travel without TLS.",
            hint="Set PUBLIC_URL=https://… and put a TLS proxy in front; see docs/operate.md.",
            id="avatars.W001",
        )
    ]
