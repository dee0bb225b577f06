"""Dates and times as reports write them.

Only a full date counts: day, month and year. One written in numbers is read year first where the year comes first, and
otherwise day first, as in most of the world; month first only where what would be the month is above 12.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cache

from geo.articles.languages import languages

# No month has a longer name; without a limit a line of one endless word would take hours.
_WORD = r"[^\W\d_]{1,20}"
_ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<y>\d{4})(?!\d)"
_FORMS = tuple(
    re.compile(form)
    for form in (
        # 2017-06-23, 2017/06/23; 2017年6月23日
        r"(?<!\d)(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        r"(?<!\d)(?P<y>\d{4})\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日",
        # 23.06.2017, 23/06/2017, 23-06-2017
        rf"(?<!\d)(?P<d>\d{{1,2}})(?P<sep>[-/.])(?P<m>\d{{1,2}})(?P=sep){_YEAR}",
        # 23 June, 2017; 23 de junio de 2017; 23 حزيران/يونيو 2017
        rf"(?<!\d)(?P<d>\d{{1,2}}){_ORDINAL}[\s-]+(?P<month>{_WORD}(?:(?:\s|\s?/\s?){_WORD}){{0,4}})[\s.,-]+{_YEAR}",
        # June 23, 2017; Oct. 20 2017
        rf"(?P<month>{_WORD})\.?\s+(?P<d>\d{{1,2}}){_ORDINAL}[\s,]+{_YEAR}",
    )
)
_DIGITS = re.compile(r"\d{4}")
# Links between day, month and year in Romance languages.
_LINKS = frozenset({"de", "del", "di", "do"})
_TIME = re.compile(
    r"(?<!\d)(?P<h>\d{1,2})[:h](?P<min>\d{2})(?::\d{2}(?:\.\d+)?)?(?:\s?(?P<half>[ap]\.?m\b))?", re.IGNORECASE
)
_PACKED = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})(?:\D|\d{6}Z?$|$)")
# How far from its date a time may stand, in characters.
_BEFORE, _AFTER = 24, 24
# A field that holds a date holds little else.
_FIELD_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Dated:
    """A date found in a text, with its time of day where one stands beside it, and the span of both."""

    date: dt.date
    time: dt.time | None
    start: int
    end: int


@cache
def _months() -> dict[str, int]:
    table: dict[str, int] = {}
    for language in languages():
        for number, names in enumerate(language.months, start=1):
            table |= {name: number for name in names if name not in table}
    return table


def month_of(words: str) -> int | None:
    """Return the number of a month by its name in any language known; None where it is none.

    Both of two names count as one: "تموز/يوليو".
    """
    kept = " ".join(word for word in words.casefold().rstrip(".").split() if word not in _LINKS)
    named = (_months().get(part.strip()) for part in (kept, *kept.split("/")))
    return next((month for month in named if month), None)


def find_date(text: str) -> Dated | None:
    """Return the first full date in a text, None where there is none."""
    if not _DIGITS.search(text):  # most lines of a report
        return None
    found = [(match, day) for form in _FORMS for match in form.finditer(text) if (day := _date(match))]
    if not found:
        return None
    match, day = min(found, key=lambda pair: pair[0].start())
    return _with_time(text, match, day)


def parse_date(text: str) -> Dated | None:
    """Return the date a field holds, ``20170623`` and ISO 8601 included; None where it holds none."""
    text = text.strip()[:_FIELD_LENGTH]
    packed = _PACKED.match(text)
    day = _date(packed) if packed else None
    return Dated(day, None, 0, len(text)) if day else find_date(text)


def _date(match: re.Match[str]) -> dt.date | None:
    part = match.groupdict()
    month = month_of(part["month"]) if "month" in part else int(part["m"])
    if month is None:
        return None
    year, day = int(part["y"]), int(part["d"])
    if month > 12 and "month" not in part:
        month, day = day, month
    try:
        return dt.date(year, month, day) if 1600 <= year <= 2200 else None
    except ValueError:
        return None


def _with_time(text: str, match: re.Match[str], day: dt.date) -> Dated:
    start, end = match.span()
    after = _TIME.search(text, end, min(len(text), end + _AFTER))
    if after and "\n" not in text[end : after.start()] and (time := _clock(after)):
        return Dated(day, time, start, after.end())
    line = text.rfind("\n", 0, start) + 1
    before = _TIME.search(text, max(line, start - _BEFORE), start)
    if before and (time := _clock(before)):
        return Dated(day, time, before.start(), end)
    return Dated(day, None, start, end)


def _clock(match: re.Match[str]) -> dt.time | None:
    hour, minute, half = int(match["h"]), int(match["min"]), (match["half"] or "").casefold()
    if half:
        hour = hour % 12 + (12 if half.startswith("p") else 0)
    return dt.time(hour, minute) if hour < 24 and minute < 60 else None
