"""Names and notes hold what people can read, and nothing that works on what stands around them."""

import unicodedata

import pytest

from avatars.names import tidy_name, tidy_text
from tests.hostile import EMOJI, FAMILIES, TEXTS, faults

# Of people and places that need what others misuse.
WELCOME = [
    "Anna-Lena O'Neil",
    "Zo\u00eb Berg",
    "Nguy\u1ec5n Th\u1ecb \u00c1nh",
    "Bj\u00f6rk Gu\u00f0mundsd\u00f3ttir",
    "\u674e\u5c0f\u9f8d",
    "\u845b\U000e0100\u57ce",  # a variant of the first sign, as its bearers write it
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian, with a joiner that parts
    "\u0d9a\u0dca\u200d\u0dbb\u0dd2\u0dc2\u0dca\u0dab\u0dcf",  # Sinhala, with one that joins
    "\u05d9\u05b0\u05e8\u05d5\u05bc\u05e9\u05b8\u05c1\u05dc\u05b4\u05b7\u0594\u05dd",
    "\u0f67\u0f90\u0fb5\u0fa8\u0fb3\u0fba\u0fbc\u0fbb\u0f82",  # a Tibetan letter of nine parts
    "R\u00e9n\u00e9e \u2013 \u201cRen\u201d (2)",
]
WITHOUT_ITS_TAGS = "\U0001f3f4"  # what is left of the flag of England


@pytest.mark.parametrize("name", WELCOME)
def test_a_name_that_needs_odd_signs_keeps_them(name: str) -> None:
    assert tidy_name(name) == name
    assert tidy_text(name) == name


@pytest.mark.parametrize("sign", EMOJI)
def test_an_emoji_stays_whole(sign: str) -> None:
    kept = WITHOUT_ITS_TAGS if sign.startswith(f"{WITHOUT_ITS_TAGS}\U000e0067") else sign
    assert tidy_name(f"Mia {sign}") == f"Mia {kept}"


@pytest.mark.parametrize("family", FAMILIES)
def test_nothing_that_works_on_its_surroundings_is_left(family: str) -> None:
    for text in FAMILIES[family]:
        assert faults(tidy_name(text)) == [], ascii(text)
        assert faults(tidy_text(text), lines=True) == [], ascii(text)


@pytest.mark.parametrize("family", FAMILIES)
def test_what_is_tidy_stays_as_it_is(family: str) -> None:
    for text in FAMILIES[family]:
        name, note = tidy_name(text), tidy_text(text)
        assert (tidy_name(name), tidy_text(note)) == (name, note), ascii(text)
        assert unicodedata.is_normalized("NFC", name), ascii(text)


def test_what_nobody_sees_makes_no_other_name() -> None:
    hidden = [text for text in FAMILIES["unseen"] if text.endswith(("a Berg", "Berg\u200d"))]
    assert len(hidden) > 15
    assert {tidy_name(text) for text in hidden} == {"Mia Berg"}


def test_a_letter_under_a_pile_of_marks_keeps_a_few() -> None:
    for text in FAMILIES["piles"]:
        marks = "".join("x" if unicodedata.category(c)[0] == "M" else " " for c in tidy_name(text))
        assert max(map(len, marks.split()), default=0) <= 8, ascii(text)


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("  Zoe\u0308 \t Berg\u2028", "Zo\u00eb Berg"),
        ("Zoe\u200b\u0308", "Zo\u00eb"),
        ("Mi\u3164a", "Mi a"),
        ("\u3164\u3164\u3164", ""),
        ("\u0301\u0301\u0301", ""),
        ("\u202egnp.\u202c", "gnp."),
        ("a\ud800b", "a b"),
    ],
)
def test_a_name_is_one_line_in_composed_form(raw: str, name: str) -> None:
    assert tidy_name(raw) == name


@pytest.mark.parametrize(
    ("raw", "note"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("  - a\n  - b  \n\n", "- a\n  - b"),
        ("two  spaces\tand a tab", "two  spaces and a tab"),
        ("fine\u202e, detcejer", "fine, detcejer"),
        ("\u200b\n\u2060", ""),
    ],
)
def test_a_note_keeps_its_lines(raw: str, note: str) -> None:
    assert tidy_text(raw) == note


def test_the_table_is_as_long_as_it_says() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 200
    assert len(set(EMOJI)) == 50
