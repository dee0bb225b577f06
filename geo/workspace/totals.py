"""Adding up by place what a search finds: from the totals that are kept as far as they reach, else from the facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    Subquery,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    union_all,
)

from geo.geometry import WORLD, Bbox
from geo.workspace.conditions import Conditions, in_view
from geo.workspace.counting import Part
from geo.workspace.packing import SQUARES_STEP, square_of
from geo.workspace.spatial import Numbers
from geo.workspace.tables import article_places, place_totals, places

_FACTS = article_places.c
_TOTALS = place_totals.c
_COUNTS = ("mentions", "articles", "sure")
_POINT = ("square", "lon", "lat")
_LAST_DAY = 32  # more than any month has


def by_place(connection: Connection, wanted: Conditions, bbox: Bbox = WORLD, *, located: bool = False) -> Subquery:
    """Return the query of places with their ``mentions``, ``sure`` ones among them, and ``articles``.

    Parameters
    ----------
    bbox
        Outside of it places may be missing.
    located
        Whether it also has the places' ``square``, ``lon`` and ``lat``.
    """
    if wanted.picks_articles or (wanted.days and (wanted.placed is not None or wanted.origins is not None)):
        return _from_facts(in_view(connection, wanted, bbox), located)
    if wanted.days:
        return _from_months(connection, wanted.days, bbox, located=located)
    return _from_totals(wanted if wanted.placed is None else in_view(connection, wanted, bbox), bbox)


def most_of_all(count: int) -> Select[int]:
    """Return the numbers of the places mentioned most in all articles."""
    return _in_order(_TOTALS.place).limit(count)


def mentions_beyond(connection: Connection, count: int) -> int:
    """Return how often the place is mentioned that comes next after so many mentioned most; 0 where there is none."""
    return connection.execute(_in_order(_TOTALS.mentions).offset(count).limit(1)).scalar() or 0


def _in_order(column: ColumnElement[int]) -> Select[int]:
    # Written out: SQLite looks for an index of a part before it knows the values of a query.
    everything = _TOTALS.part == literal_column(str(int(Part.ALL)))
    return select(column).where(everything).order_by(_TOTALS.mentions.desc(), _TOTALS.place)


def _of(part: Part, bbox: Bbox, value: ColumnElement[bool] | None = None) -> list[ColumnElement[bool]]:
    own = _TOTALS.value == 0 if value is None else value
    return [_TOTALS.part == int(part), own, *_columns(bbox)]


def _columns(bbox: Bbox) -> list[ColumnElement[bool]]:
    """Return the condition that totals are of the columns of squares that a bbox reaches into."""
    if bbox == WORLD:
        return []
    west, east = (square_of(lon, south=0) for lon in (bbox[0], bbox[2]))
    first, last = _TOTALS.square >= west, _TOTALS.square < east + SQUARES_STEP
    return [or_(first, last)] if bbox[0] > bbox[2] else [first, last]


def _among(placed: Numbers) -> list[ColumnElement[bool]]:
    """Return the conditions that totals are those of some places, which are found by their squares."""
    some = placed.add_columns(places.c.square).subquery()
    return [_TOTALS.square == some.c.square, _TOTALS.place == some.c.number]


def _from_totals(wanted: Conditions, bbox: Bbox) -> Subquery:
    part = _of(Part.ALL, bbox)
    if wanted.language is not None:
        part = _of(Part.LANGUAGE, bbox, _TOTALS.value == wanted.language)
    elif wanted.origins is not None:
        part = _of(Part.ORIGIN, bbox, _TOTALS.value.in_(wanted.origins))
    found = select(place_totals).where(*part, *([] if wanted.placed is None else _among(wanted.placed.numbers)))
    several = wanted.language is None and wanted.origins is not None and len(wanted.origins) != 1
    return _summed(found.subquery(), _POINT).subquery() if several else found.subquery()


def _summed(rows: Subquery, carried: tuple[str, ...]) -> Select[Any]:
    """Add up rows to one a place; what is carried is that of any row that has it."""
    # PostgreSQL's sums of integers are of a type whose own sums are slow.
    sums = {name: cast(func.sum(rows.c[name]), Integer) for name in _COUNTS}
    point = (func.max(rows.c[name]).label(name) for name in carried)
    query = select(rows.c.place, *point, *(sums[name].label(name) for name in _COUNTS)).group_by(rows.c.place)
    return query.having(func.sum(rows.c.articles) > 0)


def _from_facts(wanted: Conditions, located: bool) -> Subquery:
    sums = {name: cast(func.sum(_FACTS[name]), Integer).label(name) for name in ("mentions", "sure")}
    counts = sums["mentions"], cast(func.count(), Integer).label("articles"), sums["sure"]
    found = select(_FACTS.place, *counts).where(*wanted.on_facts()).group_by(_FACTS.place).subquery()
    return _located(found) if located else found


def _located(found: Subquery) -> Subquery:
    columns: list[Any] = [*found.c, *(places.c[name] for name in _POINT)]
    return select(*columns).join_from(found, places, places.c.number == found.c.place).subquery()


@dataclass(frozen=True)
class _Span:
    """Months that are counted, and days of theirs that are not: first and last, both included."""

    months: tuple[int, int]
    less: tuple[tuple[int, int], ...]


def _from_months(connection: Connection, days: tuple[int, int], bbox: Bbox, *, located: bool) -> Subquery:
    """Take the totals of the months that days are in, less their other days.

    Where these are most of the months there are, the other months are taken from the totals of all articles.
    """
    # One query each: SQLite finds one end of an index at once, but not both.
    dated = _of(Part.MONTH, WORLD, _TOTALS.value > 0)
    ends = (select(end(_TOTALS.value)).where(*dated).scalar_subquery() for end in (func.min, func.max))
    months = [month or 0 for month in connection.execute(select(*ends)).one()]
    first, last = max(days[0], months[0] * 100), min(days[1], months[1] * 100 + _LAST_DAY)
    one, other = first // 100, last // 100
    if first > last or one == other or 2 * _count(one, other) <= _count(*months):
        edges = (one * 100, first - 1), (last + 1, other * 100 + _LAST_DAY)
        within = (_Span((one, other), edges),)
        if not located or connection.dialect.name == "postgresql":
            return _counted(within, bbox, _POINT if located else ()).subquery()
        return _located(_counted(within, bbox).subquery())  # SQLite sorts the rows, and the wider ones more slowly
    before = _Span((0, one), ((first, one * 100 + _LAST_DAY),))
    after = _Span((other, months[1]), ((other * 100, last),))
    return _all_but(_counted((before, after), bbox).subquery(), bbox)


def _count(first: int, last: int) -> int:
    """Return how many months there are from one to another, both included."""
    return (last // 100 - first // 100) * 12 + last % 100 - first % 100 + 1


def _counted(spans: tuple[_Span, ...], bbox: Bbox, carried: tuple[str, ...] = ()) -> Select[Any]:
    """Add up months, less some days of theirs."""
    columns = _TOTALS.place, *(_TOTALS[name] for name in (*carried, *_COUNTS))
    # One query for each span: PostgreSQL would read the whole table where either of two will do.
    whole = [select(*columns).where(*_of(Part.MONTH, bbox, _TOTALS.value.between(*span.months))) for span in spans]
    # The places of the days are among those of their months, which have all that is carried.
    point = (null().label(name) for name in carried)
    counts = -_FACTS.mentions, literal(-1), -_FACTS.sure
    taken = select(_FACTS.place, *point, *counts)
    less = [taken.where(_FACTS.day.between(*days)) for span in spans for days in span.less]
    return _summed(union_all(*whole, *less).subquery(), carried)


def _all_but(some: Subquery, bbox: Bbox) -> Subquery:
    """Take what is counted of some articles from the totals of all, which keep their order."""
    everything = select(place_totals).where(*_of(Part.ALL, bbox)).subquery()
    left = {name: everything.c[name] - func.coalesce(some.c[name], 0) for name in _COUNTS}
    columns = [everything.c.place, *(everything.c[name] for name in _POINT)]
    joined = everything.outerjoin(some, some.c.place == everything.c.place)
    query = select(*columns, *(left[name].label(name) for name in _COUNTS)).select_from(joined)
    return query.where(left["articles"] > 0).subquery()
