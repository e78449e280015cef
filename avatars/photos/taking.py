"""From bytes to a verdict and a prepared photo, with few pictures in memory at a time."""

from dataclasses import dataclass, field

from avatars.photos.finding import Finding
from avatars.photos.inspect import inspect
from avatars.photos.photo import HOLDING
from avatars.photos.prepare import Prepared, prepare


@dataclass(frozen=True)
class Taken:
    """What was found, errors first; `prepared` is None when there is any error."""

    findings: tuple[Finding, ...]
    errors: tuple[Finding, ...]
    prepared: Prepared | None = field(repr=False)

    @property
    def as_dicts(self) -> list[dict[str, str]]:
        """All that was found, ready for the record."""
        return [finding.as_dict() for finding in self.findings]


def take(data: bytes, *, thumbnails: bool = True) -> Taken:
    """Judge and prepare the bytes of one photo. Waits its turn before it decodes anything.

    Never raises because of what they are.
    """
    with HOLDING:
        inspection = inspect(data)
        photo = inspection.photo
        prepared = prepare(photo, thumbnails=thumbnails) if photo else None
    return Taken(inspection.findings, inspection.errors, prepared)
