"""A zone's evidence to nested polygons: core within zone within possible."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from geo.geometry import length_km, polygons_of, rounded
from geo.model import EXTENTS, Extent
from geo.zones.definition import EvidenceLine, EvidencePoint, EvidenceStatus
from geo.zones.field import NOISE, Samples, fit
from geo.zones.ground import Ground

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from geo.zones.field import Array

LABELS: dict[EvidenceStatus, float] = {"inside": 1.0, "boundary": 0.0, "outside": -1.0, "enclave": -1.0}
"""What a status says to the field. Ambiguous points say nothing."""

LEVELS: dict[Extent, tuple[float, float]] = {"core": (0.83, 0.95), "zone": (0.5, 0.5), "possible": (0.03, 0.15)}
"""Probability of being inside at the edge of each extent, least and greatest. The core has the greatest and the
possible extent the least, but for what `SHARES` demand."""

SHARES = {"core": 0.55, "possible": 1.5}
"""Area in areas of the zone below which the core's level, and above which the possible extent's, gives way: what is
surely inside and what is not excluded say little where the one is a speck and the other everything."""

CORE_DEPTH = 0.7
"""Least distance of the core from the zone's line, in the zone's stated accuracy."""

HALO = (1.1, 2.0)
"""How far the possible extent reaches beyond the zone's line at least and at most, in the zone's stated accuracy."""

ROUNDING = 0.2
"""Radius to which corners are rounded and narrower necks and inlets closed, in spacings."""

GRID_DIGITS = 6
"""Decimals of a degree to which vertices are rounded: about 0.1 m."""

ENCLAVE_RADII: dict[Extent, float] = {"core": 1.5, "zone": 1.0, "possible": 0.5}
"""Part of an enclave's radius that is cut from each extent: its line is uncertain too."""


@dataclass(frozen=True, slots=True)
class Extents:
    """The three nested extents, EPSG:4326; all empty where nothing is inside."""

    core: BaseGeometry
    zone: BaseGeometry
    possible: BaseGeometry

    def extent(self, name: Extent) -> BaseGeometry:
        """Return the extent of that name."""
        geometry: BaseGeometry = getattr(self, name)
        return geometry


def nested(core: BaseGeometry, zone: BaseGeometry, possible: BaseGeometry) -> Extents:
    """Return areas in degrees as extents: rounded, each cut back to the wider one.

    Where they share a border the inner one stays a few decimetres away from it, so that rounding cannot move it across.
    """
    possible = _on_grid(possible)
    zone = _on_grid(zone.intersection(_inset(possible)))
    return Extents(_on_grid(core.intersection(_inset(zone))), zone, possible)


def _on_grid(area: BaseGeometry) -> BaseGeometry:
    return polygons_of(rounded(area, GRID_DIGITS))


def _inset(area: BaseGeometry) -> BaseGeometry:
    return area.buffer(-3 * 10.0**-GRID_DIGITS, join_style="mitre")


def extents_on(ground: Ground, day: dt.date) -> Extents:
    """Return the extents that a zone's evidence gives for a day; empty where no point is inside then."""
    from shapely.geometry import Polygon

    points = [(p, s) for p in ground.zone.evidence if (s := p.status_on(day)) is not None]
    inside = [(p.lon, p.lat) for p, s in points if s == "inside"]
    if not inside:
        return Extents(Polygon(), Polygon(), Polygon())
    samples = _samples(ground, day, points)
    field = fit(samples, ground.units, ground.spacing).probability(ground.grid, ground.grid_mean)
    witnesses = ground.positions(inside)
    holes = [(p, p.radius_km) for p, s in points if s == "enclave"]
    areas = _areas(ground, field, witnesses)
    for name, part in ENCLAVE_RADII.items():
        areas[name] = areas[name].difference(_discs(ground, holes, part))
    return nested(*(ground.degrees(areas[name]) for name in EXTENTS))


def _samples(ground: Ground, day: dt.date, points: list[tuple[EvidencePoint, EvidenceStatus]]) -> Samples:
    import numpy as np

    rows = [(p.lon, p.lat, LABELS[s], NOISE[p.confidence]) for p, s in points if s in LABELS]
    for line in ground.zone.lines:
        if (status := line.status_on(day)) in LABELS and status is not None:
            rows += [(lon, lat, LABELS[status], NOISE[line.confidence]) for lon, lat in beads(line, ground.spacing / 2)]
    table = np.array(rows)
    return Samples(ground.positions([(lon, lat) for lon, lat in table[:, :2]]), table[:, 2], table[:, 3])


def beads(line: EvidenceLine, step_km: float) -> list[tuple[float, float]]:
    """Return points along a line, about ``step_km`` apart, its ends included."""
    from shapely.geometry import LineString

    path = LineString(line.points)
    count = max(1, round(length_km(path) / step_km))
    found = (path.interpolate(i / count, normalized=True) for i in range(count + 1))
    return [(bead.x, bead.y) for bead in found]


def _drawn(ground: Ground, field: Array, level: float, witnesses: Array) -> BaseGeometry:
    """Return where a field over the grid exceeds a level, in local kilometres: rounded, thinned, without crumbs."""
    xs, ys = ground.axes
    radius = ROUNDING * ground.spacing
    area = _area_above(xs, ys, field.reshape(len(ys), len(xs)), level).intersection(ground.local_country)
    rounded_off = _closed(area.buffer(-radius).buffer(radius), ground).simplify(radius / 10)
    return _without_crumbs(rounded_off.intersection(ground.local_country), witnesses, ground.spacing)


def _closed(area: BaseGeometry, ground: Ground) -> BaseGeometry:
    """Close inlets and gaps narrower than twice the radius of rounding."""
    radius = ROUNDING * ground.spacing
    return area.buffer(radius).buffer(-radius)


def _areas(ground: Ground, field: Array, witnesses: Array) -> dict[Extent, BaseGeometry]:
    """Return the extents in local kilometres, core and possible at the distances that the stated accuracy asks for.

    A country's border is known better than that: the core reaches it.
    """
    zone = _drawn(ground, field, LEVELS["zone"][0], witnesses)
    accuracy, size = ground.zone.accuracy_km, int(_nodes_in(ground, zone).sum())
    deep = zone.intersection(_closed(zone.union(ground.abroad), ground).buffer(-CORE_DEPTH * accuracy))
    near, far = (zone.buffer(part * accuracy).intersection(ground.local_country) for part in HALO)
    certain = _nodes_in(ground, near)
    candidates = _nodes_in(ground, far) & ~certain
    room = round(SHARES["possible"] * size) - int(certain.sum())
    core_level = level_for("core", field[_nodes_in(ground, deep)], round(SHARES["core"] * size))
    possible_level = level_for("possible", field[candidates], room)
    core, possible = (_drawn(ground, field, level, witnesses) for level in (core_level, possible_level))
    return {"core": core.intersection(deep), "zone": zone, "possible": possible.intersection(far).union(near)}


def _nodes_in(ground: Ground, area: BaseGeometry) -> NDArray[np.bool_]:
    """Return which of the grid's nodes lie in an area."""
    import shapely

    shapely.prepare(area)
    found: NDArray[np.bool_] = shapely.contains_xy(area, ground.grid[:, 0], ground.grid[:, 1])
    return found


def level_for(name: Extent, candidates: Array, count: int) -> float:
    """Return the level above which lie ``count`` of the candidate probabilities, within the limits of an extent."""
    import numpy as np

    falling = np.sort(candidates)[::-1]
    level = falling[max(count, 0)] if count < len(falling) else 0.0
    return float(np.clip(level, *LEVELS[name]))


def _area_above(xs: Array, ys: Array, field: Array, level: float) -> BaseGeometry:
    """Return where a field exceeds a level."""
    import numpy as np
    from contourpy import FillType, contour_generator
    from shapely.geometry import Polygon
    from shapely.ops import unary_union

    lines: Any = contour_generator(xs, ys, field, fill_type=FillType.OuterOffset).filled(level, np.inf)
    found = []
    for points, offsets in zip(*lines, strict=True):
        rings = [points[a:b] for a, b in pairwise(offsets)]
        found.append(Polygon(rings[0], rings[1:]))
    return unary_union(found)


def _without_crumbs(area: BaseGeometry, witnesses: Array, spacing: float) -> BaseGeometry:
    """Leave out parts smaller than a spacing squared that hold no inside point, and fill holes that small."""
    from shapely import MultiPoint, get_parts
    from shapely.geometry import MultiPolygon, Polygon

    seen, least = MultiPoint(witnesses), spacing**2
    parts = [p for p in get_parts(polygons_of(area)) if not p.is_empty and (p.area >= least or p.intersects(seen))]
    whole = [Polygon(p.exterior, [r for r in p.interiors if Polygon(r).area >= least]) for p in parts]
    return MultiPolygon(whole)


def _discs(ground: Ground, holes: list[tuple[EvidencePoint, float]], part: float) -> BaseGeometry:
    from shapely.geometry import Point
    from shapely.ops import unary_union

    discs = [Point(xy).buffer(radius * part) for p, radius in holes for xy in ground.positions([(p.lon, p.lat)])]
    return unary_union(discs)
