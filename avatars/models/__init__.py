"""The facts: avatars and what happened to them."""

from .avatar import Approval, Avatar, State
from .event import Event, Kind
from .pulse import Pulse

__all__ = ["Approval", "Avatar", "Event", "Kind", "Pulse", "State"]
