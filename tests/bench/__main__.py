"""Run every measurement on a throw-away database and print a line for each."""

import os
import sys

import django
from django.test.utils import get_runner, setup_test_environment

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.conf import settings  # noqa: E402

from tests.bench import gallery, gateway, previews, upload  # noqa: E402


def main() -> None:
    setup_test_environment()
    runner = get_runner(settings)(verbosity=0, interactive=False)
    databases = runner.setup_databases()
    try:
        for bench in (gallery, upload, gateway, previews):
            for line in bench.measure():
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
    finally:
        runner.teardown_databases(databases)


main()
