import datetime as dt

import numpy as np
import pytest
from layer_cast import empty_layer, places_layer, zones_layer
from shapely import Point, box

from geo.briefing.canvas import hatch_lines
from geo.briefing.column import dealt, outside_names
from geo.briefing.furniture import round_length
from geo.briefing.legend import Group, fitted, groups_of
from geo.briefing.locator import cap, orthographic
from geo.briefing.mapping import uncovered
from geo.briefing.notes import credit, number_sources, spans
from geo.briefing.projection import frame_of
from geo.briefing.words import words_in
from geo.model import Source, Symbol

WORDS = words_in("en")
GROUPS = [Group(str(n), "", (Symbol("a"),) * n) for n in (6, 7, 2)]


@pytest.mark.parametrize(
    ("numbers", "text"), [([], ""), ([4], "4"), ([1, 2], "1, 2"), ([1, 2, 3, 5, 7, 8, 9], "1–3, 5, 7–9")]
)
def test_runs_of_numbers_are_drawn_together(numbers: list[int], text: str) -> None:
    assert spans(numbers) == text


def test_sources_are_numbered_once_however_often_they_are_named() -> None:
    a, b, c = Source("A"), Source("B"), Source("A", note="the same credit")
    sources, numbers = number_sources([("x", [a, b]), ("y", [c]), ("z", [])])
    assert sources == [a, b]
    assert numbers == {"x": "[1, 2]", "y": "[1]", "z": ""}


def test_sources_with_a_licence_are_numbered_first() -> None:
    report, evidence = Source("Report"), Source("Evidence", licence="CC BY-SA 4.0")
    sources, numbers = number_sources([("places", [report]), ("zones", [evidence])])
    assert sources == [evidence, report]
    assert numbers == {"places": "[2]", "zones": "[1]"}


def test_credit_names_title_publisher_date_and_licence() -> None:
    assert credit(Source("T", "https://x", "P", dt.date(2017, 9, 15), "CC BY 4.0")) == "T, P, 2017-09-15, CC BY 4.0"
    assert credit(Source("GeoNames", publisher="GeoNames")) == "GeoNames"


def test_legend_has_the_layers_that_show_something() -> None:
    groups = list(groups_of([places_layer(), empty_layer(), zones_layer()], {"zones": "[2]"}, WORDS))
    assert [(group.title, group.numbers) for group in groups] == [("Places", ""), ("De-escalation zones", "[2]")]


def test_legend_moves_together_then_drops_what_is_last() -> None:
    room = sum(group.height() for group in GROUPS)
    assert fitted(GROUPS, room + 10) == (GROUPS, 1.0)
    assert fitted(GROUPS, 0.9 * room)[1] == pytest.approx(0.9)
    assert fitted(GROUPS, 0.5 * room)[0] == GROUPS[:1]


def test_groups_are_dealt_to_slots_and_the_lowest_slot_is_last() -> None:
    assert [[group.title for group in slot] for slot in dealt(GROUPS, 3)] == [["6"], ["7"], ["2"]]
    assert [[group.title for group in slot] for slot in dealt(GROUPS, 2)] == [["6", "2"], ["7"]]
    assert dealt([], 1) == ((),)


def test_what_lies_outside_is_named_the_most_counted_first() -> None:
    frame = frame_of((36, 35.9, 36.5, 36.2), (0, 0, 400, 300))
    assert outside_names([places_layer()], frame, "en") == ["Homs"]
    assert outside_names([zones_layer()], frame, "en") == []


@pytest.mark.parametrize(("limit", "length"), [(190, 100), (1, 1), (0.7, 0.5), (49.9, 20), (50, 50)])
def test_scale_bars_are_round(limit: float, length: float) -> None:
    assert round_length(limit) == length


def test_nested_extents_do_not_cover_one_another() -> None:
    inner, outer, apart = box(1, 1, 2, 2), box(0, 0, 4, 4), box(9, 9, 10, 10)
    bare = uncovered([outer, inner, apart, None])
    assert [None if shape is None else shape.area for shape in bare] == [15, 1, 1, None]


def test_areas_that_only_cross_stay_whole() -> None:
    shapes = [box(0, 0, 2, 2), box(1, 1, 3, 3)]
    assert uncovered(shapes) == shapes


def test_hatching_lies_in_its_area_and_on_one_grid() -> None:
    whole, left, right = (hatch_lines(area, 7) for area in (box(0, 0, 90, 50), box(0, 0, 40, 50), box(40, 0, 90, 50)))
    assert left.length + right.length == pytest.approx(whole.length)
    assert hatch_lines(box(0, 0, 90, 50).difference(box(20, 20, 30, 30)), 7).intersects(box(21, 21, 29, 29)) is False


@pytest.mark.parametrize("lat", [-80.0, -34.0, 0.0, 1.5, 34.0, 89.0])
def test_cap_is_the_visible_hemisphere(lat: float) -> None:
    visible = cap(lat)
    assert visible.is_valid
    assert visible.covers(Point(0, lat))
    assert not visible.intersects(Point(179, -lat))


def test_globe_has_north_up_and_its_middle_in_the_middle() -> None:
    x, y = orthographic(np.array([[0, 34.0], [0, 64.0], [30, 34.0]]), 34.0).T
    assert (x[0], y[0]) == pytest.approx((0, 0))
    assert y[1] == pytest.approx(0.5)
    assert x[2] > 0
