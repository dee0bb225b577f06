"""Shapes by distance and direction from places: near, outside, 20 km north of, between, on the road.

Distances are measured from an extent's origin: a town's point, the line of a border or river, the edge of a unit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import atan2, degrees, sqrt
from typing import TYPE_CHECKING

from geo.footprints.azimuthal import (
    buffer_km,
    buffers_km,
    centre_of,
    discs_km,
    distance_km,
    from_local,
    length_km,
    moved,
    ring_km,
    sectors_km,
    to_local,
)
from geo.footprints.cuts import Towns
from geo.footprints.directions import beyond_place, directional_part
from geo.footprints.expressions import Distance
from geo.footprints.extents import Extents, areas_of, beside, united, without
from geo.footprints.ground import equivalent_radius_km
from geo.geometry import polygons_of, valid

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_BEARINGS = {
    "north": 0.0,
    "north_north_east": 22.5,
    "north_east": 45.0,
    "east_north_east": 67.5,
    "east": 90.0,
    "east_south_east": 112.5,
    "south_east": 135.0,
    "south_south_east": 157.5,
    "south": 180.0,
    "south_south_west": 202.5,
    "south_west": 225.0,
    "west_south_west": 247.5,
    "west": 270.0,
    "west_north_west": 292.5,
    "north_west": 315.0,
    "north_north_west": 337.5,
}
_HALF_WIND = 3
# Half the angles of a direction's cones: Frank's (1992) eight cones, then four, then half as much again.
_CONES = (22.5, 45.0, 67.5)
# With a distance, directions are meant more exactly: "north" leaves at most 45 degrees open (Wieczorek et al. 2004).
_EXACT_CONES = (15.0, 22.5, 45.0)
# Shares of an origin's reach that are surely, best and possibly near it, and how far "north of" goes.
_NEAR = (0.4, 1.0, 2.5)
_TOWARDS = (1.0, 2.0, 5.0)
# The same beside a river or border, whose reach is narrower.
_BESIDE_LINE = (4.0, 10.0, 25.0)
# What lies aslant beyond a line's ends may be meant too, so many degrees from the direction.
_ASLANT = 30.0
# Shares of a stated distance's tolerance.
AT = (0.6, 1.0, 2.0)
# A town's outskirts and suburbs, as shares of its radius from and to.
_OUTSKIRTS = ((0.8, 1.1), (0.6, 1.4), (0.35, 2.0))
_SUBURBS = ((0.5, 1.3), (0.35, 2.0), (0.2, 3.2))
# Length of a way over the distance of its ends. A way of that length stays in the ellipse with the ends as foci; roads
# are seldom more than 1.2 to 1.4 times as long as the beeline (Ballou, Rahardja & Sakai 2002).
_ROAD_DETOURS = (1.01, 1.04, 1.2)
_BETWEEN_DETOURS = (1.03, 1.1, 1.25)
# Halfway between two places: the surrounding of the middle, as shares of the way.
_MIDWAY = (0.08, 0.17, 0.3)
# Deep inside a region: how far from its edge, as shares of its radius.
_INTERIOR = (0.35, 0.2, 0.05)
# Between three and more: the hull, shrunk and grown by shares of its radius.
_HULL_SHARES = (-0.1, 0.05, 0.3)
# Between two units that do not touch: the gap as far from each as shares of the way between them.
_GAP_SHARES = (0.8, 1.3)
# Sectors no larger than this are rounded and within each other as they are made.
_FAR_KM = 1000.0


def _within(extents: Extents, radii: Sequence[float]) -> list[BaseGeometry]:
    """Return everything within so many kilometres of a place, in the order of the radii, which ascend."""
    return discs_km(_middle(extents), radii) if _is_point(extents) else buffers_km(extents.origin, radii)


def _around(extents: Extents, shares: Sequence[float]) -> Extents:
    """Return what lies within shares of a place's reach from its edge, the place included."""
    radii = [extents.size_km + share * extents.reach_km for share in shares]
    found = extents.with_areas(*_within(extents, radii))
    return replace(found, is_nested=True) if _is_point(extents) else found


def _is_point(extents: Extents) -> bool:
    return bool(extents.origin.geom_type == "Point")


def _middle(extents: Extents) -> tuple[float, float]:
    return centre_of(extents.origin if _is_point(extents) else extents.zone)


def _is_line(extents: Extents) -> bool:
    return bool(extents.origin.geom_type.endswith("LineString"))


def _is_area(extents: Extents) -> bool:
    return bool(extents.origin.geom_type.endswith("Polygon"))


def near(extents: Extents) -> Extents:
    """Return a surrounding as far as the place's reach; of a unit only what lies outside it.

    How far "near" reaches grows with the place's size (Derungs & Purves 2016).
    """
    surrounding = _around(extents, _NEAR)
    if not _is_area(extents):
        return surrounding
    outer = without(surrounding, extents)
    return outer.with_areas(outer.core, outer.zone, surrounding.possible)


def around(extents: Extents) -> Extents:
    """Return a place with its surrounding; of a unit the surest part is the unit itself ("around Ohio")."""
    surrounding = _around(extents, _NEAR)
    if not _is_area(extents):
        return surrounding
    return surrounding.with_areas(extents.core, surrounding.zone, surrounding.possible)


def outside(extents: Extents) -> Extents:
    """Return the surrounding of a place without the place."""
    return without(_around(extents, _NEAR), extents)


def outskirts(extents: Extents) -> Extents:
    """Return a ring on both sides of a town's edge, or a strip inside and outside a unit's boundary."""
    return _rings(extents, _OUTSKIRTS)


def suburbs(extents: Extents) -> Extents:
    """Return a ring from inside a town's edge to well beyond it."""
    return _rings(extents, _SUBURBS)


def _rings(extents: Extents, shares: Sequence[tuple[float, float]]) -> Extents:
    size = extents.size_km or equivalent_radius_km(extents.zone)
    core, zone, possible = (ring_km(_middle(extents), size * outer, size * inner) for inner, outer in shares)
    return extents.with_areas(core, zone, possible)


def in_direction(extents: Extents, direction: str, towns: Towns) -> Extents:
    """Return what lies in a direction outside a place, as far as twice its reach.

    A cone (Frank 1992) with its tip behind the place's middle, so that it is as wide as the place (the triangle of
    Peuquet & Zhan 1987). Of a unit the part inside it is possible too: "north of Syria" is used for both.
    """
    if direction == "centre":
        return directional_part(extents, (direction,), far=False, towns=towns)
    if _is_line(extents):
        core, zone, possible = (_swept(extents, direction, share * extents.reach_km) for share in _BESIDE_LINE)
        fan = _fanned(extents, direction, _BESIDE_LINE[2] * extents.reach_km)
        return extents.with_areas(core, zone, polygons_of(possible.union(fan)))
    radii = [extents.size_km + share * extents.reach_km for share in _TOWARDS]
    angles = _cone_angles(direction, _CONES)
    if not _is_area(extents):
        # Where a town ends is vague: only its middle is surely not north of it.
        towards = _sectors(extents, direction, [(0, km) for km in radii], angles)
        return without(towards, extents.with_areas(extents.core, extents.core, extents.core))
    cones = _cones(extents, direction, angles, radii[-1])
    # The tip lies far behind the middle of a wide unit: what is not beyond its middle is not south of it.
    middle = replace(extents, size_km=0.0, reach_km=0.0)
    outer = without(beyond_place(_cut(_around(extents, _TOWARDS), cones), middle, direction), extents)
    inner = directional_part(extents, (direction,), far=False, towns=towns)
    return outer.with_areas(outer.core, outer.zone, outer.possible.union(inner.possible))


def at_bearing(extents: Extents, distance: Distance, direction: str) -> Extents:
    """Return a sector of a ring: a distance, with what its rounding leaves open, in a direction."""
    if _is_line(extents):
        low, high = _range(distance, AT)
        strips = [
            (_swept(extents, direction, a), _swept(extents, direction, b)) for a, b in zip(low, high, strict=True)
        ]
        return extents.with_areas(*(polygons_of(outer.difference(inner)) for inner, outer in strips))
    spans, angles = _spans(extents, distance), _cone_angles(direction, _EXACT_CONES)
    if not _is_area(extents):
        return _sectors(extents, direction, spans, angles)
    cones = _cones(extents, direction, angles, spans[-1][1])
    return _cut(at_distance(extents, distance), cones)


def at_distance(extents: Extents, distance: Distance) -> Extents:
    """Return a ring at a distance; possibly the distance is meant from the town's edge, not from its middle."""
    return extents.with_areas(*(_ring(extents, inner, outer) for inner, outer in _spans(extents, distance)))


def _spans(extents: Extents, distance: Distance) -> list[tuple[float, float]]:
    """Return from where to where a stated distance may mean, in km: core, zone and possible."""
    low, high = _range(distance, AT)
    return list(zip(low, [*high[:-1], high[-1] + extents.size_km], strict=True))


def _sectors(
    extents: Extents, direction: str, spans: Sequence[tuple[float, float]], angles: Sequence[float]
) -> Extents:
    """Return sectors of rings around a place's middle."""
    sectors = sectors_km(_middle(extents), spans, _BEARINGS[direction], angles)
    return replace(extents.with_areas(*sectors), is_nested=spans[-1][1] < _FAR_KM)


def within(extents: Extents, distance: Distance) -> Extents:
    """Return everything up to a distance, the place included."""
    least = max(distance.km - 0.5 * distance.tolerance_km, 0.5 * distance.km)
    most = distance.km + distance.tolerance_km + extents.size_km
    return extents.with_areas(*_within(extents, [least, distance.km, most]))


def at_depth(extents: Extents, distance: Distance) -> Extents:
    """Return what lies inside a region at a distance from its edge."""
    low, high = _range(distance, AT)
    strips = [_shrunk(extents.zone, a).difference(_shrunk(extents.zone, b)) for a, b in zip(low, high, strict=True)]
    return extents.with_areas(*(polygons_of(strip) for strip in strips))


def _range(distance: Distance, shares: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the least and the most that a distance may mean, one pair a share of its tolerance."""
    spans = [share * distance.tolerance_km for share in shares]
    return [max(distance.km - span, 0) for span in spans], [distance.km + span for span in spans]


def _swept(extents: Extents, direction: str, km: float) -> BaseGeometry:
    """Return what a line passes over when it is moved in a direction: the land beside a river or border."""
    from shapely import MultiPolygon, Polygon, get_parts
    from shapely.ops import unary_union

    if km <= 0:
        return Polygon()
    strips = []
    for line in get_parts([extents.origin]):
        there, beyond = list(line.coords), list(moved(line, _BEARINGS[direction], km).coords)
        cells = zip(there, there[1:], beyond[1:], beyond, strict=False)
        strips += [valid(Polygon(cell)) for cell in cells]
    return polygons_of(unary_union(MultiPolygon([p for s in strips for p in get_parts([s]) if p.area > 0])))


def _fanned(extents: Extents, direction: str, km: float) -> BaseGeometry:
    """Return what a line passes over when it is moved in a direction and aslant of it."""
    from shapely import MultiPoint, get_parts
    from shapely.ops import unary_union

    cells = []
    for line in get_parts([extents.origin]):
        ways = [list(moved(line, _BEARINGS[direction] + turn, km).coords) for turn in (-_ASLANT, _ASLANT)]
        corners = zip(line.coords, line.coords[1:], *(side for way in ways for side in (way, way[1:])), strict=False)
        cells += [MultiPoint(corner).convex_hull for corner in corners]
    return polygons_of(unary_union(cells))


def _shrunk(shape: BaseGeometry, km: float) -> BaseGeometry:
    return buffer_km(shape, -km) if km > 0 else shape


def _ring(extents: Extents, inner_km: float, outer_km: float) -> BaseGeometry:
    if _is_point(extents):
        return ring_km(_middle(extents), outer_km, inner_km)
    if inner_km <= 0:
        return _within(extents, [outer_km])[0]
    inner, outer = _within(extents, [inner_km, outer_km])
    return polygons_of(outer.difference(inner))


def _cone_angles(direction: str, angles: Sequence[float]) -> list[float]:
    """Return the half angles for a direction; half winds (north-north-east) say more and get narrower cones."""
    narrow = direction.count("_") + 1 == _HALF_WIND
    return [angle / 2 if narrow else angle for angle in angles]


def _cones(extents: Extents, direction: str, half_angles: Sequence[float], km: float) -> list[BaseGeometry]:
    """Return cones with their tip behind the middle of an area, so that they are as wide as the area there."""
    bearing, size = _BEARINGS[direction], equivalent_radius_km(extents.zone)
    tip = moved(extents.zone.centroid, bearing + 180, size)
    return sectors_km(centre_of(tip), [(0, 2.5 * size + km)] * len(half_angles), bearing, half_angles)


def _cut(extents: Extents, cones: Sequence[BaseGeometry]) -> Extents:
    areas = (extents.core, extents.zone, extents.possible)
    return extents.with_areas(*(areas_of(a.intersection(c)) for a, c in zip(areas, cones, strict=True)))


def between(several: Sequence[Extents]) -> Extents:
    """Return what lies between two places, or the land that three and more enclose."""
    several = [beside(extents, several[0]) for extents in several]
    if len(several) == 2:
        if all(_is_line(extents) for extents in several):
            return _enclosed(several)
        if any(_is_area(extents) for extents in several):
            return _between_areas(*several)
        return _ellipses(several[0], several[1], _BETWEEN_DETOURS)
    return _enclosed(several)


def midway(one: Extents, other: Extents) -> Extents:
    """Return the surrounding of the point halfway between two places."""
    start, end = one.zone.centroid, other.zone.centroid
    km = distance_km((start.x, start.y), (end.x, end.y))
    east = start.x + (end.x - start.x + 180) % 360 - 180
    middle = ((start.x + east) / 2, (start.y + end.y) / 2)
    return united([one, other]).with_areas(*discs_km(middle, [share * km for share in _MIDWAY]))


def interior(extents: Extents) -> Extents:
    """Return what of a region lies far from its edge ("deep inside Syria")."""
    size = equivalent_radius_km(extents.zone)
    core, zone, possible = (_shrunk(extents.zone, share * size) for share in _INTERIOR)
    return extents.with_areas(core, zone, possible)


def road(one: Extents, other: Extents) -> Extents:
    """Return where a road between two places may run: see ``_ROAD_DETOURS``."""
    return _ellipses(one, other, _ROAD_DETOURS)


def _ellipses(one: Extents, other: Extents, detours: Sequence[float]) -> Extents:
    start, end = one.zone.centroid, other.zone.centroid
    core, zone, possible = (_ellipse((start.x, start.y), (end.x, end.y), detour) for detour in detours)
    return united([one, other]).with_areas(core, zone, possible)


def _ellipse(start: tuple[float, float], end: tuple[float, float], detour: float) -> BaseGeometry:
    """Return the points from which the ways to two others are together ``detour`` times as long as theirs."""
    from shapely.affinity import rotate, scale
    from shapely.geometry import LineString, Point

    east = start[0] + (end[0] - start[0] + 180) % 360 - 180
    middle = ((start[0] + east) / 2, (start[1] + end[1]) / 2)
    (x1, y1), (x2, y2) = to_local(LineString([start, (east, end[1])]), middle).coords
    half = distance_km(start, end) / 2
    circle = Point((x1 + x2) / 2, (y1 + y2) / 2).buffer(1)
    ellipse = scale(circle, max(half * detour, 0.001), max(half * sqrt(detour**2 - 1), 0.001))
    return from_local(rotate(ellipse, degrees(atan2(y2 - y1, x2 - x1))), middle)


def _between_areas(one: Extents, other: Extents) -> Extents:
    """Return the gap between two units where it is narrowest; of units that touch the strip along their border."""
    from shapely import shortest_line

    reach = min(one.reach_km, other.reach_km)
    hull = one.zone.union(other.zone).convex_hull
    gap = polygons_of(hull.difference(one.zone).difference(other.zone))
    nearest = shortest_line(one.zone, other.zone)
    apart = length_km(nearest)
    if apart < 0.1 * reach:
        return united([one, other]).with_areas(*(_by_both(one, other, share * reach) for share in _NEAR))
    core, zone = (_by_both(one, other, share * apart).intersection(gap) for share in _GAP_SHARES)
    return united([one, other]).with_areas(polygons_of(core), polygons_of(zone), gap.union(zone))


def _by_both(one: Extents, other: Extents, km: float) -> BaseGeometry:
    return polygons_of(_within(one, [km])[0].intersection(_within(other, [km])[0]))


def _enclosed(several: Sequence[Extents]) -> Extents:
    whole = united(several)
    hull = whole.zone.convex_hull if any(map(_is_area, several)) else whole.origin.convex_hull
    size = max(equivalent_radius_km(hull), 0.2 * distance_km(hull.bounds[:2], hull.bounds[2:]))
    core, zone, possible = (buffer_km(hull, share * size) for share in _HULL_SHARES)
    return whole.with_areas(core, zone, possible)
