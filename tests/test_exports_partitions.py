from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import pyarrow.dataset as ds
import pytest
from reading_cast import RASTAN, SOME, reading_of

from geo.exports.partitions import content_hashes, finish_merging, merge, note, noted, stage
from geo.model import Reading

ROWS = [(f"{number:064}", "v1", reading) for number, reading in enumerate(SOME)]


def _undated(reading: Reading) -> Reading:
    return replace(reading, article=replace(reading.article, date=None))


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_country_and_month_is_one_geoparquet_file(tmp_path: Path) -> None:
    stage(tmp_path, "a", ROWS)
    merge(tmp_path)
    unresolved = "country=__HIVE_DEFAULT_PARTITION__/month=2017-08/mentions.parquet"
    assert sorted(_files(tmp_path)) == ["country=SY/month=2017-08/mentions.parquet", unresolved]
    frame = gpd.read_parquet(tmp_path / "country=SY/month=2017-08/mentions.parquet")
    assert (len(frame), frame.crs == "EPSG:4326", frame.name.unique().tolist()) == (30, True, ["Ar Rastān"])
    assert (frame.geometry.x.iloc[0], frame.geometry.y.iloc[0]) == (36.73, 34.92)
    assert gpd.read_parquet(tmp_path / unresolved).geometry.isna().all()


def test_other_engines_read_the_folder_as_one_table(tmp_path: Path) -> None:
    stage(tmp_path, "a", [*ROWS, ("f" * 64, "v1", _undated(SOME[0]))])
    merge(tmp_path)
    table = ds.dataset(tmp_path, partitioning="hive").to_table(columns=["country", "month", "text"])
    assert table.num_rows == 62
    assert set(table["country"].to_pylist()) == {"SY", None}
    assert set(table["month"].to_pylist()) == {"2017-08", None}


@pytest.mark.parametrize("size", [1, 7, 31])
def test_batches_in_any_order_and_done_twice_make_the_same_bytes(tmp_path: Path, size: int) -> None:
    expected, actual = tmp_path / "expected", tmp_path / "actual"
    stage(expected, "all", ROWS)
    merge(expected)
    for start in [*reversed(range(0, len(ROWS), size)), 0]:
        stage(actual, str(start), ROWS[start : start + size])
    merge(actual)
    assert _files(actual) == _files(expected)


def test_a_later_run_adds_to_what_is_there(tmp_path: Path) -> None:
    stage(tmp_path, "a", ROWS[:10])
    merge(tmp_path)
    stage(tmp_path, "b", ROWS[5:])
    merge(tmp_path)
    assert len(set(content_hashes(tmp_path))) == 30  # the one without mentions leaves no trace


def test_a_merge_ended_in_the_middle_is_finished(tmp_path: Path) -> None:
    stage(tmp_path, "a", ROWS)
    note(tmp_path, "merging", b"")
    finish_merging(tmp_path)
    assert len(list(tmp_path.glob("country=*/month=*/mentions.parquet"))) == 2
    assert not (tmp_path / ".staged").exists()


def test_pieces_of_a_run_ended_before_merging_stay(tmp_path: Path) -> None:
    stage(tmp_path, "a", ROWS)
    note(tmp_path, "a.json", b"[]")
    finish_merging(tmp_path)
    assert noted(tmp_path, "a.json") == b"[]"
    assert not list(tmp_path.glob("country=*"))


def test_a_country_leads_to_no_other_folder(tmp_path: Path) -> None:
    reading = reading_of("Rastan")
    resolution = replace(reading.resolutions[0], place=replace(RASTAN, country="../../.."))
    stage(tmp_path / "in", "a", [("0", "", replace(reading, resolutions=(resolution,)))])
    merge(tmp_path / "in")
    assert [path.parts[0] for path in map(Path, _files(tmp_path))] == ["in"]


def test_halves_of_characters_are_replaced(tmp_path: Path) -> None:
    reading = reading_of("Rastan \ud800")
    stage(tmp_path, "a", [("0", "", reading)])
    assert merge(tmp_path) == 2
