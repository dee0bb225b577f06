"""Packed readings on their way into the store, within one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count, islice
from typing import Any, cast

from sqlalchemy import Column, Connection, Table, bindparam, delete, func, insert, select, update

from geo.model import Place, SourceRole
from geo.workspace.appearances import Appearance, keep, keep_earlier
from geo.workspace.bulk import chunks, insert_rows
from geo.workspace.carriers import link
from geo.workspace.counting import count_in, count_out, move_totals
from geo.workspace.database import decoding
from geo.workspace.outlets import Origin, credit, origin_numbers
from geo.workspace.packing import FOOTPRINT_COLUMNS, MENTION_COLUMNS, PLACE_COLUMNS, PackedReading, Row, place_row
from geo.workspace.results import Stored
from geo.workspace.reviews import recount_reviewed
from geo.workspace.tables import articles, footprints, info, places, shapes
from geo.workspace.wordindex import add_words, remove_words

_CHUNK = 200
"""Articles written at a time: some megabytes, and few enough for SQLite's limit on values."""

_OF_READINGS = ("mentions", "footprints", "article_places", "contents")
_FACT_COLUMNS = ("article", "place", "day", "origin", "mentions", "sure")
_Items = Mapping[int, PackedReading]
"""Packed readings by the numbers of their articles."""


def add_packed(connection: Connection, items: Sequence[PackedReading], *, anew: bool = True) -> list[Stored]:
    """Add readings in the connection's own transaction, and tell what became of each.

    Parameters
    ----------
    anew
        Whether places that are there already are described as the readings have them.
    """
    stored: list[Stored] = []
    for chunk in chunks(items, _CHUNK):
        adding = _Adding(connection, chunk, anew=anew)
        placed = [adding.place(item) for item in chunk]
        near = adding.write()
        stored += [replace(item, near=item.outcome == "new" and item.id in near) for item in placed]
    return stored


class _Adding:
    """Some packed readings, and what the store knows of their articles."""

    def __init__(self, connection: Connection, items: Sequence[PackedReading], *, anew: bool) -> None:
        self.connection, self.anew = connection, anew
        there = select(articles.c.content_hash, articles.c.number, articles.c.id, articles.c.made_by)
        found = connection.execute(there.where(articles.c.content_hash.in_([item.content_hash for item in items])))
        self.known = {key: (number, id, made_by) for key, number, id, made_by in found}
        self.asked = {id for item in items for id in islice(_ids(item), 2)}
        self.taken = set(connection.execute(select(articles.c.id).where(articles.c.id.in_(self.asked))).scalars())
        self.next = _next_number(connection, articles.c.number)
        self.fresh: dict[int, PackedReading] = {}
        self.replaced: dict[int, PackedReading] = {}
        self.ids: dict[int, str] = {}
        self.again: defaultdict[str, list[Appearance]] = defaultdict(list)

    def place(self, item: PackedReading) -> Stored:
        """Decide what to do with a reading."""
        if item.content_hash not in self.known:
            return self._place_fresh(item)
        number, id, made_by = self.known[item.content_hash]
        if made_by == item.made_by:
            self.again[item.content_hash].append(_appearance(item))
            return Stored(id, "duplicate")
        self.known[item.content_hash] = (number, id, item.made_by)
        (self.fresh if number in self.fresh else self.replaced)[number] = item
        return Stored(id, "replaced")

    def _place_fresh(self, item: PackedReading) -> Stored:
        id = next(id for id in _ids(item) if not self._is_taken(id))
        number, self.next = self.next, self.next + 1
        self.taken.add(id)
        self.known[item.content_hash] = (number, id, item.made_by)
        self.ids[number], self.fresh[number] = id, item
        return Stored(id, "new")

    def _is_taken(self, id: str) -> bool:
        if id in self.asked or id in self.taken:
            return id in self.taken
        return self.connection.execute(select(articles.c.id).where(articles.c.id == id)).first() is not None

    def write(self) -> set[str]:
        """Write what was decided; return the ids of new articles that are near duplicates of others."""
        near = self._write_items() if self.fresh or self.replaced else set()
        if self.again and keep(self.connection, self.again):
            count_change(self.connection)
        credit(self.connection, [*self.replaced])
        return near

    def _write_items(self) -> set[str]:
        items = self.fresh | self.replaced
        count_out(self.connection, [*self.replaced])
        remove_words(self.connection, [*self.replaced])
        for name in _OF_READINGS:
            _clear(self.connection, articles.metadata.tables[name], [*self.replaced])
        origin = origin_numbers(self.connection, {Origin(*item.origin) for item in items.values()})
        anew = {item.content_hash: _appearance(item) for item in self.replaced.values()}
        for key, earlier in keep_earlier(self.connection, anew) if anew else ():
            self.again[key].append(earlier)
        self._write_articles(origin)
        rows = {row[0]: row for item in items.values() for row in item.places}
        place = write_places(self.connection, rows, anew=self.anew)
        _write_readings(self.connection, items, place)
        facts = _facts(items, place, origin)
        insert_rows(self.connection, "article_places", _FACT_COLUMNS, facts)
        add_words(self.connection, {number: item.words for number, item in items.items()})
        recount_reviewed(self.connection, {item.content_hash: number for number, item in items.items()})
        count_in(self.connection, [*items])
        near = link(self.connection, {number: item.bands for number, item in self.fresh.items()})
        count_change(self.connection)
        return {self.ids[number] for number in near}

    def _write_articles(self, origin: Mapping[Origin, int]) -> None:
        fresh = [
            {**item.article, "number": n, "id": self.ids[n], "content_hash": item.content_hash}
            | {"origin": origin[Origin(*item.origin)]}
            for n, item in self.fresh.items()
        ]
        if fresh:
            self.connection.execute(insert(articles), fresh)
        anew = [{**item.article, "origin": origin[Origin(*item.origin)], "n": n} for n, item in self.replaced.items()]
        if anew:
            self.connection.execute(update(articles).where(articles.c.number == bindparam("n")), anew)


def _ids(item: PackedReading) -> Iterator[str]:
    """Yield the ids that an article may have, of which it gets the first that is free.

    Two corpora may count their articles from 1: another text under the same id gets one of its own. Even that may be
    taken, by whoever gave it to another text.
    """
    own = item.content_hash[:16]
    return chain((item.id, own), (f"{own}-{number}" for number in count(2)))


def _appearance(item: PackedReading) -> Appearance:
    source, role, _ = item.origin
    title, date, url = (item.article[name] for name in ("title", "date", "url"))
    return Appearance(source or None, cast("SourceRole", role) if role else None, title, date, url)


def count_change(connection: Connection) -> None:
    """Count one more change of the content: what was made of it before is out of date."""
    with decoding(connection.engine):
        changes = int(connection.execute(select(info.c.value).where(info.c.name == "changes")).scalar_one())
    connection.execute(update(info).where(info.c.name == "changes").values(value=str(changes + 1)))


def _next_number(connection: Connection, column: Column[int]) -> int:
    # Nobody else writes at the same time, so that the numbers are ours to give.
    return (connection.execute(select(func.max(column))).scalar() or 0) + 1


def _clear(connection: Connection, table: Table, numbers: Sequence[int]) -> None:
    if numbers:
        connection.execute(delete(table).where(table.c.article.in_(numbers)))


def write_places(connection: Connection, rows: Mapping[str, Row], *, anew: bool = True) -> dict[str, int]:
    """Write places, and describe those that are there ``anew`` or leave them; return their numbers by id."""
    query = select(places.c.number, *(places.c[name] for name in PLACE_COLUMNS)).where(places.c.id.in_(rows))
    known = {row[1]: (row[0], tuple(row[1:])) for row in connection.execute(query)}
    numbers = {id: number for id, (number, _) in known.items()}
    new = [id for id in rows if id not in known]
    if new:
        numbers |= {id: number for number, id in enumerate(new, _next_number(connection, places.c.number))}
        insert_rows(connection, "places", ["number", *PLACE_COLUMNS], ((numbers[id], *rows[id]) for id in new))
    changed = {number: rows[id] for id, (number, row) in known.items() if anew and row != rows[id]}
    for number, row in changed.items():
        values = dict(zip(PLACE_COLUMNS, row, strict=True))
        connection.execute(update(places).where(places.c.number == number).values(values))
    before = dict(known.values())
    move_totals(connection, [n for n, row in changed.items() if _point(row) != _point(before[n])])
    return numbers


def place_number(connection: Connection, place: Place | None, *, anew: bool = True) -> int | None:
    """Return the number of one place, written where it is new; None for none. See `write_places`."""
    return None if place is None else write_places(connection, {place.id: place_row(place)}, anew=anew)[place.id]


def _point(row: Row) -> Row:
    return tuple(row[PLACE_COLUMNS.index(name)] for name in ("lon", "lat"))


def _write_shapes(connection: Connection, rows: Mapping[bytes, bytes]) -> dict[bytes, int]:
    query = select(shapes.c.hash, shapes.c.number).where(shapes.c.hash.in_(rows))
    known = {bytes(key): number for key, number in connection.execute(query)}
    new = [key for key in rows if key not in known]
    if new:
        known |= {key: number for number, key in enumerate(new, _next_number(connection, shapes.c.number))}
        insert_rows(connection, "shapes", ["number", "hash", "outline"], ((known[key], key, rows[key]) for key in new))
    return known


def _write_readings(connection: Connection, items: _Items, place: Mapping[str, int]) -> None:
    shape = _write_shapes(connection, {key: outline for item in items.values() for key, outline in item.shapes})
    texts = ((number, item.text, item.details) for number, item in items.items())
    insert_rows(connection, "contents", ["article", "text", "details"], texts)
    insert_rows(connection, "mentions", ["article", *MENTION_COLUMNS], _mentions(items, place))
    _insert_all(connection, footprints, _footprints(items, shape))


def _insert_all(connection: Connection, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
    listed = list(rows)
    if listed:
        connection.execute(insert(table), listed)


def _mentions(items: _Items, place: Mapping[str, int]) -> Iterator[Row]:
    at = MENTION_COLUMNS.index("place")
    for number, item in items.items():
        numbers = [place[row[0]] for row in item.places]
        for row in item.mentions:
            yield (number, *row[:at], None if row[at] is None else numbers[row[at]], *row[at + 1 :])


def _footprints(items: _Items, shape: Mapping[bytes, int]) -> Iterator[dict[str, Any]]:
    for number, item in items.items():
        numbers = [shape[key] for key, _ in item.shapes]
        for row in item.footprints:
            values = dict(zip(FOOTPRINT_COLUMNS, row, strict=True))
            outlines = {extent: numbers[values[extent]] for extent in ("core", "zone", "possible")}
            yield values | outlines | {"article": number}


def _facts(items: _Items, place: Mapping[str, int], origin: Mapping[Origin, int]) -> Iterator[Row]:
    for number, item in items.items():
        day = item.article["moment"] // 100_000
        for index, said, sure in sorted(item.counts):
            yield number, place[item.places[index][0]], day, origin[Origin(*item.origin)], said, sure
