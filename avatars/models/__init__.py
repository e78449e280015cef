"""The facts: avatars and what happened to them."""

from .avatar import Avatar
from .event import Event, Kind
from .pulse import Pulse
from .states import Approval, Errand, State
from .stocktake import Difference, StockTake
from .weather import FOR_ADMINISTRATORS, FOR_ALL, READABLE, Weather
from .wish import Wish

__all__ = [
    "FOR_ADMINISTRATORS",
    "FOR_ALL",
    "READABLE",
    "Approval",
    "Avatar",
    "Difference",
    "Errand",
    "Event",
    "Kind",
    "Pulse",
    "State",
    "StockTake",
    "Weather",
    "Wish",
]
