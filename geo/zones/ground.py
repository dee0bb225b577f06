"""What of a zone stays the same over time: its projection, grid, named units and country."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from geo.errors import DataFileError
from geo.geometry import from_local, polygons_of, to_local
from geo.zones.definition import EvidencePoint, Post, ZoneDefinition
from geo.zones.field import NamedUnits, spacing_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.gazetteer.boundaries import Boundaries
    from geo.zones.field import Array

CELL = 0.25
"""Side of a grid cell, in spacings."""

MARGIN = 4.0
"""How far the grid reaches beyond the outermost point that was ever inside, in spacings: further out nothing is."""

BORDER_TOLERANCE_KM = 2.0
"""How far outside its country's polygon a point may lie: boundaries are thinned to about 1 km, and so are towns."""


@dataclass(frozen=True)
class Ground:
    """What of a zone stays the same over time: where its evidence lies, its named units, its country, the grid.

    Attributes
    ----------
    country, whole, named
        EPSG:4326; ``whole`` and ``named`` are None where the definition names no such units.
    """

    zone: ZoneDefinition
    country: BaseGeometry
    whole: BaseGeometry | None
    named: BaseGeometry | None

    @cached_property
    def centre(self) -> tuple[float, float]:
        """Longitude, latitude of the middle of what the zone is drawn from: where local kilometres start."""
        places = [(p.lon, p.lat) for p in self.zone.evidence] or list(self.zone.shape.line)
        lon, lat = (sum(axis) / len(places) for axis in zip(*places, strict=True))
        return round(lon, 3), round(lat, 3)

    def kilometres(self, geometry: BaseGeometry) -> BaseGeometry:
        """Project a geometry to local kilometres."""
        from shapely import transform

        return transform(to_local(geometry, self.centre), lambda xy: xy / 1000)

    def degrees(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry from local kilometres to degrees."""
        from shapely import transform

        return from_local(transform(geometry, lambda xy: xy * 1000), self.centre)

    @cached_property
    def all_xy(self) -> Array:
        """Positions of all evidence points of all days."""
        return self.positions([(p.lon, p.lat) for p in self.zone.evidence])

    @cached_property
    def inside_xy(self) -> Array:
        """Positions of the evidence points that were inside on some day."""
        points = [p for p in self.zone.evidence if "inside" in {p.status, *(status for _, status in p.changes)}]
        return self.positions([(p.lon, p.lat) for p in points])

    def positions(self, points: list[tuple[float, float]]) -> Array:
        """Return points (longitude, latitude) as rows of x, y in local kilometres."""
        import numpy as np
        from shapely import get_coordinates
        from shapely.geometry import MultiPoint

        return np.asarray(get_coordinates(self.kilometres(MultiPoint(points))), dtype=float)

    @cached_property
    def spacing(self) -> float:
        """Typical distance between neighbouring evidence points, in kilometres."""
        return spacing_of(self.all_xy)

    @cached_property
    def units(self) -> NamedUnits:
        """The named units in local kilometres, thinned: their lines are not known better than that."""
        areas = (
            None if a is None else self.kilometres(a).simplify(self.spacing / 10) for a in (self.whole, self.named)
        )
        return NamedUnits(*areas)

    @cached_property
    def local_country(self) -> BaseGeometry:
        """The country around the grid, in local kilometres."""
        return polygons_of(self.kilometres(self.country).intersection(self.frame))

    @cached_property
    def abroad(self) -> BaseGeometry:
        """What of the grid is not the country, in local kilometres."""
        return polygons_of(self.frame.difference(self.local_country))

    @cached_property
    def frame(self) -> BaseGeometry:
        """The grid's outline, in local kilometres."""
        from shapely import box

        xs, ys = self.axes
        frame: BaseGeometry = box(xs[0], ys[0], xs[-1], ys[-1])
        return frame

    @cached_property
    def axes(self) -> tuple[Array, Array]:
        """Coordinates of the grid's columns and rows, in local kilometres."""
        import numpy as np

        margin, step = MARGIN * self.spacing, CELL * self.spacing
        low, high = self.inside_xy.min(axis=0) - margin, self.inside_xy.max(axis=0) + margin
        return np.arange(low[0], high[0] + step, step), np.arange(low[1], high[1] + step, step)

    @cached_property
    def grid(self) -> Array:
        """The grid's nodes as rows of x, y, row after row."""
        import numpy as np

        return np.stack(np.meshgrid(*self.axes), axis=-1).reshape(-1, 2)

    @cached_property
    def grid_mean(self) -> Array:
        """Depth expected at the grid's nodes before any evidence."""
        return self.units.mean(self.grid, self.spacing)


def open_ground(zone: ZoneDefinition, boundaries: Boundaries) -> Ground:
    """Return a zone's ground.

    Raises
    ------
    DataFileError
        The zone's country or a member is unknown.
    """
    country = _country(zone, zone.country, boundaries)
    whole, named = (_units(zone, parts, boundaries) for parts in (("whole",), ("whole", "part")))
    return Ground(zone, country, whole, named)


def _country(zone: ZoneDefinition, code: str, boundaries: Boundaries) -> BaseGeometry:
    country = boundaries.country(code)
    if country is None:
        raise DataFileError(
            f"{zone.file}: the country {code!r} is unknown.", "Give its ISO 3166-1 code of two letters."
        )
    return country


def _units(zone: ZoneDefinition, parts: Collection[str], boundaries: Boundaries) -> BaseGeometry | None:
    """Return the union of the members named in one of the ways given; None where there are none."""
    from shapely.ops import unary_union

    shapes = [_unit(zone, member.admin1, boundaries) for member in zone.members if member.part in parts]
    return unary_union(shapes) if shapes else None


def _unit(zone: ZoneDefinition, name: str, boundaries: Boundaries) -> BaseGeometry:
    unit = boundaries.unit(zone.country, name)
    if unit is None:
        remedy = "Use a name of a first-level unit as the boundaries have it."
        raise DataFileError(f"{zone.file}: members: no unit of {zone.country} is named {name!r}.", remedy)
    return unit


def check_places(zone: ZoneDefinition, boundaries: Boundaries) -> None:
    """Refuse evidence points and posts that lie outside their country.

    Raises
    ------
    DataFileError
        One does; the message names file, line and place.
    """
    from shapely.geometry import Point

    ground = open_ground(zone, boundaries)
    homes = {zone.country: ground.kilometres(ground.country)}
    places: list[EvidencePoint | Post] = [*zone.evidence, *zone.posts]
    for place in places:
        spot = ground.kilometres(Point(place.lon, place.lat))
        own = place.country if isinstance(place, EvidencePoint) else None
        if own and own not in homes:
            homes[own] = ground.kilometres(_country(zone, own, boundaries))
        if not any(homes[code].dwithin(spot, BORDER_TOLERANCE_KM) for code in {zone.country, own or zone.country}):
            where = f"{place.name!r} at longitude {place.lon:g}, latitude {place.lat:g}"
            remedy = "Correct lon and lat (are they swapped?), or name the country: whose polygon holds it."
            raise DataFileError(f"{zone.file}, line {place.row}: {where} lies outside {zone.country}.", remedy)
