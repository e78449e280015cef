"""A folder and a database for one drill, gone afterwards."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"


def databases() -> list[str]:
    """The kinds there are here."""
    return [SQLITE, POSTGRESQL] if _server() else [SQLITE]


@contextmanager
def room(database: str) -> Iterator[dict[str, str]]:
    """The environment of a Greenroom that has nothing yet, and can't reach the real Anam."""
    folder = Path(tempfile.mkdtemp(prefix="greenroom-drill-"))
    try:
        with _database(database, folder) as address:
            yield {
                "DATA_DIR": str(folder),
                "DATABASE_URL": address,
                "DJANGO_SETTINGS_MODULE": "tests.drills.settings",
                "HOST": "127.0.0.1",
                "PUBLIC_URL": "",
                "DEBUG": "false",
                "ANAM_API_KEY": "",
                "ANAM_API_URL": "http://127.0.0.1:9",
                "LOG_LEVEL": "WARNING",
            }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[str]:
    if kind == SQLITE:
        yield f"sqlite:///{folder / 'greenroom.sqlite3'}"
        return
    name = f"greenroom_drill_{token_hex(4)}"
    with psycopg.connect(_server(), autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield urlsplit(_server())._replace(path=f"/{name}").geturl()
        finally:
            server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _server() -> str:
    own = os.environ.get("TEST_POSTGRES_URL") or os.environ.get("TEST_DATABASE_URL", "")
    return own if own.startswith("postgres") else ""
