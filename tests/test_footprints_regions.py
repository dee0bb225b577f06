"""Seas, ranges, deserts, islands and groups of units: the shapes drawn for them."""

from __future__ import annotations

import csv

import pytest
import yaml
from shapely.geometry import Point

from geo.footprints.expressions import Expression, of_place
from geo.footprints.ground import Ground
from geo.footprints.regions import coast_of, region
from geo.footprints.rules import extents_of
from geo.gazetteer.boundaries import open_boundaries
from geo.model import FeatureKind, Place
from geo.settings import data_dir

NAMES = list(yaml.safe_load((data_dir() / "footprints" / "regions.yaml").read_text(encoding="utf-8")))


def _place(name: str, feature: FeatureKind = "region", id: str = "dateline:x") -> Place:
    return Place(id, name, feature, None, None, 0.0, 0.0)


@pytest.mark.parametrize(
    ("name", "feature", "inside", "outside"),
    [
        ("Mediterranean Sea", "water", [(18, 35.5), (3, 38.5)], [(9.19, 45.46), (35, 43), (-8, 36)]),
        ("Red Sea", "water", [(38, 20), (34.8, 26)], [(46.67, 24.71), (32.5, 15.5)]),
        ("Black Sea", "water", [(34, 43)], [(36.5, 46.2), (32.86, 39.93)]),
        ("Persian Gulf", "water", [(51.5, 27)], [(46.67, 24.71), (58.5, 25)]),
        ("Pacific Ocean", "water", [(-150, 0), (170, 20)], [(-40, 0), (80, 0)]),
        ("Andes", "region", [(-71.97, -13.53), (-70, -33)], [(-58.4, -34.6), (-73.25, -3.75)]),
        ("Zagros Mountains", "region", [(50.5, 31.5)], [(44.37, 33.31), (59.6, 36.3)]),
        ("Sahara", "region", [(25, 25), (0, 25)], [(3.38, 6.52), (31.24, 33)]),
        ("Java", "region", [(110, -7.3)], [(115.2, -8.5), (105, -5)]),
        ("Scandinavia", "region", [(10.75, 59.91)], [(24.94, 60.17)]),
        ("Donbas", "region", [(37.8, 48.0)], [(36.23, 49.99)]),
    ],
)
def test_a_region_has_its_shape(
    name: str, feature: FeatureKind, inside: list[tuple[float, float]], outside: list[tuple[float, float]]
) -> None:
    possible = extents_of(of_place(_place(name, feature)), Ground(open_boundaries(), None)).possible
    turned = [(lon + 360, lat) for lon, lat in inside]

    found = [
        possible.contains(Point(at)) or possible.contains(Point(east)) for at, east in zip(inside, turned, strict=True)
    ]
    assert all(found)
    assert not any(possible.contains(Point(at)) for at in outside)


@pytest.mark.parametrize("name", NAMES)
def test_every_region_is_drawn_and_nested(name: str) -> None:
    found = region(_place(name))

    assert found is not None
    assert not found.zone.is_empty
    assert found.possible.is_valid
    assert found.core.within(found.zone)
    assert found.zone.within(found.possible)


def test_every_region_drawn_is_one_of_the_gazetteers() -> None:
    with (data_dir() / "gazetteer" / "regions.csv").open(encoding="utf-8", newline="") as file:
        known = {row["name"] for row in csv.DictReader(file)}

    assert set(NAMES) <= known


@pytest.mark.parametrize("place", [_place("Java", "city"), _place("Java", id="geonames:1"), _place("Nowhere")])
def test_what_only_has_the_name_of_a_region_is_not_it(place: Place) -> None:
    assert region(place) is None


def test_a_range_has_no_coast() -> None:
    assert coast_of(_place("Andes")) is None


def test_the_coast_of_a_sea_leaves_out_its_open_sides() -> None:
    coast = coast_of(_place("Gulf of Guinea", "water"))

    assert coast is not None
    assert coast.distance(Point(3.4, 6.4)) < 0.1
    assert coast.distance(Point(0.5, 1.9)) > 1


def test_the_shore_of_a_lake_on_one_side() -> None:
    lake = Place("dateline:lake-tanganyika", "Lake Tanganyika", "water", None, None, -6.2, 29.8)
    shore = Expression("shore_part", (of_place(lake),), directions=("west",))

    possible = extents_of(shore, Ground(open_boundaries(), None)).possible

    assert possible.contains(Point(29.1, -5.5))
    assert not possible.contains(Point(29.95, -4.88))


def test_the_coast_of_a_country_by_a_sea() -> None:
    colombia = Place("geonames:3686110", "Colombia", "country", "CO", None, 4, -72)
    coast = Expression("coast", (of_place(colombia), of_place(_place("Pacific Ocean", "water"))))

    possible = extents_of(coast, Ground(open_boundaries(), None)).possible

    assert possible.contains(Point(-77.03, 3.88))
    assert not possible.contains(Point(-74.8, 10.97))
