"""Where a map looks first: the area the layers are about, not everything they touch on."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.geometry import Bbox
from geo.model import Layer

if TYPE_CHECKING:
    import geopandas as gpd

DEFAULT_BOUNDS: Bbox = (-30.0, -40.0, 150.0, 65.0)
"""The view of a map without features: the inhabited world, about."""

MARGIN = 0.06
LEAST_DEGREES = 0.6
CONTINENT = 60.0
"""Degrees of longitude from which places are too far apart for one view."""
LEAST_SHARE = 1 / 20
"""Part of the mentions among the zones from which the articles are about them."""
MOST_SHARE = 1 / 2
"""Part of the mentions from which articles about places all over the world are about one country."""
WIDEST_SCREEN = 2.0
SLACK = 1.3
WIDE_FEATURES = {"continent", "country", "water"}
"""Kinds of place whose point says little about where a report happens."""


def focus_bounds(layers: Sequence[Layer]) -> Bbox:
    """Return west, south, east, north of the first view.

    That is the zones where a part of the mentions (`LEAST_SHARE`) lies among them or no place is mentioned; else the
    places below the level of a country, where they are spread over a continent those of the country that most mentions
    are of, if there is one; else all features.
    """
    by_name = {layer.name: layer for layer in layers}
    zones = _bounds([by_name["zones"]]) if "zones" in by_name else None
    places = by_name["places"].features if "places" in by_name else None
    if places is None or places.empty:
        return _padded(zones or all_bounds(layers) or DEFAULT_BOUNDS)
    if zones and _share_in(places, zones) >= LEAST_SHARE:
        return _padded(zones)
    return _padded(_local_bounds(places) or all_bounds(layers) or DEFAULT_BOUNDS)


def _share_in(places: gpd.GeoDataFrame, bbox: Bbox) -> float:
    """Return which part of the mentions of places lies in a bbox; of those below the level of a country, if any."""
    local = _local(places)
    about = places if local.empty else local
    inside = about.cx[bbox[0] : bbox[2], bbox[1] : bbox[3]]
    return float(inside["mentions"].sum() / about["mentions"].sum())


def _local(places: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return places[~places["feature"].isin(WIDE_FEATURES)] if "feature" in places else places


def _local_bounds(places: gpd.GeoDataFrame) -> Bbox | None:
    """Return the bounds of the places below the level of a country; None where there are none."""
    local = _local(places)
    bounds = _frame_bounds(local)
    if bounds is None or bounds[2] - bounds[0] <= CONTINENT or "country" not in local:
        return bounds
    mentions = local["mentions"].astype(float).groupby(local["country"]).sum()
    if mentions.empty or mentions.max() < MOST_SHARE * local["mentions"].sum():
        return bounds
    return _frame_bounds(local[local["country"] == mentions.idxmax()])


def all_bounds(layers: Sequence[Layer]) -> Bbox | None:
    """Return west, south, east, north of what the articles and zones speak of; None where that is nothing."""
    found = _bounds([layer for layer in layers if layer.name not in ("governorates", "countries")])
    return _padded(found) if found else None


def latlon_bounds(bbox: Bbox) -> list[list[float]]:
    """Return a bbox as Leaflet wants it: latitude before longitude."""
    west, south, east, north = bbox
    return [[south, west], [north, east]]


def region_around(bounds: Bbox) -> Bbox:
    """Return what a screen may show that these bounds are fitted to: where the base map needs detail.

    Screens are up to twice as wide as high, or upright; fitting to half zoom levels leaves some more around.
    """
    west, south, east, north = bounds
    stretch = 1 / max(math.cos(math.radians((south + north) / 2)), 0.1)
    dx = (max((north - south) * WIDEST_SCREEN * stretch, east - west) * SLACK - (east - west)) / 2
    dy = (max((east - west) / stretch, north - south) * SLACK - (north - south)) / 2
    return max(west - dx, -180.0), max(south - dy, -85.0), min(east + dx, 180.0), min(north + dy, 85.0)


def _bounds(layers: Sequence[Layer]) -> Bbox | None:
    boxes = [box for box in (_frame_bounds(layer.features) for layer in layers) if box]
    if not boxes:
        return None
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return min(wests), min(souths), max(easts), max(norths)


def _frame_bounds(frame: gpd.GeoDataFrame) -> Bbox | None:
    if not frame.geometry.notna().any():
        return None
    west, south, east, north = (float(value) for value in frame.total_bounds)
    return west, south, east, north


def _padded(bbox: Bbox) -> Bbox:
    """Grow a bbox by a margin, and to a least size: a single point is no view."""
    west, south, east, north = bbox
    dx = max((east - west) * MARGIN, (LEAST_DEGREES - (east - west)) / 2)
    dy = max((north - south) * MARGIN, (LEAST_DEGREES - (north - south)) / 2)
    return round(west - dx, 4), round(south - dy, 4), round(east + dx, 4), round(north + dy, 4)
