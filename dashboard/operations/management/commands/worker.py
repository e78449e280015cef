"""`manage.py worker`: the background alone, for installations with several web processes."""

import signal
import threading
from typing import Any

from django.core.management.base import BaseCommand

from dashboard.operations.background import Background

STOP_SECONDS = 25.0  # containers are killed after 30 by most engines


class Command(BaseCommand):
    help = "Send photos, look for previews and sweep, until stopped."

    def handle(self, *args: Any, **options: Any) -> None:
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        background = Background()
        background.start()
        self.stdout.write("The worker is running.")
        stop.wait()
        background.stop()
        background.wait(STOP_SECONDS)
