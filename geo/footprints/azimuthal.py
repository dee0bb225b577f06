"""Kilometres around a point, quickly: for areas that are estimates themselves.

The azimuthal equidistant projection of the sphere (Snyder 1987, *Map Projections: A Working Manual*, USGS Professional
Paper 1395, p. 195). The sphere is as curved as the WGS 84 ellipsoid is along the parallel of the centre, and latitudes
are stretched about the centre, so that lengths there are the ellipsoid's in all directions (radii of curvature: p. 24).

Geometries come in and go out as longitude, latitude in EPSG:4326; longitudes that come out run on past 180. What must
be exact is measured by `geo.geometry`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import TYPE_CHECKING, Any

from geo.geometry import valid

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from shapely.geometry.base import BaseGeometry

    Numbers = npt.NDArray[np.float64]

Point = tuple[float, float]
"""Longitude and latitude, in degrees."""

# WGS 84: half the major axis in km, and the eccentricity squared.
_A_KM, _E2 = 6378.137, 0.00669437999014
# A thousandth of a millimetre, in km: nothing is divided by nothing.
_LITTLE = 1e-9
# A quarter circle in eight steps keeps an outline within 0.5% of the true one; in five where it is a surrounding's.
_CIRCLE, _ROUND = 32, 5
_DETAIL = 0.03
# Where an outline has more points than so many a radius, it grows by a share of the radius first, and is thinned again.
_CLOSE, _FIRST, _FIRST_DETAIL = 3.0, 0.4, 0.02
_DIGITS = 6
# A degree of latitude is nowhere shorter.
_LEAST_KM_A_DEGREE = 110.5


class Plane:
    """The plane that touches the Earth in a point: kilometres east and north of it.

    Parameters
    ----------
    lon, lat
        The point, in degrees; or many, each with a plane of its own for one row of what is projected.
    """

    def __init__(self, lon: float | Numbers, lat: float | Numbers) -> None:
        import numpy as np

        self._lon, self._lat = lon, lat
        self._sin, self._cos = np.sin(np.radians(lat)), np.cos(np.radians(lat))
        bent = 1 - _E2 * self._sin**2
        self._radius_km = _A_KM / np.sqrt(bent)
        self._stretch = (1 - _E2) / bent

    def kilometres(self, degrees: Numbers) -> Numbers:
        """Return rows of longitude and latitude as kilometres east and north."""
        import numpy as np

        east = np.radians((degrees[..., 0] - self._lon + 180) % 360 - 180)
        north = np.radians(self._lat + (degrees[..., 1] - self._lat) * self._stretch)
        x = np.cos(north) * np.sin(east)
        y = self._cos * np.sin(north) - self._sin * np.cos(north) * np.cos(east)
        z = self._sin * np.sin(north) + self._cos * np.cos(north) * np.cos(east)
        sine = np.hypot(x, y) + _LITTLE
        scale = self._radius_km * np.arctan2(sine, z) / sine
        return np.stack([scale * x, scale * y], axis=-1)

    def degrees(self, kilometres: Numbers) -> Numbers:
        """Return rows of kilometres east and north as longitude and latitude; longitudes run on past 180."""
        import numpy as np

        x, y = kilometres[..., 0], kilometres[..., 1]
        far = np.hypot(x, y) + _LITTLE
        sine, cosine = np.sin(far / self._radius_km) / far, np.cos(far / self._radius_km)
        there = (self._cos * cosine - y * sine * self._sin, x * sine, cosine * self._sin + y * sine * self._cos)
        north = np.degrees(np.arctan2(there[2], np.hypot(there[0], there[1])))
        found = np.empty(kilometres.shape)
        found[..., 0] = self._lon + np.degrees(np.arctan2(there[1], there[0]))
        found[..., 1] = np.minimum(np.maximum(self._lat + (north - self._lat) / self._stretch, -90), 90)
        return found


@lru_cache(maxsize=256)
def _plane(lon: float, lat: float) -> Plane:
    return Plane(lon, lat)


@lru_cache(maxsize=256)
def _ways(bearing: float, half_angle: float) -> Numbers:
    """Return steps one kilometre away, over the angles around a bearing: east and north, clockwise."""
    import numpy as np

    steps = _CIRCLE if half_angle >= 180 else _CIRCLE + 1
    angles = np.radians(bearing - half_angle + np.arange(steps) * (2 * half_angle / _CIRCLE))
    return np.column_stack([np.sin(angles), np.cos(angles)])


def centre_of(geometry: BaseGeometry) -> Point:
    """Return the middle of a geometry."""
    middle = geometry.centroid
    return middle.x, middle.y


def to_local(geometry: BaseGeometry, centre: Point) -> BaseGeometry:
    """Project a geometry to kilometres around a point."""
    from shapely import transform

    return transform(geometry, _plane(*centre).kilometres)


def from_local(geometry: BaseGeometry, centre: Point) -> BaseGeometry:
    """Undo `to_local` for the same point."""
    from shapely import transform

    return transform(geometry, _plane(*centre).degrees)


def buffer_km(geometry: BaseGeometry, km: float) -> BaseGeometry:
    """Return everything within ``km`` kilometres of a geometry; a negative value shrinks an area, empty stays empty."""
    return buffers_km(geometry, [km])[0]


def buffers_km(geometry: BaseGeometry, radii_km: Sequence[float]) -> list[BaseGeometry]:
    """Return everything within so many kilometres of a geometry, in the order of the radii, which ascend.

    Detail finer than 3% of a radius is left out, and each surrounding is made from the one before: it would only cost
    time. The outlines are within 1.5% of the true ones. A negative radius shrinks an area; what is empty stays empty.
    """
    if geometry.is_empty:
        return [geometry] * len(radii_km)
    centre = centre_of(geometry)
    grown, reached, found = to_local(geometry, centre), 0.0, []
    for radius in radii_km:
        grown = _grown(_thinned(grown, _DETAIL * abs(radius)), radius - reached)
        reached = radius
        found.append(valid(from_local(grown, centre)))
    return found


def _grown(geometry: BaseGeometry, km: float) -> BaseGeometry:
    """Buffer a geometry; by some of the way first where its points are so close that their circles all meet."""
    from shapely import get_num_coordinates

    if km * get_num_coordinates(geometry) > _CLOSE * geometry.length:
        first = _FIRST * km
        geometry = _thinned(geometry.buffer(first, quad_segs=_ROUND), _FIRST_DETAIL * km)
        km -= first
    return geometry.buffer(km, quad_segs=_ROUND)


def _thinned(geometry: BaseGeometry, detail: float) -> BaseGeometry:
    """Return a geometry without detail; parts that would vanish stay as they are. Growing it repairs what may break."""
    import numpy as np
    from shapely import GeometryCollection, get_parts, is_empty, simplify

    parts = get_parts([geometry])
    thin = simplify(parts, detail, preserve_topology=False)
    return GeometryCollection(list(np.where(is_empty(thin), parts, thin)))


def discs_km(centre: Point, radii_km: Sequence[float]) -> list[BaseGeometry]:
    """Return discs around a point, rounded to six decimals, in the order of their radii, of which there is one."""
    import numpy as np
    from shapely import polygons

    outlines = _plane(*centre).degrees(np.multiply.outer(radii_km, _ways(0, 180)))
    discs: list[BaseGeometry] = np.asarray(polygons(outlines.round(_DIGITS))).tolist()
    is_plain = abs(centre[1]) + max(radii_km) / _LEAST_KM_A_DEGREE < 90
    return discs if is_plain else [valid(disc) for disc in discs]


def ring_km(centre: Point, km: float, inner_km: float) -> BaseGeometry:
    """Return what lies between ``inner_km`` and ``km`` of a point, rounded to six decimals."""
    import numpy as np
    from shapely.geometry import Polygon

    outer, inner = _plane(*centre).degrees(np.multiply.outer([km, inner_km], _ways(0, 180))).round(_DIGITS)
    return valid(Polygon(outer, [inner] if inner_km > 0 else None))


def sectors_km(
    centre: Point, spans: Sequence[tuple[float, float]], bearing: float, half_angles: Sequence[float]
) -> list[BaseGeometry]:
    """Return what lies between two distances of a point, in km, and within some degrees of a bearing: one a span.

    Rounded to six decimals.
    """
    import numpy as np
    from shapely import polygons

    ways = np.stack([_ways(bearing, angle) for angle in half_angles])
    outlines = _plane(*centre).degrees(np.array(spans)[:, :, None, None] * ways[:, None]).round(_DIGITS)
    ends = [inner[::-1] if least > 0 else [centre] for (least, _), inner in zip(spans, outlines[:, 0], strict=True)]
    rings = [np.concatenate([outer, end]) for outer, end in zip(outlines[:, 1], ends, strict=True)]
    sectors: list[Any] = [polygons(ring) for ring in rings]
    return [valid(sector) for sector in sectors]


def moved(line: BaseGeometry, bearing: float, km: float) -> BaseGeometry:
    """Return a geometry with each of its points moved so many kilometres in one direction."""
    import numpy as np
    from shapely import transform

    way = km * np.array([np.sin(np.radians(bearing)), np.cos(np.radians(bearing))])
    return transform(line, lambda xy: Plane(xy[:, 0], xy[:, 1]).degrees(np.broadcast_to(way, xy.shape)))


def distance_km(start: Point, end: Point) -> float:
    """Return how far one point is from another."""
    import numpy as np

    return float(np.hypot(*_plane(*start).kilometres(np.array(end))))


def length_km(line: BaseGeometry) -> float:
    """Return the length of a line that has no long straight pieces."""
    import numpy as np
    from shapely import get_coordinates

    ends = get_coordinates(line)
    legs = Plane(ends[:-1, 0], ends[:-1, 1]).kilometres(ends[1:])
    return float(np.hypot(legs[:, 0], legs[:, 1]).sum())


def area_km2(geometry: BaseGeometry) -> float:
    """Return the area of a geometry: exact but for edges, which are straight in the projection used.

    Lambert's cylindrical equal-area projection of the ellipsoid (Snyder 1987, p. 81).
    """
    from shapely import transform

    return float(transform(geometry, _even).area)


def _even(degrees: Numbers) -> Numbers:
    """Return longitude and latitude as coordinates in which areas are square kilometres."""
    import numpy as np

    sine, e = np.sin(np.radians(degrees[:, 1])), sqrt(_E2)
    q = (1 - _E2) * (sine / (1 - _E2 * sine**2) + np.arctanh(e * sine) / e)
    return np.column_stack([_A_KM * np.radians(degrees[:, 0]), _A_KM / 2 * q])
