"""The signing key of this installation, made once."""

import subprocess
import sys
from pathlib import Path

from dashboard.secret_key import secret_key

ROOT = Path(__file__).parents[2]
ASK = "import sys; from pathlib import Path; from dashboard.secret_key import secret_key; "
ASK += "sys.stdin.readline(); print(secret_key(Path(sys.argv[1])))"


def test_the_key_is_long_and_its_owners_alone(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "new" / "data")
    file = tmp_path / "new" / "data" / "secret-key"
    assert len(key) >= 50
    assert file.stat().st_mode & 0o777 == 0o600
    assert secret_key(tmp_path / "new" / "data") == key


def test_a_key_that_is_there_is_kept(tmp_path: Path) -> None:
    (tmp_path / "secret-key").write_text("given by somebody\n")
    assert secret_key(tmp_path) == "given by somebody"


def test_processes_that_start_at_once_agree(tmp_path: Path) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", ASK, str(tmp_path)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    keys = {process.communicate()[0].strip() for process in processes}
    assert len(keys) == 1
    assert keys == {(tmp_path / "secret-key").read_text()}
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
