"""Query parameters."""

from __future__ import annotations

import datetime as dt

import pytest
from shapely import Point
from werkzeug.datastructures import MultiDict

from geo.errors import InputError
from webapp.parameters import Query, count, read_query, required


def test_nothing_asked_for_is_the_default() -> None:
    assert read_query(MultiDict()) == Query()


def test_all_parameters_are_read() -> None:
    args = MultiDict({"on": "2017-08-01", "bbox": "35,32,40,37", "layers": "zones, places", "article": "a", "q": " x "})
    expected = Query(dt.date(2017, 8, 1), (35, 32, 40, 37), ("zones", "places"), "a", "x")
    assert read_query(args) == expected


CONDITIONS = {
    "place": ["geonames:1", "Homs"],
    "zone": ["idlib"],
    "near": ["36.72,34.73,50"],
    "within": ["POLYGON ((36 34, 38 34, 37 35, 36 34))"],
    "source": ["Example Wire"],
    "since": ["2017-01-01"],
    "until": ["2017-12-31"],
    "language": ["en"],
}


def test_conditions_on_articles_are_read_and_written_back() -> None:
    query = read_query(MultiDict(CONDITIONS))
    assert (query.place, query.near, query.since) == (("geonames:1", "Homs"), (36.72, 34.73, 50), dt.date(2017, 1, 1))
    assert query.within is not None
    assert read_query(MultiDict(query.as_args())) == query


ZIGZAG = "POLYGON ((" + ", ".join(f"{n * 37 % 101} {n * 53 % 89}" for n in (*range(160), 0)) + "))"
"""160 lines that cross each other thousands of times."""


def test_geojson_is_an_area_too() -> None:
    ring = "[[36,34],[38,34],[37,35],[36,34]]"
    query = read_query(MultiDict({"within": f'{{"type":"Polygon","coordinates":[{ring}]}}'}))
    assert query.within is not None
    assert query.within.bounds == (36, 34, 38, 35)


@pytest.mark.parametrize(
    ("outline", "inside", "outside"),
    [
        ("POLYGON ((36 34, 38 36, 38 34, 36 36, 36 34))", [(36.2, 35), (37.8, 35)], [(37, 34.2), (37, 35.8)]),
        ("POLYGON ((37 36, 38 34, 36 35.2, 38 35.2, 36 34, 37 36))", [(37, 35), (37, 35.5)], [(37, 34.2)]),
        (
            "MULTIPOLYGON (((36 34, 37 34, 37 35, 36 35, 36 34)), ((36.5 34, 38 34, 38 35, 36.5 34)))",
            [(36.8, 34.1)],
            [],
        ),
    ],
)
def test_an_outline_that_crosses_itself_is_all_it_goes_around(
    outline: str, inside: list[tuple[float, float]], outside: list[tuple[float, float]]
) -> None:
    area = read_query(MultiDict({"within": outline})).within
    assert area is not None
    assert area.is_valid
    assert [area.contains(Point(at)) for at in inside + outside] == [True] * len(inside) + [False] * len(outside)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("on", "2017-02-30"),
        ("on", "yesterday"),
        ("bbox", "1,2,3"),
        ("bbox", "1,2,3,nan"),
        ("bbox", "0,50,10,40"),
        ("q", "x" * 501),
        ("q", "a\0b"),
        ("near", "36,34"),
        ("near", "36,34,0"),
        ("near", "36,34,nan"),
        ("near", "36,94,5"),
        ("within", "POINT (36 34)"),
        ("within", "POLYGON EMPTY"),
        ("within", "POLYGON ((36 34, 37 35, 38 36, 36 34))"),
        ("within", ZIGZAG),
        ("within", "POLYGON ((36 94, 38 94, 37 95, 36 94))"),
        ("within", "no area"),
        ("within", "CURVEPOLYGON ((36 34, 38 34, 37 35, 36 34))"),
        ("within", '{"type": "Polygon"}'),
        ("within", "x" * 10_001),
        ("since", "yesterday"),
    ],
)
def test_bad_value_is_refused_with_a_remedy(name: str, value: str) -> None:
    with pytest.raises(InputError) as caught:
        read_query(MultiDict({name: value}))
    assert caught.value.remedy


def test_days_in_the_wrong_order_are_refused() -> None:
    with pytest.raises(InputError, match="since before until"):
        read_query(MultiDict({"since": "2018-01-01", "until": "2017-01-01"}))


def test_too_many_values_are_refused() -> None:
    with pytest.raises(InputError, match="source"):
        read_query(MultiDict({"source": ["x"] * 21}))


def test_missing_parameter_is_named() -> None:
    with pytest.raises(InputError, match="phrase"):
        required(MultiDict({"phrase": "  "}), "phrase")


@pytest.mark.parametrize("value", ["0", "51", "-1", "1.5", "ten", "²", "9" * 30])
def test_count_out_of_range_is_refused(value: str) -> None:
    with pytest.raises(InputError, match="limit"):
        count(MultiDict({"limit": value}), "limit", 5, 50)


def test_count_defaults() -> None:
    assert count(MultiDict(), "limit", 5, 50) == 5
