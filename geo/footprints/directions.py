"""Parts of regions by direction: "the north of", "south-western", "central", "the far north-east".

A region is cut along parallels and meridians, as in the projection-based model of cardinal directions (Frank 1992) and
its use inside regions (Liu et al. 2005). The cuts lie where they leave a fixed share of the region's area, so that a
part of any shape of region is never empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from geo.footprints.extents import Extents, united
from geo.geometry import Bbox, polygons_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

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
# Shares of the region's area that are surely, best and possibly in a part.
_HALF = (0.3, 0.45, 0.65)
_QUARTER = (0.18, 0.3, 0.45)
_CENTRE = (0.15, 0.35, 0.6)
_FAR = (0.4, 0.5, 0.7)
_GRID = 48
# Parts of a country far from its main body ("northern France" is not north of Guiana) are in no directional part.
_ISLAND_SHARE, _GAP_SHARE = 0.2, 0.25


def directional_part(whole: Extents, directions: tuple[str, ...], far: bool) -> Extents:
    """Return the part of a region in one direction, or in any of several."""
    return united([_part(whole, direction, far) for direction in directions])


def _part(whole: Extents, direction: str, far: bool) -> Extents:
    body = whole.map(main_body)
    lons, lats = _sample(body.zone)
    core, zone, possible = (_box(lons, lats, direction, share) for share in _shares(direction, far))
    return body.with_areas(_clipped(body.core, core), _clipped(body.zone, zone), _clipped(body.possible, possible))


def _shares(direction: str, far: bool) -> tuple[float, float, float]:
    core, zone, possible = {0: _CENTRE, 1: _HALF, 2: _QUARTER}[sum(map(abs, _SIDES[direction]))]
    return (core * _FAR[0], zone * _FAR[1], possible * _FAR[2]) if far else (core, zone, possible)


def _box(lons: NDArray[np.float64], lats: NDArray[np.float64], direction: str, share: float) -> Bbox:
    """Return the box that holds a share of the points towards a direction, open on the sides it does not cut."""
    import numpy as np

    x, y = _SIDES[direction]
    east, north = _ranks(lons) - 0.5, _ranks(lats) - 0.5
    if x == y == 0:
        towards = -np.maximum(abs(east), abs(north))
    else:
        towards = np.minimum(east * x if x else np.inf, north * y if y else np.inf)
    inside = towards >= np.quantile(towards, 1 - share)
    centre = x == y == 0
    return (
        float(lons[inside].min()) if x > 0 or centre else -np.inf,
        float(lats[inside].min()) if y > 0 or centre else -np.inf,
        float(lons[inside].max()) if x < 0 or centre else np.inf,
        float(lats[inside].max()) if y < 0 or centre else np.inf,
    )


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of values below each value, equal values counted half."""
    import numpy as np

    ordered = np.sort(values)
    below = np.searchsorted(ordered, values, "left") + np.searchsorted(ordered, values, "right")
    return below / (2 * len(values))


def _sample(shape: BaseGeometry) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
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
    from math import sqrt

    from shapely import STRtree, get_parts
    from shapely.ops import unary_union

    parts = sorted(get_parts(shape), key=lambda part: -part.area)
    if len(parts) == 1:
        return shape
    gap = _GAP_SHARE * sqrt(shape.area)
    tree = STRtree(parts)
    together = {n for n, part in enumerate(parts) if part.area >= _ISLAND_SHARE * shape.area} | {0}
    fresh = together
    while fresh:
        near = tree.query([parts[n] for n in sorted(fresh)], predicate="dwithin", distance=gap)[1]
        fresh = set(map(int, near)) - together
        together = together | fresh
    return unary_union([parts[n] for n in sorted(together)])
