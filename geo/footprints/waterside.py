"""Rules of rivers, lakes and seas: courses and banks, downstream of, the mouth of, shores, coasts, off the coast."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from geo.footprints import distances, lines, regions, waters
from geo.footprints.azimuthal import discs_km
from geo.footprints.directions import directional_part
from geo.footprints.expressions import Distance, Expression
from geo.footprints.extents import NOWHERE, Extents, common, united, without
from geo.footprints.ground import Ground, radius_km
from geo.footprints.outlines import polygon
from geo.geometry import polygons_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.model import Place

# Shares of a river's course, from its upper end, that are surely, best and possibly its upper part; and its middle.
_UPPER = (0.2, 0.35, 0.5)
_MIDDLE = ((0.42, 0.58), (0.33, 0.67), (0.2, 0.8))
# How far from its last town, in km, a river's mouth may be.
_MOUTH_KM = (10.0, 35.0, 90.0)
# How far downstream of a town goes, in its reach: as far as any direction does, along the river.
_DOWNSTREAM = (1.0, 3.0, 8.0)
# A river runs by a town where it passes within this, in degrees.
_BY = 0.15
# Shares of a sea's disc whose shore is surely, best and possibly the sea's.
_SEA = (1.0, 1.2, 1.5)
# A sea with a larger radius is an ocean, whose shores are half a world.
_OCEAN_KM = 1700.0


def water(named: Place, ground: Ground) -> Extents:
    """Return the strip along a river, a lake's polygon, the disc of another water or of any other place."""
    from shapely.geometry import Point

    disc = ground.extents(named)
    if named.feature != "water" or not _is_disc(named):
        return disc
    known = waters.river(named.name)
    if known is not None:
        return lines.strip(known.line, waters.RIVER_KM)
    lake = waters.lake(Point(named.lon, named.lat), disc.zone)
    return disc if lake is None else polygon(lake)


def _is_disc(named: Place) -> bool:
    return regions.region(named) is None


def river_part(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along the upper, middle or lower part of a river, or its mouth.

    A river whose course we do not know: any of it may be meant.
    """
    return united([_river_part(named, part, ground) for named in expression.places() for part in expression.directions])


def _river_part(named: Place, part: str, ground: Ground) -> Extents:
    known = waters.river(named.name)
    if known is None:
        return _unsure(water(named, ground))
    if part == "mouth":
        return _mouth(known)
    return _strips(known, {"upper_course": _upper(), "lower_course": _lower()}.get(part, _MIDDLE))


_Positions = tuple[tuple[float, float], tuple[float, float], tuple[float, float]]


def _upper() -> _Positions:
    core, zone, possible = ((0.0, share) for share in _UPPER)
    return core, zone, possible


def _lower() -> _Positions:
    core, zone, possible = ((1 - share, 1.0) for share in _UPPER)
    return core, zone, possible


def _strips(known: waters.River, positions: _Positions) -> Extents:
    """Return the strips along three stretches of a river; nowhere where the widest has no line."""
    strips = [lines.strip(known.stretch(*ends), waters.RIVER_KM) for ends in positions]
    return strips[1].with_areas(strips[0].core, strips[1].zone, strips[2].possible)


def _mouth(known: waters.River) -> Extents:
    from shapely.geometry import Point

    lon, lat = known.way.coords[-1]
    core, zone, possible = discs_km((lon, lat), _MOUTH_KM)
    return Extents(core, zone, possible, Point(lon, lat), size_km=_MOUTH_KM[0])


def river_between(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along a river from one place to another; along all of it where we do not know its course."""
    named, one, other = list(expression.places())[:3]
    known = waters.river(named.name)
    if known is None:
        return _unsure(water(named, ground))
    first, last = sorted(known.position(place.lon, place.lat) for place in (one, other))
    return _strips(known, ((first, last), (first, last), (first, last)))


def bank(expression: Expression, ground: Ground) -> Extents:
    """Return the strip on one side of a river; of a water without a known course the part in that direction.

    The left and the right bank are on either side: which, we do not tell.
    """
    return united([_bank(named, way, ground) for named in expression.places() for way in expression.directions])


def _bank(named: Place, way: str, ground: Ground) -> Extents:
    whole = water(named, ground)
    if way == "either":
        return _unsure(whole)
    if waters.river(named.name) is None:
        return _shore_towards(named, way, ground)
    return common(whole, distances.in_direction(whole, way, ground.towns_in))


def _shore_towards(named: Place, way: str, ground: Ground) -> Extents:
    """Return the shore on one side: of a lake what lies beyond it there, of a sea the part of its shore."""
    around, lake = shore(named, ground), _lake(named, ground)
    if lake is None or regions.coast_of(named) is not None:
        return directional_part(around, (way,), far=False, towns=ground.towns_in)
    edge = lines.strip(lake.boundary, lines.COAST_KM)
    return common(around, without(distances.in_direction(edge, way, ground.towns_in), _certain(lake)))


def _lake(named: Place, ground: Ground) -> BaseGeometry | None:
    """Return a lake's polygon: ours where the base map has none."""
    from shapely.geometry import Point

    drawn = regions.region(named)
    return waters.lake(Point(named.lon, named.lat), ground.extents(named).zone) if drawn is None else drawn.zone


def downstream(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along the river that a place lies on, below it or above it, at a distance where one is said.

    Around the place where no river that we know runs by it, and none of that is sure.
    """
    towns = [named for named in expression.places() if waters.river(named.name) is None]
    named = [known for named in expression.places() if (known := waters.river(named.name)) is not None]
    return united([_downstream(town, named, expression, ground) for town in towns])


def _downstream(town: Place, named: list[waters.River], expression: Expression, ground: Ground) -> Extents:
    from shapely.geometry import Point

    region, point = ground.extents(town), Point(town.lon, town.lat)
    spans = _spans(expression.distance, region.reach_km)
    found = []
    for known in named or waters.rivers_by(point, _BY):
        at = known.position(town.lon, town.lat)
        ends = [_ends(at, span, known.length_km, expression.directions) for span in spans]
        found.append(_strips(known, (ends[0], ends[1], ends[2])))
    return united(found) if found else _unsure(distances.near(region))


def _spans(distance: Distance | None, reach_km: float) -> list[tuple[float, float]]:
    """Return how far along the river core, zone and possible begin and end, in km."""
    if distance is None:
        return [(0.0, share * reach_km) for share in _DOWNSTREAM]
    tolerances = (share * distance.tolerance_km for share in distances.AT)
    return [(max(distance.km - km, 0.0), distance.km + km) for km in tolerances]


def _ends(at: float, span: tuple[float, float], length_km: float, ways: tuple[str, ...]) -> tuple[float, float]:
    near, far = (km / length_km for km in span)
    return (at - far, at - near) if "upstream" in ways else (at + near, at + far)


def _unsure(extents: Extents) -> Extents:
    from shapely.geometry import Polygon

    return extents.with_areas(Polygon(), extents.zone, extents.possible)


def coast(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along the part of a unit's edge that no land touches, on land for core and zone.

    "The Black Sea coast of Turkey" is what of it lies by that sea; all of Turkey's coast where none does. The coast of
    a sea or lake alone is its shore.
    """
    named = list(expression.places())
    land = [p for p in named if p.feature != "water" and _coast_line(p, ground) is not None]
    if not land:
        return united([shore(p, ground) if p.feature == "water" else ground.extents(p) for p in named])
    seas = [p for p in named if p not in land]
    whole = united([_coast(place, ground) for place in land])
    by = [_by_sea(whole, sea, ground) for sea in seas]
    return united([part for part in by if not part.zone.is_empty]) if any(not p.zone.is_empty for p in by) else whole


def _by_sea(coast: Extents, sea: Place, ground: Ground) -> Extents:
    """Return what of a coast lies by a sea."""
    if coast.possible.is_empty:
        return NOWHERE
    water = regions.beside(sea, coast.possible.bounds)
    if water is None:
        return common(coast, _sea(sea, ground))
    return coast.map(lambda area: polygons_of(area.intersection(water)))


def _sea(sea: Place, ground: Ground) -> Extents:
    """Return the shore of a sea; of an ocean, which is too large for that, the disc."""
    if radius_km(sea) > _OCEAN_KM:
        core, zone, possible = _discs(sea)
        return ground.extents(sea).with_areas(core, zone, possible)
    return shore(sea, ground)


def _discs(sea: Place) -> list[BaseGeometry]:
    return discs_km((sea.lon, sea.lat), [radius_km(sea) * share for share in _SEA])


def _coast(named: Place, ground: Ground) -> Extents:
    line = _coast_line(named, ground)
    if line is None:
        return water(named, ground)
    strip = lines.strip(line, lines.COAST_KM)
    land = common(strip, ground.extents(named, "unit"))
    return replace(strip, core=land.core, zone=land.zone)


def _from_coast(named: Place, ground: Ground) -> Extents:
    """Return a unit's coast as what distances are measured from, without an area of its own."""
    line = _coast_line(named, ground)
    return water(named, ground) if line is None else replace(NOWHERE, origin=line, reach_km=lines.COAST_KM)


def _coast_line(named: Place, ground: Ground) -> BaseGeometry | None:
    shape = ground.unit_shape(named)
    if shape is None:
        drawn = regions.region(named) if named.feature == "region" else None
        return None if drawn is None else lines.coast_line(drawn.zone, ground.land_around(drawn.zone, named))
    return lines.coast_line(ground.extents(named, "unit").zone, ground.land_around(shape, named))


def shore(named: Place, ground: Ground) -> Extents:
    """Return the strip along a lake's edge, a river, or where land ends by a sea."""
    from shapely.geometry import Point

    line = regions.coast_of(named)
    if line is not None:
        return lines.strip(line, lines.COAST_KM)
    disc = ground.extents(named)
    if waters.river(named.name) is not None:
        return water(named, ground)
    lake = _lake(named, ground)
    if lake is not None:
        return without(lines.strip(lake.boundary, lines.COAST_KM), _certain(lake))
    core, zone, possible = _discs(named)
    if radius_km(named) > _OCEAN_KM:
        return disc
    line = waters.shoreline(possible, _land_in(possible, ground), Point(named.lon, named.lat))
    strip = lines.strip(line, lines.COAST_KM)
    if strip.zone.is_empty:
        return disc
    return common(strip, strip.with_areas(core, zone, possible))


def _land_in(area: BaseGeometry, ground: Ground) -> list[BaseGeometry]:
    table = ground.boundaries.countries
    return [table.shape(row) for row in table.touching(area)]


def _certain(area: BaseGeometry) -> Extents:
    from shapely.geometry import Polygon

    return Extents(Polygon(), area, area, area)


def coast_between(expression: Expression, ground: Ground) -> Extents:
    """Return the coast from one place to another: what of the shore lies on the way between them."""
    *_, one, other = expression.places()
    way = distances.road(ground.extents(one), ground.extents(other))
    line = waters.shoreline(way.possible, _land_in(way.possible, ground))
    strip = lines.strip(line, lines.COAST_KM)
    found = common(strip, way.with_areas(way.zone, way.possible, way.possible))
    return way if found.zone.is_empty else found


def offshore(expression: Expression, ground: Ground) -> Extents:
    """Return the sea off a unit's coast."""
    return united([_offshore(named, ground) for named in expression.places() if named.feature != "water"] or [NOWHERE])


def _offshore(named: Place, ground: Ground) -> Extents:
    region = ground.extents(named, "unit")
    line = replace(_from_coast(named, ground), reach_km=lines.OFFSHORE_KM)
    return without(distances.around(line), region)


def at_sea(expression: Expression, ground: Ground) -> Extents:
    """Return what lies at a distance from a unit's coast, at sea."""
    assert expression.distance is not None, "the pattern has a distance"
    land = [named for named in expression.places() if named.feature != "water"]
    at = [distances.at_distance(_from_coast(named, ground), expression.distance) for named in land]
    return without(united(at), united([ground.extents(named, "unit") for named in land]))


def inland(expression: Expression, ground: Ground) -> Extents:
    """Return what lies away from the coast: near a place or at a distance from it, on the land of its country."""
    return united([_inland(named, expression.distance, ground) for named in expression.places()])


def _inland(named: Place, distance: Distance | None, ground: Ground) -> Extents:
    region = _coast(named, ground) if named.feature in {"country", "admin1"} else ground.extents(named)
    found = distances.near(region) if distance is None else distances.at_distance(region, distance)
    land = ground.boundaries.country(named.country) if named.country else None
    return found if land is None else found.map(lambda area: polygons_of(area.intersection(land)))


WATERSIDE: Mapping[str, Callable[[Expression, Ground], Extents]] = {
    "river_part": river_part,
    "river_between": river_between,
    "bank": bank,
    "shore_part": bank,
    "downstream": downstream,
    "coast": coast,
    "offshore": offshore,
    "coast_between": coast_between,
    "at_sea": at_sea,
    "inland": inland,
}
