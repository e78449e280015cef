"""One drill on one database, in the room that the environment names."""

import signal
import sys

import django

django.setup()

from tests.drills import bombs, hang, kill, lost, outage, waiters, writers  # noqa: E402

DRILLS = {
    "kill": kill.drill,
    "lost": lost.drill,
    "outage": outage.drill,
    "hang": hang.drill,
    "waiters": waiters.drill,
    "writers": writers.drill,
    "bombs": bombs.drill,
}


def main(name: str, database: str, *, short: bool) -> int:
    failed = False
    for report in DRILLS[name](database, short=short):
        sys.stdout.write(f"{report}\n")
        sys.stdout.flush()
        failed = failed or bool(report.failures)
    return int(failed)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that its own processes end too
    sys.exit(main(sys.argv[1], sys.argv[2], short="--short" in sys.argv))
