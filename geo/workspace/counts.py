"""What is counted of the articles a search finds: by place, by day, by pair of places."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations, groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, cast, func, select

from geo.model import Place
from geo.workspace.conditions import Conditions
from geo.workspace.listing import numbers_found
from geo.workspace.results import Pair, Period, PlaceCount, Together, Trend, TrendPoint
from geo.workspace.rows import place_from
from geo.workspace.tables import article_places, articles, day_counts, places
from geo.workspace.totals import by_place

NEWEST = 1000
"""Articles whose pairs are counted."""
LONGEST_LIST = 100
"""Places an article may name for its pairs to be counted: beyond that it is a list, and names everything together."""

_FACTS = article_places.c


def count_places(connection: Connection, wanted: Conditions, limit: int, offset: int = 0) -> tuple[PlaceCount, ...]:
    """Return the places named, those mentioned most first, without the first ``offset`` of them."""
    counted = by_place(connection, wanted).c
    query = select(counted.place, counted.mentions, counted.articles, counted.sure)
    top = query.order_by(counted.mentions.desc(), counted.place).limit(limit).offset(offset)
    rows = connection.execute(top).all()
    known = places_by_number(connection, [place for place, *_ in rows])
    return tuple(PlaceCount(known[place], int(said), int(number), sure == 0) for place, said, number, sure in rows)


def places_by_number(connection: Connection, numbers: Sequence[int]) -> dict[int, Place]:
    """Return places by the store's numbers of them."""
    query = select(places).where(places.c.number.in_(numbers))
    return {row["number"]: place_from(row) for row in connection.execute(query).mappings()}


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
        # By article first: twice as fast as count(DISTINCT …) in PostgreSQL.
        each = select(_FACTS.day, func.sum(_FACTS.mentions).label("mentions")).where(*wanted.on_facts())
        each_of = each.group_by(_FACTS.article, _FACTS.day).subquery().c
        day = each_of.day
        table = select(day, func.sum(each_of.mentions), func.count())
    rows = connection.execute(table.where(day > 0).group_by(day).order_by(day))
    return Trend(None, _folded(rows, by))


def count_days_of_places(connection: Connection, wanted: Conditions, by: Period, top: int) -> tuple[Trend, ...]:
    """Return the trends of the places mentioned most."""
    named = [item.place for item in count_places(connection, wanted, top)]
    numbers = {id: number for number, id in _numbers(connection, named)}
    counts = func.sum(_FACTS.mentions).label("mentions"), func.count().label("articles")
    query = select(_FACTS.place, _FACTS.day, *counts)
    query = query.where(_FACTS.place.in_(numbers.values()), *wanted.on_facts(), _FACTS.day > 0)
    days = query.group_by(_FACTS.place, _FACTS.day).subquery().c
    # Whole months at once: thirty times fewer rows come out of the store.
    day = days.day // 100 * 100 + 1 if by == "month" else days.day
    sums = select(days.place, day, func.sum(days.mentions), func.sum(days.articles))
    rows = connection.execute(sums.group_by(days.place, day).order_by(days.place, day))
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
    newest = numbers_found(connection, wanted, NEWEST).where(articles.c.places <= LONGEST_LIST).cte("newest")
    listed = func.aggregate_strings(cast(_FACTS.place, Text), " ")
    query = select(listed).select_from(newest.outerjoin(article_places, _FACTS.article == newest.c.number))
    named = connection.execute(query.group_by(newest.c.number)).scalars().all()
    # Faster here than in the stores: what is paired is a few thousand rows, the pairs are many more.
    pairs: Counter[tuple[int, int]] = Counter()
    for places_named in named:
        pairs.update(combinations(sorted(map(int, (places_named or "").split())), 2))
    least = min(sorted(pairs.values(), reverse=True)[:limit], default=0)
    most = sorted((-count, pair) for pair, count in pairs.items() if count >= least)[:limit]
    known = places_by_number(connection, [place for _, pair in most for place in pair])
    return Together(tuple(Pair(known[a], known[b], -count) for count, (a, b) in most), len(named))
