"""The desk's quick checks in the browser say the same as the server's thorough ones."""

import ast
import re
from pathlib import Path

from avatars.photos import limits

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = [ROOT / "static" / "js" / name for name in ("photo.js", "dropzone.js")]


def test_every_title_of_a_quick_check_is_a_title_of_the_server() -> None:
    text = "".join(path.read_text() for path in SCRIPTS)
    titles = set(re.findall(r'check\("(?:error|advice)", "([^"]+)"', text))
    titles |= set(re.findall(r'state: "error", title: "([^"]+)"', text))
    assert titles
    assert titles <= _words_of_the_server()


def test_the_quick_checks_hold_photos_against_the_servers_numbers() -> None:
    text = SCRIPTS[0].read_text()
    assert f"ASPECT_MAX = {limits.ASPECT_MAX:g};" in text
    assert f"ASPECT_SQUARE = {limits.ASPECT_SQUARE:g};" in text


def _words_of_the_server() -> set[str]:
    found = set()
    for path in (ROOT / "avatars" / "photos").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found
