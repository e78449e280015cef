"""Django's admin for whoever operates this: everything to be read, nothing to be typed over.

What can be done here is done by the same services as on the pages, one row after the other.
"""

from . import anam, avatar, consent, event, feed, photo_call, policy, token, webhook

__all__ = [
    "anam",
    "avatar",
    "consent",
    "event",
    "feed",
    "photo_call",
    "policy",
    "token",
    "webhook",
]
