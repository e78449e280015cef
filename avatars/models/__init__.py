"""The facts: avatars, what happened to them, and who else may ask or is told."""

from .avatar import Avatar
from .conversation import Conversation
from .delivery import PING, Delivery, DeliveryState
from .event import Event
from .feed import Feed, FeedChange, is_usable
from .kinds import Kind, Topic
from .pulse import Pulse
from .states import Approval, Errand, State
from .stocktake import Difference, StockTake
from .token import NEEDS, Right, Token
from .weather import FOR_ADMINISTRATORS, FOR_ALL, READABLE, Weather
from .webhook import Webhook
from .wish import Wish

__all__ = [
    "FOR_ADMINISTRATORS",
    "FOR_ALL",
    "NEEDS",
    "PING",
    "READABLE",
    "Approval",
    "Avatar",
    "Conversation",
    "Delivery",
    "DeliveryState",
    "Difference",
    "Errand",
    "Event",
    "Feed",
    "FeedChange",
    "Kind",
    "Pulse",
    "Right",
    "State",
    "StockTake",
    "Token",
    "Topic",
    "Weather",
    "Webhook",
    "Wish",
    "is_usable",
]
