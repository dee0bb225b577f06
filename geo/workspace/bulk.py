"""Writing and finding many rows: some at a time, or all at once by each driver's quickest way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Function, Select, any_, cast, func, select

_T = TypeVar("_T")


def chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    """Yield items some at a time, in their order."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


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


def rows_with(
    connection: Connection, table: str, columns: Sequence[str], keys: Sequence[Sequence[int]]
) -> Iterable[Sequence[Any]]:
    """Return the numbers of articles in a table, after the columns that have one of some combinations of values.

    SQLite would not use an index for ``(a, b) IN (…)``, and SQLAlchemy takes many times as long to write the keys.
    """
    if not keys:
        return []
    mark = "?" if connection.dialect.paramstyle == "qmark" else "%s"
    marks = ", ".join([f"({', '.join([mark] * len(columns))})"] * len(keys))
    names = ", ".join(columns)
    statement = (
        f"WITH wanted ({names}) AS (VALUES {marks}) "  # noqa: S608 - names of our own
        f"SELECT {names}, article FROM wanted JOIN {table} USING ({names})"
    )
    return connection.exec_driver_sql(statement, tuple(value for key in keys for value in key))


def listed(connection: Connection, numbers: Sequence[int]) -> Select[int]:
    """Return the query of some numbers, which go to the store as one value however many they are."""
    if connection.dialect.name == "postgresql":
        return select(func.unnest(cast(_parted(numbers), ARRAY(BigInteger))).label("number"))
    values = func.json_each(json.dumps(list(numbers))).table_valued("value")
    return select(cast(values.c.value, BigInteger).label("number"))


def is_listed(connection: Connection, column: ColumnElement[int], numbers: Sequence[int]) -> ColumnElement[bool]:
    """Return the condition that a column is one of some numbers: where there is an index, quicker than `listed`."""
    if connection.dialect.name == "postgresql":
        # A query of its own: else PostgreSQL compares each number with the column's statistics before it begins.
        return column == any_(cast(select(_parted(numbers)).scalar_subquery(), ARRAY(BigInteger)))
    return column.in_(listed(connection, numbers))


def _parted(numbers: Sequence[int]) -> Function[Any]:
    # As text: the driver takes a hundred times as long for an array.
    return func.string_to_array(",".join(map(str, numbers)), ",")
