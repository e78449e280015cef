"""One rule about photos: what its findings, its line in the list of checks and its page say."""

from dataclasses import dataclass

from avatars.photos.finding import Finding, Severity


@dataclass(frozen=True)
class Rule:
    """`check` names the line of the list of checks that it belongs to.

    `wanted` and `how_to_fix` are what its findings say unless they know it better; `why` is for
    its own page.
    """

    code: str
    check: str
    severity: Severity
    title: str
    wanted: str
    how_to_fix: str
    why: str

    def found(self, measured: str, *, wanted: str = "", how_to_fix: str = "") -> Finding:
        """The finding about one photo."""
        return Finding(
            code=self.code,
            severity=self.severity,
            title=self.title,
            measured=measured,
            wanted=wanted or self.wanted,
            how_to_fix=how_to_fix or self.how_to_fix,
        )
