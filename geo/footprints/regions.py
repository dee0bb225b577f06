"""Seas, ranges, deserts, islands and groups of units that have no boundary of their own, with the shape they have.

``scripts/build_regions.py`` makes ``data/shapes/regions`` of ``data/footprints/regions.yaml``.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from geo.footprints.extents import Extents
from geo.footprints.outlines import size_km
from geo.gazetteer.shapes import ShapeTable
from geo.geometry import Bbox, polygons_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.model import Place

# The gazetteer's own entries, which the regions belong to.
_OWN = "dateline:"
_KINDS = frozenset({"water", "region"})
# Areas of a row: surely inside, best estimate, not excluded.
_AREAS = 3
# How near to a sea's open limits, in degrees, its edge is no coast.
_OPEN = 0.05
# How far inland a sea's coast reaches, in degrees.
_BESIDE = 0.3


@lru_cache(maxsize=64)
def region(place: Place) -> Extents | None:
    """Return the extents of a sea, range, desert, island or group of units; None for what has none of its own."""
    row = _row(place)
    if row is None:
        return None
    core, zone, possible = (_table().shape(row * _AREAS + n) for n in range(_AREAS))
    return Extents(core, zone, possible, zone, reach_km=2 + 0.1 * size_km(zone), is_nested=True)


def coast_of(place: Place) -> BaseGeometry | None:
    """Return where land ends by a sea; None for what is not a sea drawn here."""
    from shapely import from_wkt

    row = _row(place)
    limits = _table().rows[row]["limits"] if row is not None else ""
    found = region(place) if limits else None
    return None if found is None else found.zone.boundary.difference(from_wkt(limits).boundary.buffer(_OPEN))


def beside(place: Place, bounds: Bbox) -> BaseGeometry | None:
    """Return a sea and the land by it, within bounds; None for what is not a sea drawn here."""
    from shapely import clip_by_rect
    from shapely.affinity import translate
    from shapely.ops import unary_union

    row = _row(place)
    if row is None or not _table().rows[row]["limits"]:
        return None
    sea = _table().shape(row * _AREAS + 1)
    # A sea across the antimeridian runs on past longitude 180.
    parts = [clip_by_rect(translate(sea, shift), *bounds) for shift in (0, -360)]
    return unary_union([polygons_of(part) for part in parts]).buffer(_BESIDE, quad_segs=2)


def _row(place: Place) -> int | None:
    is_own = place.feature in _KINDS and place.id.startswith(_OWN)
    return _rows().get(place.name) if is_own else None


@lru_cache(maxsize=1)
def _table() -> ShapeTable:
    return ShapeTable("regions")


@lru_cache(maxsize=1)
def _rows() -> dict[str, int]:
    return {row["name"]: number for number, row in enumerate(_table().rows)}
