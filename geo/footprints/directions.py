"""Parts of regions by direction: "the north of", "south-western", "central", "the far north-east".

A region is cut along parallels and meridians, as in the projection-based model of cardinal directions (Frank 1992) and
its use inside regions (Liu et al. 2005). Where the cuts lie follows from where the region's land and people are: half
the weight is its area, half its towns, each by the square root of its population. What reports call northern Mali
begins where the towns end, not at half of the Sahara. The shares below were set on 63 named parts of 20 countries
(``benchmarks/footprint_directions.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import inf, sqrt
from typing import TYPE_CHECKING

from geo.footprints.extents import Extents, united
from geo.footprints.outlines import KM_A_DEGREE
from geo.geometry import Bbox, polygons_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Numbers = NDArray[np.float64]

# Eastward and northward: 1 towards, -1 away, 0 either; both 0 is the centre. Half winds count as quarters.
_SIDES = {
    "north": (0, 1),
    "south": (0, -1),
    "east": (1, 0),
    "west": (-1, 0),
    "north_east": (1, 1),
    "north_west": (-1, 1),
    "south_east": (1, -1),
    "south_west": (-1, -1),
    "north_north_east": (1, 1),
    "east_north_east": (1, 1),
    "east_south_east": (1, -1),
    "south_south_east": (1, -1),
    "south_south_west": (-1, -1),
    "west_south_west": (-1, -1),
    "west_north_west": (-1, 1),
    "north_north_west": (-1, 1),
    "centre": (0, 0),
}
# Cuts for core, zone and possible: how much more than half of the weight lies on the other side of the cut.
_HALF = (0.15, 0.08, -0.1)
_QUARTER = (0.06, 0.0, -0.1)
_FAR = (0.38, 0.33, 0.22)
_FAR_QUARTER = (0.24, 0.18, 0.1)
# But never less of the weight than this is in the part, whatever the region's shape.
_LEAST = (0.08, 0.14, 0.2)
_LEAST_FAR = 0.4
# The centre: an ellipse with these shares of the region's width and height.
_CENTRE = (0.45, 0.56, 0.66)
_GRID = 36
# Fewer towns than this say nothing about where people are.
_FEWEST_TOWNS = 20
# Parts of a country far from its main body ("northern France" is not north of Guiana) are in no directional part.
_ISLAND_SHARE, _GAP_SHARE = 0.2, 0.25


@dataclass(frozen=True, slots=True)
class Spread:
    """Points with weights: where a region's land or people are."""

    lons: Numbers
    lats: Numbers
    weights: Numbers


Towns = Callable[["BaseGeometry"], Spread]
"""Gives the towns in a shape; without any, only the area counts."""


def _nobody(_: BaseGeometry) -> Spread:
    import numpy as np

    return Spread(np.empty(0), np.empty(0), np.empty(0))


def directional_part(whole: Extents, directions: tuple[str, ...], far: bool, towns: Towns) -> Extents:
    """Return the part of a region in one direction, or in any of several."""
    body = whole.map(main_body)
    # A disc's towns say nothing: it is no more than a guess at a town's size.
    spread = _spread(body.zone, _nobody if whole.size_km else towns)
    return united([_part(body, spread, direction, far) for direction in directions])


def _part(body: Extents, spread: Spread, direction: str, far: bool) -> Extents:
    areas = (body.core, body.zone, body.possible)
    if _SIDES[direction] == (0, 0):
        ellipses = [_ellipse(body.zone, spread, *sizes) for sizes in zip(_CENTRE, _LEAST, strict=True)]
        return body.with_areas(*(polygons_of(a.intersection(e)) for a, e in zip(areas, ellipses, strict=True)))
    least = [share * (_LEAST_FAR if far else 1) for share in _LEAST]
    towards = _towards(spread, direction)
    boxes = [_box(spread, towards, direction, *cut) for cut in zip(_cuts(direction, far), least, strict=True)]
    return body.with_areas(*(_clipped(area, box) for area, box in zip(areas, boxes, strict=True)))


def beyond_place(region: Extents, mark: Extents, direction: str) -> Extents:
    """Return what of a region lies beyond a place in a direction, along the parallel and the meridian through it."""
    x, y = _SIDES[direction]
    middle, reach = mark.zone.centroid, (mark.size_km + mark.reach_km) / KM_A_DEGREE
    boxes = []
    for margin in (0.5 * reach, 0.0, -reach):
        east, north = middle.x + x * margin, middle.y + y * margin
        boxes.append(
            (east if x > 0 else -inf, north if y > 0 else -inf, east if x < 0 else inf, north if y < 0 else inf)
        )
    areas = (region.core, region.zone, region.possible)
    return region.with_areas(*(_clipped(area, box) for area, box in zip(areas, boxes, strict=True)))


def _cuts(direction: str, far: bool) -> tuple[float, float, float]:
    is_quarter = all(_SIDES[direction])
    if far:
        return _FAR_QUARTER if is_quarter else _FAR
    return _QUARTER if is_quarter else _HALF


def _towards(spread: Spread, direction: str) -> Numbers:
    """Return how far in a direction each point lies: the share of weight it leaves behind, less a half."""
    import numpy as np

    x, y = _SIDES[direction]
    east = x * (_ranks(spread.lons, spread.weights) - 0.5) if x else inf
    north = y * (_ranks(spread.lats, spread.weights) - 0.5) if y else inf
    return np.minimum(east, north)


def _box(spread: Spread, towards: Numbers, direction: str, cut: float, least: float) -> Bbox:
    """Return the box that lies beyond the cuts in a direction, open on the sides it does not cut."""
    x, y = _SIDES[direction]
    inside = towards >= min(cut, _quantile(towards, spread.weights, 1 - least))
    lons, lats = spread.lons[inside], spread.lats[inside]
    return (
        float(lons.min()) if x > 0 else -inf,
        float(lats.min()) if y > 0 else -inf,
        float(lons.max()) if x < 0 else inf,
        float(lats.max()) if y < 0 else inf,
    )


def _ellipse(shape: BaseGeometry, spread: Spread, size: float, least: float) -> BaseGeometry:
    """Return the ellipse around the middle of a shape's bounds that is a share of them, and holds the least weight."""
    import numpy as np
    from shapely.affinity import scale
    from shapely.geometry import Point

    west, south, east, north = shape.bounds
    middle, width, height = ((west + east) / 2, (south + north) / 2), (east - west) / 2, (north - south) / 2
    away = np.hypot((spread.lons - middle[0]) / width, (spread.lats - middle[1]) / height)
    size = max(size, _quantile(away, spread.weights, least))
    return scale(Point(middle).buffer(1), size * width, size * height)


def _ranks(values: Numbers, weights: Numbers) -> Numbers:
    """Return the share of weight below each value, that of equal values counted half."""
    import numpy as np

    order = np.argsort(values, kind="stable")
    ordered, below = values[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    first, last = np.searchsorted(ordered, values, "left"), np.searchsorted(ordered, values, "right")
    return np.asarray((below[first] + below[last]) / (2 * below[-1]), dtype=np.float64)


def _quantile(values: Numbers, weights: Numbers, share: float) -> float:
    """Return the value below which a share of the weight lies."""
    import numpy as np

    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order])
    return float(values[order][min(int(np.searchsorted(below, share * below[-1])), len(values) - 1)])


def _spread(shape: BaseGeometry, towns: Towns) -> Spread:
    """Return a region's area and towns as points, each with half of the weight."""
    import numpy as np

    lons, lats = _grid(shape)
    land = np.full(len(lons), 1 / len(lons))
    people = towns(shape)
    if len(people.weights) < _FEWEST_TOWNS:
        return Spread(lons, lats, land)
    return Spread(
        np.concatenate([lons, people.lons]),
        np.concatenate([lats, people.lats]),
        np.concatenate([land, people.weights / people.weights.sum()]),
    )


def _grid(shape: BaseGeometry) -> tuple[Numbers, Numbers]:
    """Return longitudes and latitudes of points spread evenly over a shape's area."""
    import numpy as np
    from shapely import contains_xy, prepare

    west, south, east, north = shape.bounds
    steps = (np.arange(_GRID) + 0.5) / _GRID
    # Equal steps of the latitude's sine make rows of equal area (Lambert's cylindrical equal-area projection).
    low, high = np.sin(np.radians([south, north]))
    lons, lats = np.meshgrid(west + (east - west) * steps, np.degrees(np.arcsin(low + (high - low) * steps)))
    prepare(shape)
    inside = contains_xy(shape, lons, lats)
    if not inside.any():
        point = shape.representative_point()
        return np.array([point.x]), np.array([point.y])
    return lons[inside], lats[inside]


def _clipped(shape: BaseGeometry, box: Bbox) -> BaseGeometry:
    from shapely import clip_by_rect

    if shape.is_empty:
        return shape
    bounds = shape.bounds
    # Open sides lie beyond the shape: a clip along its very edge could lose parts of it.
    sides = [max(box[n], bounds[n] - 1) if n < 2 else min(box[n], bounds[n] + 1) for n in range(4)]
    return polygons_of(clip_by_rect(shape, *sides))


def main_body(shape: BaseGeometry) -> BaseGeometry:
    """Return the parts of a shape that lie together, and those that are a good share of it.

    Parts count as together when gaps are small against the whole: the Greek islands are, Hawaii is not.
    """
    from shapely import MultiPolygon, STRtree, get_parts

    parts = get_parts(shape)
    if len(parts) <= 1:
        return shape
    flat = get_parts(_evened(shape))
    areas = [part.area for part in flat]
    gap = _GAP_SHARE * sqrt(sum(areas))
    tree = STRtree(flat)
    together = {n for n, area in enumerate(areas) if area >= min(_ISLAND_SHARE * sum(areas), max(areas))}
    fresh = together
    while fresh:
        near = tree.query([flat[n] for n in sorted(fresh)], predicate="dwithin", distance=gap)[1]
        fresh = set(map(int, near)) - together
        together = together | fresh
    return MultiPolygon([parts[n] for n in sorted(together)])


def _evened(shape: BaseGeometry) -> BaseGeometry:
    """Return a shape with longitudes shrunk to the length they have at each latitude, so that areas compare."""
    import numpy as np
    from shapely import transform

    middle = shape.centroid.x
    return transform(shape, lambda xy: np.column_stack([(xy[:, 0] - middle) * np.cos(np.radians(xy[:, 1])), xy[:, 1]]))
