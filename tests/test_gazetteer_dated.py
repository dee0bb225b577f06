"""When places bore their names."""

from __future__ import annotations

import datetime as dt

import pytest

from geo.gazetteer.dated import dated_names, name_held
from geo.gazetteer.index import open_index
from geo.settings import load_settings

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
