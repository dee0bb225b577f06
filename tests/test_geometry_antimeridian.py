import pytest
from shapely import LineString, MultiPoint, Point, Polygon, box, get_parts
from shapely.geometry.base import BaseGeometry

from geo.geometry import Bbox, area_km2, bbox_of, buffer_km, within_world


@pytest.mark.parametrize("shape", [Point(180, 1), box(-180, -90, 180, 90), Polygon(), LineString([(1, 2), (3, 4)])])
def test_what_lies_in_the_world_stays_as_it_is(shape: BaseGeometry) -> None:
    assert within_world(shape) is shape


def test_area_beyond_the_antimeridian_is_cut() -> None:
    actual = within_world(box(170, -10, 190, 10))
    assert actual.equals(box(170, -10, 180, 10).union(box(-180, -10, -170, 10)))


def test_line_beyond_the_antimeridian_is_cut() -> None:
    actual = within_world(LineString([(-170, 0), (-190, 0)]))
    assert sorted(part.bounds for part in get_parts(actual)) == [(-180, 0, -170, 0), (170, 0, 180, 0)]


def test_hole_stays_a_hole_when_cut() -> None:
    shape = box(170, -10, 190, 10).difference(box(185, -5, 187, 5))
    assert within_world(shape).area == pytest.approx(shape.area)
    assert not within_world(shape).intersects(Point(-174, 0))


@pytest.mark.parametrize(
    ("shapes", "expected"),
    [
        ([], None),
        ([None, Polygon()], None),
        ([Point(1, 2)], (1, 2, 1, 2)),
        ([Point(-100, 0), None, Point(60, 5)], (-100, 0, 60, 5)),
        ([MultiPoint([(177, -20), (-178, -16)])], (177, -20, -178, -16)),
        ([box(-180, 50, -169, 70), box(19, 41, 180, 81)], (19, 41, -169, 81)),
        ([Point(-98, 40), Point(134, -25), Point(67, 48)], (-98, -25, 134, 48)),
        ([box(-180, -90, 180, 90), Point(0, 0)], (-180, -90, 180, 90)),
    ],
)
def test_bbox_is_the_narrowest(shapes: list[BaseGeometry | None], expected: Bbox | None) -> None:
    assert bbox_of(shapes) == expected


def test_buffer_across_the_antimeridian_is_cut_and_keeps_its_area() -> None:
    actual = buffer_km(Point(179.5, -17), 200)
    assert bbox_of([actual]) == pytest.approx((177.6, -18.8, -178.6, -15.2), abs=0.1)
    assert area_km2(actual) == pytest.approx(3.14159 * 200**2, rel=0.01)
