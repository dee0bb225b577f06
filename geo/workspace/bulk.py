"""Writing many rows at once, by each driver's quickest way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection


def insert_rows(connection: Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values the driver takes as they are: numbers, texts and bytes.

    By COPY in PostgreSQL; SQLAlchemy's own insert would take several times as long on both stores.
    """
    quoted = ", ".join(f'"{column}"' for column in columns)
    if connection.dialect.name == "postgresql":
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY {table} ({quoted}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        return
    listed = [tuple(row) for row in rows]
    if listed:
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({quoted}) VALUES ({marks})"  # noqa: S608 - names of our own
        connection.exec_driver_sql(statement, listed)
