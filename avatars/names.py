"""Names and notes as people can read them, wherever they come from.

What is cut: controls, marks that turn the text around them, halves of characters, what has no
sign at all, and what nobody sees where no script needs it. Two names that look alike because of it
are one name then.
"""

import re
import unicodedata

MIN, MAX = 3, 50  # characters, Anam's reference of April 2026

_JOINERS = "\u200c\u200d"  # invisible, but Persian words and many emoji are made with them
_VARIANTS = "\u034f\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef"
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by name, blank on every screen
# Latin, Greek and Cyrillic are written without any of them.
_PLAIN = r"A-Za-z\u00c0-\u052f\u1e00-\u1fff\s"
_STRAY = re.compile(
    rf"(?<![^{_PLAIN}])[{_JOINERS}{_VARIANTS}]+"
    rf"|[{_JOINERS}]+(?![^{_PLAIN}])"
    rf"|(?<=[{_JOINERS}])[{_JOINERS}]+"
)
_ENDING = re.compile(r"\.[^.]{0,5}$")
# What cameras, phones and messengers put before a name of their own.
_CAMERA = re.compile(
    r"^(?:img|dsc[fn]?|pxl|photo|image|whatsapp image)[-_ ]*(?![^\W\d_])", re.IGNORECASE
)
_NO_WORDS = re.compile(r"[^\w']+|_+")
_MARKS_MAX = 8  # on one letter, as in Tibetan; a higher pile covers the lines around it


def tidy_name(raw: str) -> str:
    """The name on one line, in composed form, without doubled spaces; "" if nobody can see it."""
    line = " ".join(_visible(raw).split())
    has_ink = any(unicodedata.category(character)[0] in "LNPS" for character in line)
    return line if has_ink else ""


def tidy_text(raw: str) -> str:
    """The same for a note, which keeps its lines and spaces."""
    return "\n".join(_visible(line).rstrip() for line in raw.splitlines()).strip()


def name_of_file(file_name: str) -> str:
    """A name to begin with: `IMG_mia-schneider (2).JPG` gives `Mia Schneider 2`.

    A number that a camera counts tells nobody anything, but it is better than no name.
    """
    stem = _ENDING.sub("", tidy_name(file_name))
    words = _NO_WORDS.sub(" ", _CAMERA.sub("", stem)).split()
    if not any(character.isalpha() for word in words for character in word):
        words = ["Portrait", *words[-1:]]
    name = " ".join(word[:1].upper() + word[1:] for word in words)[:MAX].strip()
    return name if len(name) >= MIN else f"Portrait {name}"


def _visible(line: str) -> str:
    shown = _STRAY.sub("", "".join(map(_shown, line)))
    return _without_piles(unicodedata.normalize("NFC", shown))


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" and character not in _JOINERS:
        return ""
    blank = category in ("Cc", "Zl", "Zp", "Cs", "Cn", "Co") or character in _BLANK
    return " " if blank else character


def _without_piles(text: str) -> str:
    kept, pile = [], 0
    for character in text:
        pile = pile + 1 if unicodedata.category(character)[0] == "M" else 0
        if pile <= _MARKS_MAX:
            kept.append(character)
    return "".join(kept)
