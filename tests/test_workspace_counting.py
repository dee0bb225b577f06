from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from real_postgresql import store
from search_cast import articles
from sqlalchemy import text

from geo.geometry import WORLD
from geo.model import Review
from geo.workspace.counting import Part
from geo.workspace.counts import most_paired
from geo.workspace.search import EVERYTHING
from geo.workspace.workspace import Workspace, open_workspace

_FACTS_OF_PARTS = (
    (Part.ALL, "SELECT 0 AS value, place, mentions, sure FROM article_places"),
    (Part.MONTH, "SELECT day / 100 AS value, place, mentions, sure FROM article_places"),
    (Part.ORIGIN, "SELECT origin AS value, place, mentions, sure FROM article_places"),
    (
        Part.LANGUAGE,
        "SELECT (SELECT min(s.number) FROM origins s WHERE s.language = o.language) AS value, place, mentions, sure"
        " FROM article_places JOIN origins o ON o.number = origin",
    ),
)
_DAYS = """
    SELECT moment / 100000, origin, sum(resolved), count(*) FROM articles
    GROUP BY moment / 100000, origin ORDER BY moment / 100000, origin
"""
_FACTS = """
    SELECT a.number, m.place, a.moment / 100000, a.origin, count(*),
        sum(CASE WHEN m.confidence < 0.5 THEN 0 ELSE 1 END)
    FROM articles a JOIN mentions m ON m.article = a.number
    WHERE m.place IS NOT NULL GROUP BY a.number, m.place, a.moment / 100000, a.origin ORDER BY a.number, m.place
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    with store(request.param, tmp_path) as url, open_workspace(url) as workspace:
        yield workspace


def _rows(workspace: Workspace, query: str) -> list[tuple[int, ...]]:
    with workspace.engine.connect() as connection:
        return [tuple(map(int, row)) for row in connection.execute(text(query))]


def _check(workspace: Workspace) -> None:
    for part, facts in _FACTS_OF_PARTS:
        kept = f"SELECT value, place, mentions, articles, sure FROM place_totals WHERE part = {part:d} ORDER BY 1, 2"
        anew = f"SELECT value, place, sum(mentions), count(*), sum(sure) FROM ({facts}) f GROUP BY 1, 2 ORDER BY 1, 2"
        assert _rows(workspace, kept) == _rows(workspace, anew)
    stray = "SELECT count(*) FROM place_totals t JOIN places p ON p.number = t.place"
    assert _rows(workspace, f"{stray} WHERE t.square <> p.square OR t.lon <> p.lon OR t.lat <> p.lat") == [(0,)]
    kept = "SELECT day, origin, mentions, articles FROM day_counts ORDER BY day, origin"
    assert _rows(workspace, kept) == _rows(workspace, _DAYS)


def test_counts_are_what_counting_anew_gives(workspace: Workspace) -> None:
    first, again = articles(30, seed=1), articles(30, seed=2)
    workspace.add_all(first, "v1")
    _check(workspace)
    reread = [replace(new, article=old.article) for old, new in zip(first, again, strict=True)]
    workspace.add_all(reread, "v2")
    _check(workspace)
    assert _rows(workspace, "SELECT * FROM article_places ORDER BY article, place") == _rows(workspace, _FACTS)


def test_counts_follow_reviews_and_deletion(workspace: Workspace) -> None:
    readings = articles(20)
    workspace.add_all(readings)
    for reading in readings[:10]:
        for mention in reading.mentions[:1]:
            review = Review("rejected", None, "Ada", dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
            workspace.review(reading.article.id, (mention.start, mention.end), review)
    _check(workspace)
    for reading in readings[:15]:
        workspace.delete(reading.article.id)
    _check(workspace)


def test_counts_of_an_emptied_store_are_empty(workspace: Workspace) -> None:
    for reading in articles(5):
        workspace.delete(workspace.add(reading).id)
    assert _rows(workspace, "SELECT count(*) FROM place_totals") == [(0,)]
    assert _rows(workspace, "SELECT count(*) FROM day_counts") == [(0,)]


def test_totals_follow_a_place_that_the_gazetteer_moves(workspace: Workspace) -> None:
    readings = articles(10)
    workspace.add_all(readings, "v1")
    named = next(reading for reading in readings if reading.places)
    moved = [replace(r, place=r.place and replace(r.place, lat=0.5, lon=-100.0)) for r in named.resolutions]
    workspace.add(replace(named, resolutions=tuple(moved)), "v2")
    _check(workspace)
    assert any(cell.lon < -90 for cell in workspace.cells(EVERYTHING, WORLD, 3))


@pytest.mark.parametrize(
    ("lists", "expected"),
    [
        ([], []),
        (["7"], []),
        (["3 1", "1 2 3", "5"], [(1, 3, 2), (1, 2, 1), (2, 3, 1)]),
        (["4294967295 9"], [(9, 4294967295, 1)]),
    ],
)
def test_pairs_are_counted_by_lists_and_sorted(lists: list[str], expected: list[tuple[int, int, int]]) -> None:
    assert most_paired(lists, 10) == expected


def test_pairs_beyond_the_limit_are_left_out() -> None:
    assert most_paired(["1 2 3", "2 3"], 1) == [(2, 3, 2)]
