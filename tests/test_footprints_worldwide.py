"""Bare phrases from all over the world, read with the whole gazetteer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from shapely.geometry import Point

import geo

CASES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "data" / "footprints_phrases.yaml").read_text(encoding="utf-8")
)["expressions"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["phrase"])
def test_points_are_where_the_phrase_says(case: dict[str, Any]) -> None:
    found = geo.footprint(case["phrase"])

    assert all(found.core.covers(Point(where)) for where in case.get("core", []))
    assert all(found.possible.covers(Point(where)) for where in case.get("possible", []))
    assert not any(found.possible.covers(Point(where)) for where in case.get("outside", []))
