"""The shapes that come with Dateline."""

from typing import get_args

import pytest

from geo.errors import DataFileError
from geo.gazetteer import shapes
from geo.gazetteer.index import open_index
from geo.gazetteer.shapes import ShapeFile, read_shapes
from geo.geometry import Bbox
from geo.settings import load_settings

SYRIA: Bbox = (35.5, 32.3, 42.4, 37.4)


@pytest.mark.parametrize("name", get_args(ShapeFile))
def test_every_file_has_valid_shapes_in_degrees(name: ShapeFile) -> None:
    actual = read_shapes(name)
    assert actual.crs == "EPSG:4326"
    assert actual.geometry.is_valid.all()
    assert not actual.geometry.is_empty.any()


def test_towns_have_the_names_that_the_gazetteer_shows() -> None:
    index, towns = open_index(load_settings()), read_shapes("towns")
    shown = {id: index.label(row) for id in towns["id"] if (row := index.row_of(id)) is not None}
    assert len(shown) == len(towns)
    # Those with marks of transliteration are drawn without.
    plain = {id: name for id, name in shown.items() if name.isascii() and "'" not in name and "`" not in name}
    told = zip(towns["id"], towns["name"], strict=True)
    assert {name: plain[id] for id, name in told if id in plain and plain[id] != name} == {}


def test_a_bbox_limits_what_is_read() -> None:
    names = set(read_shapes("countries", SYRIA)["name"])
    assert "Syria" in names
    assert "Poland" not in names


def test_the_world_is_covered() -> None:
    assert read_shapes("admin1")["country"].nunique() > 230
    assert read_shapes("towns")["country"].nunique() > 200


def test_a_missing_file_names_the_remedy(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(shapes, "data_dir", lambda: tmp_path)
    with pytest.raises(DataFileError, match="Install Dateline again"):
        read_shapes("lakes")
