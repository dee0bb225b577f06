"""A user's places: read, kept, layered on the index, whole or not at all."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from geo.errors import InputError, InputNotFoundError, OutputError
from geo.gazetteer import add as add_module
from geo.gazetteer import build, sources, writing
from geo.gazetteer.add import add_file
from geo.gazetteer.index import Index, open_index
from geo.gazetteer.names import normalise
from geo.gazetteer.readers import people
from geo.gazetteer.sources import Entry
from geo.gazetteer.writing import write_index
from geo.settings import Settings

BASE = [
    Entry("geonames:1", "Syria", "country", 38, 35, {"Syria": "main"}, country="SY", unit="SY"),
    Entry("geonames:2", "Homs", "admin1", 38.1, 34.2, {"Homs": "main"}, country="SY", admin1="SY.11", unit="SY.11"),
    Entry(
        "geonames:3", "Homs", "city", 36.72, 34.73, {"Homs": "main"},
        country="SY", admin1="SY.11", population=775404, code="PPLA",
    ),
]  # fmt: skip

DUMP = (
    "10\tTell Test\tTell Test\tتل تست\t34.80\t36.70\tP\tPPL\tSY\t\t11\t\t\t\t1200\t\t400\tAsia/Damascus\t2020-01-01\n"
    "3\tHoms\tHoms\tХомс,Emesa\t34.73\t36.72\tP\tPPLA\tSY\t\t11\t\t\t\t775404\t\t500\tAsia/Damascus\t2020-01-01\n"
    "11\tBad Point\tBad Point\t\t134.80\t36.70\tP\tPPL\tSY\t\t11\t\t\t\t0\t\t0\tAsia/Damascus\t2020-01-01\n"
    "12\tshort\n"
    "13\tWadi Test\tWadi Test\t\t34.90\t36.60\tH\tWAD\tSY\t\t00\t\t\t\t0\t\t0\tAsia/Damascus\t2020-01-01\n"
)
ALTERNATES = (
    "1\t3\tar\tحمص\t1\t\t\t\t\t\n"
    "2\t3\tlink\thttps://example.org/homs\t\t\t\t\t\t\n"
    "3\t3\ten\tEmesa\t\t\t\t1\t\t\n"
    "4\t999\ten\tNobody\t\t\t\t\t\t\n"
    "5\tx\n"
)
WOF_FLAT = [
    {"id": 7, "placetype": "locality", "name": "Kafr Test", "lat": 34.75, "lon": 36.75, "pop": 300,
     "names": {"ara_x_preferred": ["كفر تست"], "und_x_historical": ["Oldtest"]}, "concordances": {"gn:id": 77}},
    {"id": 8, "placetype": "locality", "name": "Homs", "lat": 34.73, "lon": 36.72, "names": {"fra": "Hims"}},
    {"id": 9, "placetype": "locality", "name": "", "lat": 1, "lon": 2},
    "no record",
]  # fmt: skip
WOF_FEATURE = {
    "type": "Feature",
    "properties": {
        "wof:id": 12, "wof:name": "Port Test", "wof:placetype": "campus", "wof:country": "SY",
        "geom:latitude": 34.9, "geom:longitude": 35.9, "name:rus_x_preferred": ["Порт Тест"],
    },
    "geometry": {"type": "Point", "coordinates": [35.9, 34.9]},
}  # fmt: skip
CSV = "name,lat,lon,feature,ar,accuracy_km\nCamp Test,34.7,36.8,facility,مخيم تست,0.5\nNo Point,,,,,\nOdd,1,2,star,,\n"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings whose gazetteer has three places."""

    def entries(_: Path) -> Iterator[Entry]:
        yield from BASE

    monkeypatch.setattr(sources, "entries", entries)
    return Settings(cache_dir=tmp_path / "cache")


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def ids(index: Index, name: str) -> list[str]:
    return [index.id_of(row) for row in index.find(name).tolist()]


def test_a_dump_adds_places_and_names_of_known_ones(small: Settings, tmp_path: Path) -> None:
    report = add_file(written(tmp_path, "SY.txt", DUMP), small)
    index = open_index(small)
    assert (report.places, report.known, report.skipped) == (2, 1, 2)
    assert ids(index, "تل تست") == ["geonames:10"]
    assert ids(index, "Хомс") == ["geonames:3"]
    assert index.place(index.find("Wadi Test")[0]).feature == "water"


def test_an_added_place_has_its_unit_and_the_base_stays_as_it_was(small: Settings, tmp_path: Path) -> None:
    before = [open_index(small).place(row) for row in range(len(BASE))]
    add_file(written(tmp_path, "SY.txt", DUMP), small)
    index = open_index(small)
    place = index.place(int(index.find("Tell Test")[0]))
    assert (place.admin1, place.country, place.population) == ("Homs", "SY", 1200)
    assert [index.place(row) for row in range(len(BASE))] == before


def test_added_names_are_found_by_spelling_and_in_running_text(small: Settings, tmp_path: Path) -> None:
    add_file(written(tmp_path, "SY.txt", DUMP), small)
    index = open_index(small)
    assert [index.id_of(row) for row in index.find_similar("Тель-Тест", "SY")] == ["geonames:10"]
    tokens = [normalise(token) for token in ["near", "Tell", "Test", "and", "Homs"]]
    assert [(m.start, m.end, index.name(m.name_id)) for m in index.matches(tokens)] == [
        (1, 3, "tell test"), (4, 5, "homs")
    ]  # fmt: skip


def test_alternate_names_go_to_known_places_only(small: Settings, tmp_path: Path) -> None:
    report = add_file(written(tmp_path, "alternateNamesV2.txt", ALTERNATES), small)
    index = open_index(small)
    assert (report.places, report.known, report.skipped) == (0, 2, 1)
    assert ids(index, "حمص") == ["geonames:3"]
    assert index.kind_words_of(index.name_id("emesa") or 0) == ("historic",)
    assert ids(index, "Nobody") == []


@pytest.mark.parametrize("layout", ["array", "lines", "collection"])
def test_whos_on_first_records_are_read_in_any_layout(small: Settings, tmp_path: Path, layout: str) -> None:
    records = [*WOF_FLAT[:3], WOF_FEATURE]
    text = {
        "array": json.dumps(records),
        "lines": "\n".join(map(json.dumps, records)),
        "collection": json.dumps({"type": "FeatureCollection", "features": records}),
    }[layout]
    report = add_file(written(tmp_path, "wof.json", text), small)
    index = open_index(small)
    assert (report.places, report.known, report.skipped) == (2, 1, 1)
    assert ids(index, "كفر تست") == ["geonames:77"]
    assert ids(index, "Порт Тест") == ["whosonfirst:12"]


def test_a_town_of_a_known_name_close_by_is_that_town_and_a_bare_point_gets_its_unit(
    small: Settings, tmp_path: Path
) -> None:
    add_file(written(tmp_path, "wof.json", json.dumps(WOF_FLAT)), small)
    index = open_index(small)
    assert ids(index, "Hims") == ["geonames:3"]
    place = index.place(int(index.find("Kafr Test")[0]))
    assert (place.country, place.admin1, place.source) == ("SY", "Homs", "Who's On First")


def test_a_csv_is_read_by_its_header(small: Settings, tmp_path: Path) -> None:
    report = add_file(written(tmp_path, "camps.csv", CSV), small)
    index = open_index(small)
    place = index.place(int(index.find("مخيم تست")[0]))
    assert (report.places, report.skipped) == (1, 2)
    assert (place.id, place.feature, place.uncertainty_km, place.source) == ("camps:2", "facility", 0.5, "camps")


def test_files_add_up_and_adding_again_changes_nothing(small: Settings, tmp_path: Path) -> None:
    dump, csv = written(tmp_path, "SY.txt", DUMP), written(tmp_path, "camps.csv", CSV)
    for path in (dump, csv):
        add_file(path, small)
    index = open_index(small)
    assert (len(index), index.layers) == (6, 3)
    assert add_file(dump, small).already
    assert open_index(small).folder == index.folder
    assert [index.place(row).id for row in range(6)] == [index.id_of(row) for row in range(6)]


def test_a_layer_takes_no_more_than_it_may(small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LAYER_PLACES", 2)
    lines = [f"Town{n},{34 + n / 100},36.7" for n in range(5)]
    add_file(written(tmp_path, "towns.csv", "name,lat,lon\n" + "\n".join(lines)), small)
    index = open_index(small)
    assert (len(index), index.layers) == (8, 4)
    assert [ids(index, f"Town{n}") for n in range(5)] == [[f"towns:{n + 2}"] for n in range(5)]


def test_two_that_start_at_once_build_once(small: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    built = []

    def counted(*args: Any) -> object:
        built.append(args)
        return write_index(*args)

    monkeypatch.setattr(build, "write_index", counted)
    with ThreadPoolExecutor(2) as pool:
        folders = set(pool.map(build.build_index, [small, small]))
    assert (len(folders), len(built)) == (1, 1)
    assert not list(small.cache_dir.glob(".gazetteer-*"))


def test_indexes_of_other_versions_go_when_nobody_used_them_for_long(small: Settings) -> None:
    for name, days in ("gazetteer-unused", 15), ("gazetteer-used", 1), ("other", 15):
        (small.cache_dir / name).mkdir(parents=True)
        os.utime(small.cache_dir / name, (time.time() - days * 86400,) * 2)
    made = open_index(small).folder
    found = {path.name for path in small.cache_dir.iterdir() if path.is_dir()}
    assert found == {made.name, "gazetteer-used", "other"}


def test_an_index_that_is_opened_counts_as_used(small: Settings) -> None:
    folders = [open_index(small).folder]
    add_file(written(small.cache_dir, "SY.txt", DUMP), small)
    folders.append(build.index_folder(small))
    for folder in folders:
        os.utime(folder, (0, 0))
    open_index(small)
    assert all(time.time() - folder.stat().st_mtime < 86400 for folder in folders)


@pytest.mark.parametrize("moment", ["reading", "layering"])
def test_an_interruption_leaves_the_old_state_or_the_new(
    small: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    before = open_index(small).folder
    path = written(tmp_path, "SY.txt", DUMP)

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(*((add_module, "_placed") if moment == "reading" else (build, "write_index")), interrupted)
        with pytest.raises(KeyboardInterrupt):
            add_file(path, small)
    assert before.is_dir()
    assert not list(small.cache_dir.glob("added/.adding-*")) + list(small.cache_dir.glob(".gazetteer-*"))
    added = moment == "layering"
    assert bool(ids(open_index(small), "Tell Test")) is added
    assert add_file(path, small).already is added
    assert ids(open_index(small), "Tell Test") == ["geonames:10"]


MOMENTS = [
    (add_module, "_placed"), (add_module.Progress, "__exit__"), (build, "write_index"), (writing, "_write_places"),
    (writing, "_write_names"), (writing, "_write_skeletons"), (shutil, "rmtree"),
]  # fmt: skip
"""From reading the first record to putting the finished index in its place."""


@pytest.mark.parametrize(("module", "function"), MOMENTS)
def test_being_killed_at_any_moment_leaves_nothing_half_done(
    small: Settings, tmp_path: Path, module: Any, function: str
) -> None:
    open_index(small)
    path = written(tmp_path, "SY.txt", DUMP)

    def killed_there() -> None:
        setattr(module, function, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        add_file(path, small)

    process = get_context("fork").Process(target=killed_there)
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert sorted(ids(open_index(small), "Homs")) == ["geonames:2", "geonames:3"]
    add_file(path, small)
    assert ids(open_index(small), "Tell Test") == ["geonames:10"]
    assert not list(small.cache_dir.glob("added/.adding-*")) + list(small.cache_dir.glob(".gazetteer-*"))


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.txt", "", "empty.txt is empty"),
        ("blank.txt", "  \n\n", "blank.txt is empty"),
        ("binary.txt", "a\0b", "binary.txt is not text"),
        ("prose.txt", "No places here", "no kind that is read"),
        ("cut.json", '[{"id": 1, "name": "A"', "cut.json breaks off"),
        ("other.csv", "town,where\nHoms,there\n", "no column name and none lat and none lon"),
        ("bad.csv", "name,lat,lon\nHoms,north,east\n", "holds no place"),
    ],
)
def test_what_cannot_be_used_is_told_plainly_and_adds_nothing(
    small: Settings, tmp_path: Path, name: str, content: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        add_file(written(tmp_path, name, content), small)
    assert build.added_files(small) == []


@pytest.mark.parametrize(
    ("value", "count"),
    [("120", 120), ("", 0), ("²", 0), ("-5", 0), ("9" * 40, 0), (float("nan"), 0), (float("inf"), 0), ([], 0)],
)
def test_a_population_is_a_number_of_people_or_0(value: object, count: int) -> None:
    assert people(value) == count


def test_records_with_odd_parts_and_fields_without_end_do_not_stop_the_rest(small: Settings, tmp_path: Path) -> None:
    csv.field_size_limit(1_000_000)  # as left behind by whoever read a CSV before
    record = '{"name": "Zubaydah", "lon": 36, "lat": 35, "properties": [1], "concordances": [], "names": 5}'
    assert add_file(written(tmp_path, "records.json", f"[{record}]"), small).places == 1
    rows = f"name,lat,lon\n{'A' * 200_000},35,36\nNurabad,35,37\n"
    report = add_file(written(tmp_path, "long.csv", rows), small)
    assert (report.places, report.skipped) == (1, 1)


def test_a_missing_file_and_a_blocked_folder_are_told_plainly(small: Settings, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        add_file(tmp_path, small)
    with pytest.raises(InputNotFoundError, match="not there"):
        add_file(tmp_path / "none.txt", small)
    small.cache_dir.mkdir()
    written(small.cache_dir, "added", "in the way")
    with pytest.raises(OutputError, match="DATELINE_CACHE_DIR"):
        add_file(written(tmp_path, "SY.txt", DUMP), small)


def test_the_summary_says_what_came_of_it(small: Settings, tmp_path: Path) -> None:
    actual = add_file(written(tmp_path, "SY.txt", DUMP), small).summary()
    assert actual.startswith("SY.txt: 2 places added, names of 1 known places, 2 records skipped (record 3: no usable")
