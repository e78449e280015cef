"""What people agree to, word for word, on the record: a new text is a new number."""

from typing import Any

from django.db import IntegrityError, transaction

from avatars.models import Kind, Subject, Wording

from . import record


def renew(number: int, text: str, by: Any) -> Wording | None:
    """The text that counts from now on; None when `number` is not the current one any more.

    Questions that are under way keep the text that they were asked with.
    """
    try:
        with transaction.atomic():
            before = Wording.current()
            if before.number != number:
                return None
            wording = Wording.objects.create(number=number + 1, text=text, made_by=by)
            about = (Subject.WORDING, wording.pk, str(wording))
            detail = {"before": number, "after": wording.number}
            record.write(Kind.WORDING_CHANGED, about, actor=by, detail=detail)
    except IntegrityError:  # somebody else's has this number since a moment ago
        return None
    return wording
