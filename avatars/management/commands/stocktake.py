"""`manage.py stocktake`: compare everything here with everything at Anam, now."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from avatars.models import Difference, StockTake
from avatars.services.stock_take import take_stock


class Command(BaseCommand):
    help = "Compare all avatars here with all at Anam (or in the sandbox), and print what differs."

    def handle(self, *args: Any, **options: Any) -> None:
        run = take_stock(settings.REHEARSAL)
        if run is None:
            self.stdout.write("A stock-take is under way already. This is what was open before:")
        else:
            self._tell(run)
        for difference in Difference.objects.open(rehearsal=settings.REHEARSAL).iterator():
            self.stdout.write(_line(difference))

    def _tell(self, run: StockTake) -> None:
        if run.cause:
            self.stdout.write(f"It ended early ({run.cause}); nothing was concluded.")
        else:
            self.stdout.write(f"Read {run.seen} avatars, found {run.found} new differences.")


def _line(difference: Difference) -> str:
    detail = difference.detail
    name = detail.get("ours") or detail.get("name", "")
    theirs = f" / {detail['theirs']}" if "theirs" in detail else ""
    return f"{difference.get_kind_display():<22}{difference.upstream_id:<38}{name}{theirs}"
