"""Opening the store: one code path for SQLite and PostgreSQL, and errors that tell no secrets."""

from __future__ import annotations

import json
import sqlite3
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, select
from sqlalchemy.exc import ArgumentError, NoResultFound, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from geo.errors import DatelineError, InputError, WorkspaceError
from geo.workspace.schema import is_filled, prepare
from geo.workspace.tables import info

if TYPE_CHECKING:
    from sqlite3 import Connection as SqliteConnection

    from psycopg import Connection as PostgresqlConnection
    from sqlalchemy.pool import ConnectionPoolEntry

_REMEDY = "Give sqlite:///file.db or postgresql://user@host/database."
_WAIT_SECONDS = 30

_LOG_PAGES = 32_000
"""Pages that the write-ahead log gathers, 128 MB, before they go into SQLite's file: one batch after the other changes
the same pages of indexes, which go there once for many."""

_CACHE_KILOBYTES = 64_000
"""Memory that SQLite keeps pages in while it writes. By default it has 2 MB, less than a batch changes: pages would be
read again and written several times, the more the larger the indexes are."""

_LOOK = "Look what is damaged with dateline workspace check."
_BACK = "Run the same command again once the server is back: what was done is kept."

# What values that are none of ours end in where they are decoded.
_DAMAGED = (NoResultFound, ValueError, LookupError, TypeError, AttributeError, RecursionError, zlib.error)

# Words of the driver's own message, and what to do then.
_REMEDIES = {
    'relation "': "Restore it from a copy, or ingest into a new database.",
    "no such": "Restore it from a copy, or ingest into a new file.",
    "extension": "PostGIS is needed: install it on the server and let its owner run CREATE EXTENSION postgis there.",
    "database is locked": "Another program is writing to it; try again when it is done.",
    "disk is full": "Make room on the disk and run the same command again.",
    "disk I/O error": "Look at the disk, which may be full or failing, and run the same command again.",
    "No space left": "Make room on the disk and run the same command again.",
    "readonly": "Check the permissions of the file and its folder.",
    "unable to open": "Check that the folder is there and may be written to.",
    "not a database": "Give another file: this one is no SQLite database.",
    "Could not decode": _LOOK,
    "malformed": "Restore it from a copy, or ingest into a new file.",
    "permission denied": "Let the database's owner grant this user its tables, or give another user.",
    "read-only": "Give the server that takes writes: this one lets nobody change anything.",
    "statement timeout": "Let the server's owner raise statement_timeout for this user, or ask for less at once.",
    "too many c": "Close other programs that use the server, or let its owner raise the limit of connections.",
    "connection slots": "Close other programs that use the server, or let its owner raise the limit of connections.",
    "starting up": _BACK,
    "shutting down": _BACK,
    "recovery mode": _BACK,
    "terminating connection": _BACK,
    "closed": _BACK,
    "connection is lost": _BACK,
    "password": "Check the user and the password.",
    "does not exist": "Check the name of the database and of the user.",
    "refused": "Check that the server runs and that host and port are right.",
    "could not translate": "Check the host's name.",
    "resolve host": "Check the host's name.",
}


def connect(url: str) -> Engine:
    """Open a store; make its tables where it is empty, and bring them up to date where they are older.

    Raises
    ------
    WorkspaceError
        The URL is not one of SQLite or PostgreSQL, its driver is not installed, the store cannot be opened, is another
        program's, or was made by a newer version.
    """
    engine = engine_of(url)
    with guarded(engine):
        prepare(engine, shown(engine.url))
    return engine


def connect_unchanged(url: str) -> Engine | None:
    """Open a store to look at it only; None where there is none yet, or no tables in it.

    Raises
    ------
    WorkspaceError
        As `connect` does; or its tables are of an earlier version.
    """
    address = _parsed(url)
    if address.get_backend_name() == "sqlite":
        path = _path(address)
        if path is None or not path.exists():
            return None
    engine = engine_of(url, change=False)
    with guarded(engine):
        if is_filled(engine, shown(engine.url)):
            return engine
    engine.dispose()
    return None


def engine_of(url: str, *, change: bool = True) -> Engine:
    """Return the engine of a store that may have no tables yet; see `connect`.

    Parameters
    ----------
    change
        Whether an SQLite file and its folder may be made and set up.
    """
    address = _parsed(url)
    try:
        return _sqlite(address, change) if address.get_backend_name() == "sqlite" else _postgresql(address)
    except ImportError as error:
        remedy = "Install it: pip install 'dateline[postgresql]'."
        raise WorkspaceError("PostgreSQL's driver is not installed.", remedy) from error


def shown(address: URL) -> str:
    """Return an address without user, password and options: safe to print."""
    if address.get_backend_name() == "sqlite":
        return address.database or "the workspace in memory"
    port = f":{address.port}" if address.port else ""
    return f"postgresql://{address.host or 'localhost'}{port}/{address.database or ''}"


@contextmanager
def guarded(engine: Engine) -> Iterator[None]:
    """Turn errors of the driver into `WorkspaceError`, or `InputError` for values: one plain line, no secrets."""
    try:
        yield
    except DatelineError:
        raise
    except (UnicodeEncodeError, OverflowError) as error:
        raise _refused(error) from error
    # Rows copied past SQLAlchemy come with the driver's own errors.
    except (SQLAlchemyError, engine.dialect.loaded_dbapi.Error) as error:
        # The driver's own words only: SQLAlchemy's message holds the statement and the values written.
        own = getattr(error, "orig", error) if isinstance(error, SQLAlchemyError) else error
        if isinstance(own, engine.dialect.loaded_dbapi.DataError) and getattr(own, "sqlstate", None) is None:
            raise _refused(own) from error
        said = type(error).__name__ if own is None or isinstance(own, SQLAlchemyError) else own
        words = " ".join(str(said).split()).rstrip(".?")
        password = engine.url.password
        if password:
            words = words.replace(str(password), "***")
        remedy = next(
            (remedy for known, remedy in _REMEDIES.items() if known in words), "Check the workspace and try again."
        )
        raise WorkspaceError(f"The workspace {shown(engine.url)} failed: {words[:300]}.", remedy) from error


def _refused(error: BaseException) -> InputError:
    """Return the error for a value that the driver does not even send: half a character, NUL, a number too large."""
    reason = "half a character" if isinstance(error, UnicodeEncodeError) else str(error)
    return InputError(f"The workspace does not take a value: {reason}.", "Give plain text, and numbers within reason.")


@contextmanager
def decoding(engine: Engine) -> Iterator[None]:
    """Turn what stored values end in that are damaged into `WorkspaceError`: put around the code that decodes them."""
    try:
        yield
    except DatelineError:
        raise
    except _DAMAGED as error:
        what = f"{type(error).__name__}: {error}".rstrip(".")
        message = f"The workspace {shown(engine.url)} holds what cannot be read ({what[:200]})."
        raise WorkspaceError(message, _LOOK) from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that nobody else writes in at the same time; an error undoes all of it."""
    with guarded(engine), engine.connect().execution_options(dateline_writes=True) as connection, connection.begin():
        # PostgreSQL: whoever holds this row writes. SQLite has the whole file locked already.
        connection.execute(select(info.c.value).where(info.c.name == "changes").with_for_update())
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the store throughout."""
    with guarded(engine), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that sees one state of the store throughout its many queries, while others write."""
    options = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    with guarded(engine), engine.connect().execution_options(**options) as connection, connection.begin():
        yield connection


def _parsed(url: str) -> URL:
    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, NoSuchModuleError, ValueError):
        # The URL may hold a password: it is not repeated, and the library's error that holds it is dropped.
        raise WorkspaceError("The workspace's URL cannot be read.", _REMEDY) from None
    if backend in {"postgresql", "postgres"}:
        return address.set(drivername="postgresql+psycopg")
    if backend != "sqlite":
        raise WorkspaceError(f"A workspace cannot be kept in {backend}.", _REMEDY)
    return address.set(drivername="sqlite")


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _sqlite(address: URL, change: bool) -> Engine:
    path = _path(address)
    if path:
        address = address.set(database=str(path))
    if path and change:
        _make_folder(path.parent)
    pool: dict[str, Any] = {} if path else {"poolclass": StaticPool}
    engine = create_engine(
        address, json_serializer=_json, connect_args={"timeout": _WAIT_SECONDS, "check_same_thread": False}, **pool
    )
    event.listen(engine, "connect", _set_up_sqlite)
    if change:
        event.listen(engine, "connect", _keep_write_ahead_log)
    if path:
        _watch_file(engine, path)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _path(address: URL) -> Path | None:
    """Return the file of an SQLite store; None for one in memory."""
    return Path(address.database).expanduser() if address.database not in {None, "", ":memory:"} else None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        message = f"The folder {folder} cannot be made: {error.strerror}."
        remedy = "Check its permissions, or name another workspace with DATELINE_WORKSPACE or --workspace."
        raise WorkspaceError(message, remedy) from error


def _watch_file(engine: Engine, path: Path) -> None:
    """Notice where the file is no longer the one that was opened: SQLite would go on writing to what nobody finds."""

    def remember(_connection: object, record: ConnectionPoolEntry) -> None:
        record.info["file"] = path.stat().st_ino

    def look(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
        if not path.exists() or path.stat().st_ino != record.info["file"]:
            message = f"The workspace's file {path} was moved, removed or replaced while it was open."
            raise WorkspaceError(message, "Stop the programs that use it, put it in its place, and start them again.")

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", look)


def _set_up_sqlite(connection: SqliteConnection, _record: object) -> None:
    # Transactions are begun by `_begin_sqlite`; Python's own module would begin them too late to lock.
    connection.isolation_level = None
    # SQLite's own lower() knows ASCII only.
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma in (
        f"busy_timeout = {_WAIT_SECONDS}000",
        "synchronous = NORMAL",
        f"wal_autocheckpoint = {_LOG_PAGES}",
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _keep_write_ahead_log(connection: SqliteConnection, _record: object) -> None:
    """Let readers and a writer work side by side.

    SQLite does not wait where several programs open a new file at once and all ask for this.
    """
    last = time.monotonic() + _WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > last:
                raise
            time.sleep(0.01)
        else:
            return


def _lower(value: str | None) -> str | None:
    return None if value is None else value.lower()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("dateline_writes")
    if writes:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KILOBYTES}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(address: URL) -> Engine:
    engine = create_engine(address, json_serializer=_json, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    # Before SQLAlchemy asks anything, which fails where texts come as bytes.
    event.listen(engine, "connect", _set_up_postgresql, insert=True)
    return engine


def _set_up_postgresql(connection: PostgresqlConnection, _record: object) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        message = f"The database {connection.info.dbname} has the encoding {encoding}, which cannot hold all texts."
        raise WorkspaceError(message, "Give a database made with CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.")
    # Searches take milliseconds: compiling them or starting helpers takes longer.
    connection.execute("SET jit = off")
    connection.execute("SET max_parallel_workers_per_gather = 0")
    # By default it reckons with spinning disks; what searches read is in memory nearly always.
    connection.execute("SET seq_page_cost = 0.2")
    connection.execute("SET random_page_cost = 0.2")
    # Sums by place fit in memory: some ten megabytes where a hundred thousand places are named.
    connection.execute("SET work_mem = '32MB'")
    connection.commit()
