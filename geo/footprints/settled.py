"""Where people live, by the gazetteer's towns."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from geo.footprints.cuts import Spread
from geo.gazetteer.classes import FEATURES

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.footprints.cuts import Numbers
    from geo.gazetteer.lookup import Index

# Towns with fewer people hardly move the middle of a region.
_PEOPLE = 2000


class Settled:
    """The towns of a gazetteer, to be asked for by area."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def __call__(self, shape: BaseGeometry) -> Spread:
        """Return the towns in a shape, each with the square root of its population."""
        from shapely import contains_xy, prepare

        west, south, east, north = shape.bounds
        lons, lats, populations = self._towns
        lons = np.where(lons < west, lons + 360, np.where(lons > east, lons - 360, lons))
        near = ((lats >= south) & (lats <= north) & (lons >= west) & (lons <= east)).nonzero()[0]
        prepare(shape)
        inside = near[contains_xy(shape, lons[near], lats[near])]
        return Spread(lons[inside], lats[inside], np.sqrt(populations[inside] + 1.0))

    @cached_property
    def _towns(self) -> tuple[Numbers, Numbers, Numbers]:
        """Longitude, latitude and population of the towns that tell where people are."""
        known = (self._index.feature == FEATURES.index("city")) & (self._index.population >= _PEOPLE)
        cities = known.nonzero()[0]
        return self._index.lon[cities], self._index.lat[cities], self._index.population[cities]
