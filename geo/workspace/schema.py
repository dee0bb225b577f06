"""Making a store's tables, and bringing those of an earlier version up to date: Alembic's work, done at opening."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, select, text

from geo.errors import WorkspaceError
from geo.workspace.tables import info, metadata

if TYPE_CHECKING:
    from alembic.config import Config

REVISION = "0008"
"""The newest revision of the tables: the one this program works with. Raised with every change of them."""

_REVISIONS = re.compile(r"(?!0000)\d{4}", re.ASCII)
_VERSIONS = "alembic_version"
# One writer makes or changes the tables; any number that is always the same will do.
_LOCK = 620174504


def prepare(engine: Engine, name: str) -> None:
    """Check a store's tables; make them where it is empty, and bring older ones up to date.

    Any number of programs may do so at the same time: one changes the tables, the others wait for it.

    Parameters
    ----------
    name
        What errors call the store.

    Raises
    ------
    WorkspaceError
        It is another program's, or was made by a version of Dateline that this one cannot read.
    """
    with engine.connect() as connection:
        if _usable(connection, name):
            return
    with engine.connect().execution_options(dateline_writes=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        if not _usable(connection, name):  # nobody else did it in the meantime
            upgrade(connection)


def is_filled(engine: Engine, name: str) -> bool:
    """Check a store's tables as `prepare` does, and change nothing; False where there are none yet.

    Raises
    ------
    WorkspaceError
        Also where the tables are of an earlier revision.
    """
    with engine.connect() as connection:
        if _usable(connection, name):
            return True
        found = _revision(connection)
    if found is None:
        return False
    message = f"The workspace {name} has tables of revision {found}, older than those of this version ({REVISION})."
    raise WorkspaceError(message, "Bring it up to date, with dateline workspace check, and run the same command again.")


def upgrade(connection: Connection, revision: str = REVISION) -> None:
    """Bring the tables to a revision, in the connection's own transaction."""
    from alembic import command
    from alembic.script import ScriptDirectory

    config = configuration(connection)
    found = _revision(connection)
    command.upgrade(config, revision)
    scripts = ScriptDirectory.from_config(config)
    script = scripts.get_revision(revision)
    connection.execute(text("DELETE FROM workspace_info WHERE name = 'reads_from'"))
    values = {"reads_from": script.module.reads_from}
    if found is None:
        values |= {"id": uuid.uuid4().hex, "changes": "0"}
    connection.execute(info.insert(), [{"name": name, "value": value} for name, value in values.items()])
    if found is not None:
        from geo.workspace.derived import make_anew

        applied = scripts.iterate_revisions(revision, found)
        make_anew(connection, {name for each in applied for name in getattr(each.module, "due", ())})


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration; its revisions run on the connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "geo.workspace:migrations")
    config.attributes["connection"] = connection
    return config


def _usable(connection: Connection, name: str) -> bool:
    """Tell whether the tables may be used as they are; False where they are to be made or changed."""
    there = set(inspect(connection).get_table_names())
    if info.name not in there:
        taken = sorted(there & {*metadata.tables, _VERSIONS, "words"})
        if taken:
            message = f"{name} is another program's: its table {taken[0]} is in the way."
            raise WorkspaceError(message, "Give another file or database.")
        return False
    found = _revision(connection)
    if found is None:
        message = f"The workspace {name} was made before its tables had revisions."
        raise WorkspaceError(message, "Ingest into a new one: name it with DATELINE_WORKSPACE or --workspace.")
    if not _REVISIONS.fullmatch(found):
        message = f"The workspace {name} has tables of revision {found!r}, which there is not."
        raise WorkspaceError(message, "Restore it from a copy, or ingest into a new workspace.")
    if found > REVISION:
        _check_readable(connection, name, found)
    return bool(found >= REVISION)


def _revision(connection: Connection) -> str | None:
    """Return the revision of the tables; None where there are none, or they have no revision."""
    if not inspect(connection).has_table(_VERSIONS):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _check_readable(connection: Connection, name: str, found: str) -> None:
    """Check that tables of a later revision only add to those we know."""
    reads_from = connection.execute(select(info.c.value).where(info.c.name == "reads_from")).scalar()
    if reads_from is None or reads_from > REVISION:
        message = f"The workspace {name} has tables of revision {found}; this version reads up to {REVISION}."
        raise WorkspaceError(message, "Use the version of Dateline that changed it, or a newer one.")
