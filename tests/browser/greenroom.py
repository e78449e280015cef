"""The real thing as processes of its own: what a newcomer starts, with folders to throw away."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Self
from urllib.request import Request, urlopen

ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV")  # of whoever runs the tests
_STOP_SECONDS = 40  # `up` gives work in hand 20 of them
PROMPT = {"SANDBOX_DELAY": "1", "SANDBOX_PREVIEW_AFTER": "2", "SWEEP_SECONDS": "1"}


class _Process:
    """A program of ours that prints where it is, and ends on SIGTERM."""

    def __init__(self, folder: Path, arguments: list[str], last_words: str, **env: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "log.txt"
        own = {name: os.environ[name] for name in _KEPT if name in os.environ}
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=own | env,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        self.announcement = self._read_until(last_words)

    def _read_until(self, last_words: str) -> str:
        assert self._process.stdout
        said = ""
        for line in self._process.stdout:
            said += line
            if last_words in line:
                return said
        raise RuntimeError(f"it did not start:\n{said}{self.log.read_text()}")

    def word(self, beginning: str) -> str:
        """The last word with that beginning of what it printed when it started."""
        return [word for word in self.announcement.split() if word.startswith(beginning)][-1]

    @property
    def peak(self) -> float:
        """Megabytes of memory that it has taken at most; 0 where the system does not tell."""
        status = Path(f"/proc/{self._process.pid}/status")
        if not status.exists():
            return 0
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) * 1024 / 1e6

    def stop(self) -> int:
        self._process.terminate()
        with self._process:
            self._process.communicate(timeout=_STOP_SECONDS)
            return self._process.returncode

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class Greenroom(_Process):
    """`manage.py up` over an empty folder. Its log is in `log`, its first link in `set_up_link`."""

    def __init__(self, folder: Path, **settings: str) -> None:
        # Said even where it is the default: nobody's .env may lead a test to the real Anam.
        own = {
            "DATA_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'greenroom.sqlite3'}",
            "HOST": "127.0.0.1",
            "PUBLIC_URL": "",
            "DEBUG": "false",
            "ANAM_API_KEY": "",
        }
        command = ["manage.py", "up", "--port", "0"]
        super().__init__(folder, command, "Ctrl+C", **(own | PROMPT | settings))
        self.set_up_link = self.word("http://")
        self.address = self.set_up_link.split("/setup/")[0]


class StandaloneSandbox(_Process):
    """`python -m avatars.sandbox`, a stand-in for Anam on the other side of a socket."""

    key = "other-key"

    def __init__(self, folder: Path, *knobs: str) -> None:
        place = ["--key", self.key, "--folder", str(folder)]
        command = ["-m", "avatars.sandbox", "--port", "0", *place, *knobs]
        super().__init__(folder, command, "listening")
        self.address = self.word("http://")

    @property
    def settings(self) -> dict[str, str]:
        """What makes a Greenroom use it."""
        return {"ANAM_API_URL": self.address, "ANAM_API_KEY": self.key}

    def reads_of(self, upstream_id: str) -> int:
        """How often that avatar was asked for so far."""
        path = f"/v1/avatars/{upstream_id}"
        return sum(r["method"] == "GET" and r["path"] == path for r in self.requests())

    def requests(self) -> list[dict[str, Any]]:
        header = {"Authorization": f"Bearer {self.key}"}
        with urlopen(Request(f"{self.address}/_sandbox/requests", headers=header)) as answer:
            found: list[dict[str, Any]] = json.load(answer)
        return found
