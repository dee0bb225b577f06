import geopandas as gpd
import pytest
from shapely.geometry import Point

from geo.model import LARGEST_RADIUS, Layer, Style, Symbol


def _layer(counts: list[int | None], radius: float | None = 4.0, by: str | None = "n") -> Layer:
    rows = {"id": [str(i) for i in range(len(counts))], "symbol": ["dot"] * len(counts), "n": counts}
    frame = gpd.GeoDataFrame(rows, geometry=[Point(0, 0)] * len(counts), crs="EPSG:4326")
    return Layer("places", "Places", "", frame, Style({"dot": Symbol("A place", radius=radius)}, size_property=by))


def test_area_stands_for_the_count() -> None:
    assert _layer([1, 4, 9]).radii() == [4.0, 8.0, 12.0]


def test_large_counts_shrink_all_alike() -> None:
    small, large = _layer([100, 10_000]).radii()
    assert large == LARGEST_RADIUS
    assert small == pytest.approx(LARGEST_RADIUS / 10)


def test_unknown_counts_and_layers_without_counts_have_the_plain_radius() -> None:
    assert _layer([None, 0, 4]).radii() == [4.0, 4.0, 8.0]
    assert _layer([7], by=None).radii() == [4.0]


def test_areas_have_no_radius_and_no_features_no_radii() -> None:
    assert _layer([3], radius=None).radii() == [None]
    assert _layer([]).radii() == []
