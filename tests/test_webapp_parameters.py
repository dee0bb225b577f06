"""Query parameters."""

from __future__ import annotations

import datetime as dt

import pytest
from werkzeug.datastructures import MultiDict

from geo.errors import InputError
from webapp.parameters import Query, count, read_query, required


def test_nothing_asked_for_is_the_default() -> None:
    assert read_query(MultiDict()) == Query()


def test_all_parameters_are_read() -> None:
    args = MultiDict({"on": "2017-08-01", "bbox": "35,32,40,37", "layers": "zones, places", "article": "a", "q": " x "})
    expected = Query(dt.date(2017, 8, 1), (35, 32, 40, 37), ("zones", "places"), "a", "x")
    assert read_query(args) == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("on", "2017-02-30"),
        ("on", "yesterday"),
        ("bbox", "1,2,3"),
        ("bbox", "1,2,3,nan"),
        ("bbox", "0,50,10,40"),
        ("q", "x" * 501),
    ],
)
def test_bad_value_is_refused_with_a_remedy(name: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        read_query(MultiDict({name: value}))
    assert caught.value.remedy


def test_missing_parameter_is_named() -> None:
    with pytest.raises(InputError, match="phrase"):
        required(MultiDict({"phrase": "  "}), "phrase")


@pytest.mark.parametrize("value", ["0", "51", "-1", "1.5", "ten", "²", "9" * 30])
def test_count_out_of_range_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="limit"):
        count(MultiDict({"limit": value}), "limit", 5, 50)


def test_count_defaults() -> None:
    assert count(MultiDict(), "limit", 5, 50) == 5
