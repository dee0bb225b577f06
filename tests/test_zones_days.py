"""On which side of a zone's line a town lay, day by day, as the events of July 2017 to March 2020 have it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from shapely import get_parts
from shapely.geometry import Point, Polygon

from geo.geometry import area_km2
from geo.model import Zone
from geo.settings import Settings, data_dir
from geo.zones.loading import load_definitions
from geo.zones.zones import timeline, zones_on

SPECK_KM2 = 1.0

ABU_AL_DUHUR = ("idlib", 37.0448, 35.7406)
KHAN_SHAYKHUN = ("idlib", 36.651, 35.4421)
MAARRAT_AL_NUMAN = ("idlib", 36.6769, 35.6483)
SARAQIB = ("idlib", 36.8059, 35.8645)
KAFR_ZITA = ("idlib", 36.6033, 35.3743)
MOREK = ("idlib", 36.6897, 35.3762)
ANADAN = ("idlib", 37.045, 36.294)
KAFRANBEL = ("idlib", 36.5645, 35.6138)
IDLIB = ("idlib", 36.6339, 35.9306)
RASTAN = ("northern-homs", 36.7324, 34.9267)
KAFR_LAHA = ("northern-homs", 36.4958, 34.8947)
DOUMA = ("eastern-ghouta", 36.4027, 33.5718)
KAFR_BATNA = ("eastern-ghouta", 36.3727, 33.5117)
IRBIN = ("eastern-ghouta", 36.3663, 33.5372)
BUSRA = ("south-west", 36.4816, 32.5174)
HIRAK = ("south-west", 36.3058, 32.7495)
NASIB = ("south-west", 36.195, 32.55)
TAFAS = ("south-west", 36.0665, 32.7371)
NAWA = ("south-west", 36.0391, 32.8865)

HELD = [
    (ABU_AL_DUHUR, "2018-01-20"),
    (KHAN_SHAYKHUN, "2019-08-20"),
    (KAFR_ZITA, "2019-08-20"),
    (MOREK, "2019-08-20"),
    (MAARRAT_AL_NUMAN, "2020-01-27"),
    (SARAQIB, "2020-02-04"),
    (SARAQIB, "2020-02-28"),
    (ANADAN, "2020-02-12"),
    (KAFRANBEL, "2020-02-24"),
    (IDLIB, "2020-03-06"),
    (RASTAN, "2018-05-16"),
    (KAFR_LAHA, "2018-05-20"),
    (KAFR_BATNA, "2018-03-16"),
    (IRBIN, "2018-03-30"),
    (DOUMA, "2018-04-11"),
    (HIRAK, "2018-06-29"),
    (BUSRA, "2018-07-01"),
    (NASIB, "2018-07-05"),
    (TAFAS, "2018-07-11"),
    (NAWA, "2018-07-15"),
]
LOST = [
    (ABU_AL_DUHUR, "2018-01-22"),
    (KHAN_SHAYKHUN, "2019-08-31"),
    (KAFR_ZITA, "2019-08-31"),
    (MOREK, "2019-08-31"),
    (MOREK, "2020-03-06"),
    (MAARRAT_AL_NUMAN, "2020-01-31"),
    (SARAQIB, "2020-02-09"),
    (SARAQIB, "2020-03-03"),
    (ANADAN, "2020-02-17"),
    (KAFRANBEL, "2020-02-26"),
    (RASTAN, "2018-05-18"),
    (KAFR_BATNA, "2018-03-18"),
    (IRBIN, "2018-04-02"),
    (HIRAK, "2018-07-01"),
    (BUSRA, "2018-07-03"),
    (NASIB, "2018-07-07"),
    (TAFAS, "2018-07-13"),
    (NAWA, "2018-07-22"),
]
Place = tuple[str, float, float]


@pytest.fixture(scope="module")
def settings(cache_dir: Path) -> Settings:
    return Settings(cache_dir=cache_dir)


def zone_of(place: Place, day: str, settings: Settings) -> tuple[Zone, Point]:
    zone_id, lon, lat = place
    return {z.id: z for z in zones_on(dt.date.fromisoformat(day), settings)}[zone_id], Point(lon, lat)


@pytest.mark.parametrize(("place", "day"), HELD)
def test_a_town_is_inside_while_it_is_held(settings: Settings, place: Place, day: str) -> None:
    zone, spot = zone_of(place, day, settings)
    assert zone.zone.contains(spot)


@pytest.mark.parametrize(("place", "day"), LOST)
def test_a_town_is_outside_once_it_is_lost(settings: Settings, place: Place, day: str) -> None:
    zone, spot = zone_of(place, day, settings)
    assert not zone.zone.contains(spot)


def test_nothing_of_the_north_of_hama_is_left_in_2020(settings: Settings) -> None:
    zone, _ = zone_of(MOREK, "2020-03-06", settings)
    assert len(get_parts(zone.zone)) == 1


def test_a_part_or_a_hole_is_more_than_a_speck_on_every_day(settings: Settings) -> None:
    found = timeline(settings)
    parts = [p for states in found.states.values() for s in states for p in get_parts(s.extents.zone)]
    holes = [Polygon(ring) for part in parts for ring in part.interiors]
    assert [area_km2(area) for area in [*parts, *holes] if area_km2(area) < SPECK_KM2] == []


def test_a_town_that_changed_hands_says_so_in_order() -> None:
    points = [p for zone in load_definitions(data_dir() / "shapes" / "zones").zones for p in zone.evidence]
    days = [[day for day, _ in p.changes] for p in points]
    assert days == [sorted(set(each)) for each in days]


@pytest.mark.parametrize("zone", ["idlib", "northern-homs", "eastern-ghouta", "south-west"])
def test_core_and_possible_keep_their_shares_of_the_zone(settings: Settings, zone: str) -> None:
    drawn = {z.id: z for z in zones_on(dt.date(2017, 7, 31), settings)}[zone]
    core, best, possible = (area_km2(drawn.extent(extent)) for extent in ("core", "zone", "possible"))
    assert core >= 0.5 * best
    assert possible <= 1.6 * best
