"""The docs name every action and every option, and none that is not there."""

import re
from argparse import ArgumentParser
from pathlib import Path

import pytest

from avatars.management.commands.avatars import ACTIONS

DOCS = Path(__file__).parents[2] / "docs"


def options_of(action: str) -> set[str]:
    parser = ArgumentParser(add_help=False)
    ACTIONS[action].add_arguments(parser)
    return set(parser._option_string_actions)


@pytest.mark.parametrize("action", ACTIONS)
def test_the_table_of_commands_has_its_options(action: str) -> None:
    table = (DOCS / "settings.md").read_text()
    row = re.search(rf"^\| `manage\.py avatars {action} (.*?)` \|", table, re.MULTILINE)
    assert row
    assert set(re.findall(r"--[a-z][a-z-]*", row[1])) == options_of(action)


def test_the_page_about_the_command_line_explains_them_all() -> None:
    page = (DOCS / "command-line.md").read_text()
    told = set(re.findall(r"--[a-z][a-z-]*", page))
    assert told == set().union(*map(options_of, ACTIONS))
