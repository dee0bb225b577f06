"""A zone's evidence to nested polygons: core within zone within possible."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from geo.geometry import from_local, polygons_of, rounded, to_local
from geo.zones.definition import ZoneDefinition
from geo.zones.field import LABELS, NOISE, Sample, fit, probability

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

LEVELS = {"core": 0.8, "zone": 0.5, "possible": 0.2}
"""Probability of being inside at the edge of each extent."""

CELLS = 160
"""Cells of the grid along its longer side."""

MARGIN_SCALES = 1.5
"""How far the grid reaches beyond the outermost point, in length scales."""


@dataclass(frozen=True, slots=True)
class Extents:
    """The three nested extents, EPSG:4326; all empty where nothing is inside."""

    core: BaseGeometry
    zone: BaseGeometry
    possible: BaseGeometry


def extents_on(zone: ZoneDefinition, day: dt.date, country: BaseGeometry) -> Extents:
    """Return the extents that a zone's evidence gives for a day, clipped to the country (EPSG:4326)."""
    from shapely import get_coordinates
    from shapely.geometry import MultiPoint

    points = [(p, s) for p in zone.evidence if (s := p.status_on(day)) in LABELS and s is not None]
    cloud = MultiPoint([(p.lon, p.lat) for p, _ in points])
    centre = (round(cloud.centroid.x, 3), round(cloud.centroid.y, 3))
    kilometres = get_coordinates(to_local(cloud, centre)) / 1000
    samples = [
        Sample(x, y, LABELS[status], NOISE[point.confidence])
        for (x, y), (point, status) in zip(kilometres, points, strict=True)
    ]
    areas = [polygons_of(a.intersection(country)) for a in _contours(samples, zone, centre)]
    core, best, possible = areas
    best = polygons_of(best.union(core))
    return Extents(rounded(core), rounded(best), rounded(polygons_of(possible.union(best))))


def _contours(samples: list[Sample], zone: ZoneDefinition, centre: tuple[float, float]) -> list[Any]:
    import numpy as np

    process = fit(samples, zone.scale_km)
    xy = np.array([(s.x, s.y) for s in samples])
    low, high = xy.min(axis=0) - MARGIN_SCALES * zone.scale_km, xy.max(axis=0) + MARGIN_SCALES * zone.scale_km
    step = (high - low).max() / CELLS
    xs, ys = (np.arange(low[i], high[i] + step, step) for i in (0, 1))
    grid = np.stack(np.meshgrid(xs, ys), axis=-1)
    field = probability(process, grid.reshape(-1, 2)).reshape(grid.shape[:2])
    return [_smooth(_area_above(xs, ys, field, level), zone, centre) for level in LEVELS.values()]


def _area_above(xs: Any, ys: Any, field: Any, level: float) -> BaseGeometry:
    """Return where a field exceeds a level, in local kilometres."""
    import numpy as np
    from contourpy import FillType, contour_generator
    from shapely.geometry import Polygon
    from shapely.ops import unary_union

    lines = contour_generator(xs, ys, field, fill_type=FillType.OuterOffset).filled(level, np.inf)
    found = []
    for points, offsets in zip(*lines, strict=True):
        rings = [points[a:b] for a, b in pairwise(offsets)]
        found.append(Polygon(rings[0], rings[1:]))
    return unary_union(found)


def _smooth(area: BaseGeometry, zone: ZoneDefinition, centre: tuple[float, float]) -> BaseGeometry:
    """Round off what is narrower than the accuracy, thin the vertices, and return to degrees."""
    from shapely import transform

    radius = zone.accuracy_km / 4
    opened = area.buffer(-radius).buffer(2 * radius).buffer(-radius)
    metres = transform(opened.simplify(radius / 8), lambda xy: xy * 1000)
    return polygons_of(from_local(metres, centre))
