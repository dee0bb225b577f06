import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import geopandas as gpd
import pytest
from layer_cast import empty_layer, mixed_layer, places_layer, zones_layer

from geo.exports import write_layer
from geo.exports.gpkg import metadata
from geo.exports.qml import rgba, style
from geo.model import Layer


def _written(layer: Layer, folder: Path) -> Path:
    path = folder / "layer.gpkg"
    write_layer(layer, path)
    return path


def _query(path: Path, sql: str) -> list[Any]:
    with sqlite3.connect(path) as database:
        return database.execute(sql).fetchall()


def test_columns_keep_their_types_and_missing_values(tmp_path: Path) -> None:
    frame = gpd.read_file(_written(places_layer(), tmp_path), layer="places")
    assert frame["mentions"].tolist() == [9, 1, 1]
    assert frame["articles"].tolist()[0] == '["a", "b"]'
    assert frame["articles"].isna().tolist() == [False, False, True]
    assert frame.geometry.isna().tolist() == [False, False, True]


def test_the_count_of_changes_tells_nothing_and_the_file_is_whole(tmp_path: Path) -> None:
    path = _written(zones_layer(), tmp_path)
    header = path.read_bytes()[:100]
    assert header[24:28] == header[92:96] == bytes([0, 0, 0, 1])
    assert _query(path, "PRAGMA integrity_check") == [("ok",)]


def test_shapes_keep_their_full_precision(tmp_path: Path) -> None:
    frame = gpd.read_file(_written(places_layer(), tmp_path), layer="places")
    assert frame.geometry.x[1] == 36.123456789


def test_style_is_the_default_of_its_layer(tmp_path: Path) -> None:
    rows = _query(_written(zones_layer(), tmp_path), "SELECT f_table_name, useAsDefault, styleQML FROM layer_styles")
    assert [row[:2] for row in rows] == [("zones", 1)]
    assert "categorizedSymbol" in rows[0][2]


@pytest.mark.parametrize("layer", [mixed_layer(), empty_layer()], ids=["mixed", "empty"])
def test_layer_of_no_single_kind_has_no_style(layer: Layer, tmp_path: Path) -> None:
    assert _query(_written(layer, tmp_path), "SELECT count(*) FROM layer_styles") == [(0,)]


def test_metadata_is_that_of_the_layer(tmp_path: Path) -> None:
    sql = "SELECT r.table_name, m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id"
    [(table, document)] = _query(_written(zones_layer(), tmp_path), sql)
    root = ET.fromstring(document)
    assert table == "zones"
    assert [root.findtext(tag) for tag in ("title", "license")] == ["De-escalation zones", "CC BY 4.0"]
    assert "approximate" in str(root.findtext("abstract"))


def test_metadata_of_a_layer_without_sources_is_whole() -> None:
    assert ET.fromstring(metadata(empty_layer())).findtext("title") == "Places"


def test_title_and_description_are_those_of_the_table(tmp_path: Path) -> None:
    path = _written(zones_layer(), tmp_path)
    [(title, about)] = _query(path, "SELECT identifier, description FROM gpkg_contents WHERE table_name = 'zones'")
    assert title == "De-escalation zones"
    assert "As of 2017-09-15" in about


def _layers(layer: Layer, kind: str) -> list[list[str | None]]:
    root = ET.fromstring(style(layer, kind))
    return [[part.get("class") for part in symbol.findall("layer")] for symbol in root.iterfind(".//symbols/symbol")]


def test_areas_are_filled_hatched_and_outlined_as_the_style_says() -> None:
    assert _layers(zones_layer(), "fill") == [
        ["SimpleFill", "SimpleLine"],
        ["SimpleFill", "SimpleLine"],
        ["LinePatternFill"],
    ]


def test_dashes_are_in_millimetres() -> None:
    root = ET.fromstring(style(zones_layer(), "fill"))
    dashes = [option.get("value") for option in root.iterfind(".//Option[@name='customdash']")]
    assert dashes == ["1.587;0.794"]


def test_hatching_is_in_millimetres() -> None:
    root = ET.fromstring(style(zones_layer(), "fill"))
    assert [option.get("value") for option in root.iterfind(".//Option[@name='distance']")] == ["1.852"]


def test_circles_grow_with_their_count() -> None:
    root = ET.fromstring(style(places_layer(), "marker"))
    expressions = {option.get("value") for option in root.iterfind(".//Option[@name='expression']")}
    assert 'max(1.3229, 2.1167 * sqrt(max(1, coalesce("mentions", 1))))' in expressions


def test_labels_are_of_regular_weight() -> None:
    # Where none is told, QGIS draws hairlines.
    root = ET.fromstring(style(places_layer(), "marker"))
    assert [text.get("fontWeight") for text in root.iter("text-style")] == ["50"]


def test_category_is_the_symbol_column() -> None:
    root = ET.fromstring(style(zones_layer(), "fill"))
    assert [c.get("value") for c in root.iterfind(".//category")] == ["idlib/core", "idlib/zone", "idlib/possible"]


def test_missing_colour_is_transparent() -> None:
    assert [rgba(None), rgba("#010203")] == ["0,0,0,0", "1,2,3,255"]


def test_where_the_largest_circle_would_be_too_large_all_shrink() -> None:
    crowded = places_layer().features.assign(mentions=[90_000, 1, 1])
    assert _size_of_towns(replace(places_layer(), features=crowded)) < _size_of_towns(places_layer())


def _size_of_towns(layer: Layer) -> float:
    option = ET.fromstring(style(layer, "marker")).find(".//symbol[@name='0']/layer/Option/Option[@name='size']")
    assert option is not None
    return float(option.attrib["value"])
