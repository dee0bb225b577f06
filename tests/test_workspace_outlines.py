from __future__ import annotations

import pytest
from shapely import to_wkb
from shapely.geometry import GeometryCollection, LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry

from geo.geometry import rounded
from geo.workspace.outlines import hashed_outline, pack_outline, unpack_outline

_HOLED = Polygon([(36, 34), (38, 34), (38, 36), (36, 36)], [[(36.5, 34.5), (37, 34.5), (37, 35)]])
GEOMETRIES = [
    _HOLED,
    rounded(Point(37, 35).buffer(2)),
    Point(37, 35).buffer(2),
    Polygon(),
    MultiPolygon(),
    MultiPolygon([_HOLED, box(-180, -90, -179.5, -89)]),
    MultiPolygon([_HOLED, Polygon()]),
    MultiPolygon([box(179, 1, 180, 2), box(-180, 1, -179, 2)]),
    box(-1e9, 0, 1e9, 1),
    box(-1e308, 0, 1e308, 1),
    box(-1000, -1000, 1000, 1000),
    Point(1, 2),
    LineString([(0.1, 0.2), (1, 2)]),
    GeometryCollection([Point(1, 2), _HOLED]),
]


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("geometry", GEOMETRIES, ids=str)
def test_an_outline_comes_back_to_the_last_bit(geometry: BaseGeometry) -> None:
    assert to_wkb(unpack_outline(pack_outline(geometry))) == to_wkb(geometry)


def test_an_outline_given_in_binary_is_packed_alike_and_hashed() -> None:
    (key, packed), (other, _) = (hashed_outline(to_wkb(geometry)) for geometry in GEOMETRIES[:2])
    assert packed == pack_outline(_HOLED)
    assert len(key) == len(other) == 16
    assert key != other


def test_a_rounded_outline_takes_a_third() -> None:
    outline = rounded(Point(37, 35).buffer(2, quad_segs=200))
    assert len(pack_outline(outline)) < len(to_wkb(outline)) / 3


@pytest.mark.parametrize("packed", [b"", b"S", b"Snonsense", b"B", b"S" + pack_outline(Point(1, 2))[1:]])
def test_damage_is_told(packed: bytes) -> None:
    with pytest.raises(ValueError, match="an outline is damaged"):
        unpack_outline(packed)
