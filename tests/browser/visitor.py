"""A person in front of a browser, and what that person's browser complains about."""

import re
from dataclasses import dataclass, field
from time import monotonic

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FilePayload,
    Locator,
    Page,
    WebError,
    expect,
)

NAME, EMAIL, PASSWORD = "Mia Berg", "mia@example.com", "a long walk to the moon"
_AVATAR = re.compile(r"/avatars/[0-9a-f-]{36}$")
_SAY_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`));
"""


@dataclass
class Visitor:
    """A browser of one's own at one Greenroom. `complaints`: console errors and CSP violations."""

    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def reads_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.page and message.page.url})")

    def meets_error(self, problem: WebError) -> None:
        self.complaints.append(str(problem.error))

    def opens(self, path: str) -> None:
        self.page.goto(path, wait_until="load")

    def becomes_administrator(self, set_up_link: str) -> None:
        self.opens(set_up_link)
        self._fills(name=NAME, email=EMAIL, password1=PASSWORD, password2=PASSWORD)
        self.page.get_by_role("button", name="Make my account").click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Gallery")

    def signs_in(self) -> None:
        self.opens("/accounts/login/")
        self._fills(login=EMAIL, password=PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text("Gallery")

    def _fills(self, **fields: str) -> None:
        for name, text in fields.items():
            self.page.locator(f"main [name={name}]").fill(text)

    def makes(self, name: str, photo: bytes) -> float:
        """Upload a portrait; ends on the avatar's own page. Seconds from the click to there."""
        self.opens("/upload")
        self.puts_on_the_desk(photo)
        self.page.get_by_role("textbox", name="Display name").fill(name)
        began = monotonic()
        self.page.locator("[data-send]").click()
        self.page.wait_for_url(_AVATAR, wait_until="commit")
        return monotonic() - began

    def puts_on_the_desk(self, photo: bytes, file_name: str = "portrait.jpg") -> Locator:
        """Choose it, and want another one if it was made before; its card."""
        cards = self.page.locator("li[data-draft]")
        before = cards.count()
        self.chooses(photo, file_name)
        expect(cards).to_have_count(before + 1)
        card = cards.nth(before)
        if card.get_attribute("data-state") == "asks":
            card.get_by_role("button", name="Keep both").click()
            expect(card).to_have_attribute("data-state", "good")
        return card

    def clears_the_desk(self) -> None:
        """Take off whatever lies there."""
        self.opens("/upload")
        if not self.page.locator("#desk").count():
            return  # the month is full, and nothing lies there
        expect(self.page.locator("#desk[data-ready]")).to_be_visible()
        cards = self.page.locator("li.photo")
        while left := cards.count():
            cards.first.locator(".photo-remove").click()
            expect(cards).to_have_count(left - 1)

    def chooses(self, photo: bytes, file_name: str = "portrait.jpg") -> None:
        """Pick a file, as soon as the page's script takes it."""
        expect(self.page.locator("#desk[data-ready]")).to_be_visible()
        chosen = FilePayload(name=file_name, mimeType="image/jpeg", buffer=photo)
        self.page.locator("#desk input[type=file]").set_input_files(chosen)

    def waits_for_preview(self) -> None:
        expect(self.page.locator("video.stage-face")).to_be_visible(timeout=20_000)

    def sees_state(self, words: str) -> None:
        badge = self.page.locator("#progress .badge").first
        expect(badge).to_have_text(words, timeout=20_000)

    def comes_to_rest(self) -> None:
        """Wait for fonts, every animation that has an end, and a reviewing desk's first look.

        The desk's buttons wake a second after the face is there, with a transition of their own.
        """
        self.page.evaluate("() => document.fonts.ready")
        self.page.wait_for_function(
            """() => !document.querySelector("[data-desk]:not([data-ready])")
              && document.getAnimations().every((animation) =>
                animation.playState !== "running"
                || animation.effect.getComputedTiming().endTime === Infinity)""",
            polling=50,
        )

    def video_moves(self, selector: str = "video", timeout: float = 10_000) -> None:
        """Wait until the video is further than a moment ago, and really has pictures."""
        self.page.wait_for_function(
            """(selector) => {
              const video = document.querySelector(selector);
              if (!video || !video.videoWidth || video.paused) return false;
              const before = video.wasAt;
              video.wasAt = video.currentTime;
              return before !== undefined && video.currentTime > before && before > 0;
            }""",
            arg=selector,
            polling=100,
            timeout=timeout,
        )


def visitor_of(browser: Browser, address: str, **options: object) -> Visitor:
    """A fresh browser context at `address`; options are Playwright's for a context."""
    context = browser.new_context(base_url=address, **options)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    context.add_init_script(_SAY_VIOLATIONS)
    visitor = Visitor(context, context.new_page())
    context.on("console", visitor.reads_console)
    context.on("weberror", visitor.meets_error)
    return visitor
