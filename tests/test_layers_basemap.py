import geopandas as gpd
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from geo.geometry import Bbox
from geo.layers.basemap import BASE_LAYER_NAMES, _shared_edges, base_layers, web_base_layers
from geo.model import Layer

LEVANT = (35.0, 32.0, 43.0, 38.0)


def by_name(layers: tuple[Layer, ...]) -> dict[str, gpd.GeoDataFrame]:
    return {layer.name: layer.features for layer in layers}


def units(*shapes: Polygon | MultiPolygon, countries: str = "A") -> gpd.GeoDataFrame:
    codes = list(countries) if len(countries) > 1 else [countries] * len(shapes)
    return gpd.GeoDataFrame({"adm0_a3": codes}, geometry=list(shapes), crs="EPSG:4326")


def test_the_edge_between_two_units_is_drawn_once() -> None:
    [line] = _shared_edges(units(box(0, 0, 1, 1), box(1, 0, 2, 1))).geometry
    assert line.equals(LineString([(1, 0), (1, 1)]))


def test_the_edge_of_a_unit_inside_another_is_drawn() -> None:
    inner = box(1, 1, 2, 2)
    holed = Polygon(box(0, 0, 3, 3).exterior, [inner.exterior.coords])
    [line] = _shared_edges(units(holed, inner)).geometry
    assert line.equals(inner.exterior)


def test_borders_and_coasts_are_no_lines_between_units() -> None:
    lines = _shared_edges(units(box(0, 0, 1, 1), box(1, 0, 2, 1), countries="AB")).geometry
    assert lines.is_empty.all()


def test_the_base_map_comes_in_painting_order() -> None:
    assert tuple(layer.name for layer in base_layers(LEVANT)) == BASE_LAYER_NAMES


@pytest.mark.parametrize("bbox", [LEVANT, (170.0, -50.0, -175.0, -30.0), (-140.0, -60.0, 150.0, 75.0)])
def test_every_part_of_the_world_has_land_inside_its_bbox(bbox: Bbox) -> None:
    land = by_name(base_layers(bbox))["land"]
    _, south, _, north = land.total_bounds
    assert land.geometry.is_valid.all()
    assert bbox[1] <= south < north <= bbox[3]


def test_an_empty_sea_has_a_base_map_without_land() -> None:
    frames = by_name(base_layers((-40.0, -40.0, -35.0, -35.0)))
    assert all(frames[name].empty for name in ("land", "borders", "towns"))


def test_the_region_of_interest_is_finer_than_the_world_around_it() -> None:
    land = by_name(web_base_layers(LEVANT))["land"]
    coarse, fine = land.geometry
    assert coarse.contains(Point(10.0, 50.0))
    assert not coarse.contains(Point(38.0, 35.0))
    assert fine.contains(Point(38.0, 35.0))


def test_coarse_and_fine_land_leave_no_seam() -> None:
    land = shapely.union_all(by_name(web_base_layers(LEVANT))["land"].geometry.values)
    assert land.contains(LineString([(42.0, 34.5), (44.0, 34.5)]))


def test_disputed_lines_look_disputed() -> None:
    [borders] = [layer for layer in base_layers(LEVANT) if layer.name == "borders"]
    assert borders.style.symbols["disputed"].dash
    assert set(borders.features["symbol"]) <= set(borders.style.symbols)
