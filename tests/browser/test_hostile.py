"""Every hostile name, note and answer on real pages: text, and no more than text."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from PIL import Image
from playwright.sync_api import Browser, Dialog, FilePayload, Request, expect

from avatars.forms import judge_name
from avatars.names import tidy_name, tidy_text
from tests.hostile import FAMILIES, TEXTS, first, stored, typed
from tests.photos.pictures import saved

from .account import Account
from .conftest import NewVisitor
from .greenroom import Greenroom
from .visitor import Visitor, visitor_of

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844}  # pixels
NOTE_MAX = 1900  # characters of texts that are put into one note
# What Greenroom's own pages have none of.
_CAME_OUT = "script:not([src]), iframe, object, embed, base, dialog, audio, math, plaintext"
_LOOK = """(strange) => {
  const root = document.documentElement;
  const sticking = () => [...document.querySelectorAll("*")]
    .filter((one) => one.getBoundingClientRect().right > root.clientWidth)
    .map((one) => `${one.tagName} ${one.className}: ${one.textContent.trim().slice(0, 60)}`);
  const names = [...document.querySelectorAll("*")].flatMap((one) => one.getAttributeNames());
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const turned = [];
  const range = document.createRange();
  while (words.nextNode()) {
    const node = words.currentNode;
    if (!node.parentElement.checkVisibility()) continue;
    for (const { 0: word, index } of node.data.matchAll(/[A-Za-z]{4,}/g)) {
      const [left, right] = [index, index + word.length - 1].map((at) => {
        range.setStart(node, at);
        range.setEnd(node, at + 1);
        return range.getBoundingClientRect();
      });
      if (left.top === right.top && left.left > right.left) turned.push(word);
    }
  }
  return {
    came: [...document.querySelectorAll(strange)].map((one) => one.outerHTML.slice(0, 80)),
    handlers: names.filter((name) => /^on/.test(name)),
    turned,
    wide: root.scrollWidth > root.clientWidth ? sticking() : [],
  };
}"""


@dataclass
class Walk:
    """A visit of many pages on a phone, and all that was odd on the way."""

    visitor: Visitor
    dialogs: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)
    came_out: list[str] = field(default_factory=list)
    turned: list[str] = field(default_factory=list)
    wide: list[str] = field(default_factory=list)
    pages: int = 0
    names: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.visitor.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        self.visitor.page.on("dialog", self._meets)
        self.visitor.page.on("request", self._asks)

    def opens(self, path: str) -> None:
        self.visitor.opens(path)
        self.looks(path)

    def looks(self, where: str) -> None:
        found: dict[str, Any] = self.visitor.page.evaluate(_LOOK, _CAME_OUT)
        self.pages += 1
        self.came_out += [f"{where}: {one}" for one in [*found["came"], *found["handlers"]]]
        self.turned += [f"{where}: {words}" for words in found["turned"]]
        self.wide += [f"{where}: {one}" for one in found["wide"]]

    def _meets(self, dialog: Dialog) -> None:
        self.dialogs.append(f"{dialog.message} ({self.visitor.page.url})")
        dialog.dismiss()

    def _asks(self, request: Request) -> None:
        if not request.url.startswith(("http://127.0.0.1", "blob:")):
            self.elsewhere.append(request.url)


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    with Account() as account:
        for text in TEXTS:
            said = {"description": text, "displayTags": [text, f"tag {text}"]}
            versions = {"availableVersions": [text, "cara-4"], "activeVersion": text}
            account.lab.add(text, id=str(uuid4()), imageUrl=None, **said, **versions)
        yield account


@pytest.fixture(scope="module")
def greenroom(account: Account, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Greenroom]:
    settings = {"SWEEP_SECONDS": "60", **account.settings}
    with Greenroom(tmp_path_factory.mktemp("greenroom"), **settings) as running:
        yield running


@pytest.fixture(scope="module")
def walk(greenroom: Greenroom, account: Account, the_browser: Browser) -> Iterator[Walk]:
    """Through all of Greenroom, once everything hostile is in it."""
    mia = visitor_of(the_browser, greenroom.address)
    mia.becomes_administrator(greenroom.set_up_link)
    walk = Walk(mia)
    _takes_all_over(walk)
    cards = _shows_all_cards(walk)
    walk.names = [name.strip() for name, _ in cards]
    noted, approved = _decides(mia, cards)
    _is_refused(mia, account)
    _opens_a_feed(mia, approved[0])
    for path in ("/", "/review", "/status", "/feeds", "/stocktake", *noted, *approved[::3]):
        walk.opens(path)
    for path in approved[1::6]:
        walk.opens(f"{path}/erase")
    for text in map(typed, first(1)[::3]):
        mia.page.goto(f"{greenroom.address}/upload?{urlencode({'display_name': text})}")
        walk.looks("/upload")
    _reads_the_records(walk, noted[0])
    yield walk
    mia.context.close()


def test_no_dialog_opens(walk: Walk) -> None:
    assert walk.pages > 50
    assert walk.dialogs == []


def test_the_content_policy_has_nothing_to_forbid_and_nobody_is_asked_elsewhere(
    walk: Walk,
) -> None:
    assert [said for said in walk.visitor.complaints if "CSP" in said] == []
    assert walk.elsewhere == []


def test_no_element_and_no_handler_comes_out_of_a_text(walk: Walk) -> None:
    assert walk.came_out == []


def test_no_long_word_makes_a_page_wider_than_a_phone(walk: Walk) -> None:
    assert walk.wide == []


def test_no_text_turns_the_words_around_it(walk: Walk) -> None:
    assert walk.turned == []


def test_every_name_is_on_its_card_as_it_was_taken_in(walk: Walk) -> None:
    expected = {_name(text) for text in TEXTS} - {""}
    assert expected - set(walk.names) == set()
    assert len(walk.names) >= len(TEXTS)


def test_the_walk_would_notice(greenroom: Greenroom, new_visitor: NewVisitor) -> None:
    stranger = new_visitor(greenroom.address)
    walk = Walk(stranger)
    stranger.opens("/accounts/login/")
    stranger.page.evaluate(
        """() => {
          const spoilt = "<bdi onclick=x>sdrow \\u202ewords</bdi><iframe></iframe><pre>x</pre>";
          document.querySelector("main").innerHTML = spoilt;
          document.querySelector("pre").className = "visually-hidden";
          document.querySelector("pre").textContent = "x".repeat(999);
          document.querySelector("pre").className = "";
          document.querySelector("pre").style = "width: 999px";
          const image = new Image();
          image.src = "https://evil.example/x.png";
          setTimeout(() => alert("spoilt"));
        }"""
    )
    stranger.page.wait_for_timeout(300)
    walk.looks("spoilt")
    assert walk.dialogs
    assert walk.came_out
    assert walk.turned
    assert walk.wide
    assert any("CSP" in said for said in stranger.complaints)


# The way there -----------------------------------------------------------------------------------
def _takes_all_over(walk: Walk) -> None:
    page = walk.visitor.page
    walk.opens("/stocktake")
    page.get_by_role("button", name="Take stock now").click()
    expect(page.get_by_text("read at Anam")).to_be_visible(timeout=30_000)
    walk.looks("/stocktake")
    page.get_by_role("button", name="Import all").click()
    expect(page.get_by_text(f"Taken over from Anam: {len(TEXTS)}")).to_be_visible(timeout=30_000)


def _shows_all_cards(walk: Walk) -> list[tuple[str, str]]:
    """The gallery until its end. Each card's name and address."""
    page = walk.visitor.page
    walk.opens("/")
    while more := page.locator(".cards-more a").all():
        before = page.locator(".card").count()
        more[0].click()
        page.wait_for_function(
            "(before) => document.querySelectorAll('.card').length > before", arg=before
        )
    walk.looks("the whole gallery")
    links = "(links) => links.map((one) => [one.textContent, one.getAttribute('href')])"
    found: list[tuple[str, str]] = page.eval_on_selector_all(".card h2 a", links)
    return found


def _decides(mia: Visitor, cards: list[tuple[str, str]]) -> tuple[list[str], list[str]]:
    """All texts in notes, on avatars of the same family; some of the others are approved."""
    noted, approved = [], []
    for family in FAMILIES.values():
        names = set(map(_name, family))
        paths = [path for name, path in cards if name.strip() in names]
        for note in _packed(family):
            noted.append(paths.pop())
            _says(mia, noted[-1], "changes", note)
        for path in paths[:2]:
            approved.append(path)
            _says(mia, path, "approved", "")
    return noted, approved


def _name(text: str) -> str:
    """What the avatar is called that Anam calls so."""
    return tidy_name(stored(text))[:50].strip()


def _packed(texts: list[str]) -> list[str]:
    """As many of them in one note as fit."""
    notes, room = [""], NOTE_MAX
    for text in filter(tidy_text, map(typed, texts)):
        if len(text) > room and notes[-1]:
            notes, room = [*notes, ""], NOTE_MAX
        notes[-1] += f"{text}\n"
        room -= len(text) + 1
    return [note[:2000] for note in notes if note]


def _says(mia: Visitor, path: str, decision: str, note: str) -> None:
    form = {"decision": decision, "note": note, "version": "0"}
    _posts(mia, f"{path}/review", form)


def _is_refused(mia: Visitor, account: Account) -> None:
    """Photos that Anam says no to, and at last one that has to wait."""
    words = [text for text in first(1)[::2] if not judge_name(tidy_name(text))]
    account.refusals = [(400, text) for text in words[:-1]] + [(403, f"maximum {words[-1]}")]
    for text in map(typed, words):
        photo = FilePayload(name="a.png", mimeType="image/png", buffer=noise())
        _posts(mia, "/upload", {"display_name": text, "image_file": photo})
    mia.opens("/status")
    for _ in range(100):
        if not account.refusals:
            break
        mia.page.wait_for_timeout(200)
    assert account.refusals == []


def _opens_a_feed(mia: Visitor, path: str) -> None:
    avatar = path.removeprefix("/avatars/")
    _posts(mia, "/feeds/open", {"slug": "in-use", "avatar": avatar, "version": "0"})


def noise() -> bytes:
    """Another picture each time: of one that is known, the desk asks first."""
    return saved(Image.effect_noise((300, 300), 120), "PNG")


def _posts(mia: Visitor, path: str, fields: dict[str, Any]) -> None:
    """A form, as her browser would send it."""
    (token,) = (c.get("value") for c in mia.context.cookies() if c.get("name") == "csrftoken")
    sent = {**fields, "csrfmiddlewaretoken": token}
    answer = mia.context.request.post(path, multipart=sent, max_redirects=0)
    assert answer.status == 302, (path, answer.status)


def _reads_the_records(walk: Walk, path: str) -> None:
    record = path.removeprefix("/avatars/")
    walk.opens(f"/admin/avatars/avatar/{record}/change/")
    for page in range(1, 5):
        walk.opens(f"/admin/avatars/avatar/?p={page}")
        walk.opens(f"/admin/avatars/event/?p={page}")
