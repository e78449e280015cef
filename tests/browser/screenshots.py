"""Pictures of every page: `python -m tests.browser.screenshots OUTDIR [--docs]`.

Starts a Greenroom of its own over a temporary folder, fills it by real uploads and photographs
each page in light and dark at 390 and 1440 pixels. `--docs` also renews docs/images.
"""

import argparse
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from .chromium import chromium, place_of_chromium
from .greenroom import ROOT, Greenroom
from .rooms import enter, furnish, rooms
from .visitor import Visitor, visitor_of

SIZES = {1440: 1000, 390: 844}
SCHEMES = ("light", "dark")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots")
    parser.add_argument("outdir", type=Path)
    parser.add_argument("--docs", action="store_true", help="also write docs/images")
    options = parser.parse_args()
    options.outdir.mkdir(parents=True, exist_ok=True)
    place = place_of_chromium()
    if place is None:
        raise SystemExit("There is no Chromium on this machine. CHROMIUM may name one.")
    with (
        tempfile.TemporaryDirectory() as folder,
        Greenroom(Path(folder)) as greenroom,
        chromium(place) as browser,
    ):
        _photograph_all(browser, greenroom, options.outdir, docs=options.docs)


def _photograph_all(browser: Browser, greenroom: Greenroom, outdir: Path, *, docs: bool) -> None:
    mia = visitor_of(browser, greenroom.address)
    mia.opens(greenroom.set_up_link)
    _shoot(mia, outdir / "set-up-1440-light.png")
    mia.becomes_administrator(greenroom.set_up_link)
    _shoot(mia, outdir / "gallery-empty-1440-light.png")
    mia.opens("/notices")
    _shoot(mia, outdir / "notices-none-1440-light.png")
    places = furnish(mia)
    state = mia.context.storage_state()
    mia.context.close()
    for width, height in SIZES.items():
        for scheme in SCHEMES:
            look = {"viewport": {"width": width, "height": height}, "color_scheme": scheme}
            inside = visitor_of(browser, greenroom.address, storage_state=state, **look)
            outside = visitor_of(browser, greenroom.address, **look)
            for room in rooms(greenroom, places):
                visitor = inside if room.signed_in else outside
                enter(visitor, room)
                _shoot(visitor, outdir / f"{room.name}-{width}-{scheme}.png")
            inside.context.close()
            outside.context.close()
    if docs:
        _renew_docs(browser, greenroom, places, state)


def _renew_docs(
    browser: Browser, greenroom: Greenroom, places: dict[str, str], state: object
) -> None:
    look = {"viewport": {"width": 1440, "height": 900}, "color_scheme": "light"}
    mia = visitor_of(browser, greenroom.address, storage_state=state, **look)
    folder = ROOT / "docs" / "images"
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in (("gallery", "/"), ("avatar", places["Tomas, training"])):
        mia.opens(path)
        _shoot(mia, folder / f"{name}.png", whole=False)
        _shrink(folder / f"{name}.png")
    mia.context.close()


def _shoot(visitor: Visitor, target: Path, *, whole: bool = True) -> None:
    page = visitor.page
    page.evaluate("() => document.querySelectorAll('img').forEach((i) => { i.loading = 'eager'; })")
    page.evaluate("() => scrollTo(0, 0)")
    visitor.comes_to_rest()
    page.wait_for_function(
        """() => [...document.images].every((image) => image.complete)
          && [...document.querySelectorAll("video")].every((v) => v.networkState !== 2)"""
    )
    page.screenshot(path=target, full_page=whole, animations="disabled")


def _shrink(target: Path) -> None:
    """To a palette: a third of the bytes, and a page has few colours beside its photos."""
    with Image.open(target) as image:
        few = image.convert("RGB").quantize(256, dither=Image.Dither.FLOYDSTEINBERG)
    few.save(target, optimize=True)


if __name__ == "__main__":
    main()
