from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from geo.model import Article, Mention, Place, Reading, Resolution
from geo.workspace.conditions import conditions_of
from geo.workspace.listing import numbers_found
from geo.workspace.search import Search
from geo.workspace.workspace import Workspace, open_workspace

_SYRIA = Place("geonames:163843", "Syria", "country", "SY", None, 35.0, 38.0, 0)
_OFTEN = Place("geonames:169577", "Homs", "city", "SY", "Homs", 34.73, 36.71, 775_404)
_SELDOM = Place("geonames:1526273", "Astana", "city", "KZ", "Astana", 51.18, 71.45, 345_604)
_LONG_AGO = Place("geonames:276781", "Beirut", "city", "LB", "Beyrouth", 33.89, 35.5, 361_366)
_OTHERS = [Place(f"made-up:{n}", f"Town {n}", "city", "FR", None, 45, n / 100, 0) for n in range(5)]


def _reading(number: int) -> Reading:
    """Return the report of a day: all name the first place, each tenth the second, the first ones the third."""
    named = [_OFTEN, *([_SELDOM] if number % 10 == 0 else []), *([_LONG_AGO] if number < 9 else [])]
    named += _OTHERS if number % 20 == 0 else []  # a list
    said = f"Report {number}: {', '.join(place.name for place in named)}."
    spans = [(place, said.index(place.name)) for place in named]
    mentions = [(p, Mention(at, at + len(p.name), p.name, "name", (0, len(said)), 0.9)) for p, at in spans]
    day = None if number == 3 else dt.date(2017, 1, 1) + dt.timedelta(days=number // 2)
    resolved = tuple(Resolution(place.name, place, 0.9, mention=mention) for place, mention in mentions)
    return Reading(Article(f"{number:03}", said, date=day), resolved)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    with open_workspace(f"sqlite:///{tmp_path_factory.mktemp('listing') / 'w.db'}") as workspace:
        workspace.add_all([_reading(number) for number in range(120)], "v1")
        yield workspace


@pytest.mark.parametrize("longest", [None, 4])
@pytest.mark.parametrize("limit", [1, 3, 5, 8, 100, 200])
@pytest.mark.parametrize("place", [_OFTEN, _SELDOM, _LONG_AGO, _SYRIA], ids=lambda place: place.name)
def test_the_first_ones_are_those_of_the_whole_list(
    filled: Workspace, place: Place, limit: int, longest: int | None
) -> None:
    with filled.engine.connect() as connection:
        wanted = conditions_of(connection, Search(places=(place.id,), known=(_SYRIA,)))
        every, some = (list(numbers_found(connection, wanted, most, longest)) for most in (None, limit))
    assert every
    assert some == every[:limit]
