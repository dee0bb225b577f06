from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from unittest.mock import Mock

import pytest

from geo.model import Article, Mention, Place, Reading, Resolution
from geo.workspace import ranking
from geo.workspace.search import Search
from geo.workspace.totals import by_place
from geo.workspace.workspace import Workspace, open_workspace

_PLACES = [
    Place(f"made-up:{n}", f"Town {n}", "city", "SY" if n % 2 else "LB", None, 34 + n / 100, 36, 0) for n in range(60)
]
_SYRIA = Place("geonames:163843", "Syria", "country", "SY", None, 35.0, 38.0, 0)
_OLD, _NEW = dt.date(2017, 8, 3), dt.date(2019, 1, 15)


def _reading(day: dt.date, times: int, place: Place) -> Reading:
    said = f"{day}: " + f"{place.name}, " * times
    starts = [len(f"{day}: ") + each * len(f"{place.name}, ") for each in range(times)]
    mentions = [Mention(s, s + len(place.name), place.name, "name", (0, len(said)), 0.9) for s in starts]
    resolved = tuple(Resolution(place.name, place, 0.9, mention=mention) for mention in mentions)
    article = Article(f"{day} {place.id}", said, date=day, language="en" if day == _OLD else "ar")
    return Reading(article, resolved)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Give a workspace where the first places are named most, and the last one in the last year alone."""
    with open_workspace(f"sqlite:///{tmp_path_factory.mktemp('ranking') / 'w.db'}") as workspace:
        old = [_reading(_OLD, 61 - number, place) for number, place in enumerate(_PLACES)]
        new = [_reading(_NEW, 50 if number == 0 else 30 if number == 59 else 1, p) for number, p in enumerate(_PLACES)]
        workspace.add_all([*old, *new], "v1")
        yield workspace


_SEARCHES = {
    "everything": Search(),
    "years": Search(since=_OLD, until=dt.date(2018, 12, 31)),
    "last year": Search(since=dt.date(2018, 1, 1)),
    "country": Search(places=(_SYRIA.id,), known=(_SYRIA,)),
    "country, last year": Search(places=(_SYRIA.id,), known=(_SYRIA,), since=dt.date(2018, 1, 1)),
    "language": Search(language="ar"),
    "words": Search(q="Town"),
}


@pytest.mark.parametrize("count", [1, 2, 5, 60])
@pytest.mark.parametrize("search", _SEARCHES.values(), ids=_SEARCHES)
def test_what_is_mentioned_most_is_the_same_however_many_places_are_looked_at(
    filled: Workspace, search: Search, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = filled.places(search, limit=count, offset=count // 2)
    monkeypatch.setattr(ranking, "_MOST", 0)
    assert found == filled.places(search, limit=count, offset=count // 2)


def test_a_place_mentioned_little_in_all_is_found_where_it_is_mentioned_most(
    filled: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "_LOOKED", 2)
    found = filled.places(_SEARCHES["last year"], limit=2)
    assert [(item.place.name, item.mentions) for item in found] == [("Town 0", 50), ("Town 59", 30)]


def test_not_every_place_is_added_up_where_a_few_are_enough(filled: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    added_up = Mock(wraps=by_place)
    monkeypatch.setattr(ranking, "by_place", added_up)
    filled.places(_SEARCHES["years"], limit=1)
    assert [call.args[1].placed is None for call in added_up.call_args_list] == [False]
