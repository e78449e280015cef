"""The first administrator's way in: one row, used once."""

from datetime import datetime
from typing import Self

from django.db import models

from ..codes import digest


class SetUpQuerySet(models.QuerySet["SetUp"]):
    def unused(self) -> Self:
        return self.filter(used_at=None)

    def use(self, code: str, now: datetime) -> bool:
        """One conditional UPDATE: False means a wrong code, or that somebody was first."""
        return self.unused().filter(digest=digest(code)).update(used_at=now) == 1


class SetUp(models.Model):
    """`digest` is empty when the door was closed by a command and no code was ever made."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    digest = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = SetUpQuerySet.as_manager()

    class Meta:
        verbose_name = "set-up"
        verbose_name_plural = "set-up"
        constraints = (
            models.CheckConstraint(condition=models.Q(id=1), name="people_set_up_is_one_row"),
        )

    def __str__(self) -> str:
        return "used" if self.used_at else "waiting"
