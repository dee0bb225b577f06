"""Adding up by place what a search finds: from the totals that are kept as far as they reach, else from the facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Subquery, false, func, literal, or_, select, union_all

from geo.workspace.conditions import Conditions
from geo.workspace.counting import Part
from geo.workspace.spatial import Numbers
from geo.workspace.tables import article_places, place_totals, places

_FACTS = article_places.c
_TOTALS = place_totals.c
_COUNTS = ("mentions", "articles", "sure")
_POINT = ("square", "lon", "lat")
_LAST_DAY = 32  # more than any month has
_FIRST = 1000  # places by which it is told how common some are


def by_place(connection: Connection, wanted: Conditions, *, located: bool = False) -> Subquery:
    """Return the query of places with their ``mentions``, ``sure`` ones among them, and ``articles``.

    Parameters
    ----------
    located
        Whether it also has the places' ``square``, ``lon`` and ``lat``.
    """
    if wanted.picks_articles or (wanted.days and (wanted.placed is not None or wanted.origins is not None)):
        return _from_facts(wanted, located)
    if wanted.days:
        return _from_months(connection, wanted.days, located)
    return _from_totals(wanted)


def articles_naming(placed: Numbers) -> Select[int]:
    """Return the query of about how often articles name some places, an article once for each that it names.

    Only the first of them that any article named are counted: what is named most is soon named.
    """
    first = placed.order_by(places.c.number).limit(_FIRST)
    return select(func.coalesce(func.sum(_TOTALS.articles), 0)).where(*_of(Part.ALL), *_among(first))


def _of(part: Part, value: ColumnElement[bool] | None = None) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _TOTALS.part == int(part), _TOTALS.value == 0 if value is None else value


def _among(placed: Numbers) -> list[ColumnElement[bool]]:
    """Return the conditions that totals are those of some places, which are found by their squares."""
    some = placed.add_columns(places.c.square).subquery()
    return [_TOTALS.square == some.c.square, _TOTALS.place == some.c.number]


def _from_totals(wanted: Conditions) -> Subquery:
    part = _of(Part.ALL)
    if wanted.language is not None:
        part = _of(Part.LANGUAGE, _TOTALS.value == wanted.language)
    elif wanted.origins is not None:
        part = _of(Part.ORIGIN, _TOTALS.value.in_(wanted.origins))
    found = select(place_totals).where(*part, *([] if wanted.placed is None else _among(wanted.placed)))
    several = wanted.language is None and wanted.origins is not None and len(wanted.origins) != 1
    return _summed(found.subquery()) if several else found.subquery()


def _summed(rows: Subquery) -> Subquery:
    """Add up the rows of several totals to one a place."""
    sums = (func.sum(rows.c[name]).label(name) for name in _COUNTS)
    point = (func.max(rows.c[name]).label(name) for name in _POINT)
    return select(rows.c.place, *sums, *point).group_by(rows.c.place).subquery()


def _from_facts(wanted: Conditions, located: bool) -> Subquery:
    counts = func.sum(_FACTS.mentions).label("mentions"), func.count().label("articles")
    sure = func.sum(_FACTS.sure).label("sure")
    found = select(_FACTS.place, *counts, sure).where(*wanted.on_facts()).group_by(_FACTS.place).subquery()
    return _located(found) if located else found


def _located(found: Subquery) -> Subquery:
    columns: list[Any] = [*found.c, *(places.c[name] for name in _POINT)]
    return select(*columns).join_from(found, places, places.c.number == found.c.place).subquery()


def _from_months(connection: Connection, days: tuple[int, int], located: bool) -> Subquery:
    """Take the totals of the months that days are in, less their other days.

    Where these are most of the months there are, the other months are taken from the totals of all articles.
    """
    # One query each: SQLite finds one end of an index at once, but not both.
    ends = (select(end(_TOTALS.value)).where(*_of(Part.MONTH, _TOTALS.value > 0)) for end in (func.min, func.max))
    months = [connection.execute(end).scalar() or 0 for end in ends]
    first, last = max(days[0], months[0] * 100), min(days[1], months[1] * 100 + _LAST_DAY)
    one, other = first // 100, last // 100
    if first > last or one == other or 2 * _count(one, other) <= _count(*months):
        edges = (one * 100, first - 1), (last + 1, other * 100 + _LAST_DAY)
        within = _less(_TOTALS.value.between(one, other) if first <= last else false(), edges)
        return _located(within) if located else within
    edges = (first, one * 100 + _LAST_DAY), (other * 100, last)
    return _all_but(_less(or_(_TOTALS.value <= one, _TOTALS.value >= other), edges))


def _count(first: int, last: int) -> int:
    """Return how many months there are from one to another, both included."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1


def _less(months: ColumnElement[bool], days: Iterable[tuple[int, int]]) -> Subquery:
    """Add up months, less some days of theirs."""
    sums = (func.sum(_TOTALS[name]).label(name) for name in _COUNTS)
    whole = select(_TOTALS.place, *sums).where(*_of(Part.MONTH, months)).group_by(_TOTALS.place).subquery()
    one = literal(1).label("articles")
    facts = (select(_FACTS.place, _FACTS.mentions, one, _FACTS.sure).where(_FACTS.day.between(*span)) for span in days)
    named = union_all(*facts).subquery()
    edges = select(named.c.place, *(func.sum(named.c[name]).label(name) for name in _COUNTS)).group_by(named.c.place)
    return _taken_from(whole, edges.subquery())


def _all_but(some: Subquery) -> Subquery:
    """Take what is counted of some articles from the totals of all, which keep their order."""
    everything = select(place_totals).where(*_of(Part.ALL)).subquery()
    return _taken_from(everything, some)


def _taken_from(counted: Subquery, some: Subquery) -> Subquery:
    counts = {name: counted.c[name] - func.coalesce(some.c[name], 0) for name in _COUNTS}
    columns: list[Any] = [
        counts[column.name].label(column.name) if column.name in counts else column for column in counted.c
    ]
    joined = counted.outerjoin(some, some.c.place == counted.c.place)
    return select(*columns).select_from(joined).where(counts["articles"] > 0).subquery()
