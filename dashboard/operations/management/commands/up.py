"""`manage.py up`: everything in one process, from an empty folder to an address that answers."""

import os
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from waitress.server import create_server

from dashboard.operations.background import Background
from dashboard.people.first_run import new_set_up_code
from dashboard.wsgi import application

# Together with waitress's own five seconds less than the 40 that compose.yaml grants.
REQUEST_SECONDS, STOP_SECONDS = 10, 15.0
PAGE_THREADS = 16
_OWN_URL_NAMES = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104  to be shown, not bound


class Command(BaseCommand):
    help = "Set up what is missing, then run the web server and the worker until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default=settings.HOST)
        parser.add_argument("--port", type=int, default=settings.PORT)

    def handle(self, *args: Any, host: str, port: int, **options: Any) -> None:
        os.umask(0o077)  # photos, passwords' hashes and keys are for nobody else on this machine
        settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0, interactive=False)
        server = self._listen(host, port)
        background = Background()
        background.start()
        self._greet(host, server.effective_port)

        def stop(*_: Any) -> None:
            background.stop()
            sys.exit(0)

        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        server.run()  # ends on SystemExit, after up to five seconds for the requests in flight
        server.task_dispatcher.shutdown(timeout=REQUEST_SECONDS)
        background.wait(STOP_SECONDS)
        self.stdout.write("Greenroom has stopped.")

    def _listen(self, host: str, port: int) -> Any:
        try:
            return create_server(
                application,
                host=host,
                port=port,
                # Calls that wait for Anam take none of the threads that pages need.
                threads=PAGE_THREADS + settings.API_WAITERS,
                ident=None,
                max_request_body_size=settings.UPLOAD_BODY_MAX,
                # Django reads these headers only when PUBLIC_URL says that a proxy sets them.
                clear_untrusted_proxy_headers=not settings.OVER_TLS,
            )
        except OSError as error:
            hint = f"Is Greenroom running already? Another port: PORT={port + 1} make run"
            raise CommandError(f"{host}:{port} can't be used: {error.strerror}. {hint}") from None

    def _greet(self, host: str, port: int) -> None:
        address = settings.PUBLIC_URL or f"http://{_OWN_URL_NAMES.get(host, host)}:{port}"
        self.stdout.write(f"\n  Greenroom is at {address}\n")
        if settings.REHEARSAL:
            self.stdout.write("  Rehearsal: the sandbox stands in for Anam (no ANAM_API_KEY).\n")
        if code := new_set_up_code():
            self.stdout.write("\n  Open this once to become its administrator:\n")
            self.stdout.write(f"  {address}/setup/{code}\n")
        self.stdout.write("\n  Ctrl+C stops it.\n\n")
        self.stdout.flush()
