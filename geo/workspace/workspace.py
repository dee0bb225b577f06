"""The workspace: articles and what was read in them, kept in SQLite or PostgreSQL."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Label,
    RowMapping,
    Select,
    delete,
    func,
    insert,
    select,
    update,
)

from geo.errors import UnknownNameError
from geo.geometry import Bbox
from geo.model import Article, Place, Reading
from geo.workspace import naive, rows
from geo.workspace.database import connect, reading, shown, writing
from geo.workspace.packing import PackedReading
from geo.workspace.results import Cell, Period, PlaceCount, Stored, Summary, Together, Trend
from geo.workspace.search import EVERYTHING, Search
from geo.workspace.tables import articles, footprints, info, mentions, places

if TYPE_CHECKING:
    from types import TracebackType

_CHUNK = 200
"""Articles fetched or written at a time: some megabytes, and few enough for SQLite's limit on values."""


def open_workspace(url: str) -> Workspace:
    """Open a workspace, made on the spot where it is not there yet.

    Parameters
    ----------
    url
        ``sqlite:///relative.db``, ``sqlite:////absolute.db``, ``sqlite://`` (in memory, for one thread, gone when
        closed) or ``postgresql://user:password@host/database``.

    Raises
    ------
    WorkspaceError
        It cannot be opened; the message tells no password.
    """
    return Workspace(connect(url))


class Workspace:
    """A store of readings. Open it with `open_workspace`; threads may share it.

    A reading is kept under its article's content: the same text added twice is there once.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __repr__(self) -> str:
        return f"<Workspace {shown(self._engine.url)}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def version(self) -> str:
        """Return a text that differs between workspaces and changes whenever the content does: made for ETags."""
        with reading(self._engine) as connection:
            values = dict(connection.execute(select(info.c.name, info.c.value)).all())
        return f"{values['id'][:12]}-{values['changes']}"

    def add(self, item: Reading, made_by: str = "") -> Stored:
        """Add one reading; see `add_all`."""
        return self.add_all([item], made_by)[0]

    def add_all(self, items: Sequence[Reading], made_by: str = "") -> list[Stored]:
        """Add readings, all or none, and tell what became of each.

        One whose text is there and was read by the same version changes nothing; one read by another version replaces
        what was read, while the article keeps its id.

        Parameters
        ----------
        made_by
            Version of the reader and gazetteer that made them.

        Raises
        ------
        WorkspaceError
            They cannot be written; nothing was.
        """
        stored: list[Stored] = []
        with writing(self._engine) as connection:
            for start in range(0, len(items), _CHUNK):
                chunk = items[start : start + _CHUNK]
                adding = _Adding(connection, chunk, made_by)
                stored += [adding.place(item) for item in chunk]
                adding.write()
        return stored

    def unread(self, items: Sequence[Article], made_by: str = "") -> list[Article]:
        """Return the articles whose text is not there yet, or was read by another version."""
        hashes = [rows.content_hash(article) for article in items]
        query = select(articles.c.content_hash).where(
            articles.c.content_hash.in_(hashes), articles.c.made_by == made_by
        )
        with reading(self._engine) as connection:
            known = set(connection.execute(query).scalars())
        return [article for article, key in zip(items, hashes, strict=True) if key not in known]

    def add_packed(self, items: Sequence[PackedReading]) -> list[Stored]:
        """Add readings made ready by `geo.workspace.packing.pack`, all or none; see `add_all`."""
        return [self.add(item.reading, item.made_by) for item in items]

    def count(self, search: Search = EVERYTHING) -> int:
        """Return how many articles are found."""
        return len(naive.found(self._all(), search))

    def articles(self, search: Search = EVERYTHING, limit: int = 100, offset: int = 0) -> tuple[Summary, ...]:
        """Return a page of the articles found, newest first and those without a date last.

        Parameters
        ----------
        limit, offset
            How many at most, and how many to pass over.
        """
        ids = {reading.article.id for reading in naive.found(self._all(), search)}
        kept = [articles.c[name] for name in Summary.__dataclass_fields__ if name in articles.c]
        counts = _counted("mentions", mentions.c.position), _counted("places", mentions.c.place.distinct())
        query = select(*kept, *counts).where(articles.c.id.in_(ids))
        with reading(self._engine) as connection:
            page = connection.execute(_newest_first(query).limit(limit).offset(offset)).mappings().all()
        return tuple(Summary(**row) for row in page)

    def places(self, search: Search = EVERYTHING, limit: int = 100) -> tuple[PlaceCount, ...]:
        """Return the places that mentions found resolved to, those mentioned most first."""
        return naive.places(self._all(), search)[:limit]

    def cells(self, search: Search, bbox: Bbox, zoom: float) -> tuple[Cell, ...]:
        """Return the places within a bbox, added up by squares of a web map at a zoom; those mentioned most first."""
        return naive.cells(self._all(), search, bbox, zoom)

    def trend(self, search: Search = EVERYTHING, by: Period = "day", top: int = 0) -> tuple[Trend, ...]:
        """Return counts by period: one trend of all that is found, or one each for the ``top`` places."""
        return naive.trend(self._all(), search, by, top)

    def together(self, search: Search = EVERYTHING, limit: int = 50) -> Together:
        """Return which places the articles found name together."""
        return naive.together(self._all(), search, limit)

    def _all(self) -> list[Reading]:
        return list(self.readings())

    def reading(self, article_id: str) -> Reading:
        """Return what was read in an article.

        Raises
        ------
        UnknownNameError
            There is no such article.
        """
        found = next(self.readings([article_id]), None)
        if found is None:
            raise UnknownNameError(
                f"There is no article {article_id!r} in the workspace.", "List them with /api/v1/articles."
            )
        return found

    def readings(
        self, wanted: Search | Sequence[str] = EVERYTHING, *, limit: int | None = None, evidence: bool = True
    ) -> Iterator[Reading]:
        """Yield what was read in the articles found, newest first.

        Parameters
        ----------
        wanted
            What to search for, or ids of articles; ids that are not there are passed over.
        limit
            The most to yield; None for all.
        evidence
            Whether resolutions come with their evidence and alternatives, which layers do not need.

        The articles are those of the moment it is first asked for one.
        """
        numbers = _newest_first(select(articles.c.number))
        if not isinstance(wanted, Search):
            numbers = numbers.where(articles.c.id.in_(wanted))
        elif wanted != EVERYTHING:
            numbers = numbers.where(articles.c.id.in_([r.article.id for r in naive.found(self._all(), wanted)]))
        with reading(self._engine) as connection:
            found = list(connection.execute(numbers.limit(limit)).scalars())
        for start in range(0, len(found), _CHUNK):
            with reading(self._engine) as connection:
                chunk = _readings(connection, found[start : start + _CHUNK])
            yield from chunk

    def delete(self, article_id: str) -> None:
        """Remove an article with all that was read in it.

        Raises
        ------
        UnknownNameError
            There is no such article.
        """
        with writing(self._engine) as connection:
            removed = connection.execute(delete(articles).where(articles.c.id == article_id)).rowcount
            if not removed:
                raise UnknownNameError(f"There is no article {article_id!r} in the workspace.")
            _count_change(connection)


class _Adding:
    """Readings on their way into the store, within one transaction."""

    def __init__(self, connection: Connection, items: Sequence[Reading], made_by: str) -> None:
        self.connection, self.made_by = connection, made_by
        hashes = [rows.content_hash(item.article) for item in items]
        there = select(articles.c.content_hash, articles.c.id, articles.c.made_by)
        found = connection.execute(there.where(articles.c.content_hash.in_(hashes)))
        self.known = {key: (id, made) for key, id, made in found}
        ids = {item.article.id for item in items}
        self.taken = set(connection.execute(select(articles.c.id).where(articles.c.id.in_(ids))).scalars())
        self.fresh: dict[str, Reading] = {}
        self.replaced: dict[str, Reading] = {}

    def place(self, item: Reading) -> Stored:
        """Decide what to do with a reading."""
        key = rows.content_hash(item.article)
        if key not in self.known:
            # Two corpora may count their articles from 1: another text under the same id gets one of its own.
            id = item.article.id if item.article.id not in self.taken else key[:16]
            self.taken.add(id)
            self.known[key] = (id, self.made_by)
            self.fresh[id] = item
            return Stored(id, "new")
        id, made_by = self.known[key]
        if made_by == self.made_by:
            return Stored(id, "duplicate")
        self.known[key] = (id, self.made_by)
        self.replaced[id] = item
        return Stored(id, "replaced")

    def write(self) -> None:
        """Write what was decided."""
        if not self.fresh and not self.replaced:
            return
        fresh = [rows.article_row(item.article, id, self.made_by) for id, item in self.fresh.items()]
        if fresh:
            self.connection.execute(insert(articles), fresh)
        numbers = self._numbers()
        self._clear([numbers[id] for id in self.replaced])
        both = {numbers[id]: item for id, item in (self.fresh | self.replaced).items()}
        self._write_places(both.values())
        self._write_all(mentions, (row for number, item in both.items() for row in rows.mention_rows(item, number)))
        self._write_all(footprints, (row for number, item in both.items() for row in rows.footprint_rows(item, number)))
        _count_change(self.connection)

    def _numbers(self) -> dict[str, int]:
        ids = [*self.fresh, *self.replaced]
        query = select(articles.c.id, articles.c.number).where(articles.c.id.in_(ids))
        return dict(self.connection.execute(query).all())

    def _clear(self, numbers: Sequence[int]) -> None:
        if numbers:
            for table in (mentions, footprints):
                self.connection.execute(delete(table).where(table.c.article.in_(numbers)))
            self.connection.execute(update(articles).where(articles.c.number.in_(numbers)).values(made_by=self.made_by))

    def _write_places(self, items: Iterable[Reading]) -> None:
        """Write the places; one that is there is described anew."""
        found = {place.id: rows.place_row(place) for item in items for place in rows.places_in(item)}
        query = select(places).where(places.c.id.in_(found))
        there = {row["id"]: dict(row) for row in self.connection.execute(query).mappings()}
        self._write_all(places, (row for id, row in found.items() if id not in there))
        for id, row in found.items():
            if id in there and there[id] != row:
                self.connection.execute(update(places).where(places.c.id == id).values(row))

    def _write_all(self, table: Any, values: Iterable[Mapping[str, Any]]) -> None:
        listed = list(values)
        if listed:
            self.connection.execute(insert(table), listed)


def _count_change(connection: Connection) -> None:
    changes = connection.execute(select(info.c.value).where(info.c.name == "changes")).scalar_one()
    connection.execute(update(info).where(info.c.name == "changes").values(value=str(int(changes) + 1)))


def _counted(label: str, column: ColumnElement[Any]) -> Label[int]:
    """Return a column that counts values among an article's mentions."""
    counted = select(func.count(column)).where(mentions.c.article == articles.c.number)
    return counted.scalar_subquery().label(label)


def _newest_first(query: Select[Any]) -> Select[Any]:
    # The stores put NULL at different ends and compare text by different rules: neither may decide.
    date, time = articles.c.date, articles.c.time
    return query.order_by(date.is_(None), date.desc(), time.is_(None), time.desc(), articles.c.number)


def _readings(connection: Connection, numbers: Sequence[int]) -> list[Reading]:
    """Return the readings of some articles, in the order of their numbers as given."""
    found = connection.execute(select(articles).where(articles.c.number.in_(numbers))).mappings()
    by_number = {row["number"]: rows.article_from(row) for row in found}
    said = _children(connection, mentions, numbers)
    drawn = _children(connection, footprints, numbers)
    known = _places(connection, said, drawn)
    return [
        Reading(
            by_number[number],
            tuple(rows.resolution_from(row, known) for row in said[number]),
            tuple(rows.footprint_from(row, known) for row in drawn[number]),
        )
        for number in numbers
        if number in by_number
    ]


def _children(connection: Connection, table: Any, numbers: Sequence[int]) -> Mapping[int, list[RowMapping]]:
    query = select(table).where(table.c.article.in_(numbers)).order_by(table.c.article, table.c.position)
    grouped: defaultdict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        grouped[row["article"]].append(row)
    return grouped


def _places(
    connection: Connection, said: Mapping[int, list[RowMapping]], drawn: Mapping[int, list[RowMapping]]
) -> dict[str, Place]:
    ids = rows.place_ids(
        [row for group in said.values() for row in group], [row for group in drawn.values() for row in group]
    )
    query = select(places).where(places.c.id.in_(sorted(ids)))
    return {row["id"]: rows.place_from(row) for row in connection.execute(query).mappings()}
