"""Parts of the map that a query asks for."""

from __future__ import annotations

import json

import pytest
from shapely import box

from geo.workspace.search import Circle
from webapp.pages.parts import figure, shapes, words
from webapp.parameters import Query


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query(), {}),
        (Query(near=Circle(-70.5, -33.4512, 12.34)), {"near": "12.34 km of 33.45° S, 70.5° W"}),
        (Query(bbox=(35, 32, 42.25, 37)), {"bbox": "from 32° N, 35° E to 37° N, 42.25° E"}),
        (Query(within=box(36, 34, 37, 35)), {"within": "about 10,000 km²"}),
    ],
)
def test_parts_of_the_map_are_told_in_words(query: Query, expected: dict[str, str]) -> None:
    assert words(query) == expected


def test_parts_of_the_map_are_told_as_shapes() -> None:
    circle, area = json.loads(shapes(Query(near=Circle(36, 34, 50), bbox=(35, 32, 42, 37))))
    assert circle == {"lon": 36, "lat": 34, "km": 50}
    assert (area["type"], len(area["coordinates"][0])) == ("Polygon", 5)


def test_a_query_without_a_part_has_no_shape() -> None:
    assert json.loads(shapes(Query())) == []


@pytest.mark.parametrize(
    ("value", "expected"), [(0, "0"), (0.8, "0.8"), (4.0, "4"), (91.4, "91"), (399, "400"), (8812.5, "8,800")]
)
def test_approximate_figures_have_two_digits(value: float, expected: str) -> None:
    assert figure(value) == expected
