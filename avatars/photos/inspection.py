"""The verdict about a photo, and what it was measured by."""

from dataclasses import dataclass
from typing import Literal

from avatars.photos.face import Face
from avatars.photos.finding import Finding, Severity
from avatars.photos.framing import Frame, framed
from avatars.photos.header import Kind
from avatars.photos.photo import Photo

_ALL = Frame()


@dataclass(frozen=True)
class Facts:
    """Of the whole file; `bytes` counts it. The rest is 0 or "" where it could not be looked at.

    Sides are in pixels, upright where it was decoded and as the file states them where not.
    """

    bytes: int
    kind: Kind | Literal[""] = ""
    width: int = 0
    height: int = 0
    decoded: bool = False


@dataclass(frozen=True)
class Inspection:
    """Errors before advice before what is fixed.

    `whole` is the whole upright picture, there also when only what it shows is wrong: another
    frame may help. None when the file itself is refused. `faces` are in pixels of what the frame
    shows, the largest first; None when nobody looked, as with a photo that is refused.
    """

    findings: tuple[Finding, ...]
    facts: Facts
    whole: Photo | None = None
    frame: Frame = _ALL
    faces: tuple[Face, ...] | None = None

    @property
    def photo(self) -> Photo | None:
        """What the frame shows, None when there is any error.

        Cut anew each time it is asked for, so that nobody keeps two large pictures by keeping the
        verdict.
        """
        if self.whole is None or self.errors:
            return None
        return framed(self.whole, self.frame)

    @property
    def sides(self) -> tuple[int, int]:
        """Width and height in pixels of what the frame shows."""
        return self.frame.sides(self.facts.width, self.facts.height)

    @property
    def errors(self) -> tuple[Finding, ...]:
        return self._of("error")

    @property
    def advice(self) -> tuple[Finding, ...]:
        return self._of("advice")

    @property
    def fixes(self) -> tuple[Finding, ...]:
        return self._of("fixed")

    def _of(self, severity: Severity) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == severity)
