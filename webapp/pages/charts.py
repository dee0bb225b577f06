"""Charts as rows ready for the templates: columns over time, and pairs of places as bars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.workspace.results import Period

if TYPE_CHECKING:
    from geo.workspace.results import Together, Trend, TrendPoint

WIDTH, HEIGHT = 420, 130
"""Of a chart's drawing area, in its own units."""

LEAST_MARGIN, TICK_GAP, DIGIT_WIDTH = 40, 8, 8
"""Room for counts: at least, beside them, and for each character at the size that the style sheet gives them."""

MOST_COLUMNS = 400
"""Periods that one chart can show; of more it shows the latest."""

MOST_TICKS = 4
DAYS_BY_PERIOD: dict[Period, int] = {"day": 92, "week": 800}
"""The longest span, in days, that is drawn by each period; longer ones are drawn by months."""


@dataclass(frozen=True, slots=True)
class Column:
    """One period as a column: left edge, top, width and height in the chart's units."""

    start: dt.date
    mentions: int
    articles: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on an axis."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Columns over time; no columns where there is nothing to show."""

    by: Period
    columns: Sequence[Column] = ()
    days: Sequence[Tick] = ()
    counts: Sequence[Tick] = ()

    @property
    def margin(self) -> int:
        """Room left of the drawing area for the longest count, in the chart's units."""
        longest = max((len(tick.label) for tick in self.counts), default=0)
        return max(LEAST_MARGIN, TICK_GAP + DIGIT_WIDTH * longest)


@dataclass(frozen=True, slots=True)
class Bar:
    """A pair of places and how much of the longest bar its count is, in percent."""

    first: str
    second: str
    ids: tuple[str, str]
    articles: int
    percent: float


def period_for(points: Sequence[TrendPoint]) -> Period:
    """Return the period by which a span of days is best drawn."""
    days = (points[-1].start - points[0].start).days if points else 0
    return next((period for period, most in DAYS_BY_PERIOD.items() if days <= most), "month")


def span_of(points: Sequence[TrendPoint], by: Period) -> tuple[int, int]:
    """Return the numbers of the first and last period to draw; of very many the latest are drawn."""
    if not points:
        return 0, 0
    last = _number(points[-1].start, by)
    return max(_number(points[0].start, by), last - MOST_COLUMNS + 1), last


def columns(trend: Trend, by: Period, span: tuple[int, int]) -> Chart:
    """Return a trend as columns side by side, one a period; periods without a mention keep their room.

    Parameters
    ----------
    span
        Numbers of the first and last period, the same for charts that are to be compared; see `span_of`.
    """
    first, last = span
    points = [point for point in trend.points if first <= _number(point.start, by) <= last]
    if not points:
        return Chart(by)
    step = WIDTH / (last - first + 1)
    top = _ceiling(max(point.mentions for point in points))
    made = [_column(point, (_number(point.start, by) - first) * step, step, top) for point in points]
    numbers = sorted({first + round((last - first) * part / (MOST_TICKS - 1)) for part in range(MOST_TICKS)})
    days = [Tick(round((number - first + 0.5) * step, 1), _label(number, by)) for number in numbers]
    return Chart(by, made, days, [Tick(0, f"{top:,}"), Tick(HEIGHT / 2, f"{top // 2:,}"), Tick(HEIGHT, "0")])


def _column(point: TrendPoint, x: float, step: float, top: int) -> Column:
    height = max(HEIGHT * point.mentions / top, 1)
    gap = min(2.0, step / 5)
    return Column(
        point.start,
        point.mentions,
        point.articles,
        round(x + gap / 2, 2),
        round(HEIGHT - height, 2),
        round(min(step - gap, 40), 2),
        round(height, 2),
    )


def _number(start: dt.date, by: Period) -> int:
    """Return the number of a period, counted from the same moment for all of its kind."""
    if by == "month":
        return start.year * 12 + start.month - 1
    return (start.toordinal() - 1) // 7 if by == "week" else start.toordinal()


def _ceiling(most: int) -> int:
    """Return the least of 2, 4, 6, 8, 10, 20, 40, … that is not below the largest count."""
    steps = (digit * int(10**power) for power in range(12) for digit in (2, 4, 6, 8, 10))
    return next(step for step in steps if step >= most)


def _label(number: int, by: Period) -> str:
    """Return the first day of a period, or its month."""
    if by == "month":
        return f"{number // 12}-{number % 12 + 1:02d}"
    return dt.date.fromordinal(number * 7 + 1 if by == "week" else number).isoformat()


def bars(together: Together) -> list[Bar]:
    """Return pairs of places as bars, the longest first."""
    most = max((pair.articles for pair in together.pairs), default=1)
    return [
        Bar(p.first.name, p.second.name, (p.first.id, p.second.id), p.articles, round(100 * p.articles / most, 1))
        for p in together.pairs
    ]
