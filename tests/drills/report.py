"""What a drill tells: a table, and what went wrong."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass
class Report:
    """`failures` holds a sentence for each thing that should not be so; empty when all is well."""

    title: str
    columns: Sequence[str]
    rows: list[Sequence[object]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def expect(self, holds: object, otherwise: str) -> None:
        if not holds:
            self.failures.append(otherwise)

    def __str__(self) -> str:
        table = [self.columns, ["---"] * len(self.columns), *self.rows]
        lines = ["| " + " | ".join(map(str, row)) + " |" for row in table]
        verdict = [f"FAILED: {failure}" for failure in self.failures] or ["All is well."]
        return "\n".join([f"## {self.title}", "", *lines, "", *verdict, ""])
