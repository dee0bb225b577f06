"""What the index knows around a point: which known place a new record is, and whose country and unit it lies in.

Places are sorted into cells of a tenth of a degree, so that what is near is a few slices of two arrays, however many
records ask.
"""

from __future__ import annotations

import json
import math
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import Index
from geo.gazetteer.names import likeness, normalise, skeletons
from geo.gazetteer.sources import Entry
from geo.geometry import KM_A_DEGREE, distance_km

SAME_PLACE_KM = {
    "city": 5.0, "facility": 3.0, "road": 10.0, "region": 25.0, "water": 25.0, "line": 25.0, "admin2": 60.0,
    "admin1": 150.0,
}  # fmt: skip
"""A place of the same kind and name this close to a known one is that one; farther where the known point is unsure."""

MOST_UNSURE_KM = 10.0
"""No more than this of a known point's uncertainty counts: an area's point is unsure by the whole area."""

LEAST_LIKENESS = 0.6
"""Names that share a skeleton but are less alike than this are other names."""

NEAR_DEGREES = 0.5
"""How near a known town must be to lend a place its country and unit."""

_CELL = 0.1
_COLUMNS = 4096

Rows = npt.NDArray[np.int64]


class Grid:
    """Points of an index sorted by cell."""

    def __init__(self, index: Index, rows: Rows) -> None:
        self._lon, self._lat = np.asarray(index.lon[rows], float), np.asarray(index.lat[rows], float)
        keys = np.floor((self._lat + 90) / _CELL).astype(np.int64) * _COLUMNS
        keys += np.floor((self._lon + 180) / _CELL).astype(np.int64)
        order = np.argsort(keys, kind="stable")
        self._keys, self._rows = keys[order], rows[order]
        self._lon, self._lat = self._lon[order], self._lat[order]

    def near(self, lon: float, lat: float, degrees: float) -> Rows:
        """Return the places within so many degrees of latitude, the nearest first; beyond the antimeridian is far."""
        wide = degrees / max(math.cos(math.radians(lat)), 0.1)
        west, east = (int((min(max(x, -180), 180) + 180) / _CELL) for x in (lon - wide, lon + wide))
        south, north = (int((min(max(y, -90), 90) + 90) / _CELL) for y in (lat - degrees, lat + degrees))
        bounds = np.array([[line * _COLUMNS + west, line * _COLUMNS + east + 1] for line in range(south, north + 1)])
        slices = [slice(a, b) for a, b in np.searchsorted(self._keys, bounds).tolist() if b > a]
        if not slices:
            return np.empty(0, np.int64)
        x = np.concatenate([self._lon[part] for part in slices]) - lon
        y = np.concatenate([self._lat[part] for part in slices]) - lat
        far = np.hypot(x * math.cos(math.radians(lat)), y)
        order = np.argsort(far, kind="stable")
        nearest: Rows = np.concatenate([self._rows[part] for part in slices])[order[far[order] <= degrees]]
        return nearest


class KnownPlaces:
    """The places of an index by whereabouts, kind and name."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._grids: dict[str, Grid] = {}
        self._spellings = lru_cache(maxsize=2_000)(self._spellings_of)

    def _grid(self, feature: str) -> Grid:
        if feature not in self._grids:
            rows = np.flatnonzero(self.index.feature == FEATURES.index(feature))
            self._grids[feature] = Grid(self.index, rows)
        return self._grids[feature]

    @cached_property
    def _unit_codes(self) -> dict[int, str]:
        units: dict[str, int] = json.loads((self.index.folder / "units.json").read_text(encoding="utf-8"))
        return {row: code for code, row in units.items()}

    @cached_property
    def _names_of_rows(self) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """Where each row's names start, and the ids of the names in the order of rows."""
        starts = np.concatenate([[0], np.cumsum(self.index.name_count)]).astype(np.int64)
        every = self.index.pairs(0, len(self.index.classes))
        return starts, every.ids[np.argsort(every.rows, kind="stable")]

    def _spellings_of(self, row: int) -> tuple[tuple[str, frozenset[str]], ...]:
        """Return the names of a place with their skeletons."""
        starts, names = self._names_of_rows
        known = [self.index.name(name) for name in names[starts[row] : starts[row + 1]].tolist()]
        return tuple((name, frozenset(skeletons(name))) for name in known)

    def as_known(self, entry: Entry) -> Entry:
        """Return an entry under the id of the known place that it is; as it is where it is new."""
        reach = SAME_PLACE_KM.get(entry.feature)
        if reach is None or self.index.row_of(entry.id) is not None:
            return entry
        around = self._grid(entry.feature).near(entry.lon, entry.lat, (reach + MOST_UNSURE_KM) / KM_A_DEGREE)
        if not len(around):
            return entry
        names = [(normalise(name), frozenset(skeletons(name))) for name in entry.names]
        same = next(
            (row for row in around.tolist() if self._is_near(row, entry, reach) and self._alike(row, names)), None
        )
        return entry if same is None else entry._replace(id=self.index.id_of(same))

    def _is_near(self, row: int, entry: Entry, reach: float) -> bool:
        unsure = min(float(self.index.uncertainty_km[row]), MOST_UNSURE_KM)
        point = float(self.index.lon[row]), float(self.index.lat[row])
        return distance_km(*point, entry.lon, entry.lat) <= reach + unsure

    def _alike(self, row: int, names: list[tuple[str, frozenset[str]]]) -> bool:
        """Tell whether a place bears one of the names, in this spelling or another."""
        return any(
            name == other or (keys & other_keys and likeness(name, other) >= LEAST_LIKENESS)
            for other, other_keys in self._spellings(row)
            for name, keys in names
        )

    def with_unit(self, entry: Entry) -> Entry:
        """Return an entry with the country and first-level unit of the nearest town, where it has none."""
        if entry.country and entry.admin1:
            return entry
        around = self._grid("city").near(entry.lon, entry.lat, NEAR_DEGREES)
        if not len(around):
            return entry
        row = int(around[0])
        country = self.index.country_codes[int(self.index.country[row])]
        if entry.country and entry.country != country:
            return entry
        unit = self._unit_codes.get(int(self.index.admin1[row]), "")
        return entry._replace(country=country, admin1=entry.admin1 or unit)
