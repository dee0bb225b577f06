"""FlatGeobuf, GeoParquet and Shapefile."""

import io
import json
import shutil
import sys
import zipfile
from pathlib import Path

import geopandas as gpd
import pyarrow.parquet as pq
import pyogrio
import pytest
from layer_cast import mixed_layer, places_layer, zones_layer

from geo.errors import OutputError
from geo.exports import layer_bytes, write_layer
from geo.exports.base import about
from geo.exports.shapefile import LONGEST_TEXT, short_names, shortened


def _archive(content: bytes) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(content))


def test_flatgeobuf_keeps_columns_and_shapes(tmp_path: Path) -> None:
    path = tmp_path / "zones.fgb"
    write_layer(zones_layer(), path)
    frame = gpd.read_file(path).set_index("id").loc[list(zones_layer().features["id"])]
    assert frame.geometry.geom_equals(zones_layer().features.set_index("id").geometry).all()
    assert frame["name_ar"].tolist()[:2] == ["إدلب", "إدلب"]


def test_flatgeobuf_has_an_index_where_it_can(tmp_path: Path) -> None:
    for layer in (zones_layer(), places_layer()):
        write_layer(layer, tmp_path / f"{layer.name}.fgb")
    fast = [
        pyogrio.read_info(tmp_path / f"{name}.fgb")["capabilities"]["fast_spatial_filter"]
        for name in ("zones", "places")
    ]
    assert fast == [True, False]


def test_flatgeobuf_carries_what_is_said_of_the_layer(tmp_path: Path) -> None:
    write_layer(zones_layer(), tmp_path / "zones.fgb")
    told = pyogrio.read_info(tmp_path / "zones.fgb")["layer_metadata"]
    assert told["TITLE"] == zones_layer().title
    assert json.loads(told["dateline"]) == about(zones_layer())


def test_parquet_carries_what_is_said_of_the_layer() -> None:
    table = pq.read_table(io.BytesIO(layer_bytes(zones_layer(), "parquet")))
    told = json.loads(table.schema.metadata[b"dateline"])
    assert (told["title"], told["on"], told["approximate"]) == ("De-escalation zones", "2017-09-15", True)
    assert b"geo" in table.schema.metadata


def test_parquet_without_pyarrow_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(OutputError, match=r"pip install 'dateline\[parquet\]'"):
        layer_bytes(places_layer(), "parquet")


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "shp.zip"])
def test_a_full_disk_of_temporary_files_is_a_plain_error(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    full = shutil.disk_usage("/")._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: full)
    with pytest.raises(OutputError, match=r"cannot be written to. Make room there, or set TMPDIR"):
        layer_bytes(zones_layer(), suffix)


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "shp.zip"])
def test_what_gdal_cannot_write_is_a_plain_error(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise pyogrio.errors.DataSourceError("No space left on device")

    monkeypatch.setattr(pyogrio, "write_dataframe", refuse)
    with pytest.raises(OutputError, match="cannot be written to"):
        layer_bytes(zones_layer(), suffix)


def test_shapefile_names_are_short_and_distinct() -> None:
    names = [f"a very long name {n}" for n in range(12)] + ["A_VERY_LON", "حمص"]
    short = list(short_names(names).values())
    assert max(map(len, short)) == 10
    assert len({name.lower() for name in short}) == len(names)


def test_shapefile_tells_what_was_shortened() -> None:
    readme = _archive(layer_bytes(zones_layer(), "shp.zip")).read("README.txt").decode()
    assert "valid_from" not in readme.split("Shortened")[0]
    assert "As of 2017-09-15" in readme
    assert "A report, The Example, 2017-09-15" in readme


def test_shapefile_holds_each_kind_of_shape_by_itself() -> None:
    names = _archive(layer_bytes(mixed_layer(), "shp.zip")).namelist()
    shapes = [name for name in names if name.endswith(".shp")]
    assert shapes == ["footprints_areas.shp", "footprints_points.shp"]


def test_shapefile_text_is_utf_8(tmp_path: Path) -> None:
    write_layer(zones_layer(), tmp_path / "zones.shp.zip")
    assert gpd.read_file(tmp_path / "zones.shp.zip")["name_ar"].tolist()[:2] == ["إدلب", "إدلب"]


@pytest.mark.parametrize("text", ["a" * 300, "ح" * 200, "ab" + "ح" * 200])
def test_shapefile_texts_are_cut_between_characters(text: str) -> None:
    short = shortened(text)
    assert short.endswith("…")
    assert LONGEST_TEXT - 2 <= len(short.encode()) <= LONGEST_TEXT
    assert text.startswith(short[:-1])


def test_shapefile_texts_that_fit_stay() -> None:
    assert [shortened(value) for value in ("a" * 254, "", None, 5)] == ["a" * 254, "", None, 5]


@pytest.mark.filterwarnings("error")
def test_shapefile_is_written_without_warnings() -> None:
    layer = zones_layer()
    layer.features["definition"] = "ح" * 1000
    assert layer_bytes(layer, "shp.zip").startswith(b"PK")
