"""Polygons of units to three nested extents that follow them within the detail they are known in."""

from __future__ import annotations

from math import cos, radians, sqrt
from typing import TYPE_CHECKING

from geo.footprints.azimuthal import from_local, to_local
from geo.footprints.extents import Extents
from geo.geometry import KM_A_DEGREE, valid

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Towns of a unit beside its polygon are drawn into it with so much land.
_TOWN_KM = 2.5
# Bays, lagoons and river mouths narrower than twice this are filled: towns on them must not fall into the water.
_FILLED_KM = 3.0
# How far core and possible lie inside and outside the outline: the boundary files have about 1 km of detail.
_INSIDE_KM, _OUTSIDE_KM = 0.1, 1.0
# All three are at most this share of a unit's size. Outlines are thinned to a share of it too, up to so many km.
_SIZE_SHARE, _DETAIL_SHARE, _DETAIL_KM = 0.01, 0.001, 2.5
# Corners sharper than this multiple of the distance are cut off when a shape grows: no new vertices elsewhere.
_MITRE = 1.2


def polygon(shape: BaseGeometry, astray: BaseGeometry | None = None) -> Extents:
    """Return the extents of a unit with a boundary; all three follow it, within the detail it is known in.

    ``astray`` are points beside the shape that belong to it.
    """
    shape = unwrapped(shape)
    size = size_km(shape)
    filled, inside, outside = (min(km, _SIZE_SHARE * size) for km in (_FILLED_KM, _INSIDE_KM, _OUTSIDE_KM))
    detail = min(_DETAIL_SHARE * size, _DETAIL_KM)
    centre = (shape.centroid.x, shape.centroid.y)
    thin = to_local(_thinned(shape, detail), centre)
    if astray is not None and not astray.is_empty:
        towns = to_local(astray, centre).buffer(_TOWN_KM, quad_segs=2)
        thin = thin.buffer(0).union(towns)
    whole = _grown(_grown(thin, filled), -filled).simplify(0.5 * detail, preserve_topology=False).buffer(0)
    core, zone, possible = (valid(from_local(_grown(whole, km), centre)) for km in (-inside, 0.0, outside))
    return Extents(core, zone, possible, zone, reach_km=2 + 0.1 * size)


def crisp(shape: BaseGeometry) -> BaseGeometry:
    """Return a unit's boundary alone, without detail that no map of the unit shows."""
    return valid(_thinned(shape, min(_DETAIL_SHARE * size_km(shape), _DETAIL_KM)))


def size_km(shape: BaseGeometry) -> float:
    """Return the side of a square as large as a shape: near enough for tolerances, and quickly made."""
    return KM_A_DEGREE * sqrt(shape.area * cos(radians(shape.centroid.y)))


def _thinned(shape: BaseGeometry, detail_km: float) -> BaseGeometry:
    """Return a shape without islands and turns smaller than a detail; growing it repairs what this may break."""
    from shapely import MultiPolygon, get_parts

    detail = detail_km / KM_A_DEGREE
    parts = get_parts([shape])
    least = min(detail**2, 0.5 * shape.area)
    return MultiPolygon([part for part in parts if part.area > least]).simplify(detail, preserve_topology=False)


def _grown(shape: BaseGeometry, km: float) -> BaseGeometry:
    """Buffer a shape in kilometres with few new vertices."""
    return shape.buffer(km, join_style="mitre", mitre_limit=_MITRE) if km else shape


def unwrapped(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape that lies on both sides of the antimeridian in one piece, past longitude 180 or -180."""
    from shapely import MultiPolygon, get_parts
    from shapely.affinity import translate
    from shapely.ops import unary_union

    if shape.is_empty or shape.bounds[2] - shape.bounds[0] <= 180:
        return shape
    parts = get_parts(shape)
    east = [part for part in parts if part.bounds[0] + part.bounds[2] >= 0]
    west = [part for part in parts if part.bounds[0] + part.bounds[2] < 0]
    if sum(part.area for part in east) >= sum(part.area for part in west):
        west = [translate(part, 360) for part in west]
    else:
        east = [translate(part, -360) for part in east]
    cut = {180.0, -180.0}
    moved = [*east, *west]
    seam = [part for part in moved if cut & {part.bounds[0], part.bounds[2]}]
    rest = [part for part in moved if not cut & {part.bounds[0], part.bounds[2]}]
    return MultiPolygon([*rest, *get_parts(unary_union(seam))])
