"""The drills in short: with real processes, in rooms of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    bool(os.environ.get("TEST_DATABASE_URL") and os.environ.get("TEST_POSTGRES_URL")),
    reason="the run without TEST_DATABASE_URL drills on both databases",
)
@pytest.mark.parametrize("name", ["kill", "lost", "hang", "waiters", "writers", "bombs"])
def test_nothing_is_lost_and_nothing_happens_twice(name: str) -> None:
    command = [sys.executable, "-m", "tests.drills", name, "--short"]
    drill = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert drill.returncode == 0, drill.stdout[-20_000:] + drill.stderr
    assert "All is well." in drill.stdout
