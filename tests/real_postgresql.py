"""A PostgreSQL server for tests: made in a temporary folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "only-for-tests"
TEMPLATE = "with_postgis"


def binaries() -> Path | None:
    """Return the folder with PostgreSQL's server programs, None where they are not installed."""
    on_path = shutil.which("initdb")
    packaged = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = Path(on_path).resolve() if on_path else packaged[-1] if packaged else None
    return found.parent if found else None


@contextmanager
def server() -> Iterator[str]:
    """Run a server and give the URL of its empty database; skip where PostgreSQL is absent and not required."""
    programs = binaries()
    if programs is None:
        missing = pytest.fail if os.environ.get("DATELINE_REQUIRE_REAL_PARTS") == "1" else pytest.skip
        missing("needs PostgreSQL's server programs")
    with tempfile.TemporaryDirectory(prefix="dateline-postgresql-") as folder:
        port = _free_port()
        _make(programs, Path(folder), port)
        try:
            _run(programs / "pg_ctl", "-D", f"{folder}/data", "-l", f"{folder}/log", "-w", "start")
            url = f"postgresql://dateline:{PASSWORD}@127.0.0.1:{port}/postgres"
            _make_template(url)
            yield url
        finally:
            _run(programs / "pg_ctl", "-D", f"{folder}/data", "-m", "immediate", "stop")


def new_database(url: str, template: str = TEMPLATE) -> str:
    """Make a database without tables of ours on the server of a URL and return the URL of it."""
    import psycopg
    from psycopg.sql import SQL, Identifier

    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        create = SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(template))
        connection.execute(create)
    return f"{url.rpartition('/')[0]}/{name}"


@contextmanager
def store(kind: str, folder: Path) -> Iterator[str]:
    """Give the URL of an empty store, ``sqlite`` in a folder or ``postgresql`` on a server of its own."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'workspace.db'}"
        return
    with server() as url:
        yield new_database(url)


def _make_template(url: str) -> None:
    """Make a database with PostGIS to copy: copying takes a tenth of the time of installing it anew."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {TEMPLATE}")
    with psycopg.connect(f"{url.rpartition('/')[0]}/{TEMPLATE}", autocommit=True) as connection:
        connection.execute("CREATE EXTENSION postgis")


def _make(programs: Path, folder: Path, port: int) -> None:
    (folder / "password").write_text(PASSWORD, encoding="utf-8")
    _give_to_server(folder, folder / "password")
    _run(
        programs / "initdb", "-D", folder / "data", "-U", "dateline", "-A", "scram-sha-256",
        "--pwfile", folder / "password", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync",
    )  # fmt: skip
    settings = f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n"
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write(settings)


def _run(*command: object) -> None:
    # The server refuses to run as root: then it runs as an ordinary user.
    user = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
    subprocess.run([*user, *map(str, command)], check=True, capture_output=True, cwd="/", timeout=120)


def _give_to_server(*paths: Path) -> None:
    if os.geteuid() == 0:
        for path in paths:
            shutil.chown(path, "nobody", "nogroup")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
