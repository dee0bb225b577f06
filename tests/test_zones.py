"""The zones as they stood on a day."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import Point

from geo.gazetteer.boundaries import open_boundaries
from geo.geometry import area_km2
from geo.model import Source, Zone
from geo.settings import Settings
from geo.zones.zones import _licence, timeline, zone_ids, zones_on

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
    assert _posts_on(dt.date(2017, 5, 6), settings) == []


def test_data_files_are_where_the_package_looks() -> None:
    assert (Path(__file__).parent.parent / "data/shapes/zones/common.yaml").is_file()


def test_every_zone_has_a_hue_of_its_own_on_every_day(settings: Settings) -> None:
    colours = [zone.colour for zone in timeline(settings).zones]
    assert None not in colours
    assert len(set(colours)) == len(colours)


ENDS = {
    "eastern-ghouta": dt.date(2018, 4, 14),
    "northern-homs": dt.date(2018, 5, 21),
    "south-west": dt.date(2018, 7, 31),
}


@pytest.mark.parametrize(("zone", "last"), sorted(ENDS.items()))
def test_a_zone_is_gone_the_day_after_its_end(settings: Settings, zone: str, last: dt.date) -> None:
    assert zone in {z.id for z in zones_on(last, settings)}
    assert zone not in {z.id for z in zones_on(last + dt.timedelta(days=1), settings)}


def test_idlib_shrinks_to_less_than_half(settings: Settings, mid_2017: dict[str, Zone]) -> None:
    last = {z.id: z for z in zones_on(timeline(settings).last_day, settings)}
    assert area_km2(last["idlib"].zone) < area_km2(mid_2017["idlib"].zone) / 2
    assert {"m4-corridor", "sochi-demilitarised"} < set(last)


def test_no_extent_is_empty_or_broken_on_any_day(settings: Settings) -> None:
    days = timeline(settings)
    for zone in days.zones:
        for state in days.states[zone.id]:
            drawn = state.extents
            assert not drawn.core.is_empty, (zone.id, state.since)
            assert drawn.possible.is_valid
            assert drawn.zone.covers(drawn.core)
            assert drawn.possible.covers(drawn.zone)


def test_extents_stay_in_the_country(settings: Settings) -> None:
    syria = open_boundaries(None).country("SY")
    assert syria is not None
    beyond = [area_km2(zone.possible.difference(syria)) for zone in zones_on(dt.date(2017, 10, 1), settings)]
    assert max(beyond) < 0.1


@pytest.mark.parametrize(
    ("place", "zone", "lon", "lat"),
    [
        ("Fuah, an enclave", "idlib", 36.697, 35.983),
        ("the Yarmouk basin", "south-west", 35.87, 32.784),
        ("Qaboun", "eastern-ghouta", 36.335, 33.544),
    ],
)
def test_what_the_sources_leave_out_is_out(
    mid_2017: dict[str, Zone], place: str, zone: str, lon: float, lat: float
) -> None:
    assert not mid_2017[zone].zone.contains(Point(lon, lat)), place


def test_the_enclave_closes_after_18_july_2018(settings: Settings) -> None:
    idlib = {z.id: z for z in zones_on(dt.date(2018, 7, 20), settings)}["idlib"]
    assert idlib.zone.contains(Point(36.697, 35.983))


def test_extra_areas_of_september_2017_are_claimed(settings: Settings) -> None:
    status = {zone.id: zone.status for zone in zones_on(dt.date(2017, 9, 20), settings)}
    assert status["eastern-qalamoun"] == status["tell-rifaat"] == "claimed"
    assert {status[zone] for zone in FOUR} == {"agreed"}


def test_posts_stand_from_their_day_on(settings: Settings) -> None:
    assert len(_posts_on(dt.date(2017, 10, 13), settings)) == 1
    assert len(_posts_on(dt.date(2018, 5, 16), settings)) == 12


def _posts_on(day: dt.date, settings: Settings) -> list[dict[str, Any]]:
    return [post for zone in zones_on(day, settings) for post in zone.properties["posts"]]


def test_a_zone_says_what_it_is_made_from(mid_2017: dict[str, Zone]) -> None:
    idlib = mid_2017["idlib"]
    licences = {source.licence for source in idlib.sources if source.licence}
    assert licences == {"CC BY-SA 4.0", "CC BY 4.0"}
    assert idlib.properties["licence"] == "CC BY-SA 4.0"


@pytest.mark.parametrize(
    ("licences", "expected"),
    [
        ([], None),
        ([None, "CC0"], "CC0"),
        (["CC BY 4.0", "public domain (USA)", "CC BY 4.0"], "CC BY 4.0; public domain (USA)"),
        (["CC BY 4.0", "CC BY-SA 3.0"], "CC BY-SA 3.0"),
        (["CC0", "ODbL 1.0"], "ODbL 1.0"),
    ],
)
def test_a_shape_has_the_licence_of_its_sources(licences: list[str | None], expected: str | None) -> None:
    assert _licence([Source("", licence=licence) for licence in licences]) == expected


def test_a_band_names_the_sources_of_the_zone_it_is_cut_from(settings: Settings) -> None:
    zones = {zone.id: zone for zone in zones_on(dt.date(2018, 9, 20), settings)}
    assert set(zones["sochi-demilitarised"].sources) >= {s for s in zones["idlib"].sources if s.licence}
    assert zones["sochi-demilitarised"].properties["licence"] == "CC BY-SA 4.0"


def test_notes_tell_only_what_had_happened_by_then(settings: Settings, mid_2017: dict[str, Zone]) -> None:
    later = {z.id: z for z in zones_on(dt.date(2018, 9, 20), settings)}["idlib"]
    assert not any("Sochi" in note for note in mid_2017["idlib"].properties["notes"])
    assert any("Sochi" in note for note in later.properties["notes"])
