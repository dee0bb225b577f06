"""Areas in memory-mapped arrays: of thousands only those asked for are read, and processes share the pages.

The layout is that of multipolygons in `shapely.to_ragged_array` (GeoArrow's): coordinates, and where each ring, part
and area begins. Coordinates are longitude, latitude in whole millionths of a degree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.errors import DataFileError
from geo.geometry import Bbox

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_A_DEGREE = 1_000_000


class Areas:
    """The areas of one folder, by row; rounded to six decimals, empty ones included.

    Raises
    ------
    DataFileError
        When an area is asked for and a file of the folder is missing or damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __len__(self) -> int:
        """Return how many areas there are."""
        return len(self._areas) - 1

    def __getitem__(self, row: int) -> BaseGeometry:
        """Return one area."""
        from shapely import GeometryType, from_ragged_array

        parts = self._areas[row : row + 2].astype(np.int64)
        rings = self._parts[parts[0] : parts[1] + 1].astype(np.int64)
        points = self._rings[rings[0] : rings[-1] + 1].astype(np.int64)
        xy = self._coordinates[points[0] : points[-1]] / _A_DEGREE
        offsets = (points - points[0], rings - rings[0], parts - parts[0])
        area: BaseGeometry = from_ragged_array(GeometryType.MULTIPOLYGON, xy, offsets)[0]
        return area

    def is_empty(self, row: int) -> bool:
        """Tell whether an area is empty, without making it."""
        return bool(self._areas[row] == self._areas[row + 1])

    def meeting(self, bbox: Bbox) -> list[int]:
        """Return the rows of the areas whose bounds meet a box, which may run on past longitude 180."""
        west, south, east, north = bbox
        bounds = self._bounds / _A_DEGREE
        beside = (bounds[:, 0] > east) | (bounds[:, 2] < west) | (bounds[:, 1] > north) | (bounds[:, 3] < south)
        found: list[int] = np.flatnonzero(~beside).tolist()
        return found

    _coordinates = cached_property(lambda self: self._array("coordinates"))
    _rings = cached_property(lambda self: self._array("rings"))
    _parts = cached_property(lambda self: self._array("parts"))
    _areas = cached_property(lambda self: self._array("areas"))
    _bounds = cached_property(lambda self: self._array("bounds"))

    def _array(self, name: str) -> Any:
        path = self.folder / f"{name}.npy"
        try:
            return np.load(path, mmap_mode="r").view(np.ndarray)
        except (OSError, ValueError) as error:
            raise DataFileError(f"The shapes {path} cannot be read.", "Install Dateline again.") from error


def write_areas(areas: Sequence[BaseGeometry], folder: Path) -> None:
    """Write areas into a folder, which is made where it is missing."""
    from shapely import MultiPolygon, bounds, get_parts, to_ragged_array

    whole = np.array([MultiPolygon(get_parts([area])) for area in areas], dtype=object)
    _, xy, (rings, parts, starts) = to_ragged_array(whole)
    arrays = {
        "coordinates": np.rint(xy * _A_DEGREE).astype(np.int32),
        "rings": rings.astype(np.uint32),
        "parts": parts.astype(np.uint32),
        "areas": starts.astype(np.uint32),
        # Of nothing the bounds are the world's corner: they meet no box that anything lies in.
        "bounds": np.rint(np.nan_to_num(bounds(whole), nan=-180) * _A_DEGREE).astype(np.int32),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
