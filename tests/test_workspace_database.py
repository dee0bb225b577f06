from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import psycopg
import pytest
from reading_cast import reading_of

from geo.batch.outages import is_outage
from geo.errors import WorkspaceError
from geo.workspace.backup import backup
from geo.workspace.bulk import insert_rows
from geo.workspace.database import connect_unchanged, guarded, reading, writing
from geo.workspace.workspace import open_unchanged, open_workspace


@pytest.mark.parametrize(
    "url", ["", "workspace.db", "mysql://u:secret@h/d", "http://u:secret@h", "postgresql://u:secret@h:port/d"]
)
def test_an_address_of_another_kind_says_what_to_give(url: str) -> None:
    with pytest.raises(WorkspaceError, match="Give sqlite") as caught:
        open_workspace(url)
    assert "secret" not in str(caught.value)


def test_an_unreachable_server_tells_no_password() -> None:
    with pytest.raises(WorkspaceError, match=r"127\.0\.0\.1:1") as caught:
        open_workspace("postgresql://someone:secret@127.0.0.1:1/dateline?sslcert=secret")
    assert "secret" not in str(caught.value)
    assert "someone" not in str(caught.value)


def test_a_workspace_in_memory_is_its_own() -> None:
    with open_workspace("sqlite://") as first, open_workspace("sqlite://") as second:
        assert first.version() != second.version()


def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("These are notes, not a database. " * 100, encoding="utf-8")
    with pytest.raises(WorkspaceError, match="no SQLite database"):
        open_workspace(f"sqlite:///{path}")


def test_another_program_s_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE articles (headline TEXT)")
    with pytest.raises(WorkspaceError, match="another program's"):
        open_workspace(f"sqlite:///{path}")
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT count(*) FROM sqlite_master").fetchone() == (1,)


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"cannot be made.*DATELINE_WORKSPACE"):
        open_workspace(f"sqlite:///{tmp_path / 'file' / 'workspace.db'}")


def test_sqlite_is_opened_for_many_readers(tmp_path: Path) -> None:
    path = tmp_path / "workspace.db"
    open_workspace(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as plain:
        assert plain.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_it_prints_without_secrets() -> None:
    assert repr(open_workspace("sqlite://")) == "<Workspace the workspace in memory>"


_SAID = {
    "permission denied for table articles": "owner grant",
    "cannot execute INSERT in a read-only transaction": "takes writes",
    "canceling statement due to statement timeout": "statement_timeout",
    'FATAL: too many connections for database "reports"': "limit of connections",
    "FATAL: sorry, too many clients already": "limit of connections",
    "FATAL: the database system is starting up": "once the server is back",
    "terminating connection due to administrator command": "once the server is back",
    "server closed the connection unexpectedly": "once the server is back",
    "failed to resolve host 'no.such.host'": "the host's name",
    'relation "place_totals" does not exist': "Restore it",
    'FATAL: database "reports" does not exist': "name of the database",
    "no such table: place_totals": "Restore it",
}


@pytest.mark.parametrize("said", _SAID)
def test_what_a_server_says_comes_with_what_to_do(said: str) -> None:
    with (
        open_workspace("sqlite://") as workspace,
        pytest.raises(WorkspaceError, match=_SAID[said]),
        guarded(workspace.engine),
    ):
        raise sqlite3.OperationalError(said)


@pytest.mark.parametrize("opened", [reading, writing])
@pytest.mark.parametrize("error", [TypeError, ValueError, KeyError, AttributeError])
def test_a_fault_of_the_program_comes_as_itself(opened: Any, error: type[Exception]) -> None:
    with open_workspace("sqlite://") as workspace, pytest.raises(error), opened(workspace.engine):
        raise error


def test_rows_that_cannot_be_copied_are_an_error_of_the_workspace(store: str) -> None:
    with open_workspace(store) as workspace, pytest.raises(WorkspaceError), writing(workspace.engine) as connection:
        insert_rows(connection, "origins", ["number", "source"], [(1, "Agency")])


@pytest.mark.parametrize(("code", "passes"), [("57P01", True), (None, True), ("23502", False)])
def test_a_server_lost_while_rows_are_copied_is_an_outage(code: str | None, passes: bool) -> None:
    cause = psycopg.OperationalError("gone")
    cause.sqlstate = code
    error = WorkspaceError("gone")
    error.__cause__ = cause
    assert is_outage(error) is passes


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_hold_all_texts_is_refused(postgresql: str, encoding: str) -> None:
    name = f"in_{encoding.lower()}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
    with pytest.raises(WorkspaceError, match=f"encoding {encoding}.*ENCODING 'UTF8'"):
        open_workspace(f"{postgresql.rpartition('/')[0]}/{name}")


def test_a_file_that_is_removed_while_it_is_open_is_told_before_anything_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_workspace(f"sqlite:///{path}") as workspace:
        path.rename(tmp_path / "elsewhere.db")
        with pytest.raises(WorkspaceError, match="was moved, removed"):
            workspace.add(reading_of("Rastan."))
        (tmp_path / "elsewhere.db").rename(path)
        assert workspace.add(reading_of("Rastan.")).outcome == "new"


def test_a_file_that_is_replaced_while_it_is_open_is_not_mixed_with_the_other(tmp_path: Path) -> None:
    path, other = tmp_path / "a.db", tmp_path / "b.db"
    open_workspace(f"sqlite:///{other}").close()
    with open_workspace(f"sqlite:///{path}") as workspace:
        other.replace(path)
        with pytest.raises(WorkspaceError, match="replaced while it was open"):
            workspace.count()


def test_who_only_looks_makes_no_tables(store: str) -> None:
    with open_unchanged(store) as looking:
        assert looking.count() == 0
    assert connect_unchanged(store) is None


def test_who_only_looks_sees_what_is_there(store: str) -> None:
    with open_workspace(store) as workspace:
        workspace.add(reading_of("Rastan."))
        with open_unchanged(store) as looking:
            assert looking.version() == workspace.version()


def test_who_only_looks_changes_no_byte_of_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_workspace("sqlite://") as workspace:
        backup(workspace, path)
    before = path.read_bytes()
    with open_unchanged(f"sqlite:///{path}") as looking:
        assert looking.count() == 0
    assert path.read_bytes() == before
