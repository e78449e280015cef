"""Changing the policy, on the record."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from avatars.models import Kind, Policy, Subject

from . import record


def change(version: int, rules: dict[str, Any], by: Any) -> bool:
    """False when somebody else has changed it since this version was read.

    What the environment settles stays as it is. The rules count for photos that come in from now
    on; only who may decide and who may see counts at once.
    """
    free = {name: value for name, value in rules.items() if name not in settings.POLICY}
    with transaction.atomic():
        before = Policy.objects.get(pk=1).rules
        changed = record.changes(before, free)
        if not changed["after"]:
            return True
        done = Policy.objects.change(version, timezone.now(), by=by, **free)
        if done:
            about = (Subject.POLICY, "", "")
            record.write(Kind.POLICY_CHANGED, about, actor=by, detail=changed)
    return done
