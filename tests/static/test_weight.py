"""Our own CSS and scripts stay as light as `docs/front-end.md` says."""

import re
from pathlib import Path

import pytest
from django.conf import settings

PROMISED = re.compile(r"our CSS stays below (\d+) KB and all of our scripts below (\d+) KB")


def promised() -> tuple[int, ...]:
    text = (settings.BASE_DIR / "docs" / "front-end.md").read_text()
    found = PROMISED.search(text)
    assert found
    return tuple(int(number) * 1024 for number in found.groups())


def weight(kind: str) -> int:
    folder: Path = settings.BASE_DIR / "static" / kind
    return sum(path.stat().st_size for path in folder.rglob(f"*.{kind}"))


@pytest.mark.parametrize(("number", "kind"), [(0, "css"), (1, "js")])
def test_what_we_wrote_ourselves_stays_light(number: int, kind: str) -> None:
    assert 20_000 < weight(kind) < promised()[number]
