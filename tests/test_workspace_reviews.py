from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from real_postgresql import store
from sqlalchemy import text

from geo.errors import InputError, UnknownNameError
from geo.model import Article, Mention, Place, Reading, Resolution, Review
from geo.workspace.search import Search
from geo.workspace.workspace import Workspace, open_workspace

HOMS = Place("geonames:169577", "Homs", "city", "SY", "Homs", 34.73, 36.71, 775_404)
ALEPPO = Place("geonames:170063", "Aleppo", "city", "SY", "Aleppo", 36.2, 37.16, 1_602_264)
TEXT = "Homs, and Aleppo."
SPAN, OTHER = (0, 4), (10, 16)
NOW = dt.datetime(2024, 5, 1, 12, 30, tzinfo=dt.UTC)


def _reading(*named: tuple[tuple[int, int], Place | None]) -> Reading:
    resolutions = (
        Resolution(TEXT[slice(*span)], place, 0.8, mention=Mention(*span, TEXT[slice(*span)], "name", (0, 17), 0.9))
        for span, place in named
    )
    return Reading(Article("a", TEXT, date=dt.date(2017, 8, 3), source="SANA"), tuple(resolutions))


def _review(verdict: Any, place: Place | None = None, **fields: Any) -> Review:
    return Review(verdict, place, **{"reviewer": "Ada", "time": NOW, "note": "seen on a map", **fields})


@pytest.fixture(params=["sqlite", "postgresql"], scope="module")
def url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with store(request.param, tmp_path_factory.mktemp("reviews")) as url:
        yield url


@pytest.fixture
def workspace(url: str) -> Iterator[Workspace]:
    with open_workspace(url) as workspace:
        with workspace.engine.begin() as connection:
            for table in ("articles", "reviews", "place_totals", "day_counts"):
                connection.execute(text(f"DELETE FROM {table}"))
        workspace.add(_reading((SPAN, HOMS), (OTHER, None)), "v1")
        yield workspace


def _mentions(workspace: Workspace, place: Place) -> int:
    return sum(item.mentions for item in workspace.places(Search(places=(place.id,))))


def test_a_correction_outranks_the_machine(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("corrected", ALEPPO))
    resolution = workspace.reading("a").resolutions[0]
    assert resolution.place == ALEPPO
    assert resolution.confidence == 0.8
    assert resolution.review == _review("corrected", ALEPPO, machine=HOMS)


def test_counts_follow_a_correction(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("corrected", ALEPPO))
    assert (_mentions(workspace, HOMS), _mentions(workspace, ALEPPO)) == (0, 1)
    assert workspace.count(Search(places=(ALEPPO.id,))) == 1


@pytest.mark.parametrize("verdict", ["rejected", "unresolved"])
def test_what_is_no_known_place_is_not_counted(workspace: Workspace, verdict: str) -> None:
    workspace.review("a", SPAN, _review(verdict))
    assert workspace.reading("a").resolutions[0].place is None
    assert workspace.places() == ()
    assert workspace.articles()[0].places == 0


def test_what_was_unresolved_can_be_resolved(workspace: Workspace) -> None:
    workspace.review("a", OTHER, _review("corrected", ALEPPO))
    assert {item.place for item in workspace.places()} == {ALEPPO, HOMS}
    assert workspace.articles()[0].places == 2


def test_a_later_review_takes_the_place_of_an_earlier_one(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("rejected"))
    workspace.review("a", SPAN, _review("accepted", HOMS, reviewer="Grace"))
    (kept,) = workspace.reviews("a")
    assert (kept.span, kept.text, kept.review.reviewer, kept.orphaned) == (SPAN, "Homs", "Grace", False)
    assert _mentions(workspace, HOMS) == 1


def test_a_review_that_is_taken_back_leaves_the_machine_s_result(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("rejected"))
    workspace.unreview("a", SPAN)
    assert workspace.reading("a") == _reading((SPAN, HOMS), (OTHER, None))
    assert _mentions(workspace, HOMS) == 1


def test_a_review_survives_another_reading(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("corrected", ALEPPO))
    workspace.add(_reading((SPAN, None), (OTHER, HOMS)), "v2")
    assert [resolution.place for resolution in workspace.reading("a").resolutions] == [ALEPPO, HOMS]
    assert (_mentions(workspace, HOMS), _mentions(workspace, ALEPPO)) == (1, 1)


def test_an_accepted_place_stays_when_the_machine_changes_its_mind(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("accepted", HOMS))
    workspace.add(_reading((SPAN, ALEPPO)), "v2")
    resolution = workspace.reading("a").resolutions[0]
    assert (resolution.place, resolution.review and resolution.review.machine) == (HOMS, ALEPPO)


def test_a_review_whose_mention_is_gone_is_kept_as_an_orphan(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("corrected", ALEPPO))
    workspace.add(_reading(), "v2")
    assert [(kept.text, kept.orphaned) for kept in workspace.reviews("a")] == [("Homs", True)]
    assert workspace.places() == ()
    workspace.add(_reading((SPAN, HOMS)), "v3")
    assert workspace.reading("a").resolutions[0].place == ALEPPO


def test_a_review_belongs_to_the_text(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("corrected", ALEPPO))
    workspace.delete("a")
    workspace.add(_reading((SPAN, HOMS)), "v1")
    assert _mentions(workspace, ALEPPO) == 1


def test_counts_are_gone_with_the_article(workspace: Workspace) -> None:
    workspace.review("a", SPAN, _review("corrected", ALEPPO))
    workspace.delete("a")
    assert (workspace.places(), workspace.trend()[0].points, workspace.sources()) == ((), (), {})


def test_a_review_changes_the_version(workspace: Workspace) -> None:
    before = workspace.version()
    workspace.review("a", SPAN, _review("rejected"))
    assert workspace.version() != before


def test_times_come_back_in_universal_time(workspace: Workspace) -> None:
    local = NOW.astimezone(dt.timezone(dt.timedelta(hours=3)))
    workspace.review("a", SPAN, _review("rejected", time=local))
    assert workspace.reviews("a")[0].review.time == NOW


@pytest.mark.parametrize(
    "review",
    [
        _review("accepted"),
        _review("corrected"),
        _review("rejected", HOMS),
        _review("unresolved", HOMS),
        _review("perhaps"),
        _review("rejected", reviewer=" "),
        _review("rejected", time=NOW.replace(tzinfo=None)),
    ],
)
def test_a_review_that_contradicts_itself_is_refused(workspace: Workspace, review: Review) -> None:
    with pytest.raises(InputError):
        workspace.review("a", SPAN, review)
    assert workspace.reviews("a") == ()


@pytest.mark.parametrize(("article", "span"), [("b", SPAN), ("a", (0, 3)), ("a", (-1, 400))])
def test_only_mentions_are_reviewed(workspace: Workspace, article: str, span: tuple[int, int]) -> None:
    with pytest.raises(UnknownNameError):
        workspace.review(article, span, _review("rejected"))
    with pytest.raises(UnknownNameError):
        workspace.unreview(article, span)


def test_a_place_that_was_not_there_comes_with_the_review(workspace: Workspace) -> None:
    fresh = replace(ALEPPO, id="dateline:new", name="New")
    workspace.review("a", SPAN, _review("corrected", fresh))
    assert workspace.reviews("a")[0].review.place == fresh
