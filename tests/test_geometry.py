"""Measuring: distances, areas, buffers, validity, bboxes."""

import pytest
from geodesy import destination
from hypothesis import given
from hypothesis import strategies as st
from shapely import get_coordinates
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from geo.errors import InputError
from geo.geometry import (
    area_km2,
    bbox_polygon,
    buffer_km,
    circle_bbox,
    distance_km,
    from_local,
    length_km,
    parse_bbox,
    points_frame,
    polygons_of,
    rounded,
    to_local,
    valid,
    within_world,
)

BOW_TIE = Polygon([(0, 0), (2, 2), (2, 0), (0, 2)])
WITH_HOLE = Polygon(box(0, 0, 3, 3).exterior, [box(1, 1, 2, 2).exterior])
longitudes = st.floats(-179, 179)
latitudes = st.floats(-85, 85)


def test_damascus_to_homs() -> None:
    assert distance_km(36.29, 33.51, 36.72, 34.73) == pytest.approx(141, abs=1)


@given(longitudes, latitudes, st.floats(0, 360), st.floats(1, 500))
def test_a_point_is_as_far_as_it_was_put(lon: float, lat: float, bearing: float, km: float) -> None:
    assert distance_km(lon, lat, *destination(lon, lat, bearing, km)) == pytest.approx(km, rel=1e-6)


def test_a_square_degree_on_the_equator() -> None:
    assert area_km2(box(0, 0, 1, 1)) == pytest.approx(12_309, rel=1e-3)


def test_areas_do_not_depend_on_the_direction_of_rings_and_leave_holes_out() -> None:
    assert area_km2(WITH_HOLE) == pytest.approx(area_km2(WITH_HOLE.reverse()))
    assert area_km2(WITH_HOLE) == pytest.approx(area_km2(box(0, 0, 3, 3)) - area_km2(box(1, 1, 2, 2)))


def test_what_has_no_inside_has_no_area() -> None:
    assert area_km2(Polygon()) == area_km2(Point(0, 0)) == area_km2(LineString([(0, 0), (1, 1)])) == 0


def test_length_of_a_degree_of_latitude() -> None:
    assert length_km(LineString([(0, 0), (0, 1)])) == pytest.approx(110.57, abs=0.01)


@pytest.mark.parametrize("latitude", [0.0, 35.0, 70.0, -60.0])
def test_a_buffer_reaches_as_many_kilometres_at_any_latitude(latitude: float) -> None:
    corners = get_coordinates(buffer_km(Point(36, latitude), 50))
    distances = [distance_km(36, latitude, lon, lat) for lon, lat in corners[::8]]
    assert distances == pytest.approx([50] * len(distances), rel=2e-3)


def test_a_negative_buffer_shrinks_and_an_empty_geometry_stays_empty() -> None:
    assert area_km2(buffer_km(box(0, 0, 1, 1), -10)) < area_km2(box(0, 0, 1, 1))
    assert buffer_km(Polygon(), 5).is_empty


def test_to_local_and_back() -> None:
    shape = box(36, 33, 37, 34)
    assert from_local(to_local(shape, (36.5, 33.5)), (36.5, 33.5)).equals_exact(shape, 1e-9)


def test_valid_keeps_areas_only() -> None:
    actual = valid(BOW_TIE)
    assert actual.is_valid
    assert isinstance(actual, Polygon | MultiPolygon)


def test_polygons_of_a_mixture() -> None:
    mixture = box(0, 0, 1, 1).union(Point(5, 5)).union(LineString([(2, 2), (3, 3)]))
    assert polygons_of(mixture).equals(box(0, 0, 1, 1))
    assert polygons_of(Point(0, 0)).is_empty


def test_an_invalid_shape_can_be_cut_at_the_antimeridian() -> None:
    crossed = Polygon([(179, 0), (181, 2), (181, 0), (179, 2)])
    assert within_world(crossed).is_valid


def test_rounded_stays_valid() -> None:
    sliver = Polygon([(0, 0), (1, 1e-9), (1, 0)])
    assert rounded(sliver).is_valid
    assert rounded(box(0.12345678, 0, 1, 1)).bounds[0] == 0.123457


@pytest.mark.parametrize("bbox", [(35.5, 32.3, 42.4, 37.4), (-180, -90, 180, 90), (170, -20, -170, 20), (0, 0, 0, 0)])
def test_parse_bbox(bbox: tuple[float, float, float, float]) -> None:
    assert parse_bbox(", ".join(map(str, bbox))) == bbox


@pytest.mark.parametrize(
    "text",
    [
        *("", "1,2,3", "a,b,c,d", "0,50,10,40", "nan,0,1,1", "0,0,inf,1"),
        *("-180.1,0,0,1", "180.1,0,0,1", "0,0,180.1,1", "0,0,-180.1,1", "0,-90.1,0,1", "0,0,0,90.1"),
    ],
)
def test_a_wrong_bbox_says_what_one_looks_like(text: str) -> None:
    with pytest.raises(InputError, match="west,south,east,north"):
        parse_bbox(text)


def test_a_bbox_across_the_antimeridian_has_two_parts() -> None:
    assert bbox_polygon((170, -10, -170, 10)).equals(MultiPolygon([box(170, -10, 180, 10), box(-180, -10, -170, 10)]))


def test_rows_without_coordinates_have_no_geometry() -> None:
    actual = points_frame([{"lon": 36.0, "lat": 33.0}, {"lon": None, "lat": None}])
    assert actual.geometry.iloc[0].equals(Point(36, 33))
    assert list(actual.geometry.isna()) == [False, True]
    assert points_frame([]).empty


@pytest.mark.parametrize("circle", [(36.7, 34.7, 50), (179.9, -17, 100), (-179.9, 60, 300), (0, 0, 1), (20, -85, 100)])
def test_the_bbox_of_a_circle_holds_it_and_little_more(circle: tuple[float, float, float]) -> None:
    west, south, east, north = circle_bbox(*circle)
    edge = [destination(*circle[:2], bearing, circle[2]) for bearing in range(0, 360, 5)]
    across, up = [(lon - west) % 360 for lon, _ in edge], [lat for _, lat in edge]
    assert min(across) == pytest.approx((east - west) % 360 - max(across), abs=1e-6)
    assert max(across) - min(across) == pytest.approx((east - west) % 360, rel=0.02)
    assert south <= min(up) <= max(up) <= north
    assert max(up) - min(up) == pytest.approx(north - south, rel=0.02)
    assert max(abs(west), abs(east)) <= 180


@pytest.mark.parametrize("north", [1, -1])
def test_the_bbox_of_a_circle_around_a_pole_holds_all_longitudes(north: int) -> None:
    west, south, east, top = circle_bbox(20, 89.5 * north, 100)
    assert (west, east) == (-180, 180)
    assert sorted(abs(lat) for lat in (south, top)) == [pytest.approx(88.595, abs=0.01), 90]
