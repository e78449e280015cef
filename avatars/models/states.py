"""The words that rows use for where an avatar stands, and what people read for them."""

from django.db import models


class State(models.TextChoices):
    """Where a wish stands on its way to Anam. The label is what people read."""

    REVIEW = "review", "In review"
    QUEUED = "queued", "Waiting to be sent"
    SENDING = "sending", "Being created"
    READY = "ready", "Ready"
    HELD = "held", "On hold"
    UNKNOWN = "unknown", "Being checked"
    REFUSED = "refused", "Refused by Anam"
    REMOVED = "removed", "Removed"


class Errand(models.TextChoices):
    """What Anam must still be told about an avatar that was changed here."""

    RENAME = "rename", "the new name"
    REMOVE = "remove", "that it is removed"
    ERASE = "erase", "that everything is to be erased"


class Approval(models.TextChoices):
    """Whether the team lets the face be used; apart from `State`."""

    WAITING = "waiting", "Waiting for review"
    APPROVED = "approved", "Approved"
    CHANGES = "changes", "Changes asked for"
    REJECTED = "rejected", "Rejected"


TONES = {
    State.REVIEW: "wait",
    State.QUEUED: "busy",
    State.SENDING: "busy",
    State.READY: "good",
    State.HELD: "wait",
    State.UNKNOWN: "wait",
    State.REFUSED: "bad",
    State.REMOVED: "plain",
}
APPROVAL_TONES = {
    Approval.WAITING: "wait",
    Approval.APPROVED: "good",
    Approval.CHANGES: "wait",
    Approval.REJECTED: "bad",
}
