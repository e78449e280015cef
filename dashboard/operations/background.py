"""The threads that do what no request should wait for."""

import logging
import threading
import time
from collections.abc import Callable
from secrets import token_hex

from django.conf import settings
from django.db import close_old_connections
from django.utils.module_loading import import_string
from django_tasks_db.management.commands.db_worker import Worker

logger = logging.getLogger(__name__)

_POLL_SECONDS = 0.5
_PAUSE = 2.0  # seconds before a thread that failed begins anew


class Background:
    """Workers for the four queues, and a clock for `settings.PERIODIC`.

    Creates wait up to five minutes for Anam, so each slot is a thread of its own. A stock-take
    reads as long as the account is large, and a webhook's receiver may be slow. Everything else
    never waits behind them.
    """

    def __init__(self) -> None:
        queues = ["creates"] * settings.CREATE_SLOTS + ["webhooks"] * settings.WEBHOOK_SLOTS
        queues += ["default", "stocktakes"]
        self._workers = [_worker(queue) for queue in queues]
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._keep_going, args=(worker.run,), daemon=True)
            for worker in self._workers
        ]
        self._threads += [
            threading.Thread(target=self._tick, args=(path, seconds), daemon=True)
            for path, seconds in settings.PERIODIC.items()
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Take no new work. What is in hand goes on: see `wait`."""
        self._stopping.set()
        for worker in self._workers:
            worker.running = False

    def wait(self, seconds: float) -> None:
        """Give the work in hand up to `seconds` to end.

        What is cut off is not lost: its row says `sending`, and a later sweep makes it good.
        """
        ends_at = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(0.0, ends_at - time.monotonic()))

    def _keep_going(self, run: Callable[[], None]) -> None:
        while not self._stopping.is_set():
            try:
                run()
            except Exception:
                # Whatever it was (a database restart, a bug in one task), photos must go on.
                logger.exception("a worker failed and begins anew")
                self._stopping.wait(_PAUSE)

    def _tick(self, path: str, seconds: float) -> None:
        work = import_string(path)
        while True:
            try:
                close_old_connections()
                work()
            except Exception:
                logger.exception("%s failed and is called again in %s s", path, seconds)
            if self._stopping.wait(seconds):
                return


def _worker(queue: str) -> Worker:
    return Worker(
        queue_names=[queue],
        interval=_POLL_SECONDS,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=token_hex(16),
        excluded_queue_names=[],
    )
