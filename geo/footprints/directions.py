"""Parts of regions by direction: "the north of", "south-western", "central", "the far north-east".

A region is cut along parallels and meridians, as in the projection-based model of cardinal directions (Frank 1992) and
its use inside regions (Liu et al. 2005). Where the cuts lie: see `geo.footprints.cuts`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import inf, sqrt
from typing import TYPE_CHECKING

from geo.footprints.cuts import SIDES, Cuts, DiscCuts, Edge, MeasuredCuts, Towns, nobody
from geo.footprints.extents import Extents, areas_of, united
from geo.geometry import KM_A_DEGREE, Bbox, polygons_of

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.footprints.cuts import Numbers

# Parts of a country far from its main body ("northern France" is not north of Guiana) are in no directional part.
_ISLAND_SHARE, _GAP_SHARE = 0.2, 0.25
# Of an ellipse.
_CORNERS = 64


def directional_part(whole: Extents, directions: tuple[str, ...], far: bool, towns: Towns) -> Extents:
    """Return the part of a region in one direction, or in any of several."""
    body, cuts = measured(whole, towns) if whole.known is None else (whole.known.body(whole), whole.known.cuts())
    return united([_part(body, cuts, direction, far) for direction in directions])


def measured(whole: Extents, towns: Towns) -> tuple[Extents, Cuts]:
    """Return the main body of a region, and where its parts begin."""
    if whole.size_km and whole.is_nested:
        # A disc's towns say nothing: it is no more than a guess at a town's size.
        return whole, DiscCuts(whole.zone.bounds)
    body = whole.map(main_body)
    return body, MeasuredCuts(body.zone, nobody if whole.size_km else towns)


def _part(body: Extents, cuts: Cuts, direction: str, far: bool) -> Extents:
    areas = (body.core, body.zone, body.possible)
    if SIDES[direction] == (0, 0):
        ellipses = _ellipses(body.zone, cuts.middle())
        return body.with_areas(*(areas_of(a.intersection(e)) for a, e in zip(areas, ellipses, strict=True)))
    boxes = [_box(direction, edge) for edge in cuts.edges(direction, far)]
    return body.with_areas(*(_clipped(area, box) for area, box in zip(areas, boxes, strict=True)))


def beyond_place(region: Extents, mark: Extents, direction: str) -> Extents:
    """Return what of a region lies beyond a place in a direction, along the parallel and the meridian through it."""
    x, y = SIDES[direction]
    middle, reach = mark.zone.centroid, (mark.size_km + mark.reach_km) / KM_A_DEGREE
    margins = (0.5 * reach, 0.0, -reach)
    boxes = [_box(direction, (middle.x + x * margin, middle.y + y * margin)) for margin in margins]
    areas = (region.core, region.zone, region.possible)
    return region.with_areas(*(_clipped(area, box) for area, box in zip(areas, boxes, strict=True)))


def _box(direction: str, edge: Edge) -> Bbox:
    """Return the box that lies beyond an edge in a direction, open on the sides it does not cut."""
    (x, y), (lon, lat) = SIDES[direction], edge
    return lon if x > 0 else -inf, lat if y > 0 else -inf, lon if x < 0 else inf, lat if y < 0 else inf


def _ellipses(shape: BaseGeometry, sizes: Sequence[float]) -> list[BaseGeometry]:
    """Return the ellipses around the middle of a shape's bounds that are some shares of them."""
    import numpy as np
    from shapely import polygons

    west, south, east, north = shape.bounds
    middle, half = np.array([west + east, south + north]) / 2, np.array([east - west, north - south]) / 2
    outlines = middle + np.multiply.outer(sizes, half)[:, None] * _circle()
    found: list[BaseGeometry] = np.asarray(polygons(outlines)).tolist()
    return found


@lru_cache(maxsize=1)
def _circle() -> Numbers:
    """Return points on the circle around 0, 0 with a radius of 1."""
    import numpy as np

    angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def _clipped(shape: BaseGeometry, box: Bbox) -> BaseGeometry:
    from shapely import Polygon, clip_by_rect

    if shape.is_empty:
        return shape
    bounds = shape.bounds
    # Open sides lie beyond the shape: a clip along its very edge could lose parts of it.
    west, south, east, north = (max(box[n], bounds[n] - 1) if n < 2 else min(box[n], bounds[n] + 1) for n in range(4))
    if west >= east or south >= north:  # the box lies beside the shape
        return Polygon()
    return polygons_of(clip_by_rect(shape, west, south, east, north))


def main_body(shape: BaseGeometry) -> BaseGeometry:
    """Return the parts of a shape that lie together, and those that are a good share of it.

    Parts count as together when gaps are small against the whole: the Greek islands are, Hawaii is not.
    """
    from shapely import MultiPolygon, STRtree, area, get_parts

    parts = get_parts(shape)
    if len(parts) <= 1:
        return shape
    flat = get_parts(_evened(shape))
    areas = area(flat).tolist()
    gap = _GAP_SHARE * sqrt(sum(areas))
    tree = STRtree(flat)
    together = {n for n, size in enumerate(areas) if size >= min(_ISLAND_SHARE * sum(areas), max(areas))}
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
