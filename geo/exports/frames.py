"""Layers as tables of plain columns, written by GDAL's drivers into bytes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from errno import ENOSPC
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError
from geo.exports.base import attribute_names, cell
from geo.geometry import CRS, within_world
from geo.model import Layer

if TYPE_CHECKING:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry.base import BaseGeometry

LEAST_ROOM = 1_000_000
"""Bytes left on the disk of temporary files, below which what was written to it is not trusted to be whole."""


def plain_frame(layer: Layer) -> gpd.GeoDataFrame:
    """Return a layer's features as every table format can hold them.

    Columns are text, whole numbers, numbers or truth values with missing values; lists are JSON text. Shapes have two
    dimensions and are cut at the antimeridian; empty ones are missing.
    """
    import geopandas as gpd

    columns = {name: _column([cell(value) for value in layer.features[name]]) for name in attribute_names(layer)}
    shapes = gpd.GeoSeries([_shape(geometry) for geometry in layer.features.geometry], crs=CRS)  # type: ignore[arg-type]
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=CRS)


def _column(cells: list[Any]) -> pd.Series[Any]:
    """Return cells as the narrowest type that holds them all; text where they differ or all are missing."""
    import pandas as pd

    kinds = {type(value) for value in cells if value is not None}
    for dtype, held in (("boolean", {bool}), ("Int64", {int}), ("Float64", {int, float})):
        if kinds and kinds <= held:
            return pd.Series(cells, dtype=dtype)
    return pd.Series([None if value is None else str(value) for value in cells], dtype="string")


def _shape(geometry: BaseGeometry | None) -> BaseGeometry | None:
    from shapely import force_2d

    return None if geometry is None or geometry.is_empty else within_world(force_2d(geometry))


def geometry_type(frame: gpd.GeoDataFrame) -> str:
    """Return the one kind of shape that the features have, many-part where any is; ``Unknown`` where kinds differ."""
    kinds = {kind for kind in frame.geometry.geom_type if isinstance(kind, str)}
    single = {kind.removeprefix("Multi") for kind in kinds}
    if len(single) != 1:
        return "Unknown"
    return kinds.pop() if len(kinds) == 1 else f"Multi{single.pop()}"


def gdal_bytes(frame: gpd.GeoDataFrame, name: str, driver: str, **options: Any) -> bytes:
    """Return the file that one of GDAL's drivers writes of a frame; ``name`` has its suffix."""
    with temporary_folder() as folder:
        path = folder / name
        write_with_gdal(frame, path, driver, **options)
        return path.read_bytes()


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give a folder for files that GDAL or SQLite write, which goes in the end.

    Raises
    ------
    OutputError
        Its disk is full or may not be written to.
    """
    from pyogrio.errors import DataSourceError, FeatureError

    try:
        with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
            yield Path(folder)
            _require_room(folder)
    except (OSError, sqlite3.Error, DataSourceError, FeatureError) as error:
        where = tempfile.tempdir or "The folder for temporary files"
        remedy = "Make room there, or set TMPDIR to another folder."
        raise OutputError(f"{where} cannot be written to.", remedy) from error


def _require_room(folder: str) -> None:
    """Raise OSError where a disk is full: GDAL does not always tell that it could not write the last bytes."""
    if shutil.disk_usage(folder).free < LEAST_ROOM:
        raise OSError(ENOSPC, os.strerror(ENOSPC))


def write_with_gdal(frame: gpd.GeoDataFrame, path: Path, driver: str, **options: Any) -> None:
    """Write a frame with one of GDAL's drivers; ``options`` are those of `pyogrio.write_dataframe` and the driver."""
    import pyogrio

    kind = geometry_type(frame)
    pyogrio.write_dataframe(
        frame,
        path,
        driver=driver,
        layer=path.stem,
        geometry_type=kind,
        promote_to_multi=kind.startswith("Multi"),
        **options,
    )
