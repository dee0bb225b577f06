"""From data files to shapes by day: drawn, kept, and drawn anew when something changes."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import geopandas as gpd
import pytest
from shapely.geometry import Point, box
from zone_cast import ZONE, zone_folder

from geo.errors import DataFileError, InputNotFoundError
from geo.gazetteer.boundaries import open_boundaries
from geo.geometry import area_km2
from geo.settings import Settings, data_dir
from geo.zones.loading import load_definitions
from geo.zones.timeline import Timeline, compute, digest, drawn_name, open_timeline, turning_days

START, LATER = dt.date(2017, 5, 6), dt.date(2017, 8, 1)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(cache_dir=tmp_path_factory.mktemp("cache"), zones=zone_folder(tmp_path_factory.mktemp("zones")))


@pytest.fixture(scope="module")
def found(kept: Settings) -> Timeline:
    assert kept.zones is not None
    return open_timeline(kept.zones, kept)


def redrawn(tmp_path: Path, zone: str, boundaries: Path | None = None) -> Timeline:
    settings = Settings(cache_dir=tmp_path / "cache", boundaries=boundaries)
    return open_timeline(zone_folder(tmp_path, zone), settings)


def test_a_shape_may_change_on_the_days_of_its_evidence(found: Timeline) -> None:
    assert turning_days(found.zones[0]) == [START, dt.date(2017, 7, 1), LATER]


def test_a_town_is_inside_until_it_is_lost(found: Timeline) -> None:
    east = Point(36.9, 35.13)
    assert found.extents("hama", LATER - dt.timedelta(days=1)).zone.contains(east)
    assert not found.extents("hama", LATER).zone.contains(east)


def test_an_enclave_is_a_hole_until_it_is_given_up(found: Timeline) -> None:
    hole = Point(36.75, 35.17)
    before, after = found.extents("hama", START), found.extents("hama", LATER)
    assert not before.possible.contains(hole)
    assert after.zone.contains(hole)


def test_what_is_kept_is_what_was_drawn(found: Timeline, kept: Settings) -> None:
    assert kept.zones is not None
    again = open_timeline(kept.zones, kept)
    assert again.extents("hama", START).zone.equals_exact(found.extents("hama", START).zone)


def test_the_same_data_give_the_same_bytes(found: Timeline, kept: Settings, tmp_path: Path) -> None:
    assert kept.zones is not None
    open_timeline(kept.zones, Settings(cache_dir=tmp_path))
    (first,), (second,) = (sorted((folder / "zones").glob("*.json")) for folder in (kept.cache_dir, tmp_path))
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()


def test_timelines_that_nobody_used_for_long_go_when_another_is_drawn(tmp_path: Path) -> None:
    redrawn(tmp_path, ZONE)
    (former,) = (tmp_path / "cache" / "zones").glob("*.json")
    os.utime(former, (0, 0))
    redrawn(tmp_path, ZONE.replace("lat: 35.35", "lat: 35.55"))
    (left,) = (tmp_path / "cache" / "zones").glob("*.json")
    assert left != former


def test_a_damaged_file_in_the_cache_is_drawn_anew(tmp_path: Path, found: Timeline) -> None:
    redrawn(tmp_path, ZONE)
    (path,) = (tmp_path / "cache" / "zones").glob("*.json")
    path.write_bytes(path.read_bytes()[:100])
    again = redrawn(tmp_path, ZONE)
    assert again.extents("hama", START).zone.equals_exact(found.extents("hama", START).zone)


def test_a_changed_data_file_is_drawn_anew(tmp_path: Path, found: Timeline) -> None:
    moved = redrawn(tmp_path, ZONE.replace("lat: 35.35", "lat: 35.55"))
    assert area_km2(moved.extents("hama", START).zone) > area_km2(found.extents("hama", START).zone)


def test_a_cache_that_cannot_be_written_does_not_stop_the_drawing(tmp_path: Path, found: Timeline) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    drawn = redrawn(tmp_path, ZONE)
    assert drawn.extents("hama", START).zone.equals_exact(found.extents("hama", START).zone)


def test_the_users_own_boundaries_are_followed(tmp_path: Path) -> None:
    syria = open_boundaries(None).country("SY")
    assert syria is not None
    west = syria.intersection(box(30, 30, 36.85, 40))
    gpd.GeoDataFrame({"name": ["Hama"]}, geometry=[west], crs="EPSG:4326").to_file(tmp_path / "own.geojson")
    drawn = redrawn(tmp_path, ZONE, tmp_path / "own.geojson").extents("hama", START)
    assert drawn.possible.bounds[2] < 37.1


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("country: SY", "country: QQ", "country 'QQ' is unknown"),
        ("admin1: Hama", "admin1: Atlantis", "no unit of SY is named 'Atlantis'"),
        (
            "lon: 36.75, lat: 35.13",
            "lon: 35.13, lat: 36.75",
            "'Centre' at longitude 35.13, latitude 36.75 lies outside",
        ),
        ("lat: 35.2, accuracy", "lat: 38.2, accuracy", "'Hill'"),
    ],
)
def test_what_the_boundaries_belie_is_refused(tmp_path: Path, old: str, new: str, complaint: str) -> None:
    with pytest.raises(DataFileError, match=complaint) as caught:
        redrawn(tmp_path, ZONE.replace(old, new, 1))
    assert "hama.yaml" in str(caught.value)
    assert caught.value.remedy


def test_a_band_inside_an_unknown_zone_is_refused(tmp_path: Path) -> None:
    shape = "{method: inner_band, of: homs, line_of: 2017-06-01, line: [[36, 35], [37, 35]], km: [1, 2, 3]}"
    with pytest.raises(DataFileError, match="no zone 'homs'"):
        redrawn(tmp_path, ZONE[: ZONE.index("evidence:")] + f"shape: {shape}\n")


def test_a_point_beyond_the_border_may_name_the_country_that_holds_it(tmp_path: Path) -> None:
    antakya = "  - {name: Antakya, lon: 36.16, lat: 36.2, status: outside, source: seen, country: TR}\n"
    folder = zone_folder(tmp_path, ZONE.replace("evidence:\n", "evidence:\n" + antakya))
    assert compute(load_definitions(folder), open_boundaries(None))["hama"]


def test_the_shapes_that_come_with_the_data_are_those_of_the_data() -> None:
    folder = data_dir() / "shapes" / "zones"
    assert [path.name for path in folder.glob("drawn-*")] == [drawn_name(digest(folder, None))], (
        "run scripts/draw_zones.py"
    )
    shipped = open_timeline(folder, Settings())
    drawn = compute(load_definitions(folder), open_boundaries(None))
    assert {zone: [state.since for state in states] for zone, states in shipped.states.items()} == {
        zone: [state.since for state in states] for zone, states in drawn.items()
    }
    # Another machine's arithmetic may differ in the last digits.
    for zone, states in drawn.items():
        for old, new in zip(shipped.states[zone], states, strict=True):
            assert area_km2(old.extents.zone) == pytest.approx(area_km2(new.extents.zone), rel=0.01)


def test_the_shapes_that_come_with_the_data_need_no_drawing(tmp_path: Path) -> None:
    open_timeline(data_dir() / "shapes" / "zones", Settings(cache_dir=tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_boundaries_that_are_missing_are_no_matter_of_the_cache(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings(cache_dir=tmp_path / "cache", boundaries=tmp_path / "missing.geojson")
    with pytest.raises(InputNotFoundError, match=r"missing.geojson is not there"):
        open_timeline(zone_folder(tmp_path, ZONE), settings)
    assert caplog.text == ""
