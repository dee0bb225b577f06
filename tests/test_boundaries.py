"""Boundaries of countries and units, and the user's own in their place."""

from pathlib import Path

import geopandas as gpd
import pytest
from shapely import is_valid
from shapely.geometry import Point, box

from geo.errors import InputError, InputNotFoundError
from geo.gazetteer.boundaries import Boundaries, open_boundaries, read_own
from geo.gazetteer.sources import countries
from geo.geometry import area_km2
from geo.layers.basemap import web_base_layers
from geo.model import Place
from geo.settings import data_dir


def place(name: str, feature: str, country: str, id: str = "test:1") -> Place:
    return Place(id, name, feature, country, None, 0.0, 0.0)  # type: ignore[arg-type]


def test_a_country_holds_its_capital() -> None:
    shape = open_boundaries().country("sy")
    assert shape is not None
    assert shape.contains(Point(36.29, 33.51))


def test_an_unknown_country_has_no_shape() -> None:
    assert open_boundaries().country("zz") is None
    assert open_boundaries().units("zz").empty


def test_a_country_is_named_after_its_largest_unit() -> None:
    assert open_boundaries().country_name("CY") == "Cyprus"
    assert open_boundaries().country_name("zz") == "zz"


def test_a_country_has_the_name_that_the_gazetteer_shows() -> None:
    boundaries = open_boundaries()
    drawn = [entry for entry in countries(data_dir() / "gazetteer") if entry.country in boundaries.countries.by_country]
    assert len(drawn) > 230
    assert [(e.name, n) for e in drawn if (n := boundaries.country_name(e.country)) != e.name] == []


def test_the_map_names_countries_as_everything_else_does() -> None:
    [labels] = [layer for layer in web_base_layers((-10.0, 20.0, 50.0, 60.0)) if layer.name == "countries"]
    names = set(labels.features["name"])
    assert "The Netherlands" in names
    assert not {"Caribbean Netherlands", "Gaza Strip"} & names


@pytest.mark.parametrize(("country", "name"), [("HU", "Veszprém"), ("IE", "Cork"), ("PH", "Iloilo")])
def test_of_units_of_one_name_the_largest_is_meant(country: str, name: str) -> None:
    boundaries = open_boundaries()
    row = boundaries.unit_row(country, name)
    rows = boundaries.admin1.by_country[country]
    named = [n for n in rows if name in {boundaries.admin1.rows[n][c] for c in ("name", "name_en")}]
    assert len(named) > 1
    assert row == max(named, key=lambda n: area_km2(boundaries.admin1.shape(n)))


def test_a_unit_is_found_by_geonames_id_before_its_name() -> None:
    shape = open_boundaries().of(place("no such name", "admin1", "SY", "geonames:169575"))
    assert shape is not None
    assert shape.contains(Point(36.72, 34.73))


@pytest.mark.parametrize("name", ["Idlib", "محافظة إدلب", "Идлиб"])
def test_a_unit_is_found_by_its_name_in_any_script(name: str) -> None:
    assert open_boundaries().of(place(name, "admin1", "SY")) is not None


def test_a_town_has_no_boundary() -> None:
    assert open_boundaries().of(place("Idlib", "city", "SY")) is None


def test_units_and_their_country_fit() -> None:
    boundaries = open_boundaries()
    country = boundaries.country("SY")
    assert country is not None
    assert sum(area_km2(shape) for shape in boundaries.units("SY").geometry) == pytest.approx(
        area_km2(country), rel=1e-3
    )


def test_every_shape_that_comes_with_dateline_is_valid() -> None:
    for table in (open_boundaries().countries, open_boundaries().admin1):
        assert all(is_valid([table.shape(row) for row in range(len(table.rows))]))


def test_the_users_polygon_takes_the_place_of_the_unit_it_covers(tmp_path: Path) -> None:
    idlib = open_boundaries().unit("SY", "Idlib")
    assert idlib is not None
    own = idlib.buffer(-0.02)
    gpd.GeoDataFrame({"title": ["mine"]}, geometry=[own], crs=4326).to_file(tmp_path / "own.geojson")

    actual = Boundaries(tmp_path / "own.geojson")

    assert actual.unit("SY", "Idlib").equals_exact(own, 1e-6)  # type: ignore[union-attr]
    assert actual.unit("SY", "Homs").equals(open_boundaries().unit("SY", "Homs"))  # type: ignore[union-attr]


def test_units_of_a_whole_country_redraw_it(tmp_path: Path) -> None:
    units = open_boundaries().units("QA")
    wider = [shape.buffer(0.01) for shape in units.geometry]
    units.set_geometry(wider, crs=4326).to_file(tmp_path / "own.gpkg")
    actual, before = Boundaries(tmp_path / "own.gpkg").country("QA"), open_boundaries().country("QA")
    assert actual is not None
    assert before is not None
    assert area_km2(actual) > area_km2(before)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputNotFoundError, match="DATELINE_BOUNDARIES"):
        read_own(tmp_path / "none.geojson")


def test_a_file_without_polygons_is_an_error(tmp_path: Path) -> None:
    gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1).centroid], crs=4326).to_file(tmp_path / "points.geojson")
    with pytest.raises(InputError, match="no polygons"):
        read_own(tmp_path / "points.geojson")


@pytest.mark.parametrize("corner", [(500_000.0, 3_800_000.0), (36.0, 95.0), (-400.0, 35.0)])
def test_boundaries_outside_the_world_are_refused(corner: tuple[float, float], tmp_path: Path) -> None:
    area = box(*corner, corner[0] + 1, corner[1] + 1)
    gpd.GeoDataFrame(geometry=[area], crs=4326).to_file(tmp_path / "own.geojson")
    with pytest.raises(InputError, match="outside the world"):
        read_own(tmp_path / "own.geojson")
