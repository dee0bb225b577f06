"""Backing up and restoring a workspace.

An SQLite workspace is copied page by page by SQLite's own online backup, while others read and write; of PostgreSQL an
export is written, which sees one state of it. Either kind of backup can be restored into either kind of store.
"""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

from sqlalchemy import Connection, Engine, Update, delete, func, select, text, update

from geo.errors import InputError, InputNotFoundError, OutputError, WorkspaceError
from geo.files import path_whole
from geo.workspace.database import guarded, reading, shown, snapshot, writing
from geo.workspace.records import Kept, kept_of
from geo.workspace.schema import prepare
from geo.workspace.tables import articles, info, metadata, reviews, zones
from geo.workspace.transfer import add_within, check_other, export_to, exported, import_from, lines_of, verify
from geo.workspace.workspace import Workspace, open_workspace
from geo.workspace.zones import copy_zones

_SQLITE, _GZIP = b"SQLite format 3\0", b"\x1f\x8b"
_PAGES = 2000
"""Pages copied between two looks at the progress: some megabytes, during which nobody can write."""
_REMEDY = "Take another backup."

Progress = Callable[[int, int], object]
"""Called with how much is done, and of how much; 0 where that is not known."""


def _silent(_done: int, _total: int) -> None:
    return None


def backup(workspace: Workspace, path: Path, progress: Progress = _silent) -> None:
    """Write a workspace's content to a file, as of one moment, while others go on using it.

    Raises
    ------
    OutputError
        The file cannot be written; nothing half-written is left behind.
    WorkspaceError
        The workspace cannot be read.
    """
    if workspace.engine.dialect.name != "sqlite":
        if not path.suffix:
            raise OutputError(f"{path} has no suffix.", "Give a file such as workspace.jsonl.gz.")
        export_to(workspace, path, lambda count: progress(count, 0))
        return
    check_other(workspace, path)
    with path_whole(path) as temporary, snapshot(workspace.engine) as connection:
        # From here on it sees one state: SQLite would begin anew whenever another program writes.
        connection.execute(select(info.c.value)).all()
        source = cast("sqlite3.Connection", connection.connection.driver_connection)
        try:
            with closing(sqlite3.connect(temporary)) as target:
                _copy(source, target, progress)
                # One file, without the journal that the workspace has beside it.
                target.execute("PRAGMA journal_mode = DELETE")
        except sqlite3.Error as error:
            raise OutputError(f"{path} cannot be written: {error}.", "Make room, or give another folder.") from error


def restore(workspace: Workspace, path: Path, *, replace: bool = False, progress: Progress = _silent) -> None:
    """Bring back what a backup or an export holds.

    The backup is checked to its end before anything is changed, and comes whole or not at all. What others read of a
    PostgreSQL workspace in the meantime is what was there before; whoever writes to it waits.

    Parameters
    ----------
    replace
        Whether what is in the workspace goes; without it, the workspace must be empty.

    Raises
    ------
    InputNotFoundError
        There is no such file.
    InputError
        The backup is damaged, or of another program.
    WorkspaceError
        The workspace is not empty, or cannot be written.
    """
    kind = _kind(path)
    _verify_sqlite(path) if kind == _SQLITE else verify(path)
    if not replace:
        _require_empty(workspace)
    with _as_sqlite(path, kind) if workspace.engine.dialect.name == "sqlite" else _nothing() as copy:
        if copy:
            _overwrite(workspace, copy, progress)
        else:
            _refill(workspace, path, kind, progress)


def _kind(path: Path) -> bytes:
    if path.is_dir():
        return _GZIP
    if not path.is_file():
        raise InputNotFoundError(f"There is no file {path}.", "Check the path.")
    with path.open("rb") as file:
        start = file.read(16)
    kind = next((known for known in (_SQLITE, _GZIP) if start.startswith(known)), None)
    if kind is None:
        raise InputError(f"{path} is no backup of a workspace.", "Give one that dateline workspace backup wrote.")
    return kind


def _verify_sqlite(path: Path) -> None:
    damaged = InputError(f"{path} is damaged.", _REMEDY)
    try:
        # Immutable: looking at it must not change it.
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as store:
            whole = store.execute("PRAGMA integrity_check(1)").fetchone() == ("ok",)
            ours = store.execute("SELECT count(*) FROM sqlite_master WHERE name = ?", (info.name,)).fetchone() == (1,)
    except sqlite3.Error as error:
        raise damaged from error
    if not whole:
        raise damaged
    if not ours:
        raise InputError(f"{path} is another program's.", "Give one that dateline workspace backup wrote.")


def _require_empty(workspace: Workspace) -> None:
    with guarded(workspace.engine), workspace.engine.connect() as connection:
        filled = any(connection.execute(select(func.count()).select_from(t)).scalar() for t in (articles, reviews))
    if filled:
        message = f"The workspace {shown(workspace.engine.url)} is not empty."
        raise WorkspaceError(message, "Add --replace to put the backup in its place.")


@contextmanager
def _nothing() -> Iterator[None]:
    yield None


@contextmanager
def _as_sqlite(path: Path, kind: bytes) -> Iterator[Path]:
    """Give a backup as an SQLite file that may be changed."""
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        copy = Path(folder) / "workspace.db"
        if kind == _SQLITE:
            shutil.copyfile(path, copy)
        with open_workspace(f"sqlite:///{copy}") as opened:  # brings the tables up to date
            if kind == _GZIP:
                import_from(opened, path)
        yield copy


def _overwrite(workspace: Workspace, copy: Path, progress: Progress) -> None:
    _take_over(workspace, copy)
    with _raw(workspace.engine) as target, closing(sqlite3.connect(copy)) as source:
        try:
            _copy(source, target, progress)
        except sqlite3.Error as error:
            message = f"The workspace {shown(workspace.engine.url)} cannot be written: {error}."
            raise WorkspaceError(message, "Stop what uses it, and try again.") from error
    with guarded(workspace.engine):
        prepare(workspace.engine, shown(workspace.engine.url))


def _take_over(workspace: Workspace, copy: Path) -> None:
    """Put into a copy what does not come from the backup.

    The zones come from elsewhere and stay. What was made of the earlier content (ETags) must not pass for the new:
    another identity tells them apart.
    """
    with (
        open_workspace(f"sqlite:///{copy}") as opened,
        writing(opened.engine) as connection,
        reading(workspace.engine) as current,
    ):
        copy_zones(current, connection)
        connection.execute(_other_id())


def _refill(workspace: Workspace, path: Path, kind: bytes, progress: Progress) -> None:
    """Put a backup in the place of what a PostgreSQL workspace holds, in one transaction."""
    with _kept_in(path, kind) as items, writing(workspace.engine) as connection:
        _clear(connection)
        add_within(connection, items, lambda count: progress(count, 0))
        connection.execute(_other_id())


def _other_id() -> Update:
    return update(info).where(info.c.name == "id").values(value=uuid.uuid4().hex)


@contextmanager
def _kept_in(path: Path, kind: bytes) -> Iterator[Iterator[Kept]]:
    """Give what a backup keeps."""
    if kind == _GZIP:
        yield exported(path)
        return
    with _as_sqlite(path, kind) as copy, open_workspace(f"sqlite:///{copy}") as source:
        yield _sound(source, path)


def _sound(source: Workspace, path: Path) -> Iterator[Kept]:
    """Yield what a copy of a backup keeps, each article looked at as those of an export are."""
    try:
        for _, line in lines_of(source):
            yield kept_of(line)
    except (WorkspaceError, InputError) as error:
        remedy = f"Look what is damaged with dateline workspace check --workspace sqlite:///{path}"
        raise InputError(f"{path} holds what cannot be read.", remedy) from error


def _clear(connection: Connection) -> None:
    """Remove all that a backup brings back; the zones come from elsewhere and stay."""
    # Not truncated: that would make everybody wait who reads.
    for table in reversed(metadata.sorted_tables):
        if table not in (info, zones):
            connection.execute(delete(table))
    connection.execute(text("DELETE FROM words"))


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress) -> None:
    source.backup(target, pages=_PAGES, progress=lambda _status, left, total: progress(total - left, total))


@contextmanager
def _raw(engine: Engine) -> Iterator[sqlite3.Connection]:
    """Give SQLite's own connection."""
    with guarded(engine), closing(engine.raw_connection()) as connection:
        yield cast("sqlite3.Connection", connection.driver_connection)
