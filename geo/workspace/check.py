"""Checking a workspace: whether the store is whole, and its tables agree with each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Double, Integer, LargeBinary, func, literal_column, or_, select, text
from sqlalchemy.exc import DatabaseError

from geo.errors import WorkspaceError
from geo.workspace.counting import NAMED
from geo.workspace.database import decoding, guarded, snapshot
from geo.workspace.loading import load
from geo.workspace.packing import content_hash
from geo.workspace.records import Kept, line_of
from geo.workspace.tables import articles, contents, metadata
from geo.workspace.workspace import Workspace

_CHUNK = 500
_SHOWN = 3

Progress = Callable[[str], object]
"""Called with what is checked next."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is wrong: what, and what to do about it."""

    wrong: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.wrong} {self.remedy}"


_ANEW = "Export what is left, and import it into a new workspace: what is counted is worked out anew."
_RESTORE = "Restore the last backup and ingest again what came since."

# Each query returns how many rows contradict what they are counted from. What is kept is set off against what is
# counted anew: SQLite joins two such tables in full by comparing each row with each.
_COUNTS = {
    "articles count other mentions than they have": """
        SELECT count(*) FROM articles LEFT JOIN
            (SELECT article, count(*) AS found FROM mentions GROUP BY article) AS m ON m.article = articles.number
        WHERE articles.mentions <> coalesce(m.found, 0)""",
    "articles count other places than they name": """
        SELECT count(*) FROM articles LEFT JOIN
            (SELECT article, count(*) AS found, sum(mentions) AS said FROM article_places GROUP BY article) AS p
            ON p.article = articles.number
        WHERE articles.places <> coalesce(p.found, 0) OR articles.resolved <> coalesce(p.said, 0)""",
    "places are counted otherwise than articles name them": f"""
        {NAMED.format(wanted="true")}
        SELECT count(*) FROM (SELECT 1 AS wrong FROM
            (SELECT part, value, square, place, lon, lat, mentions, articles, sure FROM place_totals UNION ALL
             SELECT part, value, square, place, lon, lat, -sum(mentions), -count(*), -sum(sure)
             FROM named GROUP BY part, value, square, place, lon, lat) AS both_ways
            GROUP BY part, value, square, place, lon, lat
            HAVING sum(mentions) <> 0 OR sum(articles) <> 0 OR sum(sure) <> 0) AS found""",  # noqa: S608 - our own text
    "articles are found under other countries than they name places of": """
        SELECT count(DISTINCT article) FROM (SELECT article FROM
            (SELECT country, day, article, origin, mentions FROM article_countries UNION ALL
             SELECT p.country, f.day, f.article, f.origin, -sum(f.mentions)
             FROM article_places AS f JOIN places AS p ON p.number = f.place WHERE p.country IS NOT NULL
             GROUP BY p.country, f.day, f.article, f.origin) AS both_ways
            GROUP BY country, day, article, origin HAVING sum(mentions) <> 0) AS found""",
    "days are counted otherwise than articles are dated": """
        SELECT count(*) FROM (SELECT 1 AS wrong FROM
            (SELECT day, origin, mentions, articles FROM day_counts UNION ALL
             SELECT moment / 100000, origin, -sum(resolved), -count(*) FROM articles
             GROUP BY moment / 100000, origin) AS both_ways
            GROUP BY day, origin HAVING sum(mentions) <> 0 OR sum(articles) <> 0) AS found""",
    "articles are found under other sources than published them": """
        SELECT count(DISTINCT article) FROM (SELECT article, source FROM (
            SELECT articles.number AS article, outlets.source AS source, 1 AS sign
            FROM articles JOIN outlets ON outlets.origin = articles.origin
            UNION ALL
            SELECT article, source, -1 FROM (
                SELECT articles.number AS article, origins.source AS source
                FROM articles JOIN origins ON origins.number = articles.origin
                UNION SELECT article, source FROM appearances) AS publishing
            WHERE source <> '') AS both_ways
            GROUP BY article, source HAVING sum(sign) <> 0) AS found""",
}


def check(workspace: Workspace, progress: Progress | None = None) -> list[Finding]:
    """Return all that is wrong with a workspace, nothing where it is sound.

    What was being written at the time is not seen.

    Raises
    ------
    WorkspaceError
        The store cannot be read at all.
    """
    found: list[Finding] = []
    with snapshot(workspace.engine) as connection:
        for what, look in _CHECKS.items():
            if progress:
                progress(what)
            found += look(connection)
            if found and what == "the file":
                break  # what a damaged file says of itself means nothing
    return found


def _file(connection: Connection) -> Iterator[Finding]:
    """Let SQLite look at every page; PostgreSQL's server looks after its own."""
    if connection.dialect.name != "sqlite":
        return
    try:
        faults = [row[0] for row in connection.execute(text(f"PRAGMA integrity_check({_SHOWN})")) if row[0] != "ok"]
    except DatabaseError as error:
        faults = [str(error.orig)]
    for fault in faults:
        yield Finding(f"The file is damaged: {' '.join(str(fault).split())}.", _RESTORE)


def _orphans(connection: Connection) -> Iterator[Finding]:
    """Look for rows that point to nothing."""
    for table in metadata.sorted_tables:
        for key in table.foreign_keys:
            target = key.column.table.alias()
            missing = select(func.count()).select_from(table).where(key.parent.is_not(None))
            there = select(literal_column("1")).where(target.c[key.column.name] == key.parent).exists()
            count = connection.execute(missing.where(~there)).scalar_one()
            if count:
                yield Finding(
                    f"{count} rows of {table.name} point to {key.column.table.name} that are not there.", _ANEW
                )
    without = select(func.count()).select_from(articles.outerjoin(contents)).where(contents.c.article.is_(None))
    count = connection.execute(without).scalar_one()
    if count:
        yield Finding(f"{count} articles have lost their text.", _RESTORE)


def _kinds(connection: Connection) -> Iterator[Finding]:
    """Look for values of another kind than their column's; PostgreSQL takes none."""
    if connection.dialect.name != "sqlite":
        return
    for table in metadata.sorted_tables:
        of_another = (column.is_not(None) & func.typeof(column).not_in(_kinds_of(column)) for column in table.columns)
        count = connection.execute(select(func.count()).select_from(table).where(or_(*of_another))).scalar_one()
        if count:
            yield Finding(f"{count} rows of {table.name} hold values of another kind, which cannot be read.", _RESTORE)


def _kinds_of(column: Column[Any]) -> tuple[str, ...]:
    """Return what SQLite calls the values of a column."""
    if isinstance(column.type, LargeBinary):
        return ("blob",)
    if isinstance(column.type, Integer):
        return ("integer",)
    return ("real", "integer") if isinstance(column.type, Double) else ("text",)


def _articles(connection: Connection) -> Iterator[Finding]:
    """Take every article out of the store: only then what is packed tells whether it is whole, and a text its hash."""
    query = select(articles.c.number, articles.c.id, articles.c.content_hash).join(contents)
    query = query.order_by(articles.c.number).limit(_CHUNK)
    done, damaged, altered = 0, [], []
    while rows := connection.execute(query.where(articles.c.number > done)).all():
        found = _hashes(connection, [number for number, _, _ in rows])
        damaged += [id for _, id, _ in rows if id not in found]
        altered += [id for _, id, key in rows if found.get(id, key) != key]
        done = rows[-1][0]
    if damaged:
        yield Finding(f"{len(damaged)} articles cannot be read: {_named(damaged)}.", _RESTORE)
    if altered:
        yield Finding(f"{len(altered)} texts are not what was stored: {_named(altered)}.", _RESTORE)


def _named(ids: Sequence[str]) -> str:
    return ", ".join(ids[:_SHOWN]) + (", …" if len(ids) > _SHOWN else "")


def _hashes(connection: Connection, numbers: Sequence[int]) -> dict[str, str]:
    """Return what the texts of articles hash to, by the articles' ids, but for those that cannot be read."""
    try:
        with guarded(connection.engine):
            found = load(connection, numbers)
        with decoding(connection.engine):
            for reading in found:
                line_of(Kept("", "", reading))
    except WorkspaceError:
        one_by_one = [_hashes(connection, [number]) for number in numbers if len(numbers) > 1]
        return {id: key for hashes in one_by_one for id, key in hashes.items()}
    return {reading.article.id: content_hash(reading.article) for reading in found}


def _counts(connection: Connection) -> Iterator[Finding]:
    """Compare what is counted with what there is."""
    for what, query in _COUNTS.items():
        count = connection.execute(text(query)).scalar_one()
        if count:
            yield Finding(f"{count} {what}.", _ANEW)


def _indexes(connection: Connection) -> Iterator[Finding]:
    """Look whether every article and place can be found; SQLite's index of words is checked with its file."""
    indexed = ("words", "articles") if connection.dialect.name == "postgresql" else ("place_boxes", "places")
    counts = [connection.execute(text(f"SELECT count(*) FROM {name}")).scalar_one() for name in indexed]  # noqa: S608
    if counts[0] != counts[1]:
        yield Finding(f"The index {indexed[0]} has {counts[0]} of {counts[1]} {indexed[1]}.", _ANEW)


_CHECKS: dict[str, Callable[[Connection], Iterator[Finding]]] = {
    "the file": _file,
    "rows that point to nothing": _orphans,
    "values": _kinds,
    "articles": _articles,
    "counts": _counts,
    "indexes": _indexes,
}
