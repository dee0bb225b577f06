"""What is counted of the articles a search finds: by place, by square of a map, by day, by pair of places."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import groupby
from math import floor
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Subquery, cast, func, select, union_all

from geo.geometry import WORLD, Bbox
from geo.model import Place
from geo.workspace.conditions import Conditions
from geo.workspace.listing import numbers_found
from geo.workspace.results import Cell, Pair, Period, PlaceCount, Together, Trend, TrendPoint
from geo.workspace.rows import place_from
from geo.workspace.spatial import lies_in
from geo.workspace.tables import article_places, articles, day_counts, place_counts, places

MOST_CELLS = 2000
"""Squares returned at most; a screen holds about 500."""
NEWEST = 1000
"""Articles whose pairs are counted."""
LONGEST_LIST = 100
"""Places an article may name for its pairs to be counted: beyond that it is a list, and names everything together."""

_FACTS = article_places.c
_LOW = 2**32
_MOST_ROWS = 2**24


def by_place(wanted: Conditions) -> Subquery:
    """Return the query of place, mentions and articles, from the counts that are kept as far as they reach."""
    if wanted.picks_articles or wanted.origins is not None:
        return _from_facts(wanted).subquery()
    if wanted.days is None:
        kept = select(place_counts.c.place, place_counts.c.mentions, place_counts.c.articles)
        return kept.where(place_counts.c.period == 0, *_placed(wanted, place_counts.c.place)).subquery()
    return _from_months(wanted, *wanted.days)


def _placed(wanted: Conditions, place: Any) -> list[Any]:
    return [] if wanted.placed is None else [place.in_(wanted.placed)]


def _from_facts(wanted: Conditions) -> Select[Any]:
    sums = func.sum(_FACTS.mentions).label("mentions"), func.count().label("articles")
    return select(_FACTS.place, *sums).where(*wanted.on_facts()).group_by(_FACTS.place)


def _from_months(wanted: Conditions, first: int, last: int) -> Subquery:
    """Add up whole months from the counts by month, and the days before and after them from the facts."""
    months = first // 100 + (first % 100 > 1), last // 100 - (last % 100 < 31)
    if months[0] > months[1]:
        return _from_facts(wanted).subquery()
    whole = select(place_counts.c.place, place_counts.c.mentions, place_counts.c.articles).where(
        place_counts.c.period.between(*months), *_placed(wanted, place_counts.c.place)
    )
    edges = [(first, months[0] * 100), (months[1] * 100 + 32, last)]
    days = [
        select(_FACTS.place, _FACTS.mentions, cast(1, BigInteger).label("articles")).where(
            _FACTS.day.between(*edge), *_placed(wanted, _FACTS.place)
        )
        for edge in edges
        if edge[0] < edge[1]
    ]
    parts = union_all(whole, *days).subquery()
    sums = func.sum(parts.c.mentions).label("mentions"), func.sum(parts.c.articles).label("articles")
    return select(parts.c.place, *sums).group_by(parts.c.place).subquery()


def count_places(connection: Connection, wanted: Conditions, limit: int, offset: int = 0) -> tuple[PlaceCount, ...]:
    """Return the places named, those mentioned most first, without the first ``offset`` of them."""
    counted = by_place(wanted)
    top = select(counted).order_by(counted.c.mentions.desc(), counted.c.place).limit(limit).offset(offset)
    rows = connection.execute(top).all()
    known = _places(connection, [place for place, _, _ in rows])
    return tuple(PlaceCount(known[place], int(mentions), int(number)) for place, mentions, number in rows)


def _places(connection: Connection, numbers: Sequence[int]) -> dict[int, Place]:
    query = select(places).where(places.c.number.in_(numbers))
    return {row["number"]: place_from(row) for row in connection.execute(query).mappings()}


def count_cells(connection: Connection, wanted: Conditions, bbox: Bbox, zoom: float) -> tuple[Cell, ...]:
    """Return the places named, added up by squares of a quarter of a tile's side, those mentioned most first."""
    counted = by_place(wanted)
    side = 4 * 2 ** min(max(floor(zoom), 0), 20)
    # One number a square: the stores sort by one twice as fast as by two.
    column, row = func.floor((places.c.lon + 180) / 360 * side), func.floor(places.c.south * side)
    square = cast(column * _MOST_ROWS + row, BigInteger)
    mentions = func.sum(counted.c.mentions)
    query = (
        select(
            func.sum(places.c.lon * counted.c.mentions) / mentions,
            func.sum(places.c.lat * counted.c.mentions) / mentions,
            func.count(),
            mentions,
            # The place with most mentions, found in the same pass: its number fills the lower 32 bits.
            func.max(cast(counted.c.mentions, BigInteger) * _LOW + (_LOW - 1 - places.c.number)),
        )
        .join(counted, counted.c.place == places.c.number)
        .where(*(() if bbox == WORLD else (lies_in(bbox),)))
        .group_by(square)
        .order_by(mentions.desc(), square)
        .limit(MOST_CELLS)
    )
    rows = connection.execute(query).all()
    known = _places(connection, [_LOW - 1 - top % _LOW for *_, top in rows])
    return tuple(
        Cell(float(lon), float(lat), number, int(total), known[_LOW - 1 - top % _LOW])
        for lon, lat, number, total, top in rows
    )


def count_days(connection: Connection, wanted: Conditions, by: Period) -> Trend:
    """Return the trend of all that is found."""
    day: ColumnElement[int]
    if not wanted.picks_articles and wanted.placed is None:
        day = day_counts.c.day
        sums = func.sum(day_counts.c.mentions), func.sum(day_counts.c.articles)
        table = select(day, *sums).where(*wanted.on_days(day_counts))
    elif wanted.placed is None:
        day = articles.c.moment // 100_000
        table = select(day, func.sum(articles.c.resolved), func.count()).where(*wanted.on_articles())
    else:
        day = _FACTS.day
        table = select(day, func.sum(_FACTS.mentions), func.count(_FACTS.article.distinct())).where(*wanted.on_facts())
    rows = connection.execute(table.where(day > 0).group_by(day).order_by(day))
    return Trend(None, _folded(rows, by))


def count_days_of_places(connection: Connection, wanted: Conditions, by: Period, top: int) -> tuple[Trend, ...]:
    """Return the trends of the places mentioned most."""
    named = [item.place for item in count_places(connection, wanted, top)]
    numbers = {id: number for number, id in _numbers(connection, named)}
    query = select(_FACTS.place, _FACTS.day, func.sum(_FACTS.mentions), func.count())
    query = query.where(_FACTS.place.in_(numbers.values()), *wanted.on_facts(), _FACTS.day > 0)
    rows = connection.execute(query.group_by(_FACTS.place, _FACTS.day).order_by(_FACTS.place, _FACTS.day))
    found = {number: _folded([row[1:] for row in days], by) for number, days in groupby(rows, lambda row: row[0])}
    return tuple(Trend(place, found.get(numbers[place.id], ())) for place in named)


def _numbers(connection: Connection, named: Sequence[Place]) -> list[tuple[int, str]]:
    query = select(places.c.number, places.c.id).where(places.c.id.in_([place.id for place in named]))
    return [(number, id) for number, id in connection.execute(query)]


def _folded(rows: Iterable[Any], by: Period) -> tuple[TrendPoint, ...]:
    """Add days up to periods; an article has one day, so that nothing is counted twice."""
    dated = ((_start(int(day), by), int(mentions), int(number)) for day, mentions, number in rows)
    return tuple(
        TrendPoint(start, *(sum(values) for values in zip(*(item[1:] for item in items), strict=True)))
        for start, items in groupby(dated, lambda item: item[0])
    )


def _start(day: int, by: Period) -> dt.date:
    date = dt.date(day // 10000, day // 100 % 100, day % 100)
    if by == "month":
        return date.replace(day=1)
    return date - dt.timedelta(days=date.weekday()) if by == "week" else date


def count_pairs(connection: Connection, wanted: Conditions, limit: int) -> Together:
    """Return the pairs of places that the newest articles found name."""
    newest = numbers_found(connection, wanted, NEWEST).where(articles.c.places <= LONGEST_LIST)
    numbers = connection.execute(newest).scalars().all()
    one, other, together = article_places.alias("one"), article_places.alias("other"), func.count()
    query = (
        select(one.c.place, other.c.place, together)
        .join(other, (other.c.article == one.c.article) & (other.c.place > one.c.place))
        .where(one.c.article.in_(numbers))
        .group_by(one.c.place, other.c.place)
        .order_by(together.desc(), one.c.place, other.c.place)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    known = _places(connection, [place for row in rows for place in row[:2]])
    return Together(tuple(Pair(known[a], known[b], count) for a, b, count in rows), len(numbers))
