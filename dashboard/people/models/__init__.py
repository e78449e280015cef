"""The rows of people. `User` is the project's AUTH_USER_MODEL."""

from .invitation import Invitation
from .set_up import SetUp
from .user import User

__all__ = ["Invitation", "SetUp", "User"]
