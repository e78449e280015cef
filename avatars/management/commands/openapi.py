"""`manage.py openapi`: the gateway's OpenAPI document, as `docs/openapi.json` keeps it."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from avatars.api.gateway import document


class Command(BaseCommand):
    help = "Write docs/openapi.json anew, or check that it is what the code says."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="fail if it differs")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        place = settings.BASE_DIR / "docs" / "openapi.json"
        if not check:
            place.write_text(document())
        elif not place.exists() or place.read_text() != document():
            raise CommandError("docs/openapi.json is not what the code says: manage.py openapi")
