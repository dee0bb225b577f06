"""Rows that the pages list."""

from __future__ import annotations

import datetime as dt

import pytest
from webapp_cast import ASTANA, HOMS, SYRIA, report

from geo.model import Article
from geo.workspace.results import PlaceCount
from webapp.pages import rows
from webapp.pages.rows import TimeAxis
from webapp.parameters import Query

AXIS = TimeAxis(dt.date(2017, 5, 6), dt.date(2020, 3, 6))


def test_byline_says_only_what_is_known() -> None:
    assert rows.article_facts(Article("a", "Homs")) == []


def test_byline_has_source_time_and_dateline() -> None:
    article = Article("a", "HOMS. Talks", None, dt.date(2017, 6, 3), dt.time(9, 5), "Example Wire", dateline=(0, 4))
    assert rows.article_facts(article) == ["Example Wire", "3 June 2017, 09:05", "dateline HOMS"]


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (("city", "Homs", "Syria", "Rastan"), "city in Homs, Syria"),
        (("admin1", "Homs", "Syria", "Homs"), "province or state in Syria"),
        (("country", None, "Syria", "Syria"), "country"),
        (("continent", None, None, "Asia"), "continent"),
    ],
)
def test_where_a_place_lies(place: tuple[str, str | None, str | None, str], expected: str) -> None:
    assert rows.where(*place) == expected


def test_places_say_where_they_lie_and_how_often_they_are_named() -> None:
    names = {"SY": "Syria", "KZ": "Kazakhstan"}
    counted = [PlaceCount(HOMS, 2, 1, False), PlaceCount(ASTANA, 1, 1, False)]
    homs, astana = rows.place_rows(counted, names.__getitem__)
    assert (homs["name"], homs["mentions"], homs["where"]) == ("Homs", 2, "province or state in Syria")
    assert astana["where"] == "city in Kazakhstan"
    assert homs["zoom"] == astana["zoom"] > rows.zoom_of(SYRIA)


def test_each_condition_can_be_taken_away() -> None:
    shown = {chip["label"]: chip for chip in rows.chips(Query(q="talks", place=("Homs", "Idlib")), str.upper)}
    assert shown["Place"]["text"] == "HOMS or IDLIB"
    assert shown["Place"]["without"] == {"q": "talks"}


def test_nothing_asked_for_is_no_condition() -> None:
    assert rows.chips(Query(on=dt.date(2017, 8, 1)), str) == []


def test_marks_count_what_is_unresolved() -> None:
    counts = {mark["css"]: mark["count"] for mark in rows.marks(report())}
    assert counts == {"name": 3, "demonym": 1, "unresolved": 1}


def test_one_mark_is_worded_as_one() -> None:
    labels = {mark["css"]: mark["label"] for mark in rows.marks(report())}
    assert (labels["name"], labels["demonym"]) == ("place names", "word such as Syrian")


def test_a_resolved_mention_says_what_and_how_surely() -> None:
    first, *_, last = report().resolutions
    assert rows.resolved_text(first, str.lower) == "Astana, city in kz; 90% sure"
    assert rows.resolved_text(last, str.lower) == "unresolved"


@pytest.mark.parametrize(
    ("day", "share"), [(AXIS.first_day, 0), (AXIS.last_day, 1), (dt.date(1990, 1, 1), 0), (dt.date(2030, 1, 1), 1)]
)
def test_days_lie_on_the_axis(day: dt.date, share: float) -> None:
    assert AXIS.share(day) == share


def test_axis_of_one_day_has_no_years() -> None:
    axis = TimeAxis(AXIS.first_day, AXIS.first_day)
    assert (axis.days, axis.share(AXIS.first_day), list(axis.years)) == (0, 0, [])


def test_axis_names_the_years_that_begin_on_it() -> None:
    assert [day.year for day in AXIS.years] == [2018, 2019, 2020]
