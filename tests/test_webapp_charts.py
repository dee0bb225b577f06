"""Charts: columns over time, and pairs as bars."""

from __future__ import annotations

import datetime as dt

import pytest
from webapp_cast import DARAA, HOMS

from geo.workspace.results import Pair, Period, Together, Trend, TrendPoint
from webapp.pages.charts import HEIGHT, MOST_COLUMNS, WIDTH, Chart, bars, columns, period_for, span_of


def chart(by: Period, *counts: tuple[str, int]) -> Chart:
    points = tuple(TrendPoint(dt.date.fromisoformat(day), count, 1) for day, count in counts)
    return columns(Trend(None, points), by, span_of(points, by))


def test_the_largest_count_is_not_above_the_axis() -> None:
    made = chart("month", ("2017-01-01", 53), ("2017-03-01", 20))
    assert [tick.label for tick in made.counts] == ["60", "30", "0"]
    assert made.columns[0].height == pytest.approx(HEIGHT * 53 / 60, abs=0.01)
    assert all(column.y + column.height == pytest.approx(HEIGHT) for column in made.columns)


@pytest.mark.parametrize(("most", "least"), [(7, 40), (20_000, 50), (9_000_000, 80)])
def test_the_largest_count_has_room_beside_the_chart(most: int, least: int) -> None:
    assert chart("month", ("2017-01-01", most)).margin >= least


def test_periods_without_a_mention_keep_their_room() -> None:
    first, last = chart("month", ("2017-01-01", 1), ("2017-04-01", 1)).columns
    assert last.x - first.x == pytest.approx(3 * WIDTH / 4)


def test_weeks_follow_each_other_across_years() -> None:
    first, last = chart("week", ("2017-12-25", 1), ("2018-01-01", 1)).columns
    assert last.x - first.x == pytest.approx(WIDTH / 2)


def test_axis_names_first_and_last_period() -> None:
    labels = [tick.label for tick in chart("week", ("2017-12-25", 1), ("2018-03-05", 1)).days]
    assert (labels[0], labels[-1]) == ("2017-12-25", "2018-03-05")


def test_of_very_many_periods_the_latest_are_drawn() -> None:
    made = chart("day", ("2010-01-01", 9), ("2017-01-01", 1), ("2017-12-31", 1))
    assert [column.start.year for column in made.columns] == [2017, 2017]
    assert made.columns[-1].x < WIDTH
    assert span_of([TrendPoint(dt.date(2010, 1, 1), 1, 1), TrendPoint(dt.date(2017, 1, 1), 1, 1)], "day")[0] > 0
    assert MOST_COLUMNS >= 366


def test_nothing_is_an_empty_chart() -> None:
    assert chart("day").columns == ()


@pytest.mark.parametrize(("last", "by"), [("2017-01-09", "day"), ("2018-01-01", "week"), ("2020-01-01", "month")])
def test_the_span_decides_the_period(last: str, by: str) -> None:
    points = [TrendPoint(dt.date(2017, 1, 1), 1, 1), TrendPoint(dt.date.fromisoformat(last), 1, 1)]
    assert period_for(points) == by


def test_the_longest_bar_is_the_most_frequent_pair() -> None:
    found = bars(Together((Pair(HOMS, DARAA, 8), Pair(DARAA, HOMS, 2)), 100))
    assert [bar.percent for bar in found] == [100, 25]
    assert bars(Together((), 0)) == []
