"""What one file costs: `python -m tests.photos.cost < photo` prints it as JSON.

In a process of its own, because memory that was needed once can't be told from memory that is.
"""

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from PIL import Image

from avatars.photos.inspect import inspect
from avatars.photos.prepare import prepare

ROOT = Path(__file__).parents[2]
_STATUS = Path("/proc/self/status")  # getrusage tells of the process before exec as well
HAS_STATUS = _STATUS.exists()


@dataclass(frozen=True)
class Cost:
    """Of inspecting and preparing: processor time, and memory beyond what is there before."""

    seconds: float
    megabytes: float
    errors: list[str]
    fixes: list[str]
    sides: tuple[int, int] | None


def cost_of(data: bytes) -> Cost:
    command = [sys.executable, "-W", "ignore", "-m", "tests.photos.cost"]
    told = subprocess.run(command, cwd=ROOT, input=data, capture_output=True, check=True)
    return Cost(**json.loads(told.stdout))


def _measured(data_from: Path) -> Cost:
    Image.init()  # as in a server that has seen a photo before
    before, began = _peak(), time.process_time()
    inspection = inspect(data_from.read_bytes())
    made = prepare(inspection.photo) if inspection.photo else None
    return Cost(
        round(time.process_time() - began, 2),
        round(_peak() - before),
        [finding.code for finding in inspection.errors],
        [finding.code for finding in inspection.fixes],
        (made.width, made.height) if made else None,
    )


def _peak() -> float:
    line = _STATUS.read_text().partition("VmHWM:")[2]
    return int(line.split()[0]) * 1024 / 1e6


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(_measured(Path("/dev/stdin")))))
