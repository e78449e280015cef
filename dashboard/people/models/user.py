"""Somebody who signs in."""

from collections.abc import Iterable
from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone

from ..roles import Role


class LowerCaseEmailField(models.EmailField[str, str]):
    """Stored, compared and looked up in lower case: nobody remembers how they once typed it."""

    def get_prep_value(self, value: Any) -> Any:
        prepared = super().get_prep_value(value)
        return prepared.lower() if isinstance(prepared, str) else prepared

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = self.get_prep_value(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value


class UserManager(BaseUserManager["User"]):
    def draft(self, email: str, *, name: str = "") -> "User":
        """Not saved, no password yet. The name defaults to what stands before the @."""
        return User(email=email, name=name or email.partition("@")[0][:80])

    def create_user(self, email: str, password: str | None = None, *, name: str = "") -> "User":
        """A person without a role yet; `roles.give` is the other half.

        Without a password nobody can sign in as them.
        """
        user = self.draft(email, name=name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = LowerCaseEmailField(
        "e-mail address",
        unique=True,
        error_messages={"unique": "Somebody with this e-mail address already has an account."},
    )
    name = models.CharField(max_length=80)
    is_active = models.BooleanField("active", default=True)
    is_staff = models.BooleanField("may use Django's admin", default=False, editable=False)
    date_joined = models.DateTimeField("joined", default=timezone.now, editable=False)

    objects = UserManager()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        verbose_name = "person"
        verbose_name_plural = "people"
        ordering = ("name", "email")
        constraints = (
            models.UniqueConstraint(Lower("email"), name="people_user_email_in_any_case"),
            models.CheckConstraint(condition=~models.Q(email=""), name="people_user_has_email"),
        )

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def short_name(self) -> str:
        return next(iter(str(self).split()), self.email)

    def get_short_name(self) -> str:
        """Django's admin asks for it by this name."""
        return self.short_name

    @property
    def role(self) -> Role | None:
        """The highest role; None for somebody who was made without one."""
        return _highest(group.name for group in self.groups.all())


def _highest(names: Iterable[str]) -> Role | None:
    held = set(names)
    return next((role for role in reversed(Role) if role.value in held), None)
