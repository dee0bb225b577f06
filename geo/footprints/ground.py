"""What places cover: polygons of units, discs of towns and regions. The only place that decides a place's size."""

from __future__ import annotations

from functools import cached_property, lru_cache
from math import pi, sqrt
from typing import TYPE_CHECKING

from geo.footprints.atlas import UNITS, Atlas, boundary_of, open_atlas
from geo.footprints.azimuthal import area_km2, discs_km
from geo.footprints.cuts import Spread, nobody
from geo.footprints.expressions import DIRECTION_WORDS
from geo.footprints.extents import Extents
from geo.footprints.outlines import crisp, polygon
from geo.footprints.regions import region
from geo.footprints.settled import Settled
from geo.gazetteer.names import normalise
from geo.geometry import polygons_of
from geo.model import FeatureKind, Place

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.footprints.expressions import UnitType
    from geo.gazetteer.boundaries import Boundaries
    from geo.gazetteer.index import Index
    from geo.gazetteer.shapes import ShapeTable

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
# How far around a unit, in degrees, the land of its neighbours counts.
_BESIDE = 0.2
# Places whose extents are kept at hand: a unit's take 10 to 500 KB.
_REMEMBERED = 256
_POINTS = frozenset({"city", "facility"})
# Shares of a disc's radius that are surely inside and not excluded.
_DISC_SHARES = (0.6, 1.0, 1.6)


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
    core, zone, possible = discs_km(centre, [radius * share for share in _DISC_SHARES])
    if place.feature in _POINTS:
        return Extents(core, zone, possible, Point(centre), radius, reach_km=2 * radius + 5, is_nested=True)
    return Extents(core, zone, possible, zone, reach_km=2 + 0.2 * radius, is_nested=True)


class Ground:
    """Places to extents, those asked for last kept at hand.

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

    def extents(self, place: Place, unit_type: UnitType | None = None) -> Extents:
        """Return what a place covers, as the kind of unit the words call it."""
        return _extents(self, place, unit_type)

    def drawn(self, place: Place, unit_type: UnitType | None) -> Extents:
        """Draw what a place covers."""
        shape = self.shape(place, unit_type)
        return polygon(shape) if shape is not None else region(place) or disc(place)

    def kept(self, place: Place, unit_type: UnitType | None) -> Extents | None:
        """Return the outline that the atlas has of a unit, or of the unit a town is called."""
        row = None if unit_type == "city" else self._unit_row(place, unit_type)
        return None if row is None or self._atlas is None else self._atlas.extents(row)

    def _unit_row(self, place: Place, unit_type: UnitType | None = None) -> int | None:
        """Return the gazetteer's row of a unit, or of the unit that a town is called.

        None for anything else, and where the user's own boundaries outrank the atlas.
        """
        if self.index is None:
            return None
        if place.feature in UNITS:
            return None if self.boundaries.is_own(place) else self.index.row_of(place.id)
        named = self._row_named_after(place) if unit_type == "unit" else None
        if named is None or self.boundaries.admin1.source(named):
            return None
        return self.index.row_of(self.boundaries.id_of_unit(named))

    @cached_property
    def _atlas(self) -> Atlas | None:
        return None if self.index is None else open_atlas(self.index)

    def outline(self, place: Place) -> Extents:
        """Return a unit as its boundary alone, which is exact; what has no boundary is a disc."""
        row = self._unit_row(place)
        kept = self._atlas.boundary(row) if self._atlas is not None and row is not None else None
        shape = self.shape(place) if kept is None else None
        if shape is None:
            return kept or self.extents(place)
        area = crisp(shape)
        return Extents(area, area, area, area)

    def shape(self, place: Place, unit_type: UnitType | None = None) -> BaseGeometry | None:
        """Return the boundary polygon of a place; None for what has none.

        A town that is called a province, or stands in a list of provinces, is the province named after it.
        """
        if unit_type == "city":
            return None
        shape = boundary_of(place, self.boundaries, self.index)
        if shape is None and unit_type == "unit":
            row = self._row_named_after(place)
            return None if row is None else self.boundaries.admin1.shape(row)
        return shape

    def towns_in(self, shape: BaseGeometry) -> Spread:
        """Return the towns in a shape, each with the square root of its population; none without a gazetteer."""
        return nobody(shape) if self._settled is None else self._settled(shape)

    @cached_property
    def _settled(self) -> Settled | None:
        return None if self.index is None else Settled(self.index)

    def town(self, place: Place) -> Extents | None:
        """Return a town, or the town that a unit is named after; None where there is none."""
        return self.extents(place) if place.feature == "city" else self.town_of(place)

    def town_of(self, unit: Place) -> Extents | None:
        """Return the town that a unit is named after; None where the gazetteer knows none."""
        if self.index is None:
            return None
        places = (self.index.place(int(row)) for row in self.index.find(unit.name))
        town = next((p for p in places if p.feature == "city" and p.country == unit.country), None)
        return None if town is None else self.extents(town)

    def country(self, code: str | None) -> Place | None:
        """Return the country with an ISO code; None without a gazetteer."""
        row = self.index.country_row(code) if self.index is not None and code else None
        return None if row is None or self.index is None else self.index.place(row)

    def capital(self, unit: Place) -> Place | None:
        """Return the capital of a country, or the seat of a first-level unit; None where the gazetteer knows none."""
        import numpy as np

        row = None if self.index is None else self.index.row_of(unit.id)
        if self.index is None or row is None or unit.feature not in UNITS:
            return None
        code, column = ("PPLC", self.index.country) if unit.feature == "country" else ("PPLA", self.index.admin1)
        number = self.index.country[row] if unit.feature == "country" else row
        found = np.flatnonzero((self.index.code == self.index.feature_codes.index(code)) & (column == number))
        return self.index.place(int(found[self.index.population[found].argmax()])) if len(found) else None

    def sibling(self, unit: Place, direction: str) -> Place | None:
        """Return the place that has another direction in a place's name: North Kivu for South Kivu.

        None where the gazetteer knows none of the same kind in the same country.
        """
        if self.index is None:
            return None
        rest = unit.name.partition(" ")[2]
        named = [f"{word} {rest}" for word in DIRECTION_WORDS.get(direction, ())]
        found = (self.index.place(int(row)) for name in named for row in self.index.find(name))
        return next((p for p in found if (p.feature, p.country) == (unit.feature, unit.country)), None)

    def _row_named_after(self, place: Place) -> int | None:
        """Return the row of the first-level unit that bears a town's name; None where there is none."""
        if not place.country:
            return None
        own = place.admin1 and normalise(place.admin1) == normalise(place.name)
        return self.boundaries.unit_row(place.country, place.admin1 if own and place.admin1 else place.name)

    def unit_shape(self, place: Place) -> BaseGeometry | None:
        """Return the boundary polygon of a unit, or of the first-level unit a town gives its name."""
        return self.shape(place, "unit")

    def land_around(self, shape: BaseGeometry, place: Place) -> BaseGeometry:
        """Return what lies near it of the first-level units that touch a place's polygon, without its own."""
        from shapely import clip_by_rect
        from shapely.ops import unary_union

        units = self._touching(self.boundaries.admin1, shape)
        own = place.country if place.feature == "country" else None
        around = [unit for unit, code in units if code != own and not _is_same(unit, shape)]
        west, south, east, north = shape.bounds
        near = (west - _BESIDE, south - _BESIDE, east + _BESIDE, north + _BESIDE)
        return unary_union([polygons_of(clip_by_rect(unit, *near)) for unit in around])

    def neighbours(self, place: Place) -> list[Extents]:
        """Return the countries that touch a country, the first-level units that touch any other unit."""
        shape = self.unit_shape(place) or self._unit_around(place)
        if shape is None:
            return []
        if place.feature == "country":
            touching = self._touching(self.boundaries.countries, shape)
            return [self._country(unit, code) for unit, code in touching if not _is_same(unit, shape)]
        return [polygon(unit) for unit, _ in self._touching(self.boundaries.admin1, shape) if not _is_same(unit, shape)]

    def _unit_around(self, place: Place) -> BaseGeometry | None:
        """Return the polygon of the first-level unit that a town lies in."""
        row = self.boundaries.unit_row(place.country, place.admin1) if place.country and place.admin1 else None
        return None if row is None else self.boundaries.admin1.shape(row)

    def units_beside(self, place: Place, owner: Place | None) -> list[Extents]:
        """Return the first-level units that touch a place's polygon: of a country, or of any other than its own."""
        shape = self.unit_shape(place)
        if shape is None:
            return []
        touching = self._touching(self.boundaries.admin1, shape)
        wanted = [unit for unit, code in touching if (code == owner.country if owner else code != place.country)]
        return [polygon(unit) for unit in wanted if not _is_same(unit, shape)]

    def _country(self, shape: BaseGeometry, code: str) -> Extents:
        """Return the outline of a country; of one in several parts (disputed ones) that of the part alone."""
        row = self.index.country_row(code) if self.index is not None else None
        is_whole = len(self.boundaries.countries.by_country[code]) == 1
        return self.extents(self.index.place(row)) if self.index and is_whole and row is not None else polygon(shape)

    @staticmethod
    def _touching(table: ShapeTable, shape: BaseGeometry) -> list[tuple[BaseGeometry, str]]:
        rows = table.touching(shape, _TOUCH)
        return [(table.shape(row), table.rows[row]["country"]) for row in rows]


def _is_same(unit: BaseGeometry, shape: BaseGeometry) -> bool:
    """Whether a unit is a shape, or lies in it."""
    return bool(shape.contains(unit.representative_point()))


@lru_cache(maxsize=_REMEMBERED)
def _extents(ground: Ground, place: Place, unit_type: UnitType | None) -> Extents:
    return ground.kept(place, unit_type) or ground.drawn(place, unit_type)


@lru_cache(maxsize=4)
def ground_of(boundaries: Boundaries, index: Index | None) -> Ground:
    """Return the ground on some boundaries; the same for the same ones, so that shapes are made once a process."""
    return Ground(boundaries, index)


def equivalent_radius_km(shape: BaseGeometry) -> float:
    """Return the radius of the circle with the area of a shape."""
    return sqrt(area_km2(shape) / pi)
