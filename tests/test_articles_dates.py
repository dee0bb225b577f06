from __future__ import annotations

import datetime as dt

import pytest

from geo.articles.dates import find_date, month_of, parse_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("23 June, 2017, 10:32 1224", dt.date(2017, 6, 23)),
        ("June 23, 2017", dt.date(2017, 6, 23)),
        ("Published: Thu, May 17, 2018", dt.date(2018, 5, 17)),
        ("Oct. 3rd 2017", dt.date(2017, 10, 3)),
        ("2017-01-20", dt.date(2017, 1, 20)),
        ("2017/7/3", dt.date(2017, 7, 3)),
        ("20.01.2017", dt.date(2017, 1, 20)),
        ("23/06/2017", dt.date(2017, 6, 23)),
        ("06/23/2017", dt.date(2017, 6, 23)),
        ("3/4/2017", dt.date(2017, 4, 3)),
        ("23 июня 2017 г.", dt.date(2017, 6, 23)),
        ("Мая 17, 2018", dt.date(2018, 5, 17)),
        ("٢٣ حزيران/يونيو ٢٠١٧", dt.date(2017, 6, 23)),
        ("23 كانون الثاني 2017", dt.date(2017, 1, 23)),
        ("20 de enero de 2017", dt.date(2017, 1, 20)),
        ("15 Eylül 2017", dt.date(2017, 9, 15)),
        ("2017年6月23日", dt.date(2017, 6, 23)),
    ],
)
def test_a_date_is_found_however_it_is_written(text: str, date: dt.date) -> None:
    found = find_date(text)
    assert found is not None
    assert found.date == date


@pytest.mark.parametrize(
    "text",
    ["", "June 2017", "2017-06", "12 people died in May 2017", "2017-99-99", "31 June 2017", "call 10.1234/2017"],
)
def test_what_is_not_a_full_date_is_none(text: str) -> None:
    assert find_date(text) is None


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("23 June, 2017, 10:32 1224", dt.time(10, 32)),
        ("2017-06-23T10:32:00Z", dt.time(10, 32)),
        ("2:05 p.m., July 3rd, 2017", dt.time(14, 5)),
        ("July 3, 2017 12:10 AM", dt.time(0, 10)),
        ("23 June 2017", None),
        ("23 June 2017\n10:32", None),
        ("23 June 2017, 27:90", None),
    ],
)
def test_a_time_counts_beside_its_date(text: str, time: dt.time | None) -> None:
    found = find_date(text)
    assert found is not None
    assert found.time == time


def test_the_span_covers_date_and_time() -> None:
    found = find_date("Posted 23 June 2017, 10:32 by staff")
    assert found is not None
    assert (found.start, found.end) == (7, 26)


def test_an_endless_word_before_digits_is_no_month() -> None:
    assert find_date("a" * 300_000 + " 23, 2017") is None  # hours where each letter begins a name of any length


def test_the_first_of_several_dates_wins() -> None:
    found = find_date("Published 4 May 2017, updated 2017-05-06")
    assert found is not None
    assert found.date == dt.date(2017, 5, 4)


def test_a_field_may_hold_a_packed_date() -> None:
    found = parse_date("20170623103200")
    assert found is not None
    assert found.date == dt.date(2017, 6, 23)


def test_a_field_without_a_date_is_none() -> None:
    assert parse_date("last week") is None


@pytest.mark.parametrize(("name", "number"), [("Sept.", 9), ("تموز/يوليو", 7), ("de mayo de", 5), ("Monday", None)])
def test_months_are_known_by_name(name: str, number: int | None) -> None:
    assert month_of(name) == number
