"""What we carry of others is what they published, and nothing else lies beside it."""

import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
MANIFEST: dict[str, dict[str, str]] = json.loads((VENDOR / "manifest.json").read_text())


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_a_vendored_file_has_the_hash_it_was_published_with(name: str) -> None:
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == MANIFEST[name]["sha256"]


def test_every_vendored_file_is_listed() -> None:
    lying = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert lying - {"manifest.json"} == set(MANIFEST)


@pytest.mark.parametrize("name", sorted(MANIFEST))
def test_a_vendored_file_lies_beside_its_licence_in_a_folder_that_names_its_version(
    name: str,
) -> None:
    folder = name.partition("/")[0]
    assert f"{folder}/LICENSE" in MANIFEST
    assert folder.endswith(f"-{MANIFEST[name]['version']}")
    assert MANIFEST[name]["licence"]


def test_pages_name_no_vendored_file_that_is_not_there() -> None:
    """A new version means new folder names in templates and style sheets."""
    sources = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static" / "css").rglob("*.css")]
    text = "".join(path.read_text() for path in sources)
    named = set(re.findall(r"vendor/([\w.-]+/[\w.-]+\.\w+)", text))
    assert named
    assert named <= set(MANIFEST)


def test_pages_name_no_icon_that_is_not_there() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', _icons().read_text()))
    pages = "".join(path.read_text() for path in (ROOT / "templates").rglob("*.html"))
    named = set(re.findall(r'"_icon\.html" with name="([\w-]+)"', pages))
    assert named
    assert named <= drawn


def _icons() -> Path:
    return next(VENDOR.glob("lucide-*/icons.svg"))
