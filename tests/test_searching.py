from __future__ import annotations

import datetime as dt
from unittest.mock import Mock

import pytest
from shapely.geometry import Point, box

from geo.errors import UnknownNameError
from geo.footprints.ground import ground_of
from geo.model import Article, Mention, Place, Reading, Resolution
from geo.pipeline import zones_on
from geo.searching import search_of, searches_by_zone
from geo.settings import Settings
from geo.workspace.search import Search
from geo.workspace.workspace import Workspace, open_workspace

RASTAN = Place("geonames:171193", "Ar Rastān", "city", "SY", "Homs", 34.92, 36.73, 39_834)
HOMS_PROVINCE, SYRIA, LEVANT = "geonames:169575", "geonames:163843", "dateline:levant"
DAY = dt.date(2017, 10, 1)


@pytest.fixture
def workspace() -> Workspace:
    workspace = open_workspace("sqlite://")
    mention = Mention(0, 6, "Rastan", "name", (0, 6))
    workspace.add(Reading(Article("a", "Rastan"), (Resolution("Rastan", RASTAN, 0.9, mention=mention),)))
    return workspace


@pytest.mark.parametrize(("place", "found"), [(HOMS_PROVINCE, 1), (SYRIA, 1), (LEVANT, 1), ("dateline:europe", 0)])
def test_a_place_stands_for_what_lies_inside(
    workspace: Workspace, session_settings: Settings, place: str, found: int
) -> None:
    assert workspace.count(search_of(Search(places=(place,)), settings=session_settings)) == found
    assert workspace.count(search_of(Search(also=(place,)), settings=session_settings)) == found


def test_a_zone_stands_for_what_lies_in_it_on_the_day(workspace: Workspace, session_settings: Settings) -> None:
    assert workspace.count(search_of(Search(), "northern-homs", DAY, session_settings)) == 1
    assert workspace.count(search_of(Search(), "idlib", DAY, session_settings)) == 0


def test_a_zone_and_an_area_are_what_both_share(session_settings: Settings) -> None:
    search = search_of(Search(within=box(36, 30, 36.7, 40)), "northern-homs", DAY, session_settings)
    assert search.within is not None
    assert not search.within.intersects(Point(RASTAN.lon, RASTAN.lat))


def test_each_zone_of_the_day_narrows_the_search(workspace: Workspace, session_settings: Settings) -> None:
    found = searches_by_zone(Search(), DAY, session_settings)
    assert [zone.id for zone, _ in found] == [zone.id for zone in zones_on(DAY, session_settings)]
    assert [zone.id for zone, search in found if workspace.count(search)] == ["northern-homs"]
    assert searches_by_zone(Search(), dt.date(2010, 1, 1), session_settings) == ()


def test_what_a_region_holds_is_worked_out_once_for_all_zones(
    session_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Mock(wraps=ground_of)
    monkeypatch.setattr("geo.searching.ground_of", asked)
    found = searches_by_zone(Search(places=(LEVANT,)), DAY, session_settings)
    assert len({search.outlines for _, search in found}) == asked.call_count == 1 < len(found)


def test_a_zone_that_did_not_hold_is_told(session_settings: Settings) -> None:
    with pytest.raises(UnknownNameError, match="no zone 'idlib' on that day"):
        search_of(Search(), "idlib", dt.date(2010, 1, 1), session_settings)


def test_ids_that_nobody_knows_are_kept(session_settings: Settings) -> None:
    assert search_of(Search(places=("geonames:0",)), settings=session_settings) == Search(places=("geonames:0",))
