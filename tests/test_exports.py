"""What every format has to do, on every layer of the cast."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
from layer_cast import LAYERS, places_layer, zones_layer

from geo.errors import OutputError, UnknownNameError
from geo.exports import FORMATS, format_of, layer_bytes, write_layer
from geo.exports.base import cell, plain
from geo.model import Layer

every_format = pytest.mark.parametrize("suffix", FORMATS)
every_layer = pytest.mark.parametrize("make", LAYERS.values(), ids=list(LAYERS))


@every_format
@every_layer
def test_same_layer_same_bytes(make: Callable[[], Layer], suffix: str) -> None:
    assert layer_bytes(make(), suffix) == layer_bytes(make(), suffix)


@every_format
@every_layer
def test_every_feature_can_be_read_back(make: Callable[[], Layer], suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"layer.{suffix}"
    write_layer(make(), path)
    assert _count(path) == len(make().features)


def _count(path: Path) -> int:
    """Return how many features a file has, over all of its layers but that of styles."""
    if path.suffix == ".parquet":
        return len(gpd.read_parquet(path))
    names = [name for name, _ in pyogrio.list_layers(path) if name != "layer_styles"]
    return sum(int(pyogrio.read_info(path, layer=name, force_feature_count=True)["features"]) for name in names)


@pytest.fixture(scope="session")
def ogrinfo() -> str:
    """GDAL's own program, of Debian's package gdal-bin; its tests are skipped where it is absent."""
    program = shutil.which("ogrinfo")
    if program is None:
        missing = pytest.fail if os.environ.get("DATELINE_REQUIRE_REAL_PARTS") == "1" else pytest.skip
        missing("needs ogrinfo: apt-get install gdal-bin")
    return str(program)


@pytest.mark.parametrize("suffix", sorted(set(FORMATS) - {"parquet"}))  # Debian's GDAL cannot read GeoParquet.
@every_layer
def test_another_gdal_reads_it_without_complaint(
    make: Callable[[], Layer], suffix: str, tmp_path: Path, ogrinfo: str
) -> None:
    path = tmp_path / f"layer.{suffix}"
    write_layer(make(), path)
    run = subprocess.run([ogrinfo, "-ro", "-al", "-so", path], capture_output=True, text=True, check=True)
    assert "successful" in run.stdout
    assert not re.search("error|warning", run.stderr, re.IGNORECASE)


@every_format
def test_bbox_keeps_whole_features_that_touch_it(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"layer.{suffix}"
    write_layer(zones_layer(), path, bbox=(37.2, 35, 40, 36))
    assert _count(path) == 1


def test_bbox_across_the_antimeridian_is_understood() -> None:
    mixed = LAYERS["mixed"]()
    assert b'"id":"c"' not in layer_bytes(mixed, "geojson", bbox=(175, -30, -175, 0))
    assert b'"id":"b"' in layer_bytes(mixed, "geojson", bbox=(175, -30, -175, 0))


@pytest.mark.parametrize(
    ("name", "suffix"), [("A.GeoJSON", "geojson"), (".csv", "csv"), ("kml", "kml"), ("a.b.kmz", "kmz")]
)
def test_format_is_chosen_by_suffix(name: str, suffix: str) -> None:
    assert format_of(name).suffix == suffix


@pytest.mark.parametrize("name", ["zones", "zones.docx", "", "akml", "geojson.txt"])
def test_unknown_suffix_lists_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownNameError, match=r"Use one of \.geojson, .*\.csv"):
        format_of(name)


def test_failing_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        write_layer(places_layer(), tmp_path / "missing" / "a.geojson")
    assert list(tmp_path.iterdir()) == []


def test_values_become_plain() -> None:
    import numpy as np
    import pandas as pd

    missing = [None, float("nan"), pd.NA, pd.NaT, float("inf"), np.float64("nan")]
    assert [plain(value) for value in missing] == [None] * len(missing)
    assert plain([np.int64(1), (2.5, True), np.array([3])]) == [1, [2.5, True], [3]]
    assert plain({"day": pd.Timestamp("2017-09-15").date(), "set": {"b", "a"}}) == {
        "day": "2017-09-15",
        "set": ["a", "b"],
    }
    assert plain("a\x00\ud800b") == "a\ufffd\ufffdb"


def test_lists_become_json_in_cells() -> None:
    assert cell(["حمص", {"n": 1}]) == '["حمص", {"n": 1}]'
    assert cell("text") == "text"
