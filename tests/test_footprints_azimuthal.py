"""Quick kilometres, against geodesic ones."""

from __future__ import annotations

import numpy as np
import pytest
from geodesy import destination
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo import geometry
from geo.footprints.azimuthal import (
    Plane,
    area_km2,
    buffer_km,
    buffers_km,
    discs_km,
    distance_km,
    from_local,
    length_km,
    moved,
    ring_km,
    sectors_km,
    to_local,
)
from geo.geometry import within_world

PLACES = [(0.0, 0.0), (36.0, 34.0), (-104.0, 55.0), (179.9, -41.0), (25.0, 78.0)]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize(("km", "share"), [(10, 1e-5), (300, 0.0003), (1000, 0.001), (4000, 0.004)])
def test_distances_from_the_centre_are_nearly_geodesic(place: tuple[float, float], km: float, share: float) -> None:
    ends = [destination(*place, bearing, km) for bearing in range(0, 360, 20)]
    actual = [distance_km(place, end) for end in ends]
    assert actual == pytest.approx([km] * len(ends), rel=share)


@pytest.mark.parametrize("bearing", [0, 45, 120, 270])
def test_a_point_is_moved_in_the_direction_asked_for(bearing: float) -> None:
    end = moved(Point(36.0, 34.0), bearing, 200)
    assert (end.centroid.x, end.centroid.y) == pytest.approx(destination(36.0, 34.0, bearing, 200), abs=1e-3)


def test_a_place_is_found_again() -> None:
    points = np.array([[36.0, 34.0], [38.5, 31.0], [30.0, 40.0]])
    plane = Plane(36.0, 34.0)
    assert plane.degrees(plane.kilometres(points)) == pytest.approx(points, abs=1e-9)


def test_to_local_and_back() -> None:
    shape = box(36, 33, 37, 34).difference(box(36.4, 33.4, 36.6, 33.6))
    assert from_local(to_local(shape, (36.5, 33.5)), (36.5, 33.5)).equals_exact(shape, 1e-9)


@pytest.mark.parametrize("shape", [box(36, 33, 38, 35), box(-60, -55, -59, -50), box(0, 0, 9, 9) - box(3, 3, 6, 6)])
def test_areas_are_nearly_geodesic(shape: Polygon) -> None:
    assert area_km2(shape) == pytest.approx(geometry.area_km2(shape), rel=0.003)


def test_the_area_of_nothing_is_nothing() -> None:
    assert area_km2(MultiPolygon()) == 0


def test_a_length_is_nearly_geodesic() -> None:
    line = LineString([(36 + step / 10, 33 + step / 20) for step in range(40)])
    assert length_km(line) == pytest.approx(geometry.length_km(line), rel=1e-4)


def test_a_surrounding_is_as_wide_as_was_asked() -> None:
    shape = box(36, 33, 37, 34)
    actual = buffer_km(shape, 10)
    assert actual.symmetric_difference(geometry.buffer_km(shape, 10)).area < 0.002 * actual.area
    assert buffer_km(shape, -10).within(shape)
    assert buffer_km(Polygon(), 5).is_empty


def test_surroundings_made_from_each_other_are_nearly_those_made_alone() -> None:
    shape = box(36, 33, 37, 34).union(box(38, 33, 38.01, 33.01))
    for actual, km in zip(buffers_km(shape, [5, 20, 60]), [5, 20, 60], strict=True):
        expected = geometry.buffer_km(shape, km)
        assert actual.symmetric_difference(expected).area < 0.015 * expected.area


def test_parts_too_small_to_be_thinned_stay() -> None:
    islet = box(39, 33, 39.001, 33.001)
    assert buffers_km(box(36, 33, 37, 34).union(islet), [30])[0].contains(islet)


def test_a_disc_is_as_large_as_was_asked() -> None:
    small, large = discs_km((36.0, 34.0), [5, 10])
    assert geometry.area_km2(large) == pytest.approx(314.16, rel=0.01)
    assert small.within(large)


@pytest.mark.parametrize("place", [(0.0, 89.9), (10.0, -90.0), (180.0, 0.0)])
def test_a_disc_at_a_pole_or_the_antimeridian_is_valid(place: tuple[float, float]) -> None:
    assert within_world(discs_km(place, [50])[0]).is_valid


def test_a_ring_has_a_hole() -> None:
    ring = ring_km((36.0, 34.0), 10, 5)
    assert not ring.contains(Point(36, 34))
    assert ring.contains(Point(destination(36.0, 34.0, 200, 7)))


@pytest.mark.parametrize(("bearing", "inside"), [(0, True), (40, True), (50, False), (180, False)])
def test_a_sector_holds_its_directions_only(bearing: float, inside: bool) -> None:
    (sector,) = sectors_km((36.0, 34.0), [(2, 10)], 0, [45])
    assert sector.contains(Point(destination(36.0, 34.0, bearing, 5))) is inside


def test_a_disc_runs_on_past_the_antimeridian() -> None:
    assert ring_km((179.9, -17.0), 50, 0).bounds[2] > 180
