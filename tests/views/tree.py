"""What a page is made of: its elements with their attributes' names, its words, its addresses."""

from html.parser import HTMLParser
from typing import Any

_ADDRESSES = {"action", "formaction", "href", "hx-get", "poster", "src", "srcset"}


class Tree(HTMLParser):
    """Of two pages that differ in their words alone, `elements` and `strange` are the same.

    `strange` are addresses that lead elsewhere. Line breaks are words here: a note may have some.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, ...]] = []
        self.strange: list[str] = []
        self.words = ""
        self.values: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.words += "\n"
            return
        self.elements.append((tag, *(name for name, _ in attrs)))
        self.values += [value for _, value in attrs if value]
        for name, value in attrs:
            if name in _ADDRESSES and value and (value[0] not in "/#?" or value[1:2] == "/"):
                self.strange.append(value)

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.elements.append(("<!--",))

    def handle_decl(self, decl: str) -> None:
        self.elements.append(("<!",))

    def unknown_decl(self, data: str) -> None:
        self.elements.append(("<![",))

    def handle_pi(self, data: str) -> None:
        self.elements.append(("<?",))


def tree_of(response: Any) -> Tree:
    """Of a page that was asked for by Django's client."""
    return Tree(response.content.decode())
