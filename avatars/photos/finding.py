"""What was found about a photo, in words the page, the API and the records share."""

from dataclasses import asdict, dataclass
from typing import Literal

Severity = Literal["error", "advice", "fixed"]


@dataclass(frozen=True)
class Finding:
    """One thing to know about a photo.

    An error refuses it, advice lets it pass, and what is fixed is put in order by Greenroom itself.
    `code` is stable and kebab-case; everything else is text for people and may change.
    """

    code: str
    severity: Severity
    title: str
    measured: str
    wanted: str
    how_to_fix: str

    def as_dict(self) -> dict[str, str]:
        """The six fields under their own names, ready for JSON."""
        return asdict(self)
