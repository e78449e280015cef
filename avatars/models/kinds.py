"""Everything that can happen, and what the world outside is told of it."""

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
    RESUBMITTED = "resubmitted", "asked for another review"
    RELEASED = "released", "let the photo go on to Anam"
    RECALLED = "recalled", "kept the photo back from Anam for want of consent"
    CONSENT_ASKED = "consent-asked", "asked for consent"
    CONSENT_CANCELLED = "consent-cancelled", "took the question for consent back"
    CONSENT_SEEN = "consent-seen", "opened the question for consent"
    CONSENT_GIVEN = "consent-given", "gave consent"
    CONSENT_FILED = "consent-filed", "put consent on record"
    CONSENT_DENIED = "consent-denied", "said no to being shown"
    CONSENT_WITHDRAWN = "consent-withdrawn", "withdrew consent"
    ERASURE_WISHED = "erasure-wished", "asked for the photo and the avatar to be erased"
    CONSENT_ENDING = "consent-ending", "saw that consent ends soon"
    CONSENT_EXPIRED = "consent-expired", "saw that consent has ended"
    FEED_ON = "feed-on", "put the avatar on a feed"
    FEED_OFF = "feed-off", "took the avatar off a feed"
    # About other things than one avatar.
    FEED_OPENED = "feed-opened", "opened a feed"
    CALL_OPENED = "call-opened", "opened a photo call"
    CALL_CLOSED = "call-closed", "closed a photo call"
    TOKEN_MADE = "token-made", "made a token"
    TOKEN_REVOKED = "token-revoked", "revoked a token"
    WEBHOOK_ADDED = "webhook-added", "added a webhook"
    WEBHOOK_CHANGED = "webhook-changed", "changed a webhook"
    WEBHOOK_REMOVED = "webhook-removed", "removed a webhook"
    POLICY_CHANGED = "policy-changed", "changed the policy"
    WORDING_CHANGED = "wording-changed", "changed the wording of consent"
    REPLY_CHANGED = "reply-changed", "changed a reply"
    EXPORTED = "exported", "exported the record"
    SIGNED_IN = "signed-in", "signed in"
    SIGNED_OUT = "signed-out", "signed out"
    SIGN_IN_FAILED = "sign-in-failed", "failed to sign in as somebody"
    PASSWORD_CHANGED = "password-changed", "changed the password of somebody"
    EMAIL_CHANGED = "email-changed", "changed the e-mail address of somebody"
    NAME_CHANGED = "name-changed", "changed the name of somebody"
    FACTOR_ADDED = "factor-added", "added a second factor for somebody"
    FACTOR_REMOVED = "factor-removed", "removed a second factor of somebody"
    CODES_MADE = "codes-made", "made new recovery codes for somebody"
    SET_UP = "set-up", "set Greenroom up"
    INVITED = "invited", "invited somebody"
    INVITATION_REVOKED = "invitation-revoked", "took back the invitation of somebody"
    INVITATION_ACCEPTED = "invitation-accepted", "came in by an invitation"
    ADDED = "added", "added somebody"
    ROLE_CHANGED = "role-changed", "changed the role of somebody"
    DEACTIVATED = "deactivated", "deactivated somebody"
    REACTIVATED = "reactivated", "reactivated somebody"


class Subject(models.TextChoices):
    """What an event is about."""

    AVATAR = "avatar", "Avatar"
    PERSON = "person", "Person"
    INVITATION = "invitation", "Invitation"
    TOKEN = "token", "Token"
    FEED = "feed", "Feed"
    WEBHOOK = "webhook", "Webhook"
    CALL = "call", "Photo call"
    POLICY = "policy", "Policy"
    WORDING = "wording", "Wording"
    REPLY = "reply", "Reply"
    RECORD = "record", "Record"


# How the words of a kind become definite, once it is known what they are about.
_DEFINITE: dict[Subject, tuple[str, str]] = {
    Subject.PERSON: ("somebody", "{}"),
    Subject.INVITATION: ("somebody", "{}"),
    Subject.TOKEN: ("a token", "the token “{}”"),
    Subject.FEED: ("a feed", "the feed {}"),
    Subject.WEBHOOK: ("a webhook", "the webhook {}"),
    Subject.CALL: ("a photo call", "the photo call “{}”"),
    Subject.REPLY: ("a reply", "the reply “{}”"),
}


# What people do about themselves.
_OWN: dict[Kind, str] = {
    Kind.SIGN_IN_FAILED: "gave a wrong password or code",
    Kind.PASSWORD_CHANGED: "changed their own password",
    Kind.EMAIL_CHANGED: "changed their own e-mail address",
    Kind.NAME_CHANGED: "changed their own name",
    Kind.FACTOR_ADDED: "added a second factor",
    Kind.FACTOR_REMOVED: "removed a second factor",
    Kind.CODES_MADE: "made new recovery codes",
}


def sentence_of(kind: Kind, subject: Subject, name: str, *, own: bool = False) -> str:
    """The label of the kind, with the name of what it is about in the place of "a …".

    `own`: it is about whoever did it.
    """
    if own and kind in _OWN:
        return _OWN[kind]
    if not name or subject not in _DEFINITE:
        return kind.label
    indefinite, definite = _DEFINITE[subject]
    return kind.label.replace(indefinite, definite.format(name))


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

    `detail` may say how things stood `before` and stand `after`: what is as it was is no news. Of
    consent it says whether an approved avatar is `usable` now and was not before, or the reverse.
    """
    match kind:
        case Kind.CONSENT_GIVEN | Kind.CONSENT_FILED:
            return Topic.APPROVED if detail.get("usable") is True else None
        case Kind.CONSENT_WITHDRAWN | Kind.CONSENT_EXPIRED | Kind.CONSENT_DENIED:
            return Topic.WITHDRAWN if detail.get("usable") is False else None
    return _topic_of_change(kind, detail.get("before"), detail.get("after"))


def _topic_of_change(kind: Kind, before: object, after: object) -> Topic | None:
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
