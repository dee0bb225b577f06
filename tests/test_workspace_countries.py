from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from sqlalchemy import text

from geo.model import Article, Mention, Place, Reading, Resolution
from geo.workspace.check import check
from geo.workspace.database import connect, writing
from geo.workspace.search import Search
from geo.workspace.workspace import open_workspace

_SYRIA = Place("geonames:163843", "Syria", "country", "SY", None, 35.0, 38.0, 0)
_HOMS = Place("geonames:169577", "Homs", "city", "SY", "Homs", 34.73, 36.71, 775_404)
_ASTANA = Place("geonames:1526273", "Astana", "city", "KZ", "Astana", 51.18, 71.45, 345_604)
_SEA = Place("natural-earth:sea", "Mediterranean Sea", "water", None, None, 35.0, 20.0, 0)


def _reading(id: str, *places: Place, source: str | None = None) -> Reading:
    said = f"{id}: {', '.join(place.name for place in places)}."
    spans = [(place, said.index(place.name)) for place in places]
    mentions = (Mention(at, at + len(p.name), p.name, "name", (0, len(said)), 0.9) for p, at in spans)
    article = Article(id, said, date=dt.date(2017, 8, 3), source=source)
    resolved = (Resolution(p.name, p, 0.9, mention=m) for (p, _), m in zip(spans, mentions, strict=True))
    return Reading(article, tuple(resolved))


def _countries(url: str) -> list[tuple[object, ...]]:
    query = text("SELECT country, article, origin, mentions FROM article_countries ORDER BY country, article")
    with connect(url).connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


@pytest.fixture
def filled(store: str) -> str:
    with open_workspace(store) as workspace:
        workspace.add_all([_reading("a", _SYRIA, _HOMS, _SEA), _reading("b", _HOMS, _ASTANA)], "v1")
    return store


def test_an_article_is_under_each_country_it_names_places_of(filled: str) -> None:
    assert _countries(filled) == [("KZ", 2, 1, 1), ("SY", 1, 1, 2), ("SY", 2, 1, 1)]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("INSERT INTO article_places VALUES (1, 4, 20170803, 1, 5, 5)", [("KZ", 1, 1, 5), ("KZ", 2, 1, 1)]),
        ("DELETE FROM article_places WHERE article = 2", []),
        ("UPDATE article_places SET mentions = 3 WHERE place = 4", [("KZ", 2, 1, 3)]),
        ("UPDATE article_places SET origin = 9", [("KZ", 2, 9, 1)]),
        ("UPDATE places SET country = 'KZ' WHERE number = 2", [("KZ", 1, 1, 1), ("KZ", 2, 1, 2)]),
        ("UPDATE places SET country = NULL WHERE number = 4", []),
        ("UPDATE places SET country = 'KZ' WHERE number = 3", [("KZ", 1, 1, 1), ("KZ", 2, 1, 1)]),
    ],
)
def test_countries_follow_whoever_writes_past_this_program(
    filled: str, change: str, expected: list[tuple[object, ...]]
) -> None:
    with writing(connect(filled)) as connection:
        connection.execute(text(change))
    with open_workspace(filled) as workspace:
        assert not [finding for finding in check(workspace) if "countries" in finding.wrong]
    assert [row for row in _countries(filled) if row[0] == "KZ"] == expected


def test_a_deleted_article_leaves_its_countries(filled: str) -> None:
    with open_workspace(filled) as workspace:
        workspace.delete("b")
    assert _countries(filled) == [("SY", 1, 1, 2)]


def test_a_place_that_a_newer_gazetteer_puts_elsewhere_takes_its_articles_along(filled: str) -> None:
    with open_workspace(filled) as workspace:
        workspace.add_all([_reading("c", replace(_HOMS, country="LB"))], "v2")
        assert workspace.count(Search(places=(_SYRIA.id,))) == 1
        assert check(workspace) == []
    assert [row[:2] for row in _countries(filled)] == [("KZ", 2), ("LB", 1), ("LB", 2), ("LB", 3), ("SY", 1)]


def test_the_check_tells_of_articles_under_wrong_countries(filled: str) -> None:
    with writing(connect(filled)) as connection:
        connection.execute(text("UPDATE article_countries SET mentions = 7 WHERE article = 1"))
    with open_workspace(filled) as workspace:
        (finding,) = check(workspace)
    assert finding.wrong == "1 articles are found under other countries than they name places of."
