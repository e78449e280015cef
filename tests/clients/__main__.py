"""`python -m tests.clients`: do Anam's official clients take this server for Anam?

They are installed into a folder to throw away, from the registries that pip and npm are set up
for, and run against a Greenroom of their own, in rehearsal, or the server named. Ends with 1 when a
check fails.
"""

import argparse
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.drills.report import Report

from .programs import CLIENTS, results_of
from .server import Server, make_avatar, own_greenroom


def main() -> int:
    options = _options()
    report = Report("Anam's official clients", ("client", "check", "", "it said"))
    with TemporaryDirectory(prefix="clients-") as folder, _server(options, folder) as server:
        names = options.clients or list(CLIENTS)
        environment = server.environment
        if "mcp" in names:
            spare = make_avatar(server.base_url, server.token, "Made to be deleted")
            environment["CLIENTS_SPARE"] = spare
        for name in names:
            results = results_of(name, Path(folder), environment)
            for result in results:
                report.rows.append((name, result.check, result.verdict, result.said))
                report.expect(result.good, f"{name}: {result.check}")
    sys.stdout.write(f"{report}\n")
    return int(bool(report.failures))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.clients", description=__doc__)
    parser.add_argument("clients", nargs="*", help=f"some of {', '.join(CLIENTS)}; else all")
    parser.add_argument("--base-url", help="an address to check instead of a Greenroom of its own")
    parser.add_argument("--token", help="what the clients send as API key")
    parser.add_argument("--avatar", help="the id of an avatar that conversations are allowed with")
    options = parser.parse_args()
    if unknown := set(options.clients) - set(CLIENTS):
        parser.error(f"no such client: {', '.join(sorted(unknown))}")
    given = [options.base_url, options.token, options.avatar]
    if any(given) and not all(given):
        parser.error("--base-url, --token and --avatar belong together")
    return options


@contextmanager
def _server(options: argparse.Namespace, folder: str) -> Iterator[Server]:
    if options.base_url:
        yield Server(options.base_url.rstrip("/"), options.token, options.avatar)
        return
    with own_greenroom(Path(folder, "greenroom")) as server:
        yield server


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that its own processes end too
    sys.exit(main())
