"""The drills in short: with real processes, in rooms of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", ["kill", "lost", "hang", "writers"])
def test_nothing_is_lost_and_nothing_happens_twice(name: str) -> None:
    command = [sys.executable, "-m", "tests.drills", name, "--short"]
    drill = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert drill.returncode == 0, drill.stdout[-20_000:] + drill.stderr
    assert "All is well." in drill.stdout
