"""The rules of the policy that the environment settles, and no page can change."""

from typing import Any

from environ import Env

_VARIABLES = {
    "review": ("POLICY_REVIEW", Env.str),
    "four_eyes": ("POLICY_FOUR_EYES", Env.bool),
    "consent": ("POLICY_CONSENT", Env.bool),
    "creators": ("POLICY_CREATORS", Env.str),
    "private": ("POLICY_PRIVATE", Env.bool),
    "month_limit": ("POLICY_MONTH_LIMIT", Env.int),
    "month_warning": ("POLICY_MONTH_WARNING", Env.int),
}


def pinned(env: Env) -> dict[str, Any]:
    """Rule and value, for those whose variable is set."""
    return {
        rule: read(env, variable)
        for rule, (variable, read) in _VARIABLES.items()
        if env.str(variable, default="")
    }
