import json
from collections.abc import Callable
from typing import Any

import pytest
from layer_cast import LAYERS, mixed_layer, places_layer, zones_layer
from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo.exports import layer_bytes
from geo.exports.base import geojson_of, within_bbox
from geo.exports.geojson import feature_collection
from geo.model import Layer

HOLED = Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [[(1, 1), (1, 2), (2, 2), (2, 1)]])


def _read(layer: Layer) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(layer_bytes(layer, "geojson"))
    return read


def _rings(layer: Layer) -> list[Any]:
    parts = [
        part
        for f in _read(layer)["features"]
        for part in getattr(shape(f["geometry"]), "geoms", [shape(f["geometry"])])
    ]
    return [part for part in parts if part.geom_type == "Polygon"]


def test_only_what_rfc_7946_allows_is_there() -> None:
    collection = _read(zones_layer())
    assert collection["type"] == "FeatureCollection"
    assert "crs" not in collection
    assert not {"coordinates", "geometries", "geometry", "properties"} & set(collection)
    assert all(set(f) == {"type", "id", "geometry", "properties"} for f in collection["features"])


@pytest.mark.parametrize("make", [zones_layer, mixed_layer])
def test_exteriors_turn_counter_clockwise_and_holes_clockwise(make: Callable[[], Layer]) -> None:
    polygons = _rings(make())
    assert polygons
    assert all(p.exterior.is_ccw for p in polygons)
    assert not any(hole.is_ccw for p in polygons for hole in p.interiors)


def test_hole_survives() -> None:
    assert [len(p.interiors) for p in _rings(zones_layer())] == [0, 1, 1, 0]


def test_coordinates_have_six_digits() -> None:
    assert _read(places_layer())["features"][1]["geometry"]["coordinates"] == [36.123457, 35.987654]


def test_bbox_holds_all_features() -> None:
    assert _read(zones_layer())["bbox"] == [36, 35, 37.5, 36]
    assert "bbox" not in _read(LAYERS["empty"]())


def test_shapes_are_cut_at_the_antimeridian() -> None:
    collection = feature_collection(within_bbox(mixed_layer(), (170, -30, -170, 0)))
    assert collection["bbox"] == [177, -20, -178, -15]
    assert [f["geometry"]["type"] for f in collection["features"]] == ["Point", "MultiPolygon"]


def test_missing_values_and_geometries_are_null_and_lists_lists() -> None:
    homs, _, atlantis = _read(places_layer())["features"]
    assert atlantis["geometry"] is None
    assert atlantis["properties"]["articles"] is None
    assert atlantis["properties"]["lon"] is None
    assert homs["properties"]["articles"] == ["a", "b"]


def test_ids_stand_at_the_feature_and_among_the_properties() -> None:
    features = _read(places_layer())["features"]
    assert (
        [f["id"] for f in features]
        == [f["properties"]["id"] for f in features]
        == ["geonames:1", "geonames:2", "none:3"]
    )


def test_foreign_members_say_what_it_is_and_from_whom() -> None:
    collection = _read(zones_layer())
    told = {key: collection[key] for key in ("name", "title", "on", "approximate", "licence")}
    assert told == {
        "name": "zones", "title": "De-escalation zones", "on": "2017-09-15", "approximate": True, "licence": "CC BY 4.0"
    }  # fmt: skip
    assert collection["sources"][1]["date"] == "2017-09-15"


def test_simplestyle_follows_the_layers_style_and_says_approximate() -> None:
    look = _read(zones_layer())["features"][2]["properties"]
    expected = {"fill": "#b5452c", "fill-opacity": 0.028, "stroke": None, "stroke-opacity": 0, "stroke-width": 1}
    assert {key: look[key] for key in expected} == expected
    assert look["description"] == "Not excluded (approximate)"
    assert look["title"] == "idlib-possible"


def test_larger_counts_have_larger_markers() -> None:
    sizes = [f["properties"].get("marker-size") for f in _read(places_layer())["features"]]
    assert sizes == ["large", "small", None]


def test_simplestyle_never_replaces_a_column() -> None:
    layer = zones_layer()
    layer.features["title"] = "mine"
    assert feature_collection(layer)["features"][0]["properties"]["title"] == "mine"


GEOMETRIES = [HOLED, MultiPolygon([HOLED, box(5, 5, 6, 6)]), Point(1, 2), LineString([(0, 0), (1, 2)])]


@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_geometries_are_written_as_shapely_writes_them(geometry: BaseGeometry) -> None:
    assert json.loads(json.dumps(geojson_of(geometry))) == json.loads(json.dumps(mapping(geometry)))
