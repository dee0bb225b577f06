"""Zones that follow from an agreement's words."""

from __future__ import annotations

import datetime as dt

import pytest
from shapely.geometry import Point, box

from geo.geometry import area_km2
from geo.zones.definition import Shape
from geo.zones.derived import corridor, inner_band
from geo.zones.extents import Extents, nested

EAST = Shape("corridor", ((36.0, 35.0), (36.5, 35.0)), (4.0, 6.0, 8.0))
SQUARE = box(36.0, 35.0, 37.0, 36.0)
BAND = Shape("inner_band", ((36.0, 35.0), (36.0, 36.0)), (10.0, 15.0, 20.0), "square", dt.date(2018, 9, 17))


def test_a_corridor_has_the_stated_width_to_each_side() -> None:
    found = corridor(EAST, box(30, 30, 40, 40))
    length_km = 45.65
    assert area_km2(found.zone) == pytest.approx(length_km * 12, rel=0.01)


def test_a_corridor_stops_at_the_ends_of_the_road_and_at_the_border() -> None:
    found = corridor(EAST, box(36.2, 30, 40, 40))
    assert not found.possible.contains(Point(36.55, 35.0))
    assert not found.possible.contains(Point(36.1, 35.0))


def test_extents_are_nested_even_where_they_share_a_border() -> None:
    found = corridor(EAST, box(36.2, 34.97, 40, 35.01))
    assert found.zone.covers(found.core)
    assert found.possible.covers(found.zone)


def test_a_band_lies_inside_along_the_stretch_clockwise() -> None:
    found = inner_band(BAND, Extents(SQUARE, SQUARE, SQUARE))
    near_west, middle, near_east = Point(36.05, 35.5), Point(36.5, 35.5), Point(36.95, 35.5)
    assert found.zone.contains(near_west)
    assert not found.zone.contains(middle)
    assert not found.zone.contains(near_east)


def test_a_band_the_other_way_round_takes_the_other_sides() -> None:
    reverse = Shape("inner_band", BAND.line[::-1], BAND.km, "square", BAND.line_of)
    found = inner_band(reverse, Extents(SQUARE, SQUARE, SQUARE))
    assert found.zone.contains(Point(36.95, 35.5))
    assert not found.core.contains(Point(36.12, 35.5))


def test_a_band_keeps_out_of_holes() -> None:
    holed = SQUARE.difference(box(36.02, 35.4, 36.1, 35.6))
    found = inner_band(BAND, Extents(holed, holed, holed))
    assert not found.possible.contains(Point(36.05, 35.5))


def test_nesting_of_nothing_is_nothing() -> None:
    empty = nested(Point(0, 0).buffer(0), Point(0, 0).buffer(0), Point(0, 0).buffer(0))
    assert empty.possible.is_empty
