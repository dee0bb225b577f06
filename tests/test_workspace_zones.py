"""Zones in the store, on both kinds of it."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from real_postgresql import new_database
from shapely.geometry import Point, box
from sqlalchemy import update

from geo.batch.zones import keep_zones
from geo.errors import WorkspaceError
from geo.pipeline import default_settings
from geo.pipeline import zones_on as zones_drawn_on
from geo.workspace.tables import zones
from geo.workspace.workspace import Workspace, open_workspace
from geo.workspace.zones import ZoneState

_DAY = dt.date(2017, 8, 1)
_HOLED = box(36, 34, 37, 35).difference(Point(36.5, 34.5).buffer(0.1))
_STATE = ZoneState(
    "a-zone", _DAY, dt.date(2017, 8, 9), {"en": "Zone"}, "agreed", 2.5, Point().buffer(0), _HOLED, _HOLED
)


@pytest.fixture
def workspace(store: str) -> Iterator[Workspace]:
    with open_workspace(store) as opened:
        yield opened


def test_of_several_that_keep_the_same_zones_at_once_one_writes(store: str) -> None:
    with open_workspace(store) as first, open_workspace(store) as second, ThreadPoolExecutor(2) as pool:
        both_drawn = Barrier(2, timeout=30)

        def drawn() -> Iterator[ZoneState]:
            both_drawn.wait()
            yield _STATE

        written = [pool.submit(workspace.keep_zones, drawn(), "one") for workspace in (first, second)]
        assert sorted(done.result() for done in written) == [False, True]
        assert first.zones_on(_DAY) == (_STATE,)


def test_a_new_store_has_no_zones(workspace: Workspace) -> None:
    assert workspace.zones_on(_DAY) == ()


def test_zones_are_kept_as_they_were(workspace: Workspace) -> None:
    assert workspace.keep_zones([_STATE], "one")
    assert workspace.zones_on(_DAY) == (_STATE,)


def test_a_shape_holds_to_its_last_day(workspace: Workspace) -> None:
    workspace.keep_zones([_STATE], "one")
    assert [len(workspace.zones_on(_STATE.until + dt.timedelta(days=days))) for days in (0, 1)] == [1, 0]


def test_zones_drawn_anew_replace_the_old_ones(workspace: Workspace) -> None:
    workspace.keep_zones([_STATE], "one")
    workspace.keep_zones([replace(_STATE, id="another")], "two")
    assert [state.id for state in workspace.zones_on(_DAY)] == ["another"]


def test_the_same_zones_are_not_written_again(workspace: Workspace) -> None:
    workspace.keep_zones([_STATE], "one")
    before = workspace.version()
    assert not workspace.keep_zones([], "one")
    assert workspace.version() == before


def test_a_damaged_shape_is_told(workspace: Workspace) -> None:
    workspace.keep_zones([_STATE], "one")
    with workspace.engine.begin() as connection:
        connection.execute(update(zones).values(core=b"none"))
    with pytest.raises(WorkspaceError, match="workspace check"):
        workspace.zones_on(_DAY)


def test_the_store_holds_what_is_drawn(workspace: Workspace) -> None:
    keep_zones(workspace, default_settings())
    kept = {state.id: state.zone for state in workspace.zones_on(_DAY)}
    assert kept == {zone.id: zone.zone for zone in zones_drawn_on(_DAY)}


def test_gis_programs_open_them(postgresql: str) -> None:
    url = new_database(postgresql)
    with open_workspace(url) as workspace:
        keep_zones(workspace, default_settings())
        expected = sum(not shape.is_empty for state in workspace.zones_on(_DAY) for shape in (state.core, state.zone))
    held = f"since <= '{_DAY}' AND until >= '{_DAY}' AND extent <> 'possible' AND NOT ST_IsEmpty(geometry)"
    command = ["ogr2ogr", "-f", "GeoJSON", "/vsistdout/", f"PG:{url}", "zone_extents", "-where", held]
    features = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)["features"]
    assert len(features) == expected
    assert {feature["geometry"]["type"] for feature in features} == {"MultiPolygon"}
