"""Choosing a format by suffix, and writing with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from geo.errors import UnknownNameError
from geo.exports import fgb, geojson, gpkg, kml, kmz, parquet, shapefile, table
from geo.exports.base import Format, within_bbox
from geo.files import write_whole
from geo.geometry import Bbox
from geo.model import Layer

FORMATS: Mapping[str, Format] = {
    module.FORMAT.suffix: module.FORMAT for module in (geojson, gpkg, fgb, kml, kmz, parquet, table, shapefile)
}
"""The formats a layer can be written in, by suffix."""


def format_of(name: str) -> Format:
    """Return the format for a file's name or a bare suffix, in any case: ``zones.geojson``, ``.shp.zip``, ``KML``.

    Raises
    ------
    UnknownNameError
        No format has that suffix.
    """
    dotted = f".{name}".lower()
    found = next((known for suffix, known in FORMATS.items() if dotted.endswith(f".{suffix}")), None)
    if found is None:
        known = ", ".join(f".{suffix}" for suffix in FORMATS)
        raise UnknownNameError(f"{name!r} does not end with the suffix of an export format.", f"Use one of {known}.")
    return found


def layer_bytes(layer: Layer, suffix: str, bbox: Bbox | None = None) -> bytes:
    """Return a layer as one file, with the features that touch ``bbox`` (west, south, east, north) or all.

    Same layer, same bytes.

    Raises
    ------
    UnknownNameError
        There is no such format.
    OutputError
        The format needs a package that is not installed.
    """
    return format_of(suffix).encode(within_bbox(layer, bbox))


def write_layer(layer: Layer, path: Path, bbox: Bbox | None = None) -> None:
    """Write a layer to a file, in the format of its suffix; a failing write leaves nothing.

    Raises
    ------
    UnknownNameError
        The suffix belongs to no format.
    OutputError
        The file cannot be written.
    """
    write_whole(path, layer_bytes(layer, path.name, bbox))
