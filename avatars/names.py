"""Names as people can read them, wherever they come from."""

import unicodedata

MIN, MAX = 3, 50  # characters, Anam's reference of April 2026

_JOINERS = "\u200c\u200d"  # invisible, but Persian words and many emoji are made with them
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters and signs by name, blank on every screen


def tidy_name(raw: str) -> str:
    """The name in composed form, without characters nobody sees and without doubled spaces."""
    shown = "".join(_shown(character) for character in unicodedata.normalize("NFC", raw))
    has_ink = any(unicodedata.category(c)[0] in "LNPS" and c not in _FILLERS for c in shown)
    return " ".join(shown.split()) if has_ink else ""


def _shown(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cf" and character not in _JOINERS:
        return ""
    return " " if category in ("Cc", "Zl", "Zp", "Cs", "Cn", "Co") else character
