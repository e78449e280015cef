"""The settings, their table for people, and what they make of the environment."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ASK = "from dashboard import settings; print(repr(getattr(settings, '{}')))"
ELSEWHERE = {"GREENROOM_PASSWORD"}  # read by `manage.py people add`


def read_by_the_code() -> set[str]:
    source = (ROOT / "dashboard" / "settings.py").read_text()
    rules = (ROOT / "dashboard" / "policy.py").read_text()
    asked = re.findall(r"""\benv(?:\.\w+)?\(\s*["'](\w+)["']""", source)
    return {*asked, *re.findall(r'\("(POLICY_\w+)"', rules)}


def told_to_people() -> list[str]:
    table = (ROOT / "docs" / "settings.md").read_text()
    return re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE)


def setting(name: str, folder: Path, **environment: str) -> str:
    """What a setting becomes, in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-c", ASK.format(name)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(folder), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return result.stdout.strip()


def test_every_setting_stands_in_the_table_and_nothing_else_does() -> None:
    assert len(read_by_the_code()) > 25
    assert set(told_to_people()) == read_by_the_code() | ELSEWHERE


def test_no_setting_stands_there_twice() -> None:
    names = told_to_people()
    assert len(names) == len(set(names))


def test_without_a_key_it_is_a_rehearsal(tmp_path: Path) -> None:
    assert setting("REHEARSAL", tmp_path) == "True"
    assert setting("REHEARSAL", tmp_path, ANAM_API_KEY=" \n") == "True"
    assert setting("REHEARSAL", tmp_path, ANAM_API_KEY="key") == "False"


def test_a_key_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from-a-file\n")
    key = setting("ANAM_API_KEY", tmp_path, ANAM_API_KEY_FILE=str(tmp_path / "key"))
    assert key == "'from-a-file'"


@pytest.mark.parametrize(
    ("name", "plain", "behind_tls"),
    [
        ("SESSION_COOKIE_SECURE", "False", "True"),
        ("CSRF_COOKIE_SECURE", "False", "True"),
        ("SECURE_SSL_REDIRECT", "False", "True"),
        ("SECURE_HSTS_SECONDS", "0", "31536000"),
        ("SECURE_PROXY_SSL_HEADER", "None", "('HTTP_X_FORWARDED_PROTO', 'https')"),
        ("CSRF_TRUSTED_ORIGINS", "[]", "['https://greenroom.example']"),
    ],
)
def test_a_public_address_with_tls_turns_everything_to_tls(
    tmp_path: Path, name: str, plain: str, behind_tls: str
) -> None:
    assert setting(name, tmp_path) == plain
    assert setting(name, tmp_path, PUBLIC_URL="https://greenroom.example/") == behind_tls


def test_the_host_of_the_public_address_is_answered(tmp_path: Path) -> None:
    hosts = setting("ALLOWED_HOSTS", tmp_path, PUBLIC_URL="https://greenroom.example:8443")
    assert "'greenroom.example'" in hosts


def test_stills_of_another_upstream_may_be_shown_once_it_has_the_key(tmp_path: Path) -> None:
    address = "http://127.0.0.1:9000"
    assert address not in setting("MEDIA_ORIGINS", tmp_path, ANAM_API_URL=address)
    live = setting("MEDIA_ORIGINS", tmp_path, ANAM_API_URL=address, ANAM_API_KEY="key")
    assert address in live


def test_a_mail_server_that_says_nothing_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    mailers = setting("MAILERS", tmp_path, EMAIL_URL="smtp+tls://me:word@mail.example:587")
    assert "'timeout': 20" in mailers
    assert "timeout" not in setting("MAILERS", tmp_path, EMAIL_URL="consolemail://")
