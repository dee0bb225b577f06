"""The probability at which core and possible end, and how they meet a border."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pytest

from geo.gazetteer.boundaries import open_boundaries
from geo.model import Extent
from geo.settings import Settings
from geo.zones.extents import LEVELS, level_for
from geo.zones.zones import zones_on

CANDIDATES = np.array([0.97, 0.92, 0.9, 0.88, 0.6, 0.1, 0.05, 0.02])


def test_the_core_gives_way_until_it_has_its_share() -> None:
    level = level_for("core", CANDIDATES, count=3)
    assert (level < CANDIDATES).sum() == 3


def test_the_possible_extent_gives_way_until_it_has_its_share() -> None:
    level = level_for("possible", CANDIDATES, count=5)
    assert (level < CANDIDATES).sum() == 5


@pytest.mark.parametrize("count", [-3, 0, 1, 8, 100])
@pytest.mark.parametrize("name", ["core", "possible"])
def test_a_level_stays_within_its_limits(name: Extent, count: int) -> None:
    least, greatest = LEVELS[name]
    assert least <= level_for(name, CANDIDATES, count) <= greatest


def test_nothing_to_choose_from_gives_the_least_level() -> None:
    assert level_for("core", np.array([]), count=0) == LEVELS["core"][0]


def test_the_core_reaches_the_border_of_the_country(cache_dir: Path) -> None:
    zones = zones_on(dt.date(2017, 7, 31), Settings(cache_dir=cache_dir))
    core = {zone.id: zone for zone in zones}["south-west"].core
    jordan = open_boundaries(None).country("JO")
    assert jordan is not None
    assert core.distance(jordan) < 0.005
