"""What is counted of the articles a search finds: by place, by day, by pair of places."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Text, cast, func, select

from geo.model import Place
from geo.workspace.bulk import listed
from geo.workspace.conditions import Conditions
from geo.workspace.database import decoding
from geo.workspace.listing import numbers_found
from geo.workspace.ranking import most_named
from geo.workspace.results import Pair, Period, PlaceCount, Together, Trend, TrendPoint
from geo.workspace.rows import PLACE, place_of
from geo.workspace.tables import article_places, articles, day_counts, places

NEWEST = 1000
"""Articles whose pairs are counted."""
LONGEST_LIST = 100
"""Places an article may name for its pairs to be counted: beyond that it is a list, and names everything together."""

_FACTS = article_places.c


def count_places(connection: Connection, wanted: Conditions, limit: int, offset: int = 0) -> tuple[PlaceCount, ...]:
    """Return the places named, those mentioned most first, without the first ``offset`` of them."""
    return tuple(counted for _, counted in most_named(connection, wanted, limit, offset))


def count_days(connection: Connection, wanted: Conditions, by: Period) -> Trend:
    """Return the trend of all that is found."""
    day: ColumnElement[int]
    if not wanted.picks_articles and wanted.placed is None:
        day = day_counts.c.day
        table = select(_sum(day_counts.c.mentions), _sum(day_counts.c.articles)).where(*wanted.on_days(day_counts))
    elif wanted.placed is None:
        day = articles.c.moment // 100_000
        table = select(_sum(articles.c.resolved), func.count()).where(*wanted.on_articles())
    else:
        # By article first: twice as fast as count(DISTINCT …) in PostgreSQL.
        facts = wanted.facts.c
        each = select(facts.day, func.sum(facts.mentions).label("mentions")).where(*wanted.on_facts(wanted.facts))
        each_of = each.group_by(facts.article, facts.day).subquery().c
        day = each_of.day
        table = select(_sum(each_of.mentions), func.count())
    first = _first_day(day, by).label("first")
    rows = connection.execute(table.add_columns(first).where(day > 0).group_by(first).order_by(first)).all()
    with decoding(connection.engine):
        return Trend(None, _folded(rows, by))


def count_days_of_places(connection: Connection, wanted: Conditions, by: Period, top: int) -> tuple[Trend, ...]:
    """Return the trends of the places mentioned most."""
    named = {number: counted.place for number, counted in most_named(connection, wanted, top)}
    counts = func.sum(_FACTS.mentions).label("mentions"), func.count().label("articles")
    query = select(_FACTS.place, _FACTS.day, *counts)
    query = query.where(_FACTS.place.in_(named), *wanted.on_facts(), _FACTS.day > 0)
    days = query.group_by(_FACTS.place, _FACTS.day).subquery().c
    day = _first_day(days.day, by)
    sums = select(days.place, _sum(days.mentions), _sum(days.articles), day)
    rows = connection.execute(sums.group_by(days.place, day).order_by(days.place, day)).all()
    with decoding(connection.engine):
        found = {number: _folded([row[1:] for row in days], by) for number, days in groupby(rows, lambda row: row[0])}
    return tuple(Trend(place, found.get(number, ())) for number, place in named.items())


def _sum(counts: ColumnElement[int]) -> ColumnElement[int]:
    """Return a sum as a whole number: PostgreSQL's own sum of large ones would be a decimal."""
    return cast(func.sum(counts), BigInteger)


def _first_day(day: ColumnElement[int], by: Period) -> ColumnElement[int]:
    """Return a day that stands for its period: whole months are added up in the store, thirty times fewer rows."""
    return day // 100 * 100 + 1 if by == "month" else day


def _folded(rows: Iterable[Any], by: Period) -> tuple[TrendPoint, ...]:
    """Add days up to periods; an article has one day, so that nothing is counted twice."""
    mentions: Counter[dt.date] = Counter()
    several: Counter[dt.date] = Counter()
    for said, number, day in rows:
        start = _start(day, by)
        mentions[start] += said
        several[start] += number
    return tuple(TrendPoint(start, said, several[start]) for start, said in mentions.items())


@lru_cache(maxsize=1 << 14)  # days of forty years
def _start(day: int, by: Period) -> dt.date:
    date = dt.date(day // 10000, day // 100 % 100, day % 100)
    if by == "month":
        return date.replace(day=1)
    return date - dt.timedelta(days=date.weekday()) if by == "week" else date


def count_pairs(connection: Connection, wanted: Conditions, limit: int) -> Together:
    """Return the pairs of places that the newest articles found name."""
    newest = numbers_found(connection, wanted, NEWEST, LONGEST_LIST)
    some = listed(connection, newest).subquery()
    named = func.aggregate_strings(cast(_FACTS.place, Text), " ")
    query = select(named).join_from(some, article_places, _FACTS.article == some.c.number).group_by(some.c.number)
    # Faster here than in the stores: what is paired is a few thousand rows, the pairs are many more.
    most = most_paired(connection.execute(query).scalars().all(), limit)
    known = _places(connection, {place for one, other, _ in most for place in (one, other)})
    return Together(tuple(Pair(known[one], known[other], count) for one, other, count in most), len(newest))


def most_paired(lists: Sequence[str], limit: int) -> list[tuple[int, int, int]]:
    """Return the pairs of numbers that stand in the same list most often, and how often, those in most lists first.

    Parameters
    ----------
    lists
        Numbers below 2³², with a space between them, none of them twice in a list.
    """
    import numpy as np

    number = np.array(" ".join(lists).split(), dtype=np.int64)
    of = np.repeat(np.arange(len(lists)), [each.count(" ") + 1 for each in lists])
    order = np.lexsort((number, of))
    number, of = number[order], of[order]
    pairs = [np.empty(0, dtype=np.int64)]
    for apart in range(1, len(of)):
        same = of[apart:] == of[:-apart]
        if not same.any():
            break
        pairs.append(number[:-apart][same] << 32 | number[apart:][same])
    pair, count = np.unique(np.concatenate(pairs), return_counts=True)
    most = np.argsort(-count, kind="stable")[:limit]
    return [
        (both >> 32, both & 0xFFFFFFFF, times)
        for both, times in zip(pair[most].tolist(), count[most].tolist(), strict=True)
    ]


def _places(connection: Connection, numbers: Collection[int]) -> dict[int, Place]:
    query = select(places.c.number, *PLACE).where(places.c.number.in_(numbers))
    return {number: place_of(row) for number, *row in connection.execute(query).all()}
