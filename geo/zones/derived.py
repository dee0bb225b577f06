"""Zones that follow from an agreement's words: a corridor along a road, a band inside another zone's line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.geometry import buffer_km
from geo.model import EXTENTS
from geo.zones.definition import Shape
from geo.zones.extents import Extents, nested

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def corridor(shape: Shape, country: BaseGeometry) -> Extents:
    """Return what lies within a width of a line, to each side; its ends are cut square.

    The three widths are the agreement's less and plus how far the drawn line may be from the road.
    """
    from shapely.geometry import LineString

    line = LineString(shape.line)
    widths = [buffer_km(line, km, flat_ends=True) for km in shape.km]
    return nested(*(area.intersection(country) for area in widths))


def inner_band(shape: Shape, around: Extents) -> Extents:
    """Return the strip along a stretch of another zone's line, inside it.

    The stretch runs clockwise between the places on the line that are nearest to the shape's first and last point.
    Core, zone and possible are cut from the other zone's own: both its line and the band's depth are uncertain.
    """
    front = _stretch(around.zone, shape.line[0], shape.line[-1])
    return nested(
        *(around.extent(name).intersection(buffer_km(front, km)) for name, km in zip(EXTENTS, shape.km, strict=True))
    )


def _stretch(area: BaseGeometry, first: tuple[float, float], last: tuple[float, float]) -> BaseGeometry:
    """Return the part of the outer line of an area's largest polygon from one point clockwise to another."""
    from shapely import get_parts
    from shapely.geometry import LineString, Point
    from shapely.ops import substring

    largest = max(get_parts(area), key=lambda part: part.area)
    ring = LineString(largest.exterior.coords)
    line = ring.reverse() if largest.exterior.is_ccw else ring
    start, end = (line.project(Point(point)) for point in (first, last))
    if start <= end:
        return substring(line, start, end)
    return LineString([*substring(line, start, line.length).coords, *substring(line, 0, end).coords[1:]])
