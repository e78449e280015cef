"""The words that rows use for where an avatar stands, and what people read for them."""

from django.db import models


class State(models.TextChoices):
    """Where a wish stands on its way to Anam. The label is what people read."""

    REVIEW = "review", "Waiting for a yes"
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


class ReviewTime(models.TextChoices):
    """When the team looks at a face."""

    BEFORE = "before", "Before anything is sent to Anam"
    AFTER = "after", "Once Anam has made the avatar"
    BOTH = "both", "Before and after"
    NEVER = "never", "Never: everything counts as approved"


class Standing(models.TextChoices):
    """How it stands with the consent of whoever is shown."""

    NONE = "none", "No consent on record"
    ASKED = "asked", "Consent asked for"
    GIVEN = "given", "Consent given"
    DENIED = "denied", "Consent refused"
    WITHDRAWN = "withdrawn", "Consent withdrawn"
    EXPIRED = "expired", "Consent has ended"


class Reason(models.TextChoices):
    """Why a reviewer says no."""

    QUALITY = "quality", "The picture is not good enough"
    FRAMING = "framing", "The face is not well placed"
    PERSON = "person", "It is not who it should be"
    CONSENT = "consent", "The consent is not in order"
    DUPLICATE = "duplicate", "We have this one already"
    PURPOSE = "purpose", "It is not clear what it is for"
    UNFIT = "unfit", "It does not suit the organisation"
    OTHER = "other", "Something else"


# What takes an avatar out of use, whatever the team has said of it.
BLOCKING = (Standing.DENIED, Standing.WITHDRAWN, Standing.EXPIRED)
# Reviewed before anything is sent.
BEFOREHAND = (ReviewTime.BEFORE, ReviewTime.BOTH)
STANDING_TONES = {
    Standing.NONE: "plain",
    Standing.ASKED: "wait",
    Standing.GIVEN: "good",
    Standing.DENIED: "bad",
    Standing.WITHDRAWN: "bad",
    Standing.EXPIRED: "bad",
}
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
