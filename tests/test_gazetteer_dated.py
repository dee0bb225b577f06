"""When places bore their names."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.gazetteer.dated import dated_names, name_held
from geo.gazetteer.index import open_index
from geo.gazetteer.sources import countries, outlived_names
from geo.settings import data_dir, load_settings

ASTANA, PETERSBURG, TURKEY = "geonames:1526273", "geonames:498817", "geonames:298795"


@pytest.mark.parametrize(
    ("place", "name", "on", "expected"),
    [
        (ASTANA, "Astana", "2017-01-20", True),
        (ASTANA, "Nur-Sultan", "2017-01-20", False),
        (ASTANA, "NURSULTAN", "2020-06-01", True),
        (ASTANA, "Astana", "2020-06-01", False),
        (ASTANA, "Astana", "2024-01-01", True),
        (ASTANA, "Nur-Sultan", "2022-09-17", False),
        (PETERSBURG, "Leningrad", "1941-09-08", True),
        (PETERSBURG, "Leningrad", "2017-01-20", False),
        (TURKEY, "Turkey", "2024-01-01", True),
        (PETERSBURG, "Saint Petersburg", "2017-01-20", None),
        ("geonames:0", "Atlantis", "2017-01-20", None),
    ],
)
def test_a_name_is_borne_for_its_time(place: str, name: str, on: str, expected: bool | None) -> None:
    assert name_held(place, name, dt.date.fromisoformat(on)) is expected


def test_every_dated_name_is_in_the_gazetteer() -> None:
    index = open_index(load_settings())
    rows = [(index.row_of(place), name) for place, name in dated_names()]
    assert [name for row, name in rows if row is None or row not in index.find(name).tolist()] == []


def test_every_spell_ends_after_it_begins() -> None:
    spells = [spell for found in dated_names().values() for spell in found]
    assert all(spell.first is None or spell.last is None or spell.first < spell.last for spell in spells)


def test_no_country_is_shown_by_a_name_that_it_gave_up() -> None:
    data = data_dir() / "gazetteer"
    assert {(country.id, country.name) for country in countries(data)} & outlived_names(data) == set()


def test_the_name_that_a_country_gave_up_finds_it_first() -> None:
    index = open_index(load_settings())
    found = [index.place(int(index.find(name)[0])) for name in ("Turkey", "Türkiye")]
    assert [(place.id, place.name) for place in found] == [(TURKEY, "Türkiye")] * 2
