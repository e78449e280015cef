"""axe-core on a page. The file is vendored, so that a test needs nothing from anywhere."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).parent / "vendor" / "axe-core-4.14.1" / "axe.min.js"
_RUN = """
async (options) => (await axe.run(document, options)).violations.map((found) => ({
  rule: found.id, help: found.help,
  nodes: found.nodes.map((n) => `${n.target.join(" ")}: ${n.failureSummary.replace(/\\s+/g, " ")}`),
}))
"""
_COLOURS = ["color-contrast", "link-in-text-block"]


def violations(page: Page, *, colours_only: bool = False) -> list[dict[str, Any]]:
    """Every violation as {"rule", "help", "nodes"}; all of axe's rules, best practices too.

    `colours_only` asks just the rules that another colour scheme can change; it is much faster.
    """
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())  # through the debugger: the page's own CSP stays as it is
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if colours_only:
        options["runOnly"] = _COLOURS
    found: list[dict[str, Any]] = page.evaluate(_RUN, options)
    return found
