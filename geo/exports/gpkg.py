"""GeoPackage, with the layer's style and metadata as QGIS reads them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from geo.exports import qml
from geo.exports.base import Format, abstract, credit, licences, plain
from geo.exports.frames import geometry_type, plain_frame, temporary_folder, write_with_gdal
from geo.model import Layer, Source

if TYPE_CHECKING:
    import geopandas as gpd

_NO_DAY = "1980-01-01T00:00:00.000Z"
"""Stands in the file where the hour of writing would: the same layer has the same bytes."""

_KINDS = {"Point": "marker", "LineString": "line", "Polygon": "fill"}

_TABLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256), f_table_schema TEXT(256),
  f_table_name TEXT(256), f_geometry_column TEXT(256), styleName TEXT(30), styleQML TEXT, styleSLD TEXT,
  useAsDefault BOOLEAN, description TEXT, owner TEXT(30), ui TEXT(30), update_time DATETIME);
CREATE TABLE IF NOT EXISTS gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml', metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE IF NOT EXISTS gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL, md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
"""
_METADATA_EXTENSION = "http://www.geopackage.org/spec121/#extension_metadata"


def encode(layer: Layer) -> bytes:
    """Return a layer as GeoPackage; a layer of several kinds of shapes has the style of none, as QGIS splits it."""
    frame = plain_frame(layer)
    with temporary_folder() as folder:
        path = folder / f"{layer.name}.gpkg"
        # Version 1.3: tools of 2022 warn about newer ones.
        about = {"IDENTIFIER": plain(layer.title), "DESCRIPTION": abstract(layer)}
        write_with_gdal(frame, path, "GPKG", VERSION="1.3", **about)
        with closing(sqlite3.connect(path)) as database:
            _complete(database, layer, frame)
        return _with_fixed_counter(path.read_bytes())


def _with_fixed_counter(content: bytes) -> bytes:
    """Set SQLite's count of changes, and the change its header is valid for, to 1 (SQLite file format, 1.3).

    GDAL may write in one transaction more or less, which leaves no other trace.
    """
    fixed = bytearray(content)
    for offset in (24, 92):
        fixed[offset : offset + 4] = (1).to_bytes(4, "big")
    return bytes(fixed)


FORMAT = Format("gpkg", "GeoPackage", "application/geopackage+sqlite3", encode)


def _complete(database: sqlite3.Connection, layer: Layer, frame: gpd.GeoDataFrame) -> None:
    """Add style and metadata, and take the clock out."""
    database.executescript(_TABLES)
    _add_style(database, layer, frame)
    _add_metadata(database, layer)
    database.execute("UPDATE gpkg_contents SET last_change = ?", [_NO_DAY])
    database.commit()
    database.execute("VACUUM")


def _add_style(database: sqlite3.Connection, layer: Layer, frame: gpd.GeoDataFrame) -> None:
    contents = ("layer_styles", "attributes", "layer_styles", "", _NO_DAY, 0)
    columns = "table_name, data_type, identifier, description, last_change, srs_id"
    _insert(database, "gpkg_contents", columns, contents)
    kind = _KINDS.get(geometry_type(frame).removeprefix("Multi"))
    if kind is not None:
        columns = (
            "f_table_catalog, f_table_schema, f_table_name, f_geometry_column, styleName, styleQML, useAsDefault, "
        )
        row = ("", "", layer.name, "geom", "Dateline", qml.style(layer, kind), 1, plain(layer.title), "", _NO_DAY)
        _insert(database, "layer_styles", f"{columns}description, owner, update_time", row)


def _add_metadata(database: sqlite3.Connection, layer: Layer) -> None:
    document = (1, "dataset", "http://mrcc.com/qgis.dtd", "text/xml", metadata(layer))
    _insert(database, "gpkg_metadata", "id, md_scope, md_standard_uri, mime_type, metadata", document)
    reference = ("table", layer.name, _NO_DAY, 1)
    _insert(database, "gpkg_metadata_reference", "reference_scope, table_name, timestamp, md_file_id", reference)
    for table in ("gpkg_metadata", "gpkg_metadata_reference"):
        extension = (table, "gpkg_metadata", _METADATA_EXTENSION, "read-write")
        _insert(database, "gpkg_extensions", "table_name, extension_name, definition, scope", extension)


def _insert(database: sqlite3.Connection, table: str, columns: str, row: tuple[Any, ...]) -> None:
    marks = ", ".join("?" * len(row))
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608 (all names are ours)


def metadata(layer: Layer) -> str:
    """Return title, abstract, licence, sources and links as QGIS's layer metadata."""
    root = ET.Element("qgis", version="3.22.0")
    texts = {"identifier": layer.name, "parentidentifier": "", "language": "ENG", "type": "dataset"}
    texts |= {"title": plain(layer.title), "abstract": abstract(layer)}
    for tag, text in texts.items():
        ET.SubElement(root, tag).text = text
    links = ET.SubElement(root, "links")
    for source in layer.sources:
        if source.url:
            ET.SubElement(links, "link", _link(source))
    for licence in licences(layer.sources):
        ET.SubElement(root, "license").text = plain(licence)
    for source in layer.sources:
        ET.SubElement(root, "rights").text = credit(source)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode")


def _link(source: Source) -> dict[str, str]:
    kind = {"type": "WWW:LINK", "mimeType": "", "format": "", "size": ""}
    return {"name": plain(source.title), "url": plain(source.url), "description": plain(source.note or ""), **kind}
