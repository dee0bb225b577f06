"""The command, Python and HTTP give the same zones for a day."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from webapp_cast import service_of

import geo
from geo.cli import main
from geo.settings import Settings
from webapp import create_app

Drawn = dict[tuple[str, str], BaseGeometry]


def _by_extent(collection: Any) -> Drawn:
    found = ((feature["properties"], shape(feature["geometry"])) for feature in collection["features"])
    return {(known["zone"], known["extent"]): area.normalize() for known, area in found}


def _by_command(day: str, file: Path) -> Drawn:
    main(["zones", "--on", day, "-o", str(file)])
    return _by_extent(json.loads(file.read_bytes()))


def _by_http(day: str, settings: Settings) -> Drawn:
    client = create_app(settings, service_of(settings)).test_client()
    return _by_extent(client.get(f"/layers/zones.geojson?on={day}").get_json())


@pytest.mark.parametrize("day", ["2017-07-31", "2020-03-06"])
def test_the_command_python_and_http_give_the_same_shapes(day: str, tmp_path: Path, session_settings: Settings) -> None:
    rows = geo.zones(on=day)
    python = {(zone, extent): area for zone, extent, area in zip(rows.zone, rows.extent, rows.geometry, strict=True)}

    command, http = _by_command(day, tmp_path / "zones.geojson"), _by_http(day, session_settings)

    assert command.keys() == http.keys() == python.keys() != set()
    assert all(command[key].equals(http[key]) for key in command)
    assert all(command[key].symmetric_difference(python[key]).area < 1e-6 for key in command)
