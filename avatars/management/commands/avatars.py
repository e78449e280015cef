"""`manage.py avatars`: what the pages do, for scripts and people at a terminal."""

import os
import sys
from argparse import ArgumentParser
from types import ModuleType
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from avatars.management import checking, creating, exporting, listing, removing, showing
from avatars.management.output import Output

ACTIONS: dict[str, ModuleType] = {
    "check": checking,
    "create": creating,
    "list": listing,
    "show": showing,
    "remove": removing,
    "export": exporting,
}


class Command(BaseCommand):
    help = "Check photos; make, list, show, remove and export avatars."

    def add_arguments(self, parser: ArgumentParser) -> None:
        actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
        for name, action in ACTIONS.items():
            action.add_arguments(actions.add_parser(name, help=action.HELP))

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := self._problem(options):
            raise problem

    def _problem(self, options: dict[str, Any]) -> CommandError | None:
        """Returned rather than raised, so that no traceback keeps a cursor open."""
        try:
            ACTIONS[options["action"]].run(options, Output(self.stdout, self.stderr))
        except DatabaseError as error:
            return CommandError(
                f"The database does not answer as it should: {error}. What was said before is "
                "done, and nothing is half-done. Look at it (a new one needs “manage.py migrate”), "
                "then run the command again."
            )
        except KeyboardInterrupt:
            return CommandError("Stopped. Nothing is half-done.", returncode=130)
        except BrokenPipeError:
            # Whoever read this has heard enough, as in `list | head`. Python would complain once
            # more when it flushes.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return None
