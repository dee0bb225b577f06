"""Borders and coasts, and the strips along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.footprints.azimuthal import buffers_km
from geo.footprints.extents import Extents
from geo.footprints.outlines import size_km
from geo.geometry import KM_A_DEGREE, Bbox

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
# Shares of a line's reach that are surely, best and possibly along it.
_SHARES = (0.35, 1.0, 2.5)
# Edges this close, in degrees, count as shared: the files are rounded to 0.0001.
_TOUCH = 0.01
# How wide the strip along a border is: a share of the size of the smaller side, between these bounds in km.
_BORDER_SHARE, _BORDER_KM = 0.06, (3.0, 15.0)
COAST_KM = 15.0
OFFSHORE_KM = 60.0


def strip(line: BaseGeometry, reach_km: float) -> Extents:
    """Return the strip along a line, on both sides; empty where the line is."""
    core, zone, possible = buffers_km(line, [share * reach_km for share in _SHARES])
    return Extents(core, zone, possible, line.simplify(0.03 * reach_km / KM_A_DEGREE), reach_km=reach_km)


def border_strip(one: BaseGeometry, other: BaseGeometry) -> Extents:
    """Return the strip along the line that two units share; empty where they do not touch."""
    return strip(shared_line(one, other), border_reach_km(one, other))


def border_reach_km(*sides: BaseGeometry) -> float:
    """Return how far "along the border" of some units reaches."""
    low, high = _BORDER_KM
    return min(max(_BORDER_SHARE * min(map(size_km, sides)), low), high)


def shared_line(one: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Return the line that two areas share; empty where they do not touch."""
    from shapely import MultiLineString, clip_by_rect

    if one.is_empty or other.is_empty:
        return MultiLineString()
    edge = clip_by_rect(one.boundary, *_grown(other.bounds))
    near = clip_by_rect(other, *_grown(one.bounds))
    return _lines(edge.intersection(near.buffer(_TOUCH, join_style="mitre")))


def _grown(bounds: Bbox) -> Bbox:
    west, south, east, north = bounds
    return west - 2 * _TOUCH, south - 2 * _TOUCH, east + 2 * _TOUCH, north + 2 * _TOUCH


def coast_line(shape: BaseGeometry, land_around: BaseGeometry) -> BaseGeometry:
    """Return the part of an area's edge that no other land touches; ``shape`` may be thinned."""
    return _lines(shape.boundary.difference(land_around.simplify(_TOUCH).buffer(4 * _TOUCH, quad_segs=2)))


def _lines(shape: BaseGeometry) -> BaseGeometry:
    from shapely import MultiLineString, get_parts, line_merge

    parts = [part for part in get_parts(get_parts([shape])) if part.geom_type == "LineString" and part.length > 0]
    # In one piece as far as possible: what is made from them is simpler, and made sooner.
    return MultiLineString(list(get_parts(line_merge(MultiLineString(parts)))))
