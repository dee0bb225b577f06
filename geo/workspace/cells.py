"""Places added up, all or by squares of a web map: what a view shows of more places than it can tell apart."""

from __future__ import annotations

from math import floor
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Connection, Select, Subquery, cast, func, select

from geo.geometry import WORLD, Bbox
from geo.workspace.conditions import Conditions
from geo.workspace.packing import SQUARES_STEP, SQUARES_ZOOM
from geo.workspace.results import Cell
from geo.workspace.rows import PLACE, place_of
from geo.workspace.spatial import lies_in
from geo.workspace.tables import places
from geo.workspace.totals import by_place

MOST_CELLS = 2000
"""Squares returned at most; a screen holds about 500."""

_CLOSEST = 20
_LOW = 2**32
_MOST_ROWS = 2**24


def count_cells(connection: Connection, wanted: Conditions, bbox: Bbox, zoom: float) -> tuple[Cell, ...]:
    """Return the places named, added up by squares of a quarter of a tile's side, those mentioned most first."""
    level = min(max(floor(zoom), 0), _CLOSEST)
    squares = _kept_squares if level <= SQUARES_ZOOM else _close_squares
    found = squares(connection, wanted, bbox, level).subquery().c
    first = found.mentions.desc(), found.square
    most = select(*found).order_by(*first).limit(MOST_CELLS).subquery()
    # The number of the place with most mentions: see `_added_up`.
    named = select(*most.c, *PLACE).join_from(most, places, places.c.number == _LOW - 1 - most.c.top % _LOW)
    rows = connection.execute(named.order_by(most.c.mentions.desc(), most.c.square)).all()
    return tuple(
        Cell(lon / said, lat / said, count, said, unsure, place_of(row))
        for _, lon, lat, count, said, unsure, _, *row in rows
    )


def count_all(connection: Connection, wanted: Conditions, bbox: Bbox) -> tuple[int, int]:
    """Return how many places are named within a bbox, and how often."""
    counted = by_place(connection, wanted, bbox, located=bbox != WORLD)
    sums = select(func.count(), func.coalesce(cast(func.sum(counted.c.mentions), BigInteger), 0)).select_from(counted)
    named, mentions = connection.execute(sums.where(*_seen(counted, bbox))).one()
    return named, mentions


def _kept_squares(connection: Connection, wanted: Conditions, bbox: Bbox, level: int) -> Select[Any]:
    """Add up by the squares that places are sorted into, and those to the larger ones of a map farther out."""
    counted = by_place(connection, wanted, bbox, located=True)
    kept = _added_up(counted, counted.c.square, bbox).subquery().c
    larger = 2 ** (SQUARES_ZOOM - level)
    square = kept.square // (SQUARES_STEP * larger) * SQUARES_STEP + kept.square % SQUARES_STEP // larger
    point = (func.sum(kept[name]).label(name) for name in ("lon", "lat"))
    counts = (cast(func.sum(kept[name]), BigInteger).label(name) for name in ("places", "mentions", "unsure"))
    return select(square.label("square"), *point, *counts, func.max(kept.top).label("top")).group_by(square)


def _close_squares(connection: Connection, wanted: Conditions, bbox: Bbox, level: int) -> Select[Any]:
    """Add up by smaller squares."""
    counted = by_place(connection, wanted, bbox)
    point = places.c.lon, places.c.lat, places.c.south
    located = select(counted, *point).join(places, places.c.number == counted.c.place).subquery()
    side = 4 * 2**level
    column, row = func.floor((located.c.lon + 180) / 360 * side), func.floor(located.c.south * side)
    # One number a square: the stores sort by one twice as fast as by two.
    return _added_up(located, cast(column * _MOST_ROWS + row, BigInteger), bbox)


def _added_up(counted: Subquery, square: ColumnElement[int], bbox: Bbox) -> Select[Any]:
    place, mentions, lon, lat = (counted.c[name] for name in ("place", "mentions", "lon", "lat"))
    sums: list[Any] = [
        square.label("square"),
        func.sum(lon * mentions).label("lon"),
        func.sum(lat * mentions).label("lat"),
        func.count().label("places"),
        func.sum(mentions).label("mentions"),
        func.count().filter(counted.c.sure == 0).label("unsure"),
        # The place with most mentions, found in the same pass: its number fills the lower 32 bits.
        func.max(cast(mentions, BigInteger) * _LOW + (_LOW - 1 - place)).label("top"),
    ]
    return select(*sums).where(*_seen(counted, bbox)).group_by(square)


def _seen(counted: Subquery, bbox: Bbox) -> list[ColumnElement[bool]]:
    return [] if bbox == WORLD else [lies_in(bbox, counted.c.lon, counted.c.lat)]
