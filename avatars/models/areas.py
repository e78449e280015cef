"""Everything that can happen, sorted by where people look for it."""

from django.db import models

from .kinds import Kind


class Area(models.TextChoices):
    """The label is what people pick from."""

    MAKING = "making", "Making avatars"
    CHANGING = "changing", "Names, removing and erasing"
    REVIEW = "review", "Review"
    CONSENT = "consent", "Consent and photo calls"
    FEEDS = "feeds", "Feeds"
    PROGRAMS = "programs", "Tokens and webhooks"
    ENTRANCE = "entrance", "Signing in"
    PEOPLE = "people", "People and roles"
    RULES = "rules", "Policy and record"


AREAS: dict[Area, tuple[Kind, ...]] = {
    Area.MAKING: (
        *(Kind.UPLOADED, Kind.SENDING, Kind.CREATED, Kind.ADOPTED, Kind.HELD, Kind.LOST),
        *(Kind.SEVERAL, Kind.ABSENT, Kind.STOPPED, Kind.REFUSED, Kind.AGAIN, Kind.PREVIEW),
        *(Kind.IMPORTED, Kind.VERSION, Kind.GONE, Kind.BACK),
    ),
    Area.CHANGING: (
        *(Kind.RENAMED, Kind.RENAMED_THERE, Kind.RENAME_TOLD, Kind.RENAME_REFUSED),
        *(Kind.REMOVED, Kind.RESTORED, Kind.REMOVAL_TOLD),
        *(Kind.ERASURE, Kind.ERASED, Kind.ERASURE_TOLD),
    ),
    Area.REVIEW: (
        *(Kind.APPROVED, Kind.CHANGES, Kind.REJECTED, Kind.RESUBMITTED),
        *(Kind.RELEASED, Kind.RECALLED),
    ),
    Area.CONSENT: (
        *(Kind.CONSENT_ASKED, Kind.CONSENT_CANCELLED, Kind.CONSENT_SEEN, Kind.CONSENT_GIVEN),
        *(Kind.CONSENT_FILED, Kind.CONSENT_DENIED, Kind.CONSENT_WITHDRAWN, Kind.ERASURE_WISHED),
        *(Kind.CONSENT_ENDING, Kind.CONSENT_EXPIRED, Kind.CALL_OPENED, Kind.CALL_CLOSED),
    ),
    Area.FEEDS: (Kind.FEED_OPENED, Kind.FEED_ON, Kind.FEED_OFF),
    Area.PROGRAMS: (
        *(Kind.TOKEN_MADE, Kind.TOKEN_REVOKED),
        *(Kind.WEBHOOK_ADDED, Kind.WEBHOOK_CHANGED, Kind.WEBHOOK_REMOVED),
    ),
    Area.ENTRANCE: (
        *(Kind.SIGNED_IN, Kind.SIGNED_OUT, Kind.SIGN_IN_FAILED, Kind.PASSWORD_CHANGED),
        *(Kind.FACTOR_ADDED, Kind.FACTOR_REMOVED, Kind.CODES_MADE),
    ),
    Area.PEOPLE: (
        *(Kind.SET_UP, Kind.INVITED, Kind.INVITATION_REVOKED, Kind.INVITATION_ACCEPTED),
        *(Kind.ADDED, Kind.ROLE_CHANGED, Kind.DEACTIVATED, Kind.REACTIVATED),
        *(Kind.NAME_CHANGED, Kind.EMAIL_CHANGED),
    ),
    Area.RULES: (Kind.POLICY_CHANGED, Kind.WORDING_CHANGED, Kind.REPLY_CHANGED, Kind.EXPORTED),
}
