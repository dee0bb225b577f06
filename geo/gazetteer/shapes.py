"""The shapes that come with Dateline: Natural Earth, made by ``scripts/build_shapes.py``."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, overload

from geo.errors import DataFileError
from geo.gazetteer.areas import Areas
from geo.geometry import CRS, Bbox
from geo.settings import data_dir

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

ShapeFile = Literal["admin1", "countries", "countries_world", "borders", "lakes", "rivers", "towns"]


class Rows(Sequence[dict[str, str]]):
    """The rows of a CSV file, each read when it is asked for: of thousands most never are.

    Parameters
    ----------
    lines
        One a row, the first with the names of the columns.
    """

    def __init__(self, lines: Sequence[str]) -> None:
        self._columns = lines[0].split(",")
        self._lines = lines[1:]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self._lines)

    @overload
    def __getitem__(self, row: int) -> dict[str, str]: ...
    @overload
    def __getitem__(self, row: slice) -> list[dict[str, str]]: ...
    def __getitem__(self, row: int | slice) -> dict[str, str] | list[dict[str, str]]:
        """Return one row, or several, by column."""
        if isinstance(row, slice):
            return [self[number] for number in range(len(self))[row]]
        return dict(zip(self._columns, next(csv.reader([self._lines[row]])), strict=True))

    def codes(self, column: str) -> list[str]:
        """Return a column of all rows; neither it nor those before it may hold commas or quotes."""
        at = self._columns.index(column)
        return [line.split(",", at + 1)[at] for line in self._lines]


class ShapeTable:
    """One table of areas with ``country`` (ISO code) and names: read row by row, without GDAL and pandas.

    Parameters
    ----------
    name
        ``admin1`` or ``countries``, a folder of ``data/shapes``.
    redrawn
        Areas that take the place of ours, by row.
    source
        Where those are from.
    """

    def __init__(self, name: str, redrawn: Mapping[int, BaseGeometry] | None = None, source: str = "") -> None:
        self._areas = Areas(data_dir() / "shapes" / name)
        self._redrawn = dict(redrawn or {})
        self._source = source

    @cached_property
    def rows(self) -> Rows:
        """What is known of each area, by row; "" where nothing is."""
        return Rows(_opened(self._areas.folder / "table.csv").read_text(encoding="utf-8").rstrip("\n").split("\n"))

    @cached_property
    def by_country(self) -> dict[str, list[int]]:
        """The rows of each country, by ISO code."""
        found: dict[str, list[int]] = {}
        for number, country in enumerate(self.rows.codes("country")):
            found.setdefault(country, []).append(number)
        return found

    def shape(self, row: int) -> BaseGeometry:
        """Return the area of a row."""
        return self._redrawn[row] if row in self._redrawn else self._areas[row]

    def source(self, row: int) -> str:
        """Return where the area of a row is from; "" for ours."""
        return self._source if row in self._redrawn else ""

    def touching(self, shape: BaseGeometry, within: float = 0.0) -> list[int]:
        """Return the rows whose area comes within so many degrees of a shape; by default has a point in common."""
        from shapely import dwithin, prepare

        prepare(shape)
        west, south, east, north = shape.bounds
        near = self._areas.meeting((west - within, south - within, east + within, north + within))
        return [row for row in sorted({*near, *self._redrawn}) if dwithin(shape, self.shape(row), within)]

    def frame(self, rows: Sequence[int]) -> gpd.GeoDataFrame:
        """Return some rows as a table for GIS, EPSG:4326; None where nothing is known."""
        import geopandas as gpd
        import pandas as pd

        columns = list(self.rows[0])
        known: Any = [[self.rows[row][column] or None for column in columns] for row in rows]
        return gpd.GeoDataFrame(
            pd.DataFrame(known, columns=columns), geometry=[self.shape(row) for row in rows], crs=CRS
        )


def _opened(path: Path) -> Path:
    if not path.is_file():
        raise DataFileError(f"The table {path} is not there.", "Install Dateline again.")
    return path


def read_shapes(name: ShapeFile, bbox: Bbox | None = None) -> gpd.GeoDataFrame:
    """Return the features of one shape file, EPSG:4326, those that touch ``bbox`` where it is given.

    ``admin1`` and ``countries`` have about 1 km of detail and share their edges; ``countries_world`` about 10 km;
    ``borders`` are land borders with ``status`` border or disputed; ``lakes`` and ``rivers`` have a ``scale``.

    Raises
    ------
    DataFileError
        The file is missing or damaged.
    """
    import pyogrio

    if name in {"admin1", "countries"}:
        return _table_frame(name, bbox)
    path = _file(name)
    try:
        # The member's name is known: GDAL would otherwise have to list the archive first.
        frame: gpd.GeoDataFrame = pyogrio.read_dataframe(f"/vsizip/{path}/{path.stem}", bbox=bbox)
    except pyogrio.errors.DataSourceError as error:
        raise DataFileError(f"The shape file {path} cannot be read.", "Install Dateline again.") from error
    return frame


def read_water(name: Literal["lakes", "rivers"]) -> list[BaseGeometry]:
    """Return the parts of all lakes or rivers, without GDAL and pandas.

    Raises
    ------
    DataFileError
        The file is missing or damaged.
    """
    from shapely import from_geojson, get_parts
    from shapely.errors import GEOSException

    path = _file(name)
    try:
        with zipfile.ZipFile(path) as archive:
            features = from_geojson(archive.read(path.stem))
    except (OSError, KeyError, zipfile.BadZipFile, GEOSException) as error:
        raise DataFileError(f"The shape file {path} cannot be read.", "Install Dateline again.") from error
    return list(get_parts(get_parts(features)))


def _file(name: str) -> Path:
    kind = "geojson" if name in {"lakes", "rivers"} else "fgb"
    return data_dir() / "shapes" / f"{name}.{kind}.zip"


def _table_frame(name: str, bbox: Bbox | None) -> gpd.GeoDataFrame:
    from shapely import box

    table = ShapeTable(name)
    return table.frame(table.touching(box(*bbox)) if bbox else range(len(table.rows)))
