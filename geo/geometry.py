"""Everything that measures: coordinate systems, distances, areas, buffers, validity.

Geometries come in and go out as longitude, latitude in EPSG:4326. Distances are geodesic on the WGS 84 ellipsoid
(Karney 2013, by way of PROJ); areas too. Buffers are drawn in an azimuthal equidistant projection centred on the
geometry, so kilometres mean kilometres anywhere on Earth.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import asin, cos, degrees, pi, radians, sin
from typing import TYPE_CHECKING, Any, Literal, cast

from geo.errors import InputError

if TYPE_CHECKING:
    import geopandas as gpd
    import numpy as np
    import numpy.typing as npt
    from pyproj import Geod, Transformer
    from shapely.geometry.base import BaseGeometry

    FloatArray = npt.NDArray[np.float64]

CRS = "EPSG:4326"

Bbox = tuple[float, float, float, float]
"""West, south, east, north, in degrees."""

WORLD: Bbox = (-180.0, -90.0, 180.0, 90.0)

KM_A_DEGREE = 111.2
"""Kilometres in a degree of latitude, about: for tolerances, where nothing is measured."""


@lru_cache(maxsize=1)
def _geod() -> Geod:
    from pyproj import Geod

    return Geod(ellps="WGS84")


@lru_cache(maxsize=256)
def _local(lon: float, lat: float) -> Transformer:
    """Return the transformer to metres around a point; its inverse leads back."""
    from pyproj import Transformer

    # A pipeline is made 200 times faster than the same transformation between two coordinate systems.
    return Transformer.from_pipeline(
        "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad "
        f"+step +proj=aeqd +lat_0={lat} +lon_0={lon} +ellps=WGS84"
    )


def distance_km(lon1: float, lat1: float, lon2: float, lat2: float) -> float:
    """Return the geodesic distance between two points, in kilometres."""
    return float(_geod().inv(lon1, lat1, lon2, lat2)[2]) / 1000


def distances_km(lon: float, lat: float, lons: FloatArray, lats: FloatArray) -> FloatArray:
    """Return the geodesic distances from a point to many, in kilometres."""
    count = len(lons)
    return cast("FloatArray", _geod().inv([lon] * count, [lat] * count, lons, lats)[2]) / 1000


def circle_bbox(lon: float, lat: float, km: float) -> Bbox:
    """Return a bbox that holds everything within ``km`` kilometres of a point, and little more.

    West exceeds east where it crosses the antimeridian; around a pole it holds all longitudes.
    """
    # A degree of latitude is nowhere shorter than 110.57 km, and the Earth is nowhere more curved than this sphere.
    north, south, angle = min(lat + km / 110.5, 90.0), max(lat - km / 110.5, -90.0), km / 6335
    if north == 90 or south == -90:
        return -180.0, south, 180.0, north
    reach = degrees(asin(min(sin(min(angle, pi / 2)) / cos(radians(lat)), 1.0))) + 1e-6
    return (lon - reach + 180) % 360 - 180, south, (lon + reach + 180) % 360 - 180, north


def area_km2(geometry: BaseGeometry) -> float:
    """Return the geodesic area in square kilometres; 0 for an empty geometry, points and lines."""
    return abs(float(_geod().geometry_area_perimeter(_oriented(geometry))[0])) / 1e6


def _oriented(geometry: BaseGeometry) -> BaseGeometry:
    """Turn exterior rings counter-clockwise: geodesic areas are signed."""
    from shapely import orient_polygons

    return orient_polygons(geometry)


def length_km(geometry: BaseGeometry) -> float:
    """Return the geodesic length of lines, or the perimeter of areas, in kilometres."""
    return float(_geod().geometry_length(geometry)) / 1000


def to_local(geometry: BaseGeometry, centre: tuple[float, float] | None = None) -> BaseGeometry:
    """Project a geometry to metres around ``centre`` (longitude, latitude), by default its own centroid.

    Azimuthal equidistant: distances from the centre are true, others within a few hundred kilometres of it nearly so.
    """
    lon, lat = centre or _centre(geometry)
    return _moved(geometry, _local(lon, lat), "FORWARD")


def from_local(geometry: BaseGeometry, centre: tuple[float, float]) -> BaseGeometry:
    """Undo `to_local` for the same centre; what crosses the antimeridian comes back cut there."""
    from shapely import transform

    moved = _moved(geometry, _local(*centre), "INVERSE")
    # Longitudes run on past 180 rather than jump to the other side of the world.
    moved = transform(moved, lambda xy: xy - ((xy - centre[0] + 180) // 360 * 360) * (1, 0))
    return within_world(moved)


def _moved(geometry: BaseGeometry, transformer: Transformer, direction: Literal["FORWARD", "INVERSE"]) -> BaseGeometry:
    import numpy as np
    from shapely import transform

    return transform(
        geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1], direction=direction))
    )


def _centre(geometry: BaseGeometry) -> tuple[float, float]:
    point = geometry.centroid
    return round(point.x, 4), round(point.y, 4)


def buffer_km(geometry: BaseGeometry, km: float, *, flat_ends: bool = False) -> BaseGeometry:
    """Return everything within ``km`` kilometres of a geometry; a negative value shrinks an area.

    An empty geometry stays empty. With ``flat_ends`` a line's buffer does not reach beyond the line's ends.
    """
    if geometry.is_empty:
        return geometry
    centre = _centre(geometry)
    cap_style: Literal["flat", "round"] = "flat" if flat_ends else "round"
    grown = to_local(geometry, centre).buffer(km * 1000, quad_segs=16, cap_style=cap_style)
    return valid(from_local(grown, centre))


def valid(geometry: BaseGeometry) -> BaseGeometry:
    """Return the geometry made valid; areas keep their areas, and lines and points that repair leaves over go."""
    from shapely import make_valid
    from shapely.geometry import MultiPolygon, Polygon

    if geometry.is_valid:
        return geometry
    repaired = make_valid(geometry, method="structure", keep_collapsed=False)
    if isinstance(geometry, Polygon | MultiPolygon):
        return polygons_of(repaired)
    return repaired


def polygons_of(geometry: BaseGeometry) -> BaseGeometry:
    """Return the areas of a geometry as Polygon or MultiPolygon; an empty Polygon where it has none."""
    from shapely import get_parts
    from shapely.geometry import MultiPolygon, Polygon
    from shapely.ops import unary_union

    if isinstance(geometry, Polygon | MultiPolygon) and geometry.is_valid:
        return geometry
    parts = [part for part in get_parts([geometry]) if not part.is_empty]
    areas: list[Any] = []
    for part in parts:
        areas += [p for p in get_parts([part]) if p.geom_type == "Polygon"] if part.geom_type != "Polygon" else [part]
    return unary_union(areas) if areas else Polygon()


def rounded(geometry: BaseGeometry, digits: int = 6) -> BaseGeometry:
    """Return the geometry on a grid of ``digits`` decimals (6 is about 0.1 m), still valid."""
    from shapely import set_precision

    return valid(set_precision(geometry, 10.0**-digits))


def parse_bbox(text: str) -> Bbox:
    """Read ``west,south,east,north`` in degrees.

    West may exceed east: the box then crosses the antimeridian.

    Raises
    ------
    InputError
        Not four finite numbers, latitudes out of range or south above north, longitudes out of range.
    """
    remedy = "Give west,south,east,north in degrees, as 35.5,32.3,42.4,37.4."
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(f"The bbox {text!r} is not four numbers.", remedy) from error
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):
        raise InputError(f"The bbox {text!r} lies outside the world or has south above north.", remedy)
    return west, south, east, north


def bbox_polygon(bbox: Bbox) -> BaseGeometry:
    """Return a bbox as an area; two areas where it crosses the antimeridian."""
    from shapely.geometry import MultiPolygon, box

    west, south, east, north = bbox
    if west <= east:
        return box(west, south, east, north)
    return MultiPolygon([box(west, south, 180, north), box(-180, south, east, north)])


def within_world(geometry: BaseGeometry) -> BaseGeometry:
    """Return the geometry cut at the antimeridian, what lies beyond longitude 180 or -180 moved to the other side.

    RFC 7946, section 3.1.9. Shapes that run on past 180 (179 to 181) are understood; those that jump from 179 to -179
    are not.
    """
    from shapely import GeometryCollection, box
    from shapely.affinity import translate
    from shapely.ops import unary_union

    west, _, east, _ = (0.0, 0.0, 0.0, 0.0) if geometry.is_empty else geometry.bounds
    if west >= -180 and east <= 180:
        return geometry
    turns = range(int((west + 180) // 360), int((east + 180) // 360) + 1)
    # Projecting back and forth may cross edges, and what is invalid cannot be cut.
    geometry = valid(geometry)
    parts = [translate(geometry.intersection(box(-180 + 360 * n, -90, 180 + 360 * n, 90)), -360 * n) for n in turns]
    merged = unary_union([part for part in parts if not part.is_empty])
    return polygons_of(merged) if isinstance(merged, GeometryCollection) else merged


def bbox_of(geometries: Iterable[BaseGeometry | None]) -> Bbox | None:
    """Return the narrowest bbox that holds all geometries; None where there is nothing to hold.

    West exceeds east where the box crosses the antimeridian, which it does only if it is then less than half the world
    wide (RFC 7946, section 5.2).
    """
    import numpy as np
    from shapely import get_parts

    parts = get_parts([g for g in geometries if g is not None and not g.is_empty])
    bounds = np.array(sorted(part.bounds for part in parts if not part.is_empty))
    if not len(bounds):
        return None
    west, south, _, _ = bounds.min(axis=0).tolist()
    _, _, east, north = bounds.max(axis=0).tolist()
    reached = np.maximum.accumulate(bounds[:, 2])
    gaps = bounds[1:, 0] - reached[:-1]
    if len(gaps) and gaps.max() > 180 and gaps.max() > west + 360 - east:
        after = int(gaps.argmax())
        west, east = float(bounds[after + 1, 0]), float(reached[after])
    return west, south, east, north


def points_frame(rows: Sequence[Mapping[str, Any]]) -> gpd.GeoDataFrame:
    """Return rows with ``lon`` and ``lat`` as points in EPSG:4326; the geometry is None where either is None."""
    import geopandas as gpd
    from shapely.geometry import Point

    geometry: Any = [None if r["lon"] is None or r["lat"] is None else Point(r["lon"], r["lat"]) for r in rows]
    return gpd.GeoDataFrame([dict(r) for r in rows], geometry=gpd.GeoSeries(geometry, crs=CRS), crs=CRS)
