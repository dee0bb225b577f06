"""Areas in arrays: what was written is read, one by one."""

import csv
from pathlib import Path
from typing import Literal

import pytest
from shapely import MultiPolygon, Polygon, box

from geo.errors import DataFileError
from geo.gazetteer.areas import Areas, write_areas
from geo.gazetteer.shapes import ShapeTable, read_shapes, read_water
from geo.settings import data_dir

HOLED = box(0, 0, 10, 10).difference(box(4, 4, 6, 6))
TWO = MultiPolygon([box(20, 0, 21, 1), box(175, -5, 185.5, 5)])


@pytest.fixture
def areas(tmp_path: Path) -> Areas:
    write_areas([HOLED, Polygon(), TWO], tmp_path / "shapes")
    return Areas(tmp_path / "shapes")


@pytest.mark.parametrize(("row", "expected"), [(0, HOLED), (1, Polygon()), (2, TWO)])
def test_an_area_is_read_as_it_was_written(areas: Areas, row: int, expected: Polygon) -> None:
    assert areas[row].equals(expected)
    assert areas.is_empty(row) is expected.is_empty
    assert len(areas) == 3


def test_coordinates_are_rounded_to_six_decimals(tmp_path: Path) -> None:
    write_areas([box(0.12345678, 0, 1, 1)], tmp_path)
    assert Areas(tmp_path)[0].bounds[0] == 0.123457


@pytest.mark.parametrize(
    ("bbox", "expected"), [((9, 9, 30, 30), [0]), ((5, 0.5, 20.5, 0.6), [0, 2]), ((-170, 0, -160, 5), [])]
)
def test_areas_are_found_by_their_bounds(
    areas: Areas, bbox: tuple[float, float, float, float], expected: list[int]
) -> None:
    assert areas.meeting(bbox) == expected


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="Install Dateline again"):
        Areas(tmp_path)[0]


def test_a_table_knows_what_touches_a_shape() -> None:
    countries = ShapeTable("countries")
    found = {countries.rows[row]["name"] for row in countries.touching(box(38, 34, 38.5, 34.2))}
    assert found == {"Syria"}


def test_a_table_knows_what_comes_near_a_shape() -> None:
    countries = ShapeTable("countries")
    found = {countries.rows[row]["name"] for row in countries.touching(box(38, 34, 38.5, 34.2), within=0.9)}
    assert found == {"Syria", "Jordan", "Iraq"}


@pytest.mark.parametrize("name", ["admin1", "countries"])
def test_rows_read_one_by_one_are_those_of_the_file(name: str) -> None:
    table = ShapeTable(name)
    with (data_dir() / "shapes" / name / "table.csv").open(encoding="utf-8", newline="") as file:
        expected = list(csv.DictReader(file))
    assert list(table.rows) == expected
    assert table.rows[-2:] == expected[-2:]
    assert table.rows.codes("country") == [row["country"] for row in expected]


def test_shapes_in_a_box_are_a_table_for_gis() -> None:
    frame = read_shapes("countries", (38, 34, 38.5, 34.2))
    assert list(frame["country"]) == ["SY"]
    assert frame.crs == "EPSG:4326"


@pytest.mark.parametrize(("name", "kind"), [("lakes", "Polygon"), ("rivers", "LineString")])
def test_water_is_read_the_same_with_and_without_a_table(name: Literal["lakes", "rivers"], kind: str) -> None:
    parts = read_water(name)
    assert {part.geom_type for part in parts} == {kind}
    assert sum(part.length for part in parts) == pytest.approx(
        sum(shape.length for shape in read_shapes(name).geometry)
    )
