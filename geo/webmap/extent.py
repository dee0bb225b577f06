"""Where a map looks first: the area the layers are about, not everything they touch on."""

from __future__ import annotations

from collections.abc import Sequence

from geo.geometry import Bbox
from geo.model import Layer

DEFAULT_BOUNDS: Bbox = (-30.0, -40.0, 150.0, 65.0)
"""The view of a map without features: the inhabited world, about."""

MARGIN = 0.06
LEAST_DEGREES = 0.6
WIDE_FEATURES = {"continent", "country", "water"}
"""Kinds of place whose point says little about where a report happens."""


def focus_bounds(layers: Sequence[Layer]) -> Bbox:
    """Return west, south, east, north of the first view.

    That is the zones and footprints where there are any, else the places below the level of a country, else all places.
    """
    by_name = {layer.name: layer for layer in layers}
    areas = _bounds([by_name[name] for name in ("zones", "footprints") if name in by_name])
    local = _bounds([_local(by_name["places"])]) if "places" in by_name else None
    return _padded(areas or local or all_bounds(layers) or DEFAULT_BOUNDS)


def all_bounds(layers: Sequence[Layer]) -> Bbox | None:
    """Return west, south, east, north of what the articles and zones speak of; None where that is nothing."""
    found = _bounds([layer for layer in layers if layer.name not in ("governorates", "countries")])
    return _padded(found) if found else None


def latlon_bounds(bbox: Bbox) -> list[list[float]]:
    """Return a bbox as Leaflet wants it: latitude before longitude."""
    west, south, east, north = bbox
    return [[south, west], [north, east]]


def region_around(bounds: Bbox, times: float = 1.0) -> Bbox:
    """Return bounds grown by ``times`` their size on each side: where the base map needs detail."""
    west, south, east, north = bounds
    dx, dy = (east - west) * times, (north - south) * times
    return max(west - dx, -180.0), max(south - dy, -85.0), min(east + dx, 180.0), min(north + dy, 85.0)


def _local(places: Layer) -> Layer:
    from dataclasses import replace

    frame = places.features
    return replace(places, features=frame[~frame["feature"].isin(WIDE_FEATURES)]) if "feature" in frame else places


def _bounds(layers: Sequence[Layer]) -> Bbox | None:
    boxes = [layer.features.total_bounds for layer in layers if layer.features.geometry.notna().any()]
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return float(min(wests)), float(min(souths)), float(max(easts)), float(max(norths))


def _padded(bbox: Bbox) -> Bbox:
    """Grow a bbox by a margin, and to a least size: a single point is no view."""
    west, south, east, north = bbox
    dx = max((east - west) * MARGIN, (LEAST_DEGREES - (east - west)) / 2)
    dy = max((north - south) * MARGIN, (LEAST_DEGREES - (north - south)) / 2)
    return round(west - dx, 4), round(south - dy, 4), round(east + dx, 4), round(north + dy, 4)
