"""Which places lie where: asked of R*Tree and checked here in SQLite, asked of PostGIS in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    column,
    func,
    or_,
    select,
    table,
)

from geo.geometry import Bbox, circle_bbox, distances_km
from geo.workspace.bulk import is_listed
from geo.workspace.rows import place_from
from geo.workspace.search import Search
from geo.workspace.tables import places

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Numbers = Select[int]
"""A query for the numbers of places, from the table of places."""

_LEVELS = {"country": ("country",), "admin1": ("country", "admin1"), "admin2": ("country", "admin1", "admin2")}
"""What places share with the unit they lie in."""

_WIDE = 1000.0  # square degrees: 45 by 22

_BOXES = table("place_boxes", *(column(name) for name in ("number", "west", "east", "south", "north")))


@dataclass(frozen=True)
class Placed:
    """Some places.

    Attributes
    ----------
    numbers
        The query for their numbers.
    listed
        Makes the condition that a column is one of them, where they were looked up already; None where not.
    """

    numbers: Numbers
    listed: Callable[[ColumnElement[int]], ColumnElement[bool]] | None = None

    def holds(self, number: ColumnElement[int]) -> ColumnElement[bool]:
        """Return the condition that a column is the number of one of them."""
        return number.in_(self.numbers) if self.listed is None else self.listed(number)


def places_searched(connection: Connection, search: Search) -> Placed | None:
    """Return the places that a search asks for; None where any will do."""
    if not (search.places or search.bbox or search.within is not None or search.near):
        return None
    found = select(places.c.number)
    if search.places:
        found = found.where(_inside(connection, search, search.places))
    if search.bbox:
        found = found.where(_in_box(connection, search.bbox))
    if search.within is not None and _is_box(search.within):
        found, search = found.where(_in_box(connection, search.within.bounds)), replace(search, within=None)
    if search.within is None and not search.near:
        return Placed(found)
    if connection.dialect.name == "postgresql":
        # Looked up once: the query it would be a part of may ask more than once, and PostgreSQL misjudges its size.
        numbers = connection.execute(found.where(*_by_postgis(search))).scalars().all()
    else:
        numbers = _checked(connection, found, search)
    listed = partial(is_listed, connection, numbers=numbers)
    return Placed(select(places.c.number).where(listed(places.c.number)), listed)


def _is_box(area: BaseGeometry) -> bool:
    return not area.is_empty and bool(area.equals(area.envelope))


def places_in_box(connection: Connection, bbox: Bbox) -> Numbers:
    """Return the places within a bbox."""
    return select(places.c.number).where(_in_box(connection, bbox))


def places_inside(connection: Connection, search: Search, id: str) -> Numbers:
    """Return the places inside one of those that a search names, itself among them."""
    return select(places.c.number).where(_inside(connection, search, (id,)))


def with_known(connection: Connection, search: Search) -> Search:
    """Return a search that knows of its places what the store has, besides what came with it."""
    ids = {*search.places, *search.also}
    if not ids:
        return search
    rows = connection.execute(select(places).where(places.c.id.in_(ids))).mappings()
    known = {place.id: place for place in search.known} | {row["id"]: place_from(row) for row in rows}
    return replace(search, known=tuple(known.values()))


def countries_of(search: Search, ids: Collection[str]) -> tuple[str, ...] | None:
    """Return the codes of those of a search's places by their ids; None where one of them is no country."""
    codes = {place.id: place.country for place in search.known if place.feature == "country" and place.country}
    return tuple(codes[id] for id in ids) if all(id in codes for id in ids) else None


def _inside(connection: Connection, search: Search, ids: tuple[str, ...]) -> ColumnElement[bool]:
    """Return the condition that a place is one of those, or lies inside one: by its codes, or by an outline."""
    units = [
        unit
        for unit in search.known
        if unit.id in ids and unit.feature in _LEVELS and all(getattr(unit, level) for level in _LEVELS[unit.feature])
    ]
    shared = [and_(*(places.c[level] == getattr(unit, level) for level in _LEVELS[unit.feature])) for unit in units]
    areas = [_in_area(connection, outline) for id, outline in search.outlines if id in ids]
    # A unit shares its own codes with itself.
    others = sorted({*ids} - {unit.id for unit in units})
    return or_(*shared, *([places.c.id.in_(others)] if others else []), *areas)


def _in_area(connection: Connection, area: BaseGeometry) -> ColumnElement[bool]:
    found = places_searched(connection, Search(within=area))
    assert found is not None, "an area is a condition"
    return found.holds(places.c.number)


def _in_box(connection: Connection, bbox: Bbox) -> ColumnElement[bool]:
    """Return the condition that a place lies in a bbox, which an index finds."""
    west, south, east, north = bbox
    if west > east:
        halves = (west, south, 180.0, north), (-180.0, south, east, north)
        return or_(*(_in_box(connection, half) for half in halves))
    exact = lies_in(bbox, places.c.lon, places.c.lat)
    if connection.dialect.name == "postgresql":
        # Its index of longitude and latitude holds all that is asked for, and takes a fifth of GiST's time.
        return exact
    box = _BOXES.c
    # R*Tree rounds boxes outward to 32 bits: what lies inside is always among what it finds.
    near = select(box.number).where(box.west <= east, box.east >= west, box.south <= north, box.north >= south)
    return and_(places.c.number.in_(near), exact)


def is_wide(bbox: Bbox) -> bool:
    """Tell whether a bbox holds so many places that looking each of them up takes longer than looking through all."""
    west, south, east, north = bbox
    return ((east - west) % 360 or 360) * (north - south) > _WIDE


def lies_in(bbox: Bbox, lon: ColumnElement[float], lat: ColumnElement[float]) -> ColumnElement[bool]:
    """Return the condition that coordinates lie in a bbox."""
    west, south, east, north = bbox
    across = lon.between(west, east) if west <= east else or_(lon >= west, lon <= east)
    return and_(across, lat.between(south, north))


def _point() -> Any:
    return func.ST_Point(places.c.lon, places.c.lat, 4326)


def _by_postgis(search: Search) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if search.within is not None:
        conditions.append(func.ST_Intersects(_point(), func.ST_GeomFromWKB(_binary(search.within), 4326)))
    if search.near:
        lon, lat, km = search.near
        centre = func.geography(func.ST_Point(lon, lat, 4326))
        conditions.append(func.ST_DWithin(func.geography(_point()), centre, km * 1000))
    return conditions


def _binary(geometry: BaseGeometry) -> bytes:
    from shapely import to_wkb

    binary: bytes = to_wkb(geometry)
    return binary


def _checked(connection: Connection, found: Numbers, search: Search) -> Sequence[int]:
    """Return those of the places found that lie in the area and the circle asked for, measured one by one."""
    import numpy as np
    from shapely import intersects_xy, prepare

    for bbox in _bounds(search):
        found = found.where(lies_in(bbox, places.c.lon, places.c.lat) if is_wide(bbox) else _in_box(connection, bbox))
    rows = connection.execute(found.add_columns(places.c.lon, places.c.lat)).all()
    numbers, lons, lats = (np.array(values) for values in zip(*rows, strict=True)) if rows else (np.empty(0),) * 3
    inside = np.ones(len(numbers), dtype=bool)
    if search.within is not None:
        prepare(search.within)
        inside &= intersects_xy(search.within, lons, lats)
    if search.near:
        lon, lat, km = search.near
        inside &= distances_km(lon, lat, lons, lats) <= km
    checked: list[int] = numbers[inside].tolist()
    return checked


def _bounds(search: Search) -> list[Bbox]:
    boxes = [circle_bbox(*search.near)] if search.near else []
    if search.within is not None:
        boxes.append((0.0, 1.0, 0.0, 0.0) if search.within.is_empty else search.within.bounds)
    return boxes
