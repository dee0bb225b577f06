"""The parts of the map that a query asks for: in words for people, as shapes for the map."""

from __future__ import annotations

import json
from typing import Any

from geo.geometry import area_km2
from webapp.parameters import Query


def words(query: Query) -> dict[str, str]:
    """Return each part of the map, by its parameter, in words: coordinates tell nobody anything."""
    told = {}
    if query.near:
        told["near"] = f"{query.near.km:g} km of {_lonlat(query.near.lon, query.near.lat)}"
    if query.within is not None:
        told["within"] = f"about {figure(area_km2(query.within))} km²"
    if query.bbox:
        west, south, east, north = query.bbox
        told["bbox"] = f"from {_lonlat(west, south)} to {_lonlat(east, north)}"
    return told


def _lonlat(lon: float, lat: float) -> str:
    return f"{abs(lat):.4g}° {'S' if lat < 0 else 'N'}, {abs(lon):.4g}° {'W' if lon < 0 else 'E'}"


def shapes(query: Query) -> str:
    """Return the parts as a JSON list of GeoJSON geometries and circles (``lon``, ``lat``, ``km``)."""
    from shapely import to_geojson

    circles: list[Any] = [query.near._asdict()] if query.near else []
    area = query.in_view().within
    return json.dumps([*circles, *([json.loads(to_geojson(area))] if area is not None else [])])


def figure(value: float) -> str:
    """Return a number with as many digits as an approximate figure bears: two."""
    if abs(value) < 10:
        return f"{value:.2g}"
    digits = len(str(int(abs(value)))) - 2
    return f"{round(value, -digits):,.0f}"
