"""The shapes that come with Dateline: Natural Earth, thinned and zipped by ``scripts/build_shapes.py``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from geo.errors import DataFileError
from geo.geometry import Bbox
from geo.settings import data_dir

if TYPE_CHECKING:
    import geopandas as gpd

ShapeFile = Literal["admin1", "countries", "countries_world", "borders", "lakes", "rivers", "towns"]


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

    path = data_dir() / "shapes" / f"{name}.fgb.zip"
    try:
        # A fixed member name: GDAL would otherwise have to list the archive first.
        frame: gpd.GeoDataFrame = pyogrio.read_dataframe(f"/vsizip/{path}/{name}.fgb", bbox=bbox)
    except pyogrio.errors.DataSourceError as error:
        raise DataFileError(f"The shape file {path} cannot be read.", "Install Dateline again.") from error
    return frame
