"""Everything that can happen to an avatar, and what the world outside is told of it."""

from collections.abc import Mapping
from typing import Any

from django.db import models

from .states import Approval, State


class Kind(models.TextChoices):
    """Everything that can happen. The label is the sentence that people read."""

    UPLOADED = "uploaded", "uploaded the photo"
    SENDING = "sending", "began to send the photo to Anam"
    CREATED = "created", "got the avatar from Anam"
    ADOPTED = "adopted", "found the avatar at Anam and took it over"
    HELD = "held", "put the avatar on hold"
    LOST = "lost", "lost Anam's answer"
    SEVERAL = "several", "found several avatars that could be this one"
    ABSENT = "absent", "made sure that Anam has no such avatar"
    STOPPED = "stopped", "stopped trying after too many lost answers"
    REFUSED = "refused", "was told no by Anam"
    AGAIN = "again", "asked for another try"
    PREVIEW = "preview", "got the preview video"
    IMPORTED = "imported", "took the avatar over from the Anam Lab"
    VERSION = "version", "saw a new version at Anam"
    GONE = "gone", "found the avatar gone at Anam"
    BACK = "back", "found the avatar at Anam again"
    RENAMED_THERE = "renamed-there", "found a new name at Anam"
    RENAMED = "renamed", "renamed the avatar"
    RENAME_TOLD = "rename-told", "told Anam the new name"
    RENAME_REFUSED = "rename-refused", "was told by Anam that the new name will not do"
    REMOVED = "removed", "removed the avatar"
    RESTORED = "restored", "brought the avatar back"
    REMOVAL_TOLD = "removal-told", "removed the avatar at Anam"
    ERASURE = "erasure", "asked to erase the avatar"
    ERASED = "erased", "erased the photo and everything that shows the face"
    ERASURE_TOLD = "erasure-told", "erased the avatar at Anam"
    APPROVED = "approved", "approved the avatar"
    CHANGES = "changes", "asked for changes"
    REJECTED = "rejected", "rejected the avatar"
    FEED_ON = "feed-on", "put the avatar on a feed"
    FEED_OFF = "feed-off", "took the avatar off a feed"


class Topic(models.TextChoices):
    """What webhooks tell. The label is what people pick from."""

    CREATED = "avatar.created", "A photo was taken in"
    READY = "avatar.ready", "Anam has made the avatar"
    REFUSED = "avatar.refused", "Anam said no"
    APPROVED = "avatar.approved", "The team approved it"
    WITHDRAWN = "avatar.withdrawn", "An approval was taken back"
    REMOVED = "avatar.removed", "It was removed or erased"


_TOPICS: dict[Kind, Topic] = {
    Kind.UPLOADED: Topic.CREATED,
    Kind.CREATED: Topic.READY,
    Kind.ADOPTED: Topic.READY,
    Kind.IMPORTED: Topic.READY,
    Kind.BACK: Topic.READY,
    Kind.REFUSED: Topic.REFUSED,
    Kind.STOPPED: Topic.REFUSED,
    Kind.GONE: Topic.REMOVED,
    Kind.ERASURE: Topic.REMOVED,
}
_GONE = "gone"  # upstream.errors.Cause.GONE, as rows hold it


def topic_of(kind: Kind, detail: Mapping[str, Any]) -> Topic | None:
    """What webhooks tell of it; None when it is nobody's business outside.

    `detail` may say how things stood `before` and stand `after`: what is as it was is no news.
    """
    before, after = detail.get("before"), detail.get("after")
    match kind:
        case Kind.APPROVED:
            return None if before == Approval.APPROVED else Topic.APPROVED
        case Kind.CHANGES | Kind.REJECTED:
            return Topic.WITHDRAWN if before == Approval.APPROVED else None
        case Kind.REMOVED:
            return None if before == _GONE else Topic.REMOVED
        case Kind.RESTORED:
            return Topic.READY if after == State.READY else None
    return _TOPICS.get(kind)
