"""What places cover: polygons of units, discs of towns and regions. The only place that decides a place's size."""

from __future__ import annotations

from functools import cached_property, lru_cache
from math import cos, pi, radians, sqrt
from typing import TYPE_CHECKING

from geo.footprints.directions import Spread
from geo.footprints.extents import Extents
from geo.gazetteer.classes import FEATURES
from geo.gazetteer.names import normalise
from geo.geometry import area_km2, from_local, sector_km, to_local, valid, within_world
from geo.model import FeatureKind, Place

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.footprints.directions import Numbers
    from geo.footprints.expressions import UnitType
    from geo.gazetteer.boundaries import Boundaries
    from geo.gazetteer.index import Index
    from geo.gazetteer.shapes import ShapeTable

# Towns with fewer people hardly move the middle of a region.
_PEOPLE = 2000
# Towns of a unit that lie outside its polygon, but no farther than this, are drawn into it with so much land.
_ASTRAY_KM, _TOWN_KM = 5.0, 2.5

KM_A_DEGREE = 111.2
"""Kilometres in a degree of latitude, for tolerances; whatever must be exact is measured by `geo.geometry`."""

# A town's built-up area grows with its population to the power 3/4 (Stewart & Warntz 1958), so its radius to the power
# 3/8; the factor puts 10 million people into 20 km and 100,000 into 3.6 km.
_TOWN_FACTOR, _TOWN_POWER = 0.048, 0.375
_TOWN_RADII_KM = (1.0, 40.0)
# Radius of what has neither polygon nor population, in km.
_RADII_KM: dict[FeatureKind, float] = {
    "continent": 2500,
    "country": 150,
    "admin1": 60,
    "admin2": 20,
    "region": 20,
    "facility": 1.5,
    "water": 40,
    "road": 30,
    "line": 30,
}
# Units this close, in degrees, touch: the files are rounded to 0.0001.
_TOUCH = 0.01
_POINTS = frozenset({"city", "facility"})
# Shares of a disc's radius that are surely inside and not excluded.
_DISC_SHARES = (0.6, 1.0, 1.6)
# Bays, lagoons and river mouths narrower than twice this are filled: towns on them must not fall into the water.
_FILLED_KM = 3.0
# How far core and possible lie inside and outside the outline: the boundary files have about 1 km of detail.
_INSIDE_KM, _OUTSIDE_KM = 0.1, 1.0
# All three are at most this share of a unit's size. Outlines are thinned to a share of it too, up to so many km.
_SIZE_SHARE, _DETAIL_SHARE, _DETAIL_KM = 0.01, 0.001, 2.5


def radius_km(place: Place) -> float:
    """Return the radius of the disc that stands for a place without a polygon."""
    if place.feature != "city":
        return place.uncertainty_km or _RADII_KM[place.feature]
    least, most = _TOWN_RADII_KM
    return max(min(_TOWN_FACTOR * float(place.population**_TOWN_POWER), most), least) + place.uncertainty_km


def disc(place: Place) -> Extents:
    """Return the disc of a place: distances are measured from a town's middle, but from the edge of anything else."""
    from shapely.geometry import Point

    centre, radius = (place.lon, place.lat), radius_km(place)
    core, zone, possible = (sector_km(centre, radius * share) for share in _DISC_SHARES)
    if place.feature in _POINTS:
        return Extents(core, zone, possible, Point(centre), size_km=radius, reach_km=2 * radius + 5)
    return Extents(core, zone, possible, zone, reach_km=2 + 0.2 * radius)


def polygon(shape: BaseGeometry, astray: BaseGeometry | None = None) -> Extents:
    """Return the extents of a unit with a boundary; all three follow it, within the detail it is known in.

    ``astray`` are points beside the shape that belong to it.
    """
    shape = unwrapped(shape)
    # Near enough for tolerances, and much faster than a geodesic area.
    size = KM_A_DEGREE * sqrt(shape.area * cos(radians(shape.centroid.y)))
    filled, inside, outside = (min(km, _SIZE_SHARE * size) for km in (_FILLED_KM, _INSIDE_KM, _OUTSIDE_KM))
    detail = min(_DETAIL_SHARE * size, _DETAIL_KM)
    centre = (shape.centroid.x, shape.centroid.y)
    thin = to_local(_thinned(shape, detail), centre)
    if astray is not None and not astray.is_empty:
        thin = thin.buffer(0).union(_grown(to_local(astray, centre), _TOWN_KM))
    whole = _grown(_grown(thin, filled), -filled).simplify(500 * detail, preserve_topology=False).buffer(0)
    core, zone, possible = (valid(from_local(_grown(whole, km), centre, cut=False)) for km in (-inside, 0.0, outside))
    return Extents(core, zone, possible, zone, reach_km=2 + 0.1 * size)


def _thinned(shape: BaseGeometry, detail_km: float) -> BaseGeometry:
    """Return a shape without islands and turns smaller than a detail; growing it repairs what this may break."""
    from shapely import MultiPolygon, get_parts

    detail = detail_km / KM_A_DEGREE
    parts = get_parts([shape])
    least = min(detail**2, 0.5 * shape.area)
    return MultiPolygon([part for part in parts if part.area > least]).simplify(detail, preserve_topology=False)


def _grown(shape: BaseGeometry, km: float) -> BaseGeometry:
    """Buffer a shape in metres with few new vertices."""
    return shape.buffer(1000 * km, quad_segs=2) if km else shape


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


class Ground:
    """Places to extents, each made once.

    Parameters
    ----------
    boundaries
        Polygons of countries and first-level units.
    index
        The gazetteer, for units that the boundaries do not have; None to do without.
    """

    def __init__(self, boundaries: Boundaries, index: Index | None) -> None:
        self.boundaries = boundaries
        self.index = index
        self._made: dict[tuple[str, str | None], Extents] = {}

    def extents(self, place: Place, unit_type: UnitType | None = None) -> Extents:
        """Return what a place covers, as the kind of unit the words call it."""
        key = (place.id, unit_type)
        if key not in self._made:
            shape = self.shape(place, unit_type)
            self._made[key] = disc(place) if shape is None else polygon(shape, self._astray(shape, place))
        return self._made[key]

    def outline(self, place: Place) -> Extents:
        """Return a unit as its boundary alone: crisp, and quickly made; what has no boundary is a disc."""
        shape = self.shape(place)
        if shape is None:
            return self.extents(place)
        size = KM_A_DEGREE * sqrt(shape.area * cos(radians(shape.centroid.y)))
        area = valid(_thinned(shape, min(_DETAIL_SHARE * size, _DETAIL_KM)))
        return Extents(area, area, area, area)

    def shape(self, place: Place, unit_type: UnitType | None = None) -> BaseGeometry | None:
        """Return the boundary polygon of a place; None for what has none.

        A town that is called a province, or stands in a list of provinces, is the province named after it.
        """
        if unit_type == "city":
            return None
        shape = self.boundaries.of(place)
        if shape is None and place.feature == "admin1":
            return self._joined(place)
        return self.unit_named_after(place) if shape is None and unit_type == "unit" else shape

    def _astray(self, shape: BaseGeometry, place: Place) -> BaseGeometry | None:
        """Return the towns of a unit that lie just outside its polygon; None without a gazetteer.

        Where the gazetteer names a town's unit, that outranks a polygon that knows coasts and lines to about 1 km.
        """
        from shapely import MultiPoint, contains_xy, dwithin, points, prepare

        row = self.index.row_of(place.id) if self.index is not None else None
        if self.index is None or row is None:
            return None
        cities = self.index.feature == FEATURES.index("city")
        own = self.index.country == self.index.country[row] if place.feature == "country" else self.index.admin1 == row
        towns = (cities & own).nonzero()[0]
        lons, lats = self.index.lon[towns], self.index.lat[towns]
        prepare(shape)
        outside = points(lons, lats)[~contains_xy(shape, lons, lats)]
        return MultiPoint(outside[dwithin(shape, outside, _ASTRAY_KM / KM_A_DEGREE)])

    def _joined(self, place: Place) -> BaseGeometry | None:
        """Return the smaller units whose towns, by the gazetteer, mostly lie in a unit: England's counties."""
        from shapely import STRtree, points
        from shapely.ops import unary_union

        row = self.index.row_of(place.id) if self.index is not None else None
        if self.index is None or row is None or not place.country:
            return None
        towns = (self.index.country == self.index.country[row]).nonzero()[0]
        shapes = self.boundaries.unit_shapes(place.country)
        unit_of, town_of = STRtree(shapes).query(points(self.index.lon[towns], self.index.lat[towns]), "within")[::-1]
        inside = self.index.admin1[towns[town_of]] == row
        kept = [s for n, s in enumerate(shapes) if inside[unit_of == n].sum() * 2 > (unit_of == n).sum()]
        return unary_union(kept) if kept else None

    def towns_in(self, shape: BaseGeometry) -> Spread:
        """Return the towns in a shape, each with the square root of its population; none without a gazetteer."""
        import numpy as np
        from shapely import contains_xy, prepare

        if self.index is None:
            return Spread(*(np.empty(0) for _ in range(3)))
        west, south, east, north = shape.bounds
        rows = slice(*np.searchsorted(self._towns[1], [south, north]))
        lons, lats, populations = (column[rows] for column in self._towns)
        lons = np.where(lons < west, lons + 360, np.where(lons > east, lons - 360, lons))
        near = ((lons >= west) & (lons <= east)).nonzero()[0]
        prepare(shape)
        inside = near[contains_xy(shape, lons[near], lats[near])]
        return Spread(lons[inside], lats[inside], np.sqrt(populations[inside] + 1.0))

    @cached_property
    def _towns(self) -> tuple[Numbers, Numbers, Numbers]:
        """Longitude, latitude and population of the towns that tell where people are, by latitude."""
        import numpy as np

        assert self.index is not None, "asked for only with a gazetteer"
        known = (self.index.feature == FEATURES.index("city")) & (self.index.population >= _PEOPLE)
        cities = known.nonzero()[0]
        cities = cities[np.argsort(self.index.lat[cities], kind="stable")]
        return self.index.lon[cities], self.index.lat[cities], self.index.population[cities]

    def town_of(self, unit: Place) -> Extents | None:
        """Return the town that a unit is named after; None where the gazetteer knows none."""
        if self.index is None:
            return None
        places = (self.index.place(int(row)) for row in self.index.find(unit.name))
        town = next((p for p in places if p.feature == "city" and p.country == unit.country), None)
        return None if town is None else self.extents(town)

    def unit_named_after(self, place: Place) -> BaseGeometry | None:
        """Return the boundary polygon of the first-level unit that bears a town's name; None where there is none."""
        if not place.country:
            return None
        if place.admin1 and normalise(place.admin1) == normalise(place.name):
            return self.boundaries.unit(place.country, place.admin1)
        return self.boundaries.unit(place.country, place.name)

    def unit_shape(self, place: Place) -> BaseGeometry | None:
        """Return the boundary polygon of a unit, or of the first-level unit a town gives its name."""
        return self.shape(place, "unit")

    def land_around(self, shape: BaseGeometry, place: Place) -> BaseGeometry:
        """Return the first-level units that touch a place's polygon, without its own."""
        from shapely.ops import unary_union

        units = self._touching(self.boundaries.admin1, shape)
        own = place.country if place.feature == "country" else None
        return unary_union([unit for unit, code in units if code != own and not _is_same(unit, shape)])

    def neighbours(self, place: Place) -> list[Extents]:
        """Return the countries that touch a country, the first-level units that touch any other unit."""
        shape = self.unit_shape(place)
        if shape is None:
            return []
        table = self.boundaries.countries if place.feature == "country" else self.boundaries.admin1
        return [polygon(unit) for unit, _ in self._touching(table, shape) if not _is_same(unit, shape)]

    @staticmethod
    def _touching(table: ShapeTable, shape: BaseGeometry) -> list[tuple[BaseGeometry, str]]:
        rows = table.touching(shape.buffer(_TOUCH))
        return [(table.shape(row), table.rows[row]["country"]) for row in rows]


def _is_same(unit: BaseGeometry, shape: BaseGeometry) -> bool:
    """Whether a unit is a shape, or lies in it."""
    return bool(shape.contains(unit.representative_point()))


@lru_cache(maxsize=4)
def ground_of(boundaries: Boundaries, index: Index | None) -> Ground:
    """Return the ground on some boundaries; the same for the same ones, so that shapes are made once a process."""
    return Ground(boundaries, index)


def equivalent_radius_km(shape: BaseGeometry) -> float:
    """Return the radius of the circle with the area of a shape."""
    return sqrt(area_km2(within_world(shape)) / pi)
