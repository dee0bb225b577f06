"""Pages and layers of a workspace that grows: what a view shows stays bounded and says what it leaves out."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from webapp_cast import crowd, report, service_of
from werkzeug.test import TestResponse

from geo.model import Reading, Review
from geo.settings import Settings
from webapp import create_app, mapviews
from webapp.parameters import Query

VIEW = "bbox=35,32,39,36&zoom=7"


def site(settings: Settings, articles: int, places: int = 40) -> FlaskClient:
    return create_app(settings, service_of(settings, *crowd(articles, places))).test_client()


@pytest.fixture(scope="module")
def crowded(session_settings: Settings) -> FlaskClient:
    """A site with 400 places and more articles than one view reads."""
    return site(session_settings, 260, 400)


def view(client: FlaskClient, layer: str, where: str = VIEW) -> dict[str, Any]:
    data: dict[str, Any] = client.get(f"/layers/{layer}.geojson?{where}").get_json()
    return data


@pytest.mark.parametrize("path", ["/", "/map"])
def test_pages_do_not_grow_with_the_workspace(session_settings: Settings, path: str) -> None:
    small, large = (len(site(session_settings, count).get(path).data) for count in (40, 1000))
    assert large < 1.03 * small + 1000


def test_outlines_have_as_many_corners_as_can_be_seen(session_settings: Settings) -> None:
    client = site(session_settings, 3)
    far, near = (view(client, "governorates", f"bbox=35,32,43,38&zoom={zoom}") for zoom in (2, 9))
    assert 0 < len(json.dumps(far)) < len(json.dumps(near)) / 3


def test_the_page_says_what_files_leave_out(session_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    client = site(session_settings, 12)
    whole = client.get("/").text
    monkeypatch.setattr("webapp.pages.views.MOST_ARTICLES", 10)
    assert "the newest 10 of 12 articles" in client.get("/").text
    assert "Files hold" not in whole


def test_few_places_are_told_apart(session_settings: Settings) -> None:
    data = view(site(session_settings, 40), "places")
    assert {feature["properties"]["symbol"] for feature in data["features"]} == {"point"}
    assert data["notice"] == ""


def test_places_of_few_articles_come_with_their_quotes_and_doubts(session_settings: Settings) -> None:
    doubted = report()
    unsure = tuple(replace(resolution, confidence=0.3) for resolution in doubted.resolutions)
    client = create_app(
        session_settings, service_of(session_settings, replace(doubted, resolutions=unsure))
    ).test_client()
    (daraa,) = view(client, "places", "bbox=36,32,37,33&zoom=9")["features"]
    assert daraa["properties"]["symbol"] == "point-unsure"
    assert daraa["properties"]["quotes"]


def doubting(reading: Reading, place: str) -> Reading:
    """Return a reading that is unsure of a place."""
    sure = [replace(r, confidence=0.3) if r.place and r.place.id == place else r for r in reading.resolutions]
    return replace(reading, resolutions=tuple(sure))


@pytest.mark.parametrize(("places", "symbol"), [(40, "point-unsure"), (400, "cell")])
def test_doubts_are_known_of_many_articles_too(session_settings: Settings, places: int, symbol: str) -> None:
    readings = [doubting(reading, "grid:3") for reading in crowd(260, places)]
    client = create_app(session_settings, service_of(session_settings, *readings)).test_client()
    features = [feature["properties"] for feature in view(client, "places")["features"]]
    doubted = [f for f in features if f["name"] == "Town 3" or "places uncertain" in (f.get("note") or "")]
    assert [feature["symbol"] for feature in doubted] == [symbol]


def test_many_places_are_added_up_and_none_is_lost(crowded: FlaskClient) -> None:
    features = [feature["properties"] for feature in view(crowded, "places")["features"]]
    heaps = [feature for feature in features if feature["symbol"] == "cell"]
    assert len(features) < mapviews.MOST_APART
    assert sum(feature["mentions"] for feature in features) == 4 * 260
    assert sum(heap["places"] for heap in heaps) + len(features) - len(heaps) == 400
    assert "mentions in this area; zoom in" in heaps[0]["note"]


def test_closer_views_tell_places_apart(crowded: FlaskClient) -> None:
    features = view(crowded, "places", "bbox=36,33,37,33.5&zoom=10")["features"]
    assert {feature["properties"]["symbol"] for feature in features} == {"point"}


@pytest.mark.parametrize("layer", ["mentions", "footprints"])
def test_a_view_that_is_cut_says_so(crowded: FlaskClient, layer: str) -> None:
    data = view(crowded, layer)
    assert data["notice"] == "Showing what the newest 200 of 260 articles say here."
    assert len(data["features"]) <= mapviews.MOST_FEATURES


def test_view_of_other_layers_is_their_part_in_it(crowded: FlaskClient) -> None:
    assert view(crowded, "zones")["features"]
    assert view(crowded, "zones", "bbox=0,0,1,1&zoom=5")["features"] == []


@pytest.mark.parametrize("zoom", ["-1", "19", "x", "1.5"])
def test_wrong_zoom_is_refused(crowded: FlaskClient, zoom: str) -> None:
    assert crowded.get(f"/layers/places.geojson?bbox=35,32,39,36&zoom={zoom}").status_code == 400


def test_popup_is_told_by_the_newest_articles(session_settings: Settings) -> None:
    client = create_app(session_settings, service_of(session_settings, report())).test_client()
    told = client.get("/api/v1/places/geonames:170905?q=atlantis").get_json()
    assert told["quotes"][0]["sentence"].startswith("The Syrian sides spoke of Homs")
    assert client.get("/api/v1/places/geonames:170905?q=nothing").get_json()["quotes"] is None


def test_files_hold_every_place_and_say_what_they_leave_out(
    crowded: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.service.MOST_ARTICLES", 10)
    data = crowded.get("/exports/places.geojson?since=2017-01-02").get_json()
    assert len(data["features"]) == 400
    assert "Of 259 articles quotes and spellings are from the newest 10." in data["description"]


def test_lists_are_paged(crowded: FlaskClient) -> None:
    first = crowded.get("/api/v1/articles?limit=3&since=2017-01-10").get_json()
    second = crowded.get("/api/v1/articles?limit=3&offset=3&since=2017-01-10").get_json()
    assert first["matches"] == second["matches"] == 251
    ids = [article["id"] for answer in (first, second) for article in answer["articles"]]
    assert len(set(ids)) == 6


def test_places_are_counted_and_limited(crowded: FlaskClient) -> None:
    found = crowded.get("/api/v1/places?limit=5").get_json()
    assert (found["matches"], len(found["places"])) == (400, 5)
    assert found["places"][0]["mentions"] >= found["places"][4]["mentions"]


@pytest.mark.parametrize("name", ["articles", "places"])
def test_lists_lead_from_page_to_page_and_back(crowded: FlaskClient, name: str) -> None:
    address, seen, answers = f"/api/v1/{name}?limit=90&source=Wire 1&source=Wire 2", list[str](), list[TestResponse]()
    while address:
        answers.append(crowded.get(address))
        seen += [row["id"] for row in answers[-1].get_json()[name]]
        following = re.search(r'<([^>]+)>; rel="next"', answers[-1].headers["Link"])
        address = following[1] if following else ""
    assert len(seen) == len(set(seen)) == answers[0].get_json()["matches"]
    assert len(answers) == len(seen) // 90 + 1
    assert answers[-1].headers["Link"].startswith(f"</api/v1/{name}?limit=90&source=Wire+1&source=Wire+2&offset=")
    assert answers[-1].headers["Link"].endswith('>; rel="prev"')


def test_a_list_on_one_page_leads_nowhere(crowded: FlaskClient) -> None:
    assert "Link" not in crowded.get("/api/v1/places?source=nobody").headers


def test_trends_count_by_period(crowded: FlaskClient) -> None:
    whole = crowded.get("/api/v1/trends?by=month").get_json()["trends"][0]["points"]
    assert sum(point["articles"] for point in whole) == 260
    assert whole[0]["start"] == "2017-01-01"
    assert len(crowded.get("/api/v1/trends?by=week&top=3").get_json()["trends"]) == 3


def test_places_named_together_are_paired(crowded: FlaskClient) -> None:
    found = crowded.get("/api/v1/together?limit=2&source=Wire 0").get_json()
    assert found["of"] == 87
    assert len(found["pairs"]) == 2


def test_each_zone_has_the_trend_of_a_search_in_it(crowded: FlaskClient) -> None:
    asked = "/api/v1/trends?by=week&source=Wire 0&on=2017-10-01"
    found = {trend["zone"]["id"]: trend["points"] for trend in crowded.get(f"{asked}&each=zone").get_json()["trends"]}
    alone = {zone: crowded.get(f"{asked}&zone={zone}").get_json()["trends"][0]["points"] for zone in found}
    assert found == alone
    assert sum(map(bool, found.values())) > 1


def test_of_many_zones_the_first_are_told_and_that_there_are_more(
    crowded: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = "each=zone&on=2017-10-01"
    zones = len(crowded.get(f"/api/v1/trends?{asked}").get_json()["trends"])
    monkeypatch.setattr("webapp.service.MOST_ZONES", 2)
    found = crowded.get(f"/api/v1/trends?{asked}").get_json()
    assert (len(found["trends"]), found["notice"].startswith(f"The first 2 of {zones} zones")) == (2, True)
    assert f"These are the first 2 of {zones} zones" in crowded.get(f"/trends?{asked}").text


def test_a_zone_asked_for_holds_together_with_each(crowded: FlaskClient) -> None:
    asked = "/api/v1/trends?on=2017-10-01&zone=south-west"
    found = {t["zone"]["id"]: t["points"] for t in crowded.get(f"{asked}&each=zone").get_json()["trends"]}
    assert found.pop("south-west") == crowded.get(asked).get_json()["trends"][0]["points"] != []
    assert not any(found.values())


def test_a_day_without_zones_has_no_trends_of_them_and_says_why(crowded: FlaskClient) -> None:
    found = crowded.get("/api/v1/trends?each=zone&on=2010-01-01").get_json()
    assert found["trends"] == []
    assert "No zone held on 2010-01-01" in found["notice"]
    assert "No zone held on" in crowded.get("/trends?part=1&each=zone&on=2010-01-01").text


@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1/trends?by=year", "/api/v1/trends?top=21", "/api/v1/together?limit=201"),
        *("/api/v1/trends?each=place", "/api/v1/trends?each=zone&top=3"),
    ],
)
def test_wrong_periods_and_limits_are_refused(crowded: FlaskClient, path: str) -> None:
    assert crowded.get(path).get_json()["error"]["status"] == 400


def test_trends_page_has_charts_and_their_tables(crowded: FlaskClient) -> None:
    page = crowded.get("/trends?source=Wire 0").text
    assert page.count("<svg viewBox") >= 4
    assert page.count("As a table") == 4
    assert "Wire 0" in page


def test_the_trends_page_marks_the_period_shown(crowded: FlaskClient) -> None:
    assert 'aria-current="true">week<' in crowded.get("/trends?by=week").text


def test_the_trends_page_sets_zones_beside_each_other(crowded: FlaskClient) -> None:
    page = crowded.get("/trends?each=zone&on=2017-10-01&by=week").text
    zones = crowded.get("/api/v1/trends?each=zone&on=2017-10-01").get_json()["trends"]
    assert all(f"<figcaption>Mentions of places in {trend['zone']['name']} by week" in page for trend in zones)
    assert 'aria-current="true">Zones<' in page
    assert "best estimates of that one day" in page
    periods, choices = (re.findall(r'href="(.*?)"', part) for part in page.split('class="periods"')[1:3])
    assert all("each=zone" in link and "on=2017-10-01" in link for link in periods[:3])
    assert ["each=zone" in link for link in choices[:2]] == [False, True]


def test_trends_of_nothing_say_so(crowded: FlaskClient) -> None:
    page = crowded.get("/trends?q=nothing").text
    assert "Nothing to draw" in page
    assert "No article found names two places" in page


def test_suggestions_come_from_the_gazetteer(crowded: FlaskClient) -> None:
    places = crowded.get("/api/v1/suggest?q=rif dim").get_json()["places"]
    assert places[0]["name"] == "Rif Dimashq"
    assert crowded.get("/api/v1/suggest?q=").get_json()["places"] == []


def test_an_article_stays_as_it_is_while_others_come(session_settings: Settings) -> None:
    service = service_of(session_settings, report())
    article, all_of_them = Query(article="report"), Query()
    before = service.version_of(article), service.version_of(all_of_them)
    service.workspace.add(crowd(1)[0])
    assert service.version_of(article) == before[0]
    assert service.version_of(all_of_them) != before[1]


def test_an_article_that_was_decided_about_is_another(session_settings: Settings) -> None:
    service, read = service_of(session_settings, report()), report().resolutions[0].mention
    assert read is not None
    before = service.version_of(Query(article="report"))
    verdict = Review("rejected", None, "Ada", dt.datetime(2024, 1, 1, tzinfo=dt.UTC))
    service.workspace.review("report", (read.start, read.end), verdict)
    assert service.version_of(Query(article="report")) != before


@pytest.mark.parametrize("layer", ["governorates", "countries", "zones"])
def test_outlines_and_zones_stay_as_they_are_while_articles_come(session_settings: Settings, layer: str) -> None:
    service = service_of(session_settings, *crowd(20))
    client, address = create_app(session_settings, service).test_client(), f"/layers/{layer}.geojson?{VIEW}"
    before = client.get(address).headers["ETag"]
    service.workspace.add_all(crowd(40)[20:])
    assert client.get(address, headers={"If-None-Match": before}).status_code == 304


@pytest.mark.parametrize("layer", ["governorates", "countries"])
def test_outlines_of_a_country_that_comes_into_focus_are_sent(session_settings: Settings, layer: str) -> None:
    service = service_of(session_settings, *crowd(20))
    client, address = (
        create_app(session_settings, service).test_client(),
        f"/layers/{layer}.geojson?bbox=20,20,60,60&zoom=4",
    )
    before = client.get(address)
    service.workspace.add_all([abroad(reading) for reading in crowd(20)])
    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert len(after.get_json()["features"]) > len(before.get_json()["features"])


def abroad(reading: Reading) -> Reading:
    """Return a reading that names places of another country in the place of its own."""
    moved = (
        replace(r, place=replace(r.place, id=f"{r.place.id}:abroad", country="IQ", lon=44.0)) if r.place else r
        for r in reading.resolutions
    )
    article = replace(
        reading.article, id=f"{reading.article.id}-abroad", text=reading.article.text.replace("Report", "Report!")
    )
    return replace(reading, article=article, resolutions=tuple(moved))
