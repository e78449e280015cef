"""Print who may do what, as the running code has it: the tables of docs/roles.md.

With --write they are put into it. Then read what has changed there: each word that differs is a
right that somebody has got or lost.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import django
from django.test.utils import get_runner, setup_test_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests.roles.house import open_house  # noqa: E402
from tests.roles.observed import rows_of  # noqa: E402
from tests.roles.policies import COMPLETE, POLICIES, doors_under  # noqa: E402
from tests.roles.table import DOCUMENT, Row, replaced, written  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.roles", description=__doc__)
    parser.add_argument("--write", action="store_true", help="into docs/roles.md")
    options = parser.parse_args()
    with _database():
        tables = _tables()
    if not options.write:
        for heading, found in tables.items():
            sys.stdout.write(f"## {heading}\n\n{written(found)}\n")
        return
    text = DOCUMENT.read_text()
    for heading, found in tables.items():
        text = replaced(text, heading, found)
    DOCUMENT.write_text(text)


def _tables() -> dict[str, list[Row]]:
    found = {}
    for heading, arrange in POLICIES.items():
        with open_house(arrange) as house:
            tried = doors_under(heading)
            found[heading] = [row for door in tried for row in rows_of(house, door)]
    usual = found[COMPLETE]
    return {
        heading: those if heading == COMPLETE else [row for row in those if row not in usual]
        for heading, those in found.items()
    }


@contextmanager
def _database() -> Iterator[None]:
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        yield
    finally:
        runner.teardown_databases(databases)


if __name__ == "__main__":
    main()
