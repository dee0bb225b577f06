"""Geodesic figures of PROJ's own, to measure ours against."""

from __future__ import annotations

from pyproj import Geod

_GEOD = Geod(ellps="WGS84")


def destination(lon: float, lat: float, bearing: float, km: float) -> tuple[float, float]:
    """Return longitude and latitude of the point ``km`` away at ``bearing`` degrees clockwise from north."""
    lon2, lat2, _ = _GEOD.fwd(lon, lat, bearing, km * 1000)
    return float(lon2), float(lat2)
