"""Zone data files: what is read, and what is said about wrong ones."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
from zone_cast import COMMON, ZONE, zone_folder

from geo.errors import DataFileError
from geo.settings import data_dir
from geo.zones.loading import load_definitions


def test_a_folder_gives_its_days_and_zones(tmp_path: Path) -> None:
    found = load_definitions(zone_folder(tmp_path))
    assert found.default_day == dt.date(2017, 6, 1)
    assert [zone.id for zone in found.zones] == ["hama"]
    assert found.zones[0].names["ru"] == "Зона Хама"


def test_a_status_changes_on_its_day(tmp_path: Path) -> None:
    east = load_definitions(zone_folder(tmp_path)).zones[0].evidence[2]
    assert east.status_on(dt.date(2017, 7, 31)) == "inside"
    assert east.status_on(dt.date(2017, 8, 1)) == "outside"


def test_evidence_holds_between_its_days(tmp_path: Path) -> None:
    dated = ZONE.replace("status: ambiguous", "from: 2017-06-01, to: 2017-06-30, status: inside")
    point = load_definitions(zone_folder(tmp_path, dated)).zones[0].evidence[-1]
    statuses = [point.status_on(dt.date(2017, month, 15)) for month in (5, 6, 7)]
    assert statuses == [None, "inside", None]
    assert point.turning_days == (dt.date(2017, 6, 1), dt.date(2017, 7, 1))


@pytest.mark.parametrize(
    ("old", "new", "complaint", "remedy"),
    [
        ("id: hama", "id: homs", "'homs' differs", "Set id: hama"),
        ("country: SY\n", "", "'country' is missing", "Add country"),
        ("status: agreed", "status: dreamt", "'status' is 'dreamt'", "agreed, claimed, derived"),
        ("from: 2017-05-06", "from: spring", "'from' holds 'spring'", "YYYY-MM-DD"),
        ("to: 2017-09-30", "to: 2016-09-30", "lies before", "Swap"),
        ("to: 2017-09-30", "to: 2017-09-31", "no day 2017-09-31", "Correct the file"),
        ("accuracy_km: 2", "accuracy_km: wide", "'accuracy_km' is 'wide'", "number"),
        ("accuracy_km: 2", "accuracy_km: 2\nacuracy: 3", "unknown key 'acuracy'", "Correct or remove"),
        ("accuracy_km: 2", "accuracy_km: 2\naccuracy_km: 3", "twice", "Correct"),
        ("lat: 35.13, status: inside", "lat: 135.13, status: inside", "'lat' is 135.13", "from -90 to 90"),
        ("lat: 35.13, status: inside", "lat: .nan, status: inside", "'lat' is nan", "from -90 to 90"),
        ("status: inside, source: seen}", "status: within, source: seen}", "'status' is 'within'", "inside"),
        ("status: inside, source: seen}", "status: inside, source: heard}", "'heard' is not described", "sources:"),
        ("radius_km: 2, ", "", "has no 'radius_km'", "how far"),
        ("changes: {2017-08-01: outside}", "changes: [outside]", "'changes' holds", "changes: {"),
        ("changes: {2017-08-01: outside}", "changes: {August: outside}", "'August'", "YYYY-MM-DD"),
        ("names: {en:", "names: [en,", "not valid YAML", "Correct the file"),
        ("en: Hama zone, ", "", "'en' is missing", "Add en"),
        ("events:", "events: none\nevenings:", "'events' is 'none'", "a list"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, old: str, new: str, complaint: str, remedy: str) -> None:
    assert old in ZONE
    folder = zone_folder(tmp_path, ZONE.replace(old, new, 1))
    with pytest.raises(DataFileError, match=re.escape(complaint)) as caught:
        load_definitions(folder)
    assert "hama.yaml" in str(caught.value)
    assert remedy in caught.value.remedy


def test_a_complaint_names_the_line(tmp_path: Path) -> None:
    line = 1 + ZONE.splitlines().index(next(row for row in ZONE.splitlines() if "name: East" in row))
    folder = zone_folder(tmp_path, ZONE.replace("lon: 36.90", "lon: 336.90"))
    with pytest.raises(DataFileError, match=f"line {line}"):
        load_definitions(folder)


def test_a_complaint_about_a_key_names_its_line(tmp_path: Path) -> None:
    line = 1 + ZONE.splitlines().index("accuracy_km: 2")
    folder = zone_folder(tmp_path, ZONE.replace("accuracy_km: 2", "accuracy_km: wide"))
    with pytest.raises(DataFileError, match=f"line {line}"):
        load_definitions(folder)


@pytest.mark.parametrize("content", [b"", b"- a list\n", b"\xff\xfe\x00", b"id: [hama\n", b"id: hama\x00"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, content: bytes) -> None:
    zone_folder(tmp_path)
    (tmp_path / "hama.yaml").write_bytes(content)
    with pytest.raises(DataFileError, match=r"hama\.yaml"):
        load_definitions(tmp_path)


def test_a_folder_without_the_common_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"common\.yaml is missing"):
        load_definitions(tmp_path)


def test_a_folder_without_zones_has_none(tmp_path: Path) -> None:
    (tmp_path / "common.yaml").write_text(COMMON, "utf-8")
    assert load_definitions(tmp_path).zones == ()


def test_a_zone_without_evidence_is_refused(tmp_path: Path) -> None:
    bare = ZONE[: ZONE.index("evidence:")]
    with pytest.raises(DataFileError, match="no evidence point is inside"):
        load_definitions(zone_folder(tmp_path, bare))


@pytest.mark.parametrize(
    ("shape", "complaint"),
    [
        ("{method: corridor, line: [[36, 35]], km: [1, 2, 3]}", "needs two points"),
        ("{method: corridor, line: [[36, 35], [37, 35]], km: [3, 2, 1]}", "'km' is"),
        ("{method: inner_band, line: [[36, 35], [37, 35]], km: [1, 2, 3]}", "'of' and 'line_of'"),
        ("{method: blob, line: [[36, 35], [37, 35]], km: [1, 2, 3]}", "'method' is 'blob'"),
    ],
)
def test_a_wrong_shape_is_refused(tmp_path: Path, shape: str, complaint: str) -> None:
    derived = ZONE[: ZONE.index("evidence:")] + f"shape: {shape}\n"
    with pytest.raises(DataFileError, match=re.escape(complaint)):
        load_definitions(zone_folder(tmp_path, derived))


def test_every_source_of_ours_is_titled_and_evidence_under_a_licence_says_so() -> None:
    zones = load_definitions(data_dir() / "shapes" / "zones").zones
    lists = {zone.sources[point.source] for zone in zones for point in zone.evidence}
    licences = {source.title.split(",")[0]: source.licence for source in lists}
    assert licences["Wikipedia"] == "CC BY-SA 4.0"
    assert licences["GeoNames"] == "CC BY 4.0"
