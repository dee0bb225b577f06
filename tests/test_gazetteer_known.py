"""Which known place a new record is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from geo.gazetteer.index import Index
from geo.gazetteer.known import Grid, KnownPlaces
from geo.gazetteer.sources import Entry
from geo.gazetteer.writing import write_index

PLACES = [
    Entry("geonames:1", "Syria", "country", 38, 35, {"Syria": "main"}, country="SY", unit="SY"),
    Entry("geonames:2", "Homs", "admin1", 38.1, 34.2, {"Homs": "main"}, country="SY", admin1="SY.11", unit="SY.11"),
    Entry("geonames:3", "Homs", "city", 36.72, 34.73, {"Homs": "main"}, country="SY", admin1="SY.11"),
    Entry(
        "dateline:kafr", "Kafr Qasim", "city", 36.8, 34.9, {"Kafr Qasim": "main", "كفر قاسم": "alternate"},
        country="SY", admin1="SY.11", uncertainty_km=4,
    ),
    Entry("dateline:east", "Far East", "city", 179.99, 0, {"Far East": "main"}, country="FJ"),
]  # fmt: skip


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> KnownPlaces:
    folder: Path = tmp_path_factory.mktemp("index")
    write_index(PLACES, frozenset(), folder)
    return KnownPlaces(Index(folder))


def entry(name: str, lon: float, lat: float, feature: str = "city") -> Entry:
    return Entry("new:1", name, feature, lon, lat, {name: "main"})


@pytest.mark.parametrize(
    ("name", "lon", "lat", "feature", "expected"),
    [
        ("Homs", 36.73, 34.74, "city", "geonames:3"),
        ("Hims", 36.73, 34.74, "city", "geonames:3"),  # another spelling
        ("Hama", 36.73, 34.74, "city", "new:1"),  # another name
        ("Homs", 36.73, 34.74, "facility", "new:1"),  # another kind
        ("Homs", 36.80, 34.79, "city", "new:1"),  # too far
        ("Kafr Kasem", 36.88, 34.92, "city", "dateline:kafr"),  # as far, but that point is unsure
        ("Homs", 38.3, 34.5, "admin1", "geonames:2"),  # units reach farther
        ("Homs", 0, 0, "region", "new:1"),  # none of its kind
    ],
)
def test_a_record_is_the_known_place_of_its_kind_and_name_close_by(
    known: KnownPlaces, name: str, lon: float, lat: float, feature: str, expected: str
) -> None:
    assert known.as_known(entry(name, lon, lat, feature)).id == expected


def test_a_bare_point_gets_the_country_and_unit_of_the_nearest_town(known: KnownPlaces) -> None:
    actual = known.with_unit(entry("New", 36.75, 34.8))
    assert (actual.country, actual.admin1) == ("SY", "SY.11")
    assert known.with_unit(entry("Nowhere", -30, -30)).country == ""
    assert known.with_unit(entry("New", 36.75, 34.8)._replace(country="LB")).admin1 == ""


def test_the_grid_gives_the_nearest_first_and_stops_at_its_edges(known: KnownPlaces) -> None:
    grid = Grid(known.index, np.arange(len(PLACES)))
    assert grid.near(36.79, 34.89, 0.5).tolist() == [3, 2]
    assert grid.near(180, 0, 0.5).tolist() == [4]
    assert grid.near(-180, -90, 0.5).tolist() == []


def test_a_places_names_are_counted(known: KnownPlaces) -> None:
    assert known.index.name_count.tolist() == [1, 1, 1, 2, 1]
