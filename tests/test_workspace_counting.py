from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from real_postgresql import store
from search_cast import articles
from sqlalchemy import text

from geo.model import Review
from geo.workspace.workspace import Workspace, open_workspace

_PLACES = """
    SELECT period, place, sum(mentions), count(*) FROM (
        SELECT 0 AS period, place, mentions FROM article_places
        UNION ALL SELECT day / 100, place, mentions FROM article_places WHERE day > 0
    ) AS facts GROUP BY period, place ORDER BY period, place
"""
_DAYS = """
    SELECT moment / 100000, origin, sum(resolved), count(*) FROM articles
    GROUP BY moment / 100000, origin ORDER BY moment / 100000, origin
"""
_FACTS = """
    SELECT a.number, m.place, a.moment / 100000, a.origin, count(*)
    FROM articles a JOIN mentions m ON m.article = a.number
    WHERE m.place IS NOT NULL GROUP BY a.number, m.place, a.moment / 100000, a.origin ORDER BY a.number, m.place
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def workspace(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Workspace]:
    with store(request.param, tmp_path) as url, open_workspace(url) as workspace:
        yield workspace


def _rows(workspace: Workspace, query: str) -> list[tuple[int, ...]]:
    with workspace._engine.connect() as connection:
        return [tuple(map(int, row)) for row in connection.execute(text(query))]


def _check(workspace: Workspace) -> None:
    kept = "SELECT period, place, mentions, articles FROM place_counts ORDER BY period, place"
    assert _rows(workspace, kept) == _rows(workspace, _PLACES)
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
    assert _rows(workspace, "SELECT count(*) FROM place_counts") == [(0,)]
    assert _rows(workspace, "SELECT count(*) FROM day_counts") == [(0,)]
