"""The index: on a handful of places, and the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.gazetteer.build import build_index
from geo.gazetteer.classes import FEATURES, NameClass
from geo.gazetteer.index import Index, index_info, open_index
from geo.gazetteer.names import normalise
from geo.gazetteer.sources import Entry, read_table
from geo.gazetteer.writing import write_index
from geo.geometry import distance_km
from geo.settings import data_dir, load_settings

ENTRIES = [
    Entry("geonames:1", "Syria", "country", 38, 35, {"Syria": "main", "Syrian": "demonym"}, country="SY", unit="SY"),
    Entry(
        "geonames:2", "Homs", "admin1", 38.1, 34.2, {"Homs": "main"}, country="SY", admin1="SY.11", unit="SY.11"
    ),
    Entry(
        "geonames:3", "Homs", "city", 36.7, 34.7, {"Homs": "main", "حمص": "alternate", "HMS": "code"},
        country="SY", admin1="SY.11", population=775404, code="PPLA",
    ),
    Entry("geonames:4", "Home", "city", -90, 40, {"Home": "main"}, country="US", admin1="US.XX", population=900),
    Entry("dateline:sea", "Dry Sea", "water", 50, 30, {"Dry Sea": "main"}, uncertainty_km=100),
    Entry("dateline:strip", "Strip", "region", 34, 31, {"Strip": "main"}, population=2_000_000, uncertainty_km=20),
    Entry("dateline:deir", "Deir ez-Zor", "city", 40.1, 35.3, {"Deir ez-Zor": "main"}, country="SY", source="test"),
]  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Index:
    folder = tmp_path_factory.mktemp("gazetteer-small")
    write_index(ENTRIES, frozenset({"home"}), folder)
    return Index(folder)


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def test_find_returns_the_more_prominent_place_first(small: Index) -> None:
    actual = [small.id_of(row) for row in small.find("HOMS")]
    assert actual == ["geonames:2", "geonames:3"]


def test_a_name_that_no_place_bears_finds_nothing(small: Index) -> None:
    assert small.find("Atlantis").tolist() == []
    assert small.find("").tolist() == []
    assert small.find_similar("!").tolist() == []
    assert small.row_of("geonames:99") is None


def test_a_unit_has_the_population_of_its_towns(small: Index) -> None:
    row = small.row_of("geonames:2")
    assert row is not None
    assert small.population[row] == 775404


@pytest.mark.parametrize(("place", "size"), [("dateline:sea", 4.5), ("dateline:strip", 6.3), ("geonames:4", 2.95)])
def test_size_is_the_order_of_people_or_of_square_kilometres(place: str, size: float, small: Index) -> None:
    row = small.row_of(place)
    assert row is not None
    assert small.size[row] == pytest.approx(size, abs=0.01)


def test_a_place_names_its_unit_and_source(small: Index) -> None:
    row = small.row_of("geonames:3")
    assert row is not None
    actual = small.place(row)
    assert (actual.name, actual.feature, actual.country, actual.admin1) == ("Homs", "city", "SY", "Homs")
    assert (actual.lon, actual.lat, actual.source) == (36.7, 34.7, "GeoNames")


def test_a_place_in_an_unknown_unit_has_none(small: Index) -> None:
    actual = small.place(int(small.find("Home")[0]))
    assert actual.admin1 is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("syria", NameClass.COUNTRY | NameClass.MAIN),
        ("syrian", NameClass.DEMONYM),
        ("homs", NameClass.ADMIN1 | NameClass.CITY_100K | NameClass.MAIN),
        ("hms", NameClass.WEAK),
        ("home", NameClass.CITY_SMALL | NameClass.MAIN | NameClass.COMMON_WORD),
    ],
)
def test_classes_say_what_a_name_may_stand_for(small: Index, name: str, expected: NameClass) -> None:
    name_id = small.name_id(name)
    assert name_id is not None
    assert NameClass(int(small.classes[name_id])) == expected


def test_matches_finds_names_of_several_tokens_longest_first(small: Index) -> None:
    tokens = [normalise(token) for token in ["in", "Deir", "ez", "Zor", "and", "Homs"]]
    actual = [(match.start, match.end, small.name(match.name_id)) for match in small.matches(tokens)]
    assert actual == [(1, 4, "deir ez zor"), (5, 6, "homs")]


def test_similar_names_find_other_scripts_and_spellings(small: Index) -> None:
    actual = {small.id_of(row) for row in small.find_similar("Dayr az-Zawr")}
    assert actual == {"dateline:deir"}
    assert {small.id_of(row) for row in small.find_similar("Хомс", country="SY")} == {"geonames:2", "geonames:3"}


def test_the_index_is_built_once(index: Index) -> None:
    actual = build_index(load_settings())
    assert actual == index.folder


@pytest.mark.parametrize(
    ("name", "feature", "country"),
    [
        ("Syria", "country", "SY"),
        ("Kazakhstan", "country", "KZ"),
        ("U.S.", "country", "US"),
        ("UAE", "country", "AE"),
        ("Asia", "continent", None),
        ("Black Sea", "water", None),
        ("Balkans", "region", None),
        ("Paris", "city", "FR"),
        ("Сирия", "country", "SY"),
        ("سوريا", "country", "SY"),
        ("Eastern Ghouta", "region", "SY"),
    ],
)
def test_the_worlds_names_are_known(index: Index, name: str, feature: str, country: str | None) -> None:
    places = [index.place(row) for row in index.find(name).tolist()]
    assert (feature, country) in {(place.feature, place.country) for place in places}


def test_a_governorate_and_the_city_it_is_named_after_are_two_places(index: Index) -> None:
    actual = {index.place(row).feature for row in index.find("Idlib").tolist()}
    assert {"admin1", "city"} <= actual


@pytest.mark.parametrize(
    ("place_id", "name"),
    [
        ("geonames:173336", "Quneitra"),
        ("geonames:170903", "Daraa"),
        ("geonames:170905", "Daraa"),
        ("geonames:3336903", "Basque Country"),
        ("geonames:1538317", "Astana"),
        ("geonames:170652", "Rif Dimashq"),
        ("geonames:166640", "Morek"),
        ("geonames:1486209", "Yekaterinburg"),
        ("geonames:1216265", "Samarkand"),
    ],
)
def test_places_are_shown_by_their_common_english_names(index: Index, place_id: str, name: str) -> None:
    row = index.row_of(place_id)
    assert row is not None
    assert index.label(row) == name


@pytest.mark.parametrize("former", ["Nur-Sultan", "Tselinograd", "Leningrad", "Ayn al-Arab", "Burma"])
def test_former_and_other_names_are_kept(index: Index, former: str) -> None:
    assert len(index.find(former))


@pytest.mark.parametrize(
    ("spelling", "place_id"),
    [
        ("Konaïtra", "geonames:173336"),
        ("Суведа", "geonames:172408"),
        ("Marat en-Numan", "geonames:167611"),
        ("Саракеб", "geonames:164816"),
        ("Chan Scheichun", "geonames:168325"),
        ("Zamalkah", "dateline:zamalka"),
    ],
)
def test_other_spellings_find_their_place_in_a_country(index: Index, spelling: str, place_id: str) -> None:
    actual = [index.id_of(row) for row in index.find_similar(spelling, "SY")[:4].tolist()]
    assert place_id in actual


def test_similar_names_stay_within_the_country_asked_for(index: Index) -> None:
    rows = index.find_similar("Hama", "SY")
    assert {index.country_codes[number] for number in index.country[rows].tolist()} == {"SY"}
    assert len(index.find_similar("Hama", "ZZ")) == 0


def test_the_supplement_names_each_place_in_three_scripts_with_its_source() -> None:
    rows = list(read_table(data_dir() / "gazetteer" / "supplement.csv"))
    assert sum(row["country"] == "SY" for row in rows) >= 150
    assert [row["id"] for row in rows if not (row["ar"] and row["ru"] and row["source"] and row["accuracy_km"])] == []
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["feature"] for row in rows} <= set(FEATURES)


@pytest.mark.parametrize(
    ("unit", "town", "km"),
    [("geonames:169865", "geonames:169866", 1), ("geonames:7905857", "geonames:163750", 1)],
)
def test_a_district_without_known_towns_is_where_its_seat_is(index: Index, unit: str, town: str, km: float) -> None:
    row, seat = index.row_of(unit), index.row_of(town)
    assert row is not None
    assert seat is not None
    assert distance_km(index.lon[row], index.lat[row], index.lon[seat], index.lat[seat]) < km


def test_every_feature_and_point_is_usable(index: Index) -> None:
    assert set(map(int, set(index.feature.tolist()))) <= set(range(10))
    assert abs(index.lon).max() <= 180
    assert abs(index.lat).max() <= 90


def test_info_counts_places_by_kind(index: Index) -> None:
    actual = index_info(load_settings())
    assert actual["places"] == len(index)
    assert sum(int(actual[feature]) for feature in FEATURES if feature in actual) == len(index)


def test_a_cache_folder_that_cannot_be_written_is_told_plainly(tmp_path: Path) -> None:
    from geo.errors import GazetteerError

    blocked = tmp_path / "file"
    blocked.write_text("not a folder")
    with pytest.raises(GazetteerError, match="DATELINE_CACHE_DIR"):
        build_index(load_settings(cache_dir=blocked / "cache"))


@pytest.mark.parametrize(
    ("word", "place"),
    [("Kurdish", "Kurdistan"), ("Tamil", "Tamil Nadu"), ("Chechen", "Chechen Republic"), ("Saudi", "Saudi Arabia")],
)
def test_adjectives_of_regions_and_units_are_demonyms(index: Index, word: str, place: str) -> None:
    name_id = index.name_id(normalise(word))
    assert name_id is not None
    labels = [
        index.label(row)
        for row, kind in zip(index.rows_of(name_id), index.kind_words_of(name_id), strict=True)
        if kind == "demonym"
    ]
    assert place in labels


def test_vast_places_without_people_are_prominent(index: Index) -> None:
    assert index.place(int(index.find("Middle East")[0])).feature == "region"
    assert index.place(int(index.find("Asia")[0])).feature == "continent"
