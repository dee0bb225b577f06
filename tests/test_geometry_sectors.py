"""Discs, rings and sectors around a point."""

from __future__ import annotations

import pytest
from shapely.geometry import Point

from geo.geometry import area_km2, buffer_km, destination, sector_km, within_world


def test_a_disc_has_the_area_of_a_circle() -> None:
    actual = area_km2(sector_km((36.0, 34.0), 10))

    assert actual == pytest.approx(314.16, rel=0.01)


def test_a_disc_is_what_a_buffer_is() -> None:
    disc, buffer = sector_km((36.0, 34.0), 10), buffer_km(Point(36.0, 34.0), 10)

    assert area_km2(disc.symmetric_difference(buffer)) < 0.01 * area_km2(buffer)


def test_a_ring_leaves_its_middle_out() -> None:
    ring = sector_km((36.0, 34.0), 10, inner_km=5)

    assert not ring.contains(Point(36.0, 34.0))
    assert ring.contains(Point(destination(36.0, 34.0, 200, 7)))


@pytest.mark.parametrize(("bearing", "inside"), [(0, True), (40, True), (50, False), (180, False), (-40, True)])
def test_a_sector_holds_only_its_bearings(bearing: float, inside: bool) -> None:
    sector = sector_km((36.0, 34.0), 10, inner_km=2, half_angle=45)

    assert sector.contains(Point(destination(36.0, 34.0, bearing, 5))) is inside


def test_a_disc_runs_on_across_the_antimeridian() -> None:
    disc = sector_km((179.9, -17.0), 50)

    assert disc.bounds[2] > 180
    assert within_world(disc).contains(Point(-179.9, -17.0))
