"""Who may know whom, and what stays outside of the project."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CODE = [path for top in ("avatars", "dashboard") for path in sorted((ROOT / top).rglob("*.py"))]
WRITTEN_BY_MACHINES = {"migrations"}


def written() -> list[Path]:
    return [path for path in CODE if not WRITTEN_BY_MACHINES & set(path.parts)]


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    return (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.FunctionDef))


def test_the_layers_are_kept() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--no-cache"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout


def test_only_the_upstream_talks_http() -> None:
    talkers = {
        path.parent.relative_to(ROOT)
        for path in CODE
        if any(name.split(".")[0] in ("httpx", "httpcore", "requests") for name in imports(path))
    }
    assert talkers == {Path("avatars/upstream")}


def test_nothing_but_the_settings_reads_the_key() -> None:
    readers = {
        str(path.relative_to(ROOT))
        for path in written()
        if re.search(r"settings\.ANAM_API_KEY", path.read_text())
    }
    assert readers == {"avatars/upstream/client.py", "avatars/checks.py"}


def test_no_code_reads_files_of_tests() -> None:
    assert [path for path in CODE if any(name.startswith("tests") for name in imports(path))] == []


@pytest.mark.parametrize("path", written(), ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= 300
    for function in functions(path):
        assert (function.end_lineno or 0) - function.lineno < 40, function.name


def test_modules_are_named_after_what_they_are() -> None:
    vague = {"utils", "helpers", "common", "misc"}
    assert [path for path in CODE if path.stem in vague or vague & set(path.parts)] == []
