"""What several consents to one photo come to, for one of the avatars made from it.

By rows alone: nothing is asked or written here.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from avatars.models import BLOCKING, Consent, How, Standing

Sum = tuple[Standing, datetime | None]

_NO = (Standing.DENIED, Standing.WITHDRAWN)


def weigh(rows: Iterable[Consent], avatar_id: UUID | None = None) -> Sum:
    """How it stands, and until when. `rows` are all there are for the photo.

    Whoever sends a photo in by a photo call may be anybody who has that file. So their yes counts
    for the avatar that came of it and for no other one, and is none where somebody was asked and
    said no. Their no counts for all: rather a face too few than one too many.
    """
    counting = [row for row in rows if row.how != How.CALL or _counts(row, avatar_id)]
    given = _given(counting, avatar_id)
    if given:
        ends = [row.valid_until for row in given if row.valid_until]
        return Standing.GIVEN, max(ends) if len(ends) == len(given) else None
    over = [row for row in counting if row.standing_now in BLOCKING]
    if over:
        return max(over, key=_ended_at).standing_now, None
    return (Standing.ASKED if any(row.is_open for row in counting) else Standing.NONE), None


def _counts(sent_in: Consent, avatar_id: UUID | None) -> bool:
    return sent_in.avatar_id == avatar_id or sent_in.standing in _NO


def _given(rows: list[Consent], avatar_id: UUID | None) -> list[Consent]:
    given = [row for row in rows if row.standing_now == Standing.GIVEN]
    if all(row.how == How.CALL for row in given):
        said_no = any(row.how != How.CALL and row.standing in _NO for row in rows)
        return [] if said_no else given
    # Whoever took back what they sent in means that avatar, whatever was agreed before then.
    mine = [row for row in rows if row.how == How.CALL and row.avatar_id == avatar_id]
    noes = [_ended_at(row) for row in mine if row.standing in _NO]
    return [row for row in given if not noes or _answered_at(row) > max(noes)]


def _answered_at(consent: Consent) -> datetime:
    return consent.answered_at or consent.asked_at


def _ended_at(consent: Consent) -> datetime:
    moments = {
        Standing.WITHDRAWN: consent.withdrawn_at,
        Standing.DENIED: consent.answered_at,
        Standing.EXPIRED: consent.valid_until,
    }
    return moments[consent.standing_now] or consent.asked_at
