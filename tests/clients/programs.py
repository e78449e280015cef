"""The clients at exact versions, in a folder to throw away, and the programs that use them."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
SECONDS = 300  # for one program
_KEPT = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
# anam-mcp 0.1.13 asks for any mcp, and can't be started with mcp 2.
PYTHON_PACKAGES = ("anam==0.12.0", "anam-mcp==0.1.13", "mcp==1.30.0")
_QUIETLY = ("--quiet", "--only-binary", ":all:")  # nobody's build runs here
NODE_PACKAGES = ("@anam-ai/js-sdk@4.27.0",)


@dataclass(frozen=True)
class Result:
    check: str
    good: bool
    said: str

    @property
    def verdict(self) -> str:
        return "good" if self.good else "FAILED"


def results_of(name: str, folder: Path, environment: Mapping[str, str]) -> list[Result]:
    """What the program for one client of CLIENTS found; a program that breaks is a result too."""
    try:
        command, more = CLIENTS[name](folder)
        done = _ran(command, {**more, **environment})
    except (OSError, subprocess.SubprocessError) as error:
        return [Result("it can be installed and run", good=False, said=_last_words(error))]
    results = list(_told(done.stdout))
    if done.returncode or not results:
        said = " ".join(done.stderr.split())[-300:]
        results.append(Result("the program ends well", good=False, said=said))
    return results


def _ran(command: list[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    # Other people's code sees nothing else of ours: an Anam key may stand in the environment.
    own = {name: os.environ[name] for name in _KEPT if name in os.environ}
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**own, **environment},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


Started = tuple[list[str], dict[str, str]]


def _python(folder: Path) -> Started:
    return [str(_python_of(folder)), "-m", "tests.clients.by_python"], {}


def _mcp(folder: Path) -> Started:
    return [str(_python_of(folder)), "-m", "tests.clients.by_mcp"], {}


def _javascript(folder: Path) -> Started:
    """CommonJS, because only that looks for packages where NODE_PATH says."""
    npm = ["npm", "install", "--silent", "--no-save", "--ignore-scripts", "--prefix", str(folder)]
    _run([*npm, *NODE_PACKAGES])
    program = str(Path(__file__).with_name("by_javascript.cjs"))
    return ["node", program], {"NODE_PATH": str(folder / "node_modules")}


# Whoever deletes avatars comes last.
CLIENTS = {"python": _python, "javascript": _javascript, "mcp": _mcp}


def _python_of(folder: Path) -> Path:
    """A Python with the packages, made at the first call; with uv where there is one."""
    python = folder / "python" / "bin" / "python"
    if python.exists():
        return python
    uv = shutil.which("uv") or shutil.which(str(ROOT / ".tools" / "bin" / "uv"))
    if uv:
        _run([uv, "venv", "--quiet", "--python", sys.executable, str(folder / "python")])
        _run([uv, "pip", "install", *_QUIETLY, "--python", str(python), *PYTHON_PACKAGES])
    else:
        _run([sys.executable, "-m", "venv", str(folder / "python")])
        _run([str(python), "-m", "pip", "install", *_QUIETLY, *PYTHON_PACKAGES])
    return python


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)


def _told(output: str) -> Iterator[Result]:
    for line in output.splitlines():
        if line.startswith('{"check"'):  # the clients have words of their own
            yield Result(**json.loads(line))


def _last_words(error: Exception) -> str:
    said = str(getattr(error, "stderr", "") or error)
    return " ".join(said.split())[-300:]
