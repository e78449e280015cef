"""Django's `createsuperuser`, answered in words: Greenroom has roles and no superusers."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Not used here: see `manage.py people add`."

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("Use: manage.py people add EMAIL --role administrator")
