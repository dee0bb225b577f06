"""Areas in query parameters: circles and polygons, checked before anything is asked with them."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING

from geo.errors import InputError
from geo.workspace.search import Circle

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

MAX_AREA_CHARACTERS = 10_000
"""Longest polygon: some 500 vertices, and still an address that servers and proxies take."""

LARGEST_KM = 5000.0
"""Largest radius: beyond it a circle is no neighbourhood of anything."""

_CIRCLE = "Give longitude,latitude,kilometres, as 36.72,34.73,50."
_AREA = "Give a polygon as WKT, as POLYGON((36 34, 38 34, 37 35, 36 34)), or as GeoJSON geometry."


def parse_circle(text: str) -> Circle:
    """Read ``lon,lat,km``.

    Raises
    ------
    InputError
        Not three finite numbers, outside the world, or no radius from 0 to `LARGEST_KM`.
    """
    try:
        lon, lat, km = (float(part) for part in text.split(","))
    except ValueError as error:
        raise InputError(f"The circle {text!r} is not three numbers.", _CIRCLE) from error
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        raise InputError(f"The circle {text!r} has its middle outside the world.", _CIRCLE)
    if not 0 < km <= LARGEST_KM:
        raise InputError(f"The circle {text!r} has no radius up to {LARGEST_KM:.0f} km.", _CIRCLE)
    return Circle(lon, lat, km)


def parse_area(text: str) -> BaseGeometry:
    """Read a polygon or several, as WKT or as a GeoJSON geometry; an outline that crosses itself is all it goes around.

    Raises
    ------
    InputError
        It is too long, cannot be read, is no area, or lies outside the world.
    """
    if len(text) > MAX_AREA_CHARACTERS:
        raise InputError(f"The area is {len(text)} characters long.", f"Give at most {MAX_AREA_CHARACTERS}.")
    area = _geometry(text)
    if area.geom_type not in ("Polygon", "MultiPolygon") or area.is_empty:
        raise InputError(f"The area is a {area.geom_type} or empty.", _AREA)
    if not all(isfinite(bound) for bound in area.bounds) or not _is_in_world(area):
        raise InputError("The area lies outside the world.", "Give longitude before latitude, in degrees.")
    return area if area.is_valid else _mended(area)


def _mended(area: BaseGeometry) -> BaseGeometry:
    """Return an area as its outline goes around it; who draws by hand crosses lines."""
    from shapely import make_valid

    mended = make_valid(area, method="structure", keep_collapsed=False)
    if mended.is_empty:
        raise InputError("The area has no inside.", _AREA)
    if len(mended.wkt) > MAX_AREA_CHARACTERS:  # it goes into addresses
        raise InputError("The outline of the area crosses itself too often.", "Draw it without crossing lines.")
    return mended


def _geometry(text: str) -> BaseGeometry:
    from shapely import GEOSException, from_geojson, from_wkt

    try:
        return from_geojson(text) if text.startswith("{") else from_wkt(text)
    except (GEOSException, NotImplementedError) as error:  # the latter of curves
        raise InputError("The area cannot be read.", _AREA) from error


def _is_in_world(area: BaseGeometry) -> bool:
    west, south, east, north = area.bounds
    return west >= -180 and south >= -90 and east <= 180 and north <= 90
