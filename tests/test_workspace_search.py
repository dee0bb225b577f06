from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence

import pytest
import search_oracle as oracle
from real_postgresql import store
from search_cast import HOMS_PROVINCE, PLACES, SYRIA, articles
from shapely.geometry import MultiPolygon, Polygon, box

from geo.geometry import WORLD, Bbox
from geo.model import Reading
from geo.workspace.results import Cell, Period
from geo.workspace.search import EVERYTHING, Circle, Search
from geo.workspace.workspace import Workspace, open_workspace

_HOLED = Polygon([(36, 33), (39, 33), (39, 37), (36, 37)], [[(36.6, 34.6), (36.8, 34.6), (36.8, 34.8), (36.6, 34.8)]])
_FEBRUARY = (dt.date(2017, 2, 1), dt.date(2017, 2, 28))

SEARCHES = [
    EVERYTHING,
    Search(q="truce"),
    Search(q="TRUCE convoy"),
    Search(q="перемирие"),
    Search(q="المعبر aid"),
    Search(q="nowhere"),
    Search(places=("geonames:171193",)),
    Search(places=(SYRIA.id,)),
    Search(places=(HOMS_PROVINCE.id,), known=(HOMS_PROVINCE,)),
    Search(places=("dateline:eastern-ghouta", "geonames:1526273")),
    Search(places=("geonames:0",)),
    Search(also=("geonames:170063", "geonames:1526273")),
    Search(places=(SYRIA.id,), also=("geonames:1526273",)),
    Search(within=_HOLED),
    Search(within=Polygon()),
    Search(within=MultiPolygon([box(170, -30, 180, 0), box(-180, -30, -170, 0)])),
    Search(near=Circle(36.72, 34.727, 30)),
    Search(near=Circle(179.5, -16, 1100)),
    Search(near=Circle(0, 90, 4500)),
    Search(near=Circle(36.72, 34.727, 0)),
    Search(bbox=(35, 33, 38, 35)),
    Search(bbox=(170, -30, -165, 0)),
    Search(sources=("SANA",)),
    Search(sources=("SANA", "Kazinform"), language="ru"),
    Search(sources=("nobody",)),
    Search(language="en"),
    Search(article="a7"),
    Search(article="nothing"),
    Search(since=dt.date(2017, 2, 1)),
    Search(until=dt.date(2017, 2, 9)),
    Search(since=_FEBRUARY[0], until=_FEBRUARY[1]),
    Search(since=dt.date(2017, 1, 25), until=dt.date(2017, 4, 3)),
    Search(since=dt.date(2017, 2, 9), until=dt.date(2017, 2, 11)),
    Search(since=dt.date(2017, 4, 1), until=dt.date(2017, 2, 1)),
    Search(since=dt.date(2030, 1, 1)),
    Search(until=dt.date(1999, 12, 31)),
    Search(since=dt.date(1999, 1, 1), until=dt.date(2030, 1, 1)),
    Search(places=(SYRIA.id,), since=_FEBRUARY[0], until=_FEBRUARY[1], sources=("SANA",)),
    Search(
        q="truce", places=(SYRIA.id,), within=_HOLED, near=Circle(37, 35, 300), since=_FEBRUARY[0], until=_FEBRUARY[1]
    ),
    Search(q="talks", bbox=(30, 30, 40, 40), language="ru"),
]


@pytest.fixture(scope="module")
def readings() -> list[Reading]:
    return articles()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def workspace(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, readings: list[Reading]
) -> Iterator[Workspace]:
    with store(request.param, tmp_path_factory.mktemp("search")) as url, open_workspace(url) as workspace:
        workspace.add_all(readings[:40], "v1")
        workspace.add_all(readings[30:], "v1")
        yield workspace


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_the_articles_found_are_those_that_meet_all_conditions(
    workspace: Workspace, readings: list[Reading], search: Search
) -> None:
    expected = {reading.article.id for reading in oracle.found(readings, search)}
    found = [summary.id for summary in workspace.articles(search)]
    assert (set(found), len(found)) == (expected, len(expected))
    assert workspace.count(search) == len(expected)
    assert [reading.article.id for reading in workspace.readings(search)] == found


@pytest.mark.parametrize("limit", [1, 2, 5, 12])
@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_the_newest_few_are_those_that_come_first_of_all(workspace: Workspace, search: Search, limit: int) -> None:
    found = workspace.articles(search, 1000)
    assert workspace.articles(search, limit) == found[:limit]
    assert workspace.articles(search, limit, offset=3) == found[3 : 3 + limit]


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_places_are_counted_where_found(workspace: Workspace, readings: list[Reading], search: Search) -> None:
    found, expected = workspace.places(search), oracle.places(readings, search)
    assert set(found) == set(expected)
    assert [item.mentions for item in found] == [item.mentions for item in expected]


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
@pytest.mark.parametrize(
    ("bbox", "zoom"),
    [(WORLD, 0), (WORLD, 4), ((30.0, 30.0, 45.0, 40.0), 5), ((30.0, 30.0, 45.0, 40.0), 6.5), ((170, -30, -165, 5), 3)],
)
def test_a_map_s_squares_add_up_the_places(
    workspace: Workspace, readings: list[Reading], search: Search, bbox: Bbox, zoom: float
) -> None:
    found, expected = workspace.cells(search, bbox, zoom), oracle.cells(readings, search, bbox, zoom)
    assert _figures(found) == pytest.approx(_figures(expected), abs=1e-6)
    assert workspace.count_named(search, bbox) == (sum(c.places for c in found), sum(c.mentions for c in found))


def _figures(cells: Sequence[Cell]) -> list[float]:
    rows = sorted((cell.lon, cell.lat, cell.places, cell.mentions, cell.unsure) for cell in cells)
    return [figure for row in rows for figure in row]


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
@pytest.mark.parametrize("by", ["day", "week", "month"])
def test_trends_count_periods(workspace: Workspace, readings: list[Reading], search: Search, by: Period) -> None:
    assert workspace.trend(search, by) == oracle.trend(readings, search, by)


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_trends_of_places_are_those_of_the_most_mentioned(
    workspace: Workspace, readings: list[Reading], search: Search
) -> None:
    found = {trend.place: trend for trend in workspace.trend(search, "month", top=20)}
    assert found == {trend.place: trend for trend in oracle.trend(readings, search, "month", top=20)}


@pytest.mark.parametrize("search", SEARCHES, ids=range(len(SEARCHES)))
def test_pairs_are_places_of_the_same_articles(workspace: Workspace, readings: list[Reading], search: Search) -> None:
    found, expected = workspace.together(search, 1000), oracle.together(readings, search, 1000)
    assert found.of == expected.of
    assert {(frozenset((pair.first, pair.second)), pair.articles) for pair in found.pairs} == {
        (frozenset((pair.first, pair.second)), pair.articles) for pair in expected.pairs
    }


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ('"convoy talks"', True),
        ('"talks convoy"', False),
        ("con*", True),
        ('"convoy tal*"', True),
        ("conv", False),
        ("ПЕРЕМИРИЕ’s", False),
        ("—", False),
        ("'; DROP TABLE articles; --", False),
        ('NEAR("a" OR *', False),
        ("convoy  ", True),
    ],
)
def test_words_are_found_as_they_are_asked_for(workspace: Workspace, q: str, found: bool) -> None:
    texts = [reading.article.text for reading in workspace.readings(Search(q=q, article="words"))]
    assert not texts
    assert bool(workspace.count(Search(q=q))) == found


def test_sources_are_counted(workspace: Workspace, readings: list[Reading]) -> None:
    sources = [reading.article.source for reading in readings]
    assert workspace.sources() == {name: sources.count(name) for name in ("SANA", "Kazinform")}


def test_a_page_begins_where_the_last_one_ended(workspace: Workspace) -> None:
    whole = workspace.articles(Search(places=(SYRIA.id,)))
    assert workspace.articles(Search(places=(SYRIA.id,)), limit=5, offset=3) == whole[3:8]


def test_a_map_has_no_more_squares_than_fit(workspace: Workspace) -> None:
    assert len(workspace.cells(EVERYTHING, WORLD, 20)) == len(PLACES)
