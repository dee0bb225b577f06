"""Where the north of a region begins: by where its land and people are.

Half the weight is a region's area, half its towns, each by the square root of its population. What reports call
northern Mali begins where the towns end, not at half of the Sahara. The shares below were set on 63 named parts of 20
countries (``benchmarks/footprint_directions.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import inf
from typing import TYPE_CHECKING, Protocol

import numpy as np

from geo.geometry import Bbox

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Numbers = NDArray[np.float64]

# Eastward and northward: 1 towards, -1 away, 0 either; both 0 is the centre. Half winds count as quarters.
SIDES = {
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
_NAMES = {wind: name for name, wind in reversed(SIDES.items()) if any(wind)}
_WINDS = sorted(_NAMES)
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


Edge = tuple[float, float]
"""The longitude and the latitude where a part begins; whichever the direction does not cut says nothing."""


class Cuts(Protocol):
    """Where the parts of a region begin."""

    def edges(self, direction: str, far: bool) -> Sequence[Edge]:
        """Return where core, zone and possible of the part in a direction begin."""

    def middle(self) -> Sequence[float]:
        """Return how large core, zone and possible of the centre are, as shares of the region's width and height."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Points with weights: where a region's land or people are."""

    lons: Numbers
    lats: Numbers
    weights: Numbers


Towns = Callable[["BaseGeometry"], Spread]
"""Gives the towns in a shape; without any, only the area counts."""


def nobody(_: BaseGeometry) -> Spread:
    """Return no towns."""
    return Spread(np.empty(0), np.empty(0), np.empty(0))


class MeasuredCuts:
    """Cuts of a shape, measured.

    Parameters
    ----------
    shape
        What is cut.
    towns
        Gives the towns in it.
    """

    def __init__(self, shape: BaseGeometry, towns: Towns) -> None:
        self._shape = shape
        self._spread = spread_of(shape, towns)

    def edges(self, direction: str, far: bool) -> list[Edge]:
        """Return where core, zone and possible of the part in a direction begin."""
        x, y = SIDES[direction]
        towards, most = self._towards(direction), [1 - share * (_LEAST_FAR if far else 1) for share in _LEAST]
        least = self._quantiles(towards, most)
        kept = [towards >= min(cut, enough) for cut, enough in zip(_cuts(direction, far), least, strict=True)]
        lons, lats = self._spread.lons, self._spread.lats
        return [
            (float((np.min if x > 0 else np.max)(lons[inside])), float((np.min if y > 0 else np.max)(lats[inside])))
            for inside in kept
        ]

    def middle(self) -> list[float]:
        """Return the shares of the shape's bounds that are its centre, and hold the least weight."""
        west, south, east, north = self._shape.bounds
        away = np.hypot(
            (self._spread.lons - (west + east) / 2) / ((east - west) / 2),
            (self._spread.lats - (south + north) / 2) / ((north - south) / 2),
        )
        return [max(size, least) for size, least in zip(_CENTRE, self._quantiles(away, _LEAST), strict=True)]

    def _towards(self, direction: str) -> Numbers:
        """Return how far in a direction each point lies: the share of weight it leaves behind, less a half."""
        x, y = SIDES[direction]
        east = x * (self._eastward - 0.5) if x else inf
        north = y * (self._northward - 0.5) if y else inf
        return np.minimum(east, north)

    @cached_property
    def _eastward(self) -> Numbers:
        return _ranks(self._spread.lons, self._spread.weights)

    @cached_property
    def _northward(self) -> Numbers:
        return _ranks(self._spread.lats, self._spread.weights)

    def _quantiles(self, values: Numbers, shares: Sequence[float]) -> list[float]:
        """Return the values below which shares of the weight lie."""
        order = np.argsort(values, kind="stable")
        below = np.cumsum(self._spread.weights[order])
        at = np.searchsorted(below, np.multiply(shares, below[-1]))
        return [float(value) for value in values[order][np.minimum(at, len(values) - 1)]]


class DiscCuts:
    """Cuts of a disc, which are those of any other.

    Parameters
    ----------
    bounds
        Of the disc.
    """

    def __init__(self, bounds: Bbox) -> None:
        self._bounds = bounds

    def edges(self, direction: str, far: bool) -> list[Edge]:
        """Return where core, zone and possible of the part in a direction begin."""
        west, south, east, north = self._bounds
        return [
            (west + (x + 1) / 2 * (east - west), south + (y + 1) / 2 * (north - south))
            for x, y in _disc_edges(direction, far)
        ]

    def middle(self) -> Sequence[float]:
        """Return the shares of the disc's bounds that are its centre."""
        return _disc_middle()


@lru_cache(maxsize=1)
def _unit_disc() -> MeasuredCuts:
    from shapely.geometry import Point

    return MeasuredCuts(Point(0, 0).buffer(1), nobody)


@lru_cache(maxsize=2 * len(SIDES))
def _disc_edges(direction: str, far: bool) -> list[Edge]:
    return _unit_disc().edges(direction, far)


@lru_cache(maxsize=1)
def _disc_middle() -> Sequence[float]:
    return _unit_disc().middle()


class KeptCuts:
    """Cuts that were measured before.

    Parameters
    ----------
    edges
        What `all_edges` returned.
    middle
        How large the centre is.
    """

    def __init__(self, edges: Numbers, middle: Sequence[float]) -> None:
        self._edges, self._middle = edges, middle

    def edges(self, direction: str, far: bool) -> list[Edge]:
        """Return where core, zone and possible of the part in a direction begin."""
        found = self._edges[_WINDS.index(SIDES[direction]), int(far)].tolist()
        return [(lon, lat) for lon, lat in found]

    def middle(self) -> Sequence[float]:
        """Return how large core, zone and possible of the centre are."""
        return self._middle


def all_edges(cuts: Cuts) -> Numbers:
    """Return where the parts in all directions begin: by direction, by whether they are far ones, and by extent."""
    return np.array([[cuts.edges(_NAMES[wind], far) for far in (False, True)] for wind in _WINDS])


def _cuts(direction: str, far: bool) -> tuple[float, float, float]:
    is_quarter = all(SIDES[direction])
    if far:
        return _FAR_QUARTER if is_quarter else _FAR
    return _QUARTER if is_quarter else _HALF


def _ranks(values: Numbers, weights: Numbers) -> Numbers:
    """Return the share of weight below each value, that of equal values counted half."""
    order = np.argsort(values, kind="stable")
    ordered, below = values[order], np.concatenate([[0.0], np.cumsum(weights[order])])
    # Ordered values are found several times sooner.
    first, last = np.searchsorted(ordered, ordered, "left"), np.searchsorted(ordered, ordered, "right")
    ranks = np.empty(len(values))
    ranks[order] = (below[first] + below[last]) / (2 * below[-1])
    return ranks


def spread_of(shape: BaseGeometry, towns: Towns) -> Spread:
    """Return a region's area and towns as points, each with half of the weight."""
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
