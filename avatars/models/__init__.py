"""The facts: avatars, what happened to them, and who else may ask or is told."""

from .avatar import Avatar
from .circles import CIRCLES, who_may_know
from .consent import LINK_LIFE, REMINDERS, Consent, How, Mail, Wording
from .conversation import Conversation
from .delivery import PING, Delivery, DeliveryState
from .draft import Desk, Draft
from .event import Event
from .feed import Feed, FeedChange, is_usable
from .kinds import Kind, Subject, Topic
from .look import Look
from .mailing import MailChoice, Mailing
from .notice import Notice
from .photo_call import PhotoCall
from .policy import RULES, Creators, Policy, holders
from .pulse import Pulse
from .reply import Reply
from .states import (
    BEFOREHAND,
    BLOCKING,
    Approval,
    Errand,
    Reason,
    ReviewTime,
    Standing,
    State,
)
from .stocktake import Difference, StockTake
from .token import NEEDS, Right, Token
from .weather import FOR_ADMINISTRATORS, FOR_ALL, READABLE, Weather
from .webhook import Webhook
from .wish import Wish

__all__ = [
    "BEFOREHAND",
    "BLOCKING",
    "CIRCLES",
    "FOR_ADMINISTRATORS",
    "FOR_ALL",
    "LINK_LIFE",
    "NEEDS",
    "PING",
    "READABLE",
    "REMINDERS",
    "RULES",
    "Approval",
    "Avatar",
    "Consent",
    "Conversation",
    "Creators",
    "Delivery",
    "DeliveryState",
    "Desk",
    "Difference",
    "Draft",
    "Errand",
    "Event",
    "Feed",
    "FeedChange",
    "How",
    "Kind",
    "Look",
    "Mail",
    "MailChoice",
    "Mailing",
    "Notice",
    "PhotoCall",
    "Policy",
    "Pulse",
    "Reason",
    "Reply",
    "ReviewTime",
    "Right",
    "Standing",
    "State",
    "StockTake",
    "Subject",
    "Token",
    "Topic",
    "Weather",
    "Webhook",
    "Wish",
    "Wording",
    "holders",
    "is_usable",
    "who_may_know",
]
