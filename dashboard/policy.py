"""The rules of the policy that the environment settles, and no page can change."""

from collections.abc import Callable
from typing import Any

from environ import Env

_ON, _OFF = Env.BOOLEAN_TRUE_STRINGS, ("false", "off", "n", "no", "0")


def _text(raw: str) -> Any:
    return raw.strip()


def _switch(raw: str) -> Any:
    word = raw.strip().lower()
    return word in _ON if word in _ON or word in _OFF else raw


def _number(raw: str) -> Any:
    return int(raw) if raw.strip().isdecimal() and raw.isascii() else raw


_VARIABLES: dict[str, tuple[str, Callable[[str], Any]]] = {
    "review": ("POLICY_REVIEW", _text),
    "four_eyes": ("POLICY_FOUR_EYES", _switch),
    "consent": ("POLICY_CONSENT", _switch),
    "creators": ("POLICY_CREATORS", _text),
    "private": ("POLICY_PRIVATE", _switch),
    "month_limit": ("POLICY_MONTH_LIMIT", _number),
    "month_warning": ("POLICY_MONTH_WARNING", _number),
}


def pinned(env: Env) -> dict[str, Any]:
    """Rule and value, for those whose variable is set.

    What is no value for a rule stays as it was written: `manage.py check` refuses it in words.
    """
    written = {rule: env.str(name, default="") for rule, (name, _) in _VARIABLES.items()}
    return {rule: _VARIABLES[rule][1](raw) for rule, raw in written.items() if raw}
