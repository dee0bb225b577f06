"""A request's conditions, as the workspace is asked and on every route alike."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from flask.testing import FlaskClient
from webapp_cast import DARAA, HOMS, hostile_report, report, service_of

from geo.errors import UnknownNameError
from geo.settings import Settings
from webapp import create_app
from webapp.parameters import Query
from webapp.searching import places_of, search_of


@pytest.fixture(scope="module")
def client(session_settings: Settings) -> FlaskClient:
    return create_app(session_settings, service_of(session_settings, report(), hostile_report())).test_client()


def test_names_and_ids_become_places(session_settings: Settings) -> None:
    found = search_of(Query(place=("Daraa", HOMS.id, "elsewhere:1")), session_settings)
    assert found.places[-2:] == (HOMS.id, "elsewhere:1")
    assert {place.country for place in found.known} == {"SY"}


def test_a_name_stands_for_the_unit_around_it_too(session_settings: Settings) -> None:
    city, province = places_of("Homs", session_settings)
    assert (city.feature, province.feature) == ("city", "admin1")
    assert search_of(Query(also=("Homs",)), session_settings).also == (province.id,)


def test_a_name_that_no_place_bears_is_unknown(session_settings: Settings) -> None:
    with pytest.raises(UnknownNameError, match="Xyzzyqwk"):
        search_of(Query(place=("Xyzzyqwk",)), session_settings)


def test_a_region_comes_with_its_outline(session_settings: Settings) -> None:
    found = search_of(Query(place=("dateline:golan-heights",)), session_settings)
    [(id, outline)] = found.outlines
    assert (id, outline.is_empty) == ("dateline:golan-heights", False)


def test_zone_becomes_its_area_of_the_day(session_settings: Settings) -> None:
    found = search_of(Query(zone="south-west", on=dt.date(2017, 8, 1)), session_settings)
    assert found.within is not None
    assert found.within.bounds[1] < DARAA.lat < found.within.bounds[3]


def test_zone_that_did_not_hold_is_unknown(session_settings: Settings) -> None:
    with pytest.raises(UnknownNameError, match="south-west"):
        search_of(Query(zone="south-west", on=dt.date(2016, 1, 1)), session_settings)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("place=geonames:1526273", ["report"]),
        ("place=Syria", ["report", "hostile"]),
        ("place=Syria&also=geonames:1526273", ["report"]),
        ("near=71.4,51.2,50", ["report"]),
        ("bbox=70,50,72,52", ["report"]),
        ("within=POLYGON((70 50,72 50,72 52,70 52,70 50))", ["report"]),
        ("source=Example Wire", ["report"]),
        ("since=2017-09-15", ["report"]),
        ("until=2017-09-14", ["hostile"]),
        ("language=en", ["report"]),
        ("language=en&until=2017-09-14", []),
    ],
)
def test_conditions_mean_the_same_on_every_route(client: FlaskClient, asked: str, found: list[str]) -> None:
    listed = client.get(f"/api/v1/articles?{asked}").get_json()
    assert ([article["id"] for article in listed["articles"]], listed["matches"]) == (found, len(found))
    mentions = client.get(f"/exports/mentions.geojson?{asked}").get_json()["features"]
    assert {feature["properties"]["article"] for feature in mentions} == set(found)


@pytest.mark.parametrize("path", ["/", "/layers/places.geojson", "/exports/places.csv", "/briefing.svg"])
def test_wrong_condition_is_refused_everywhere(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?near=1,2").status_code == 400
    assert client.get(f"{path}?zone=atlantis").status_code == 404


@pytest.mark.parametrize(
    "asked", ["near=38,34.25,50", "within=POLYGON((37.5 33.9, 38.5 33.9, 38.5 34.7, 37.5 34.7, 37.5 33.9))"]
)
def test_a_map_looks_at_the_part_of_it_that_is_asked_for(client: FlaskClient, asked: str) -> None:
    page = client.get(f"/map?{asked}").text
    [[south, west], [north, east]] = json.loads(page.partition('"bounds":')[2].partition(',"all"')[0])
    assert 37 < west < HOMS.lon < east < 39
    assert 33.5 < south < HOMS.lat < north < 35
