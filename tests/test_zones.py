"""The zones as they stood on a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from geo.geometry import area_km2
from geo.model import Zone
from geo.settings import Settings
from geo.zones.zones import posts_on, timeline, zone_ids, zones_on

MID_2017 = dt.date(2017, 7, 31)
FOUR = {"idlib", "northern-homs", "eastern-ghouta", "south-west"}


@pytest.fixture(scope="module")
def settings(cache_dir: Path) -> Settings:
    return Settings(cache_dir=cache_dir)


@pytest.fixture(scope="module")
def mid_2017(settings: Settings) -> dict[str, Zone]:
    return {zone.id: zone for zone in zones_on(MID_2017, settings)}


def test_the_four_zones_stood_in_mid_2017(mid_2017: dict[str, Zone]) -> None:
    assert set(mid_2017) >= FOUR


@pytest.mark.parametrize("zone", sorted(FOUR))
def test_extents_are_valid_and_nested(mid_2017: dict[str, Zone], zone: str) -> None:
    core, best, possible = (mid_2017[zone].extent(extent) for extent in ("core", "zone", "possible"))
    assert core.is_valid
    assert best.is_valid
    assert possible.is_valid
    assert best.covers(core)
    assert possible.covers(best)


@pytest.mark.parametrize(
    ("zone", "low", "high"),
    [("idlib", 7500, 9800), ("northern-homs", 350, 700), ("eastern-ghouta", 85, 125), ("south-west", 2600, 3500)],
)
def test_areas_lie_where_published_figures_put_them(mid_2017: dict[str, Zone], zone: str, low: int, high: int) -> None:
    assert low < area_km2(mid_2017[zone].zone) < high


def test_days_outside_the_timeline_have_no_zones(settings: Settings) -> None:
    days = timeline(settings)
    day = dt.timedelta(days=1)
    assert zones_on(days.first_day - day, settings) == ()
    assert zones_on(days.last_day + day, settings) == ()


def test_no_day_means_the_default_day(settings: Settings) -> None:
    assert {zone.on for zone in zones_on(None, settings)} == {timeline(settings).default_day}
    assert {zone.id for zone in zones_on(None, settings)} <= set(zone_ids(settings))


def test_posts_are_empty_before_the_first_was_set_up(settings: Settings) -> None:
    assert posts_on(dt.date(2017, 5, 6), settings) == ()


def test_data_files_are_where_the_package_looks() -> None:
    assert (Path(__file__).parent.parent / "data/shapes/zones/common.yaml").is_file()


def test_every_zone_has_a_hue_of_its_own_on_every_day(settings: Settings) -> None:
    colours = [zone.colour for zone in timeline(settings).zones]
    assert None not in colours
    assert len(set(colours)) == len(colours)
