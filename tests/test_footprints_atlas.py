"""Outlines that are drawn once and kept."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from shapely import points

from geo.footprints import atlas as atlas_module
from geo.footprints.atlas import Atlas, open_atlas, write_atlas
from geo.footprints.cuts import nobody
from geo.footprints.directions import directional_part
from geo.footprints.extents import finished
from geo.footprints.ground import Ground, disc
from geo.footprints.outlines import polygon
from geo.gazetteer.boundaries import Boundaries, open_boundaries
from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import Index, open_index
from geo.geometry import area_km2
from geo.settings import data_dir, load_settings

HOMS, FIJI, DAMASCUS = "geonames:169575", "geonames:2205218", "geonames:170654"


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


@pytest.fixture(scope="module")
def atlas(index: Index, tmp_path_factory: pytest.TempPathFactory) -> Atlas:
    folder = tmp_path_factory.mktemp("atlas")
    write_atlas(sorted(_row(index, id) for id in (HOMS, FIJI, DAMASCUS)), open_boundaries(), index, folder)
    return Atlas(folder)


def _row(index: Index, id: str) -> int:
    row = index.row_of(id)
    assert row is not None
    return row


@pytest.mark.parametrize("id", [HOMS, FIJI])
def test_an_outline_is_as_it_would_be_drawn_now(id: str, atlas: Atlas, index: Index) -> None:
    row = _row(index, id)
    kept, shape = atlas.extents(row), open_boundaries().of(index.place(row))
    assert kept is not None
    assert shape is not None
    assert kept.zone.area == pytest.approx(polygon(shape).zone.area, rel=0.01)
    assert kept.zone.covers(kept.core)
    assert kept.possible.covers(kept.zone)


def test_a_boundary_alone_is_one_exact_area(atlas: Atlas, index: Index) -> None:
    row = _row(index, HOMS)
    kept, shape = atlas.boundary(row), open_boundaries().of(index.place(row))
    assert kept is not None
    assert shape is not None
    assert kept.core is kept.zone is kept.possible
    assert area_km2(kept.zone) == pytest.approx(area_km2(shape), rel=0.001)


def test_a_town_is_in_no_atlas(atlas: Atlas, index: Index) -> None:
    assert atlas.extents(_row(index, DAMASCUS)) is None
    assert atlas.boundary(_row(index, DAMASCUS)) is None


def test_towns_beside_the_polygon_of_their_unit_are_drawn_into_it(atlas: Atlas, index: Index) -> None:
    row = _row(index, FIJI)
    kept, shape = atlas.extents(row), open_boundaries().country("FJ")
    towns = (index.country == index.country[row]) & (index.feature == FEATURES.index("city"))
    found = points(index.lon[towns], index.lat[towns])
    assert kept is not None
    assert shape is not None
    beside = [town for town in found if 0 < town.distance(shape) < 0.04]
    assert beside
    assert all(kept.zone.covers(town) for town in beside)


def test_an_atlas_that_cannot_be_kept_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "in-the-way").touch()
    assert open_atlas(Index(tmp_path / "in-the-way" / "gazetteer-x")) is None


def test_atlases_of_other_versions_go_when_nobody_used_them_for_long(
    tmp_path: Path, index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    def draw_one(_rows: object, *others: Any) -> None:
        write_atlas([_row(index, HOMS)], *others)

    monkeypatch.setattr(atlas_module, "write_atlas", draw_one)
    (tmp_path / "gazetteer-x").symlink_to(index.folder)
    for name, days in ("gazetteer-unused", 15), ("gazetteer-used", 1):
        (tmp_path / "outlines" / name).mkdir(parents=True)
        os.utime(tmp_path / "outlines" / name, (time.time() - days * 86400,) * 2)
    assert open_atlas(Index(tmp_path / "gazetteer-x")) is not None
    found = sorted(path.name.rpartition("-")[0] for path in (tmp_path / "outlines").iterdir() if path.is_dir())
    assert found == ["gazetteer", "gazetteer-x"]


def test_a_boundary_that_moved_inside_its_bounds_is_drawn_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("admin1", "countries"):
        shutil.copytree(data_dir() / "shapes" / name, tmp_path / "shapes" / name)
    coordinates = np.load(tmp_path / "shapes" / "admin1" / "coordinates.npy")
    coordinates[len(coordinates) // 2] += 1
    np.save(tmp_path / "shapes" / "admin1" / "coordinates.npy", coordinates)
    monkeypatch.setattr(atlas_module, "data_dir", lambda: tmp_path)
    version = atlas_module._version.__wrapped__
    actual = version()
    monkeypatch.undo()
    assert actual != version()


def test_the_users_own_boundaries_outrank_the_atlas(tmp_path: Path, index: Index) -> None:
    import geopandas as gpd

    homs, syria = index.place(_row(index, HOMS)), index.place(_row(index, "geonames:163843"))
    shape = open_boundaries().of(homs)
    assert shape is not None
    gpd.GeoDataFrame(geometry=[shape.buffer(-0.1)], crs=4326).to_file(tmp_path / "own.geojson")
    ours, own = Ground(open_boundaries(), index), Ground(Boundaries(tmp_path / "own.geojson"), index)
    assert own.extents(homs).zone.area < 0.95 * ours.extents(homs).zone.area
    assert own.extents(syria).zone.equals(ours.extents(syria).zone)


def test_reading_and_drawing_load_no_gdal_and_no_pandas() -> None:
    code = (
        "import sys, geo; geo.geoparse('Fighting went on in the north of Homs province and along the Euphrates.');"
        "print(*sys.modules, sep='\\n')"
    )
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert "shapely" in loaded
    assert loaded.isdisjoint({"pandas", "geopandas", "pyogrio", "matplotlib", "scipy", "sqlalchemy"})


@pytest.mark.parametrize("direction", ["north", "south_west", "centre"])
@pytest.mark.parametrize("far", [False, True])
def test_parts_kept_are_those_measured_now(direction: str, far: bool, atlas: Atlas, index: Index) -> None:
    kept, ground = atlas.extents(_row(index, HOMS)), Ground(open_boundaries(), index)
    assert kept is not None
    assert kept.known is not None
    actual = directional_part(kept, (direction,), far, ground.towns_in)
    expected = directional_part(replace(kept, known=None), (direction,), far, ground.towns_in)
    assert actual.zone.symmetric_difference(expected.zone).area < 1e-4 * expected.zone.area


def test_a_unit_kept_is_cut_where_the_world_ends(atlas: Atlas, index: Index) -> None:
    kept = atlas.extents(_row(index, FIJI))
    assert kept is not None
    assert kept.zone.bounds[2] > 180
    actual, expected = finished(kept)[1], finished(replace(kept, known=None))[1]
    assert actual.symmetric_difference(expected).area < 1e-6 * expected.area
    assert actual.bounds[2] == 180


def test_a_disc_is_cut_as_if_it_were_measured(index: Index) -> None:
    town = disc(index.place(_row(index, DAMASCUS)))
    expected = directional_part(replace(town, is_nested=False), ("north_east",), False, nobody)
    actual = directional_part(town, ("north_east",), False, nobody)
    assert actual.zone.symmetric_difference(expected.zone).area < 0.02 * expected.zone.area
