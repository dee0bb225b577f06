"""What names mean where nothing else tells: to training, and to the ranker that it made."""

from __future__ import annotations

import csv

import pytest

from geo.gazetteer.index import Index, open_index
from geo.geometry import distance_km
from geo.model import Article, Mention, Place
from geo.resolution.resolve import resolve_all
from geo.resolution.wellknown import Known, each_alone, enumerated, together, well_known
from geo.settings import data_dir, load_settings

KNOWN = [Known("Athens", (23.7, 38.0)), Known("Red Sea", (38.5, 20.0)), Known("Georgia", (43.5, 42.0))]


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


@pytest.fixture(scope="module")
def points(index: Index) -> dict[str, tuple[float, float]]:
    return {known.name: known.point for known in well_known(index)}


@pytest.mark.parametrize(
    ("name", "lon", "lat"),
    [("Athens", 23.7, 38.0), ("Georgia", 43.5, 42.0), ("Red Sea", 38.5, 20.0), ("Moscow", 37.6, 55.8)],
)
def test_a_name_that_stands_out_means_its_best_known_bearer(
    name: str, lon: float, lat: float, points: dict[str, tuple[float, float]]
) -> None:
    assert distance_km(*points[name], lon, lat) < 100


@pytest.mark.parametrize("name", ["Springfield", "Hyderabad", "Valencia"])
def test_a_name_of_several_great_places_means_none(name: str, points: dict[str, tuple[float, float]]) -> None:
    assert name not in points


def test_each_name_stands_alone_once() -> None:
    articles = list(each_alone(KNOWN))
    assert [[m.text for m in mentions] for _, mentions, _ in articles] == [["Athens"], ["Red Sea"], ["Georgia"]]
    assert [places for _, _, places in articles] == [[known.point] for known in KNOWN]


def test_names_together_are_the_same_at_each_training() -> None:
    first, second = list(together(KNOWN)), list(together(KNOWN))
    assert first == second
    assert sorted(len(mentions) for _, mentions, _ in first) == [1, 2, 3]


def test_places_are_listed_with_others_of_their_kind(index: Index) -> None:
    listed = {a.text.removesuffix(" and ") for a, _, _ in enumerated(index)}
    assert all(len(text.split(" and ")) > 1 for text in listed)
    names = {name for text in listed for name in text.split(" and ")}
    assert {"Georgia", "Kazakhstan", "Lahore", "Sichuan"} <= names
    assert "Washington" not in names  # the state or the capital


def test_mentions_are_where_their_names_are() -> None:
    for article, mentions, _ in together(KNOWN):
        assert [article.text[m.start : m.end] for m in mentions] == [m.text for m in mentions]


def alone(names: list[str], index: Index) -> list[Place | None]:
    articles = [(Article(name, name), [Mention(0, len(name), name, "name", (0, len(name)))]) for name in names]
    return [resolution.place for (resolution,) in resolve_all(articles, index)]


def test_regions_and_seas_are_meant_by_their_names_alone(index: Index) -> None:
    with (data_dir() / "gazetteer" / "regions.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    places = alone([row["name"] for row in rows], index)
    wrong = [row["name"] for row, place in zip(rows, places, strict=True) if not is_at(row, place)]
    assert len(wrong) <= 0.02 * len(rows), wrong


def is_at(row: dict[str, str], place: Place | None) -> bool:
    far = max(50.0, 0.7 * float(row["accuracy_km"]))
    return place is not None and distance_km(float(row["lon"]), float(row["lat"]), place.lon, place.lat) <= far


@pytest.mark.parametrize(
    ("name", "country"),
    [
        ("Gaza", "PS"), ("Athens", "GR"), ("Georgia", "GE"), ("Colombo", "LK"), ("Sofia", "BG"), ("Maryland", "US"),
        ("San Marino", "SM"), ("Goa", "IN"), ("Red Sea", None), ("Sahel", None), ("Caucasus", None), ("Кавказ", None),
        ("البحر الأحمر", None), ("Шотландия", "GB"), ("غزة", "PS"), ("Газа", "PS"),
    ],
)  # fmt: skip
def test_a_lone_name_is_its_best_known_bearer(name: str, country: str | None, index: Index) -> None:
    (place,) = alone([name], index)
    assert place is not None
    assert place.country == country
