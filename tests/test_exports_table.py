import csv
import io

import pytest
from layer_cast import LAYERS, places_layer, zones_layer
from shapely import Point, from_wkt

from geo.exports import layer_bytes
from geo.exports.table import inert
from geo.model import Layer


def _read(layer: Layer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(layer_bytes(layer, "csv").decode())))


def test_points_have_longitude_latitude_and_wkt() -> None:
    homs = _read(places_layer())[0]
    assert (homs["lon"], homs["lat"], homs["wkt"]) == ("36.72339", "34.72682", "POINT (36.72339 34.72682)")


def test_areas_have_a_point_inside() -> None:
    for row in _read(zones_layer()):
        assert from_wkt(row["wkt"]).contains(Point(float(row["lon"]), float(row["lat"])))


def test_missing_values_and_geometries_are_empty() -> None:
    atlantis = _read(places_layer())[2]
    assert [atlantis[name] for name in ("articles", "lon", "lat", "wkt", "population")] == [""] * 5


def test_lists_are_json() -> None:
    assert _read(places_layer())[0]["articles"] == '["a", "b"]'


def test_empty_layer_is_a_header() -> None:
    assert layer_bytes(LAYERS["empty"](), "csv") == b"id,symbol,name,lon,lat,wkt\r\n"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|calc", "%x", "＝1+1"])
def test_formulas_are_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("value", [-5, 3.2, "Homs", "", None, "a=b"])
def test_other_cells_stay_as_they_are(value: object) -> None:
    assert inert(value) == value


def test_hostile_name_is_inert_in_the_file() -> None:
    assert _read(places_layer())[1]["name"].startswith("'=cmd")
