"""`manage.py sweep`: what the worker does every minute, once and now."""

from typing import Any

from django.core.management.base import BaseCommand

from avatars.models import Avatar
from avatars.tasks import sweep, tidy


class Command(BaseCommand):
    help = "Make good what killed processes left behind, and forget what is over."

    def handle(self, *args: Any, **options: Any) -> None:
        sweep()
        tidy()
        open_ones = Avatar.objects.exclude(state__in=("ready", "refused", "removed")).count()
        self.stdout.write(f"Swept. On their way or waiting: {open_ones}.")
