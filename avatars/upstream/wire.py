"""The vendor's JSON, read with tolerance: no field is marked required, and new ones appear.

Source of names and shapes: Anam's reference of April 2026 and its OpenAPI file of July 2026.
"""

import json
import logging
import math
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from avatars.names import tidy_name

from .errors import Cause, Unintelligible

logger = logging.getLogger(__name__)

# Versions come in two vocabularies, seen side by side in answers: public and internal names.
_PUBLIC_VERSIONS = {"v1": "cara-2", "v2": "cara-3"}
# Anam's are UUIDs. Whatever else an id may be one day, it stands in logs and addresses.
_ID = re.compile(r"[!-~]{1,100}")
_LINE_MAX, _LINES_MAX = 60, 50  # characters of a version or a tag, and how many of them, we show
_SAID_MAX = 300  # characters of the vendor's sentence that we keep


@dataclass(frozen=True)
class UpstreamAvatar:
    """One avatar as Anam describes it. `raw` is the whole object, unknown fields included."""

    id: str
    display_name: str
    image_url: str
    video_url: str
    created_at: datetime | None
    organization: str | None
    raw: dict[str, Any] = field(repr=False)

    @property
    def is_stock(self) -> bool:
        """Made by Anam for everybody. An answer without the field says nothing, so: no."""
        return "createdByOrganizationId" in self.raw and self.organization is None


@dataclass(frozen=True)
class Page:
    """One page of the list, and the number of the next one, if any.

    `total` is how many avatars the whole list says it has, `skipped` how many of this page could
    not be told by an id.
    """

    avatars: tuple[UpstreamAvatar, ...]
    next: int | None
    total: int | None = None
    skipped: int = 0
    is_last: bool = True  # it says so, or is too short to have a next one
    denied: bool = False  # a 404: an empty list, or nobody who knows of lists


def avatar_from(raw: object) -> UpstreamAvatar:
    """Read an avatar. Raises `Unintelligible` when it isn't an object with an id."""
    if not isinstance(raw, dict) or not _has_id(raw):
        raise Unintelligible(Cause.NO_ANSWER)
    return UpstreamAvatar(
        id=_text(raw["id"]),
        display_name=tidy_name(_text(raw.get("displayName"))),
        image_url=_text(raw.get("imageUrl")),
        video_url=_text(raw.get("videoUrl")),
        created_at=moment_from(raw.get("createdAt")),
        organization=_text(raw.get("createdByOrganizationId")) or None,
        raw=raw,
    )


def page_from(raw: object) -> Page:
    """Read a page of the list. Raises `Unintelligible` when it has no `data` array.

    One item without an id must not hide the others.
    """
    if not isinstance(raw, dict) or not isinstance(raw.get("data"), list):
        raise Unintelligible(Cause.NO_ANSWER)
    found = [item for item in raw["data"] if _has_id(item)]
    if skipped := len(raw["data"]) - len(found):
        logger.warning("%s items of a list have no id and were left out", skipped)
    return Page(
        avatars=tuple(avatar_from(item) for item in found),
        next=_number(raw.get("meta"), "next"),
        total=_number(raw.get("meta"), "total"),
        skipped=skipped,
        is_last=_is_last(raw),
    )


def _is_last(raw: dict[str, Any]) -> bool:
    meta = raw.get("meta")
    if isinstance(meta, dict) and "next" in meta:
        return meta["next"] is None
    return len(raw["data"]) < 100


def json_from(body: bytes) -> object:
    """Parse a body. Raises `Unintelligible` when it isn't JSON."""
    try:
        return _storable(json.loads(body))
    except (ValueError, RecursionError):
        raise Unintelligible(Cause.NO_ANSWER) from None


def object_from(raw: object) -> dict[str, Any]:
    """A JSON object as it came. Raises `Unintelligible` for anything else."""
    if not isinstance(raw, dict):
        raise Unintelligible(Cause.NO_ANSWER)
    return raw


def sentence_from(body: bytes) -> str:
    """The vendor's own words in an error body, short and clean; "" for HTML or nothing.

    Seen: `message`, `error`, a validation list under `details`, and plain text.
    """
    text = body.decode("utf-8", "replace").strip()
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        return "" if re.search(r"[<{}>]|Traceback", text) else tidy_name(text)[:_SAID_MAX]
    if not isinstance(raw, dict):
        return ""
    parts = [_text(raw.get("message")) or _text(raw.get("error")), *_details(raw.get("details"))]
    return tidy_name(". ".join(part for part in parts if part))[:_SAID_MAX]


def headline_from(body: bytes) -> str:
    """The vendor's `error`, word for word: its SDKs tell some refusals apart by it."""
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return tidy_name(_text(raw.get("error")))[:_SAID_MAX] if isinstance(raw, dict) else ""


def public_version(raw: str) -> str:
    """The name people know: `v2` is cara-3, `cara-4-2026…` is cara-4-latest."""
    if raw.startswith("cara-4-"):
        return "cara-4-latest"
    return _PUBLIC_VERSIONS.get(raw) or tidy_name(raw[:_LINE_MAX])


def lines_from(value: object) -> list[str]:
    """The texts in a list, fit to be shown; none for anything else."""
    texts = value[:_LINES_MAX] if isinstance(value, list) else []
    lines = (tidy_name(text[:_LINE_MAX]) for text in texts if isinstance(text, str))
    return [line for line in lines if line]


def _storable(value: Any) -> Any:
    """`value` without what Python reads as JSON and databases don't: NUL, half characters, NaN."""
    match value:
        case str():
            return re.sub(r"[\0\ud800-\udfff]", "", value)
        case float():
            return value if math.isfinite(value) else None
        case list():
            return [_storable(item) for item in value]
        case dict():
            return {_storable(name): _storable(item) for name, item in value.items()}
    return value


def _details(raw: object) -> list[str]:
    if not isinstance(raw, list):
        return []
    found = []
    for item in raw[:5]:
        if isinstance(item, dict) and (message := _text(item.get("message"))):
            path = item.get("path")
            where = ".".join(map(str, path)) if isinstance(path, list) else _text(path)
            found.append(f"{where}: {message}" if where else message)
    return found


def _has_id(raw: object) -> bool:
    return isinstance(raw, dict) and bool(_ID.fullmatch(_text(raw.get("id"))))


def _number(raw: object, name: str) -> int | None:
    value = raw.get(name) if isinstance(raw, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def moment_from(value: object) -> datetime | None:
    """An ISO 8601 time, as Anam writes it; None for anything else."""
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
