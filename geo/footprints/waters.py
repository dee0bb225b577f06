"""Rivers with their courses, lakes, and the shores of seas."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from geo.footprints.azimuthal import area_km2, length_km
from geo.gazetteer.names import normalise
from geo.geometry import polygons_of
from geo.settings import data_dir

if TYPE_CHECKING:
    from shapely.geometry import LineString
    from shapely.geometry.base import BaseGeometry

RIVER_KM = 10.0
"""How far from a river's line "along" reaches."""

# In degrees: how close a river's line passes its towns, and how far it swings from the straight way between them; and
# the share of a line that must keep within that.
_BY, _BESIDE, _SHARE_BESIDE = 0.1, 0.6, 0.6
# Length in degrees of the pieces that are said to lie here or there on a river's course.
_PIECE = 0.1
# A lake's polygon is that of a name where it is at least this share of the name's disc, and at most so many times it.
_LAKE_SHARES = (0.1, 20.0)
# In degrees: gaps between the coasts of neighbouring countries that are no sea, and how fine a shore is drawn.
_NO_SEA, _FINE = 0.02, 0.02


@dataclass(frozen=True)
class River:
    """A river's line, and the towns on it from its upper end to its lower one.

    Attributes
    ----------
    line
        Lines of the base map that run by the river's towns, and straight from town to town where it has none.
    way
        From town to town, downstream.
    """

    line: BaseGeometry
    way: BaseGeometry

    @cached_property
    def length_km(self) -> float:
        """How long the way is."""
        return length_km(self.way)

    def position(self, lon: float, lat: float) -> float:
        """Return where on its course the river comes nearest to a point: 0 at its upper end, 1 at its lower one."""
        from shapely.geometry import Point

        return float(self.way.project(Point(lon, lat), normalized=True))

    def stretch(self, first: float, last: float) -> BaseGeometry:
        """Return the line between two positions on the course; its ends reach beyond the outermost towns."""
        from shapely import MultiLineString, line_merge

        kept = [piece for piece, position in self._pieces if first <= position <= last]
        return line_merge(MultiLineString(kept))

    @cached_property
    def _pieces(self) -> list[tuple[LineString, float]]:
        from shapely import LineString, get_parts, segmentize

        ends = [list(part.coords) for part in get_parts([segmentize(self.line, _PIECE)])]
        pieces = [LineString(pair) for coords in ends for pair in pairwise(coords)]
        middles = [piece.interpolate(0.5, normalized=True) for piece in pieces]
        return [(p, self.position(m.x, m.y)) for p, m in zip(pieces, middles, strict=True)]


@lru_cache(maxsize=256)
def river(name: str) -> River | None:
    """Return a river by its English name; None for rivers that we do not know the course of."""
    from shapely import LineString, MultiPoint, shortest_line
    from shapely.ops import unary_union

    towns = _river_towns().get(normalise(name))
    if towns is None:
        return None
    way, points = LineString(towns), MultiPoint(towns)
    beside = min(_BESIDE, 0.1 * way.length)
    corridor = way.buffer(beside)
    lines = [line for line in _parts_of("rivers") if line.distance(points) < _BY or corridor.covers(line)]
    own = unary_union([line for line in lines if line.intersection(corridor).length > _SHARE_BESIDE * line.length])
    # The base map's lines are on a coarse grid: short links lead them through the towns.
    links = [shortest_line(point, own) for point in points.geoms if 0 < point.distance(own) < _BY]
    return River(unary_union([own, *links, way.difference(own.buffer(beside))]), way)


def rivers_by(point: BaseGeometry, within: float) -> list[River]:
    """Return the rivers that run within a distance of a point, in degrees."""
    ways = {name: towns for name, towns in _river_towns().items() if _is_near(towns, point, _BESIDE + within)}
    found = [river(name) for name in ways]
    return [known for known in found if known is not None and known.line.distance(point) <= within]


def _is_near(towns: list[tuple[float, float]], point: BaseGeometry, within: float) -> bool:
    from shapely import LineString

    return bool(LineString(towns).distance(point) <= within)


@lru_cache(maxsize=2)
def _parts_of(name: str) -> list[BaseGeometry]:
    from geo.gazetteer.shapes import read_water

    return read_water("rivers" if name == "rivers" else "lakes")


@lru_cache(maxsize=1)
def _river_towns() -> dict[str, list[tuple[float, float]]]:
    """Return the towns of each river, upstream first, by the river's normalised name."""
    towns: dict[str, list[tuple[float, float]]] = {}
    with (data_dir() / "footprints" / "rivers.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            towns.setdefault(normalise(row["river"]), []).append((float(row["lon"]), float(row["lat"])))
    return towns


def lake(point: BaseGeometry, disc: BaseGeometry) -> BaseGeometry | None:
    """Return the lake of the base map that a point lies in or near; None where none fits.

    Parameters
    ----------
    disc
        About where and how large the lake is: it tells a lake from a pond beside it, and from a sea.
    """
    low, high = (share * area_km2(disc) for share in _LAKE_SHARES)
    found = [part for part in _parts_of("lakes") if part.intersects(disc) and low <= area_km2(part) <= high]
    return min(found, key=lambda part: (part.distance(point), -part.area), default=None)


def shoreline(sea: BaseGeometry, land: list[BaseGeometry], middle: BaseGeometry | None = None) -> BaseGeometry:
    """Return where land ends within an area: the coasts of the countries given, without their borders.

    Parameters
    ----------
    middle
        A point of a sea: only the shore of the water that is connected with it counts. Straits under about 4 km are
        closed. None for all water.
    """
    from shapely import clip_by_rect, get_parts
    from shapely.ops import unary_union

    near = [polygons_of(clip_by_rect(shape, *sea.bounds)).simplify(_FINE) for shape in land]
    whole: BaseGeometry = unary_union([shape.buffer(_NO_SEA, quad_segs=2) for shape in near]).buffer(
        -_NO_SEA, quad_segs=2
    )
    if middle is not None:
        waters = get_parts(polygons_of(sea.difference(whole)))
        whole = min(waters, key=lambda part: part.distance(middle), default=sea)
    return whole.boundary.intersection(sea.buffer(-_NO_SEA))
