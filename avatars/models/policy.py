"""The policy: when and by whom avatars are reviewed, and who may make how many."""

from datetime import datetime
from math import ceil
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.db import models
from django.db.models import F
from django.utils import timezone

from .states import Approval, ReviewTime

_WARN_AT = 0.8  # of the month's limit, unless the policy says otherwise


class Creators(models.TextChoices):
    """Who may make avatars, of those whose role lets them at all."""

    CREATORS = "creators", "Creators, reviewers and administrators"
    REVIEWERS = "reviewers", "Reviewers and administrators"
    ADMINISTRATORS = "administrators", "Administrators alone"


# The permission that tells these people from others.
NEEDED_TO_CREATE = {
    Creators.CREATORS: "avatars.add_avatar",
    Creators.REVIEWERS: "avatars.review_avatar",
    Creators.ADMINISTRATORS: "avatars.operate_avatar",
}
RULES = (
    "review",
    "four_eyes",
    "consent",
    "creators",
    "private",
    "month_limit",
    "month_warning",
)


def holders(permission: str) -> models.QuerySet[Any]:
    """The active people who may do that now, as "avatars.review_avatar"."""
    return ModelBackend().with_perm(permission)


class PolicyQuerySet(models.QuerySet["Policy"]):
    def change(self, version: int, now: datetime, *, by: Any, **rules: Any) -> bool:
        """False when somebody else has changed it since this version was read."""
        rows = self.filter(pk=1, version=version)
        changes = {**rules, "changed_at": now, "changed_by": by}
        return rows.update(version=F("version") + 1, **changes) == 1


class Policy(models.Model):
    """One row. What the environment says (`settings.POLICY`) counts more than the row."""

    review = models.CharField(max_length=6, choices=ReviewTime, default=ReviewTime.AFTER)
    four_eyes = models.BooleanField(default=False)
    consent = models.BooleanField(default=False)
    creators = models.CharField(max_length=14, choices=Creators, default=Creators.CREATORS)
    private = models.BooleanField(default=False)
    month_limit = models.PositiveIntegerField(null=True, blank=True)
    month_warning = models.PositiveIntegerField(null=True, blank=True)
    version = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PolicyQuerySet.as_manager()

    class Meta:
        verbose_name_plural: ClassVar = "policy"
        default_permissions = ()

    def __str__(self) -> str:
        return f"version {self.version}"

    @classmethod
    def current(cls) -> "Policy":
        """As it counts now."""
        policy = cls._default_manager.filter(pk=1).first() or cls(pk=1)
        for name, value in settings.POLICY.items():
            setattr(policy, name, value)
        return policy

    @property
    def rules(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in RULES}

    @property
    def warns_at(self) -> int | None:
        """With how many avatars in a month somebody is warned; None without a limit."""
        if self.month_limit is None:
            return None
        usual = ceil(self.month_limit * _WARN_AT)
        return min(self.month_warning or usual, self.month_limit)

    def shows(self, avatar: Any, person: Any) -> bool:
        """Whether somebody may know of it."""
        if not self.hides(avatar) or avatar.owner_id == person.pk:
            return True
        return bool(person.has_perm("avatars.review_avatar"))

    def hides(self, avatar: Any) -> bool:
        """Whether only its owner and those who review may know of it."""
        return self.private and not (avatar.stock or avatar.approval == Approval.APPROVED)

    def lets_create(self, person: Any) -> bool:
        may = person.has_perm("avatars.add_avatar")
        return bool(may and person.has_perm(NEEDED_TO_CREATE[Creators(self.creators)]))

    def makers(self) -> models.QuerySet[Any]:
        """All whom it `lets_create`, by what the database says now."""
        allowed = holders(NEEDED_TO_CREATE[Creators(self.creators)])
        return allowed.filter(pk__in=holders("avatars.add_avatar").values("pk"))
