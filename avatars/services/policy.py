"""Changing the policy, on the record, and who decides by it."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q
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


def reviewers() -> Any:
    """Everybody who may decide about avatars now."""
    by_role = Q(groups__permissions__codename="review_avatar")
    people = get_user_model().objects.filter(by_role | Q(is_superuser=True), is_active=True)
    return people.distinct().order_by("pk")
