"""The desk's quick look in the browser goes by the rules of the server's thorough one."""

import re
from pathlib import Path

from avatars.photos.recognition import looks_like
from avatars.photos.rules import CHECKS, RULES
from avatars.views.desk_page import CHEAP_RULES, LOOKALIKES

SCRIPT = Path(__file__).resolve().parents[2] / "static" / "js" / "photo.js"


def test_every_line_of_the_quick_look_is_a_line_of_the_list_of_checks() -> None:
    titles = re.findall(r'(?:good|error)\((?:"[a-z-]+", )?"([A-Z][^"]+)"', SCRIPT.read_text())
    assert len(titles) >= 6
    assert set(titles) <= set(CHECKS.values())


def test_every_no_of_the_quick_look_is_a_rule_whose_words_the_page_brings_along() -> None:
    codes = re.findall(r'error\("([a-z-]+)"', SCRIPT.read_text())
    assert len(codes) >= 5
    assert set(codes) == set(CHEAP_RULES)
    assert {RULES[code].severity for code in codes} == {"error"}


def test_what_it_recognises_the_page_has_words_for() -> None:
    (listed,) = re.findall(r"LOOKALIKES = (\[.*\]);", SCRIPT.read_text())
    names = set(re.findall(r'\["(\w+)"', listed)) | {"HEIC"}
    assert names == set(LOOKALIKES)
    assert {looks_like(sign).name for sign in LOOKALIKES.values()}.isdisjoint(
        {looks_like(b"words").name}
    )
