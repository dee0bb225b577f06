"""The gazetteer as a geopy geocoder, and an online geocoder behind it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from geopy.location import Location

from geo.errors import GazetteerError, InputError
from geo.gazetteer.geocoder import Gazetteer, _nearest
from geo.gazetteer.online import SECONDS_BETWEEN, OnlineGeocoder, online_geocoder, resolve_online
from geo.settings import Settings, load_settings

RECORDED = [
    {
        "place_id": 1, "lat": "33.55", "lon": "36.40", "display_name": "Nowhere Square, Douma, Syria",
        "licence": "Data © OpenStreetMap contributors, ODbL 1.0",
    }
]  # fmt: skip


class Recorded(BaseHTTPRequestHandler):
    """Answers every search as Nominatim once did; "broken" gets an error."""

    asked: list[str] = []  # noqa: RUF012

    def do_GET(self) -> None:
        self.asked.append(self.path)
        self.send_response(500 if "broken" in self.path else 200)
        self.end_headers()
        self.wfile.write(json.dumps(RECORDED if "Nowhere" in self.path else []).encode())

    def log_message(self, *_: object) -> None:
        """Stay silent."""


@pytest.fixture
def server() -> Iterator[str]:
    Recorded.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Recorded) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{running.server_port}"
        running.shutdown()


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(load_settings())


def nominatim(server: str, cache: Path) -> OnlineGeocoder:
    options = {"domain": server, "scheme": "http", "user_agent": "test-secret"}
    return OnlineGeocoder("nominatim", options, cache / "online.sqlite")


def test_geocode_answers_with_a_location_and_its_place(gazetteer: Gazetteer) -> None:
    actual = gazetteer.geocode("Geneva, Switzerland")
    assert isinstance(actual, Location)
    assert actual.raw["country"] == "CH"
    assert actual.address.startswith("Geneva")


@pytest.mark.parametrize(
    ("query", "name", "country"),
    [
        ("Kuneytra, Syria", "Quneitra", "SY"),
        ("Хан-Шейхун, Сирия", "Khan Shaykhun", "SY"),
        ("Paris, Texas", "Paris", "US"),
        ("Idlib", "Idlib", "SY"),
    ],
)
def test_geocode_keeps_to_the_containers_named(gazetteer: Gazetteer, query: str, name: str, country: str) -> None:
    actual = gazetteer.geocode(query)
    assert (actual.raw["name"], actual.raw["country"]) == (name, country)


def test_geocode_gives_several_answers_on_request(gazetteer: Gazetteer) -> None:
    actual = gazetteer.geocode("Tripoli", exactly_one=False)
    assert {"LY", "LB"} <= {location.raw["country"] for location in actual}


@pytest.mark.parametrize("query", ["", "Xqzzvw", "Paris, Xqzzvw", ","])
def test_geocode_of_what_is_not_there_is_none(gazetteer: Gazetteer, query: str) -> None:
    assert gazetteer.geocode(query) is None
    assert gazetteer.geocode(query, exactly_one=False) is None


def test_geocode_stays_in_a_country(gazetteer: Gazetteer) -> None:
    assert gazetteer.geocode("Damascus", country="US").raw["country"] == "US"
    assert gazetteer.geocode("Damascus", country="XX") is None


def test_reverse_finds_the_nearest_place(gazetteer: Gazetteer) -> None:
    actual = gazetteer.reverse((36.20, 37.16))
    assert (actual.raw["name"], actual.raw["feature"]) == ("Aleppo", "city")
    assert actual.raw["distance_km"] < 2


def test_reverse_gives_the_nearest_first(gazetteer: Gazetteer) -> None:
    actual = [location.raw["distance_km"] for location in gazetteer.reverse("33.5, 36.3", exactly_one=False)]
    assert len(actual) > 1
    assert actual == sorted(actual)


def test_reverse_in_the_open_sea_is_none(gazetteer: Gazetteer) -> None:
    assert gazetteer.reverse((-48.9, -123.4)) is None


def test_the_nearest_places_are_the_same_on_both_sides_of_the_antimeridian(gazetteer: Gazetteer) -> None:
    east, west = (_nearest(gazetteer.index, lon, -16.8) for lon in (179.9999, -179.9999))
    assert east == west


def test_reverse_of_what_is_no_point_is_refused(gazetteer: Gazetteer) -> None:
    with pytest.raises(ValueError, match="Point"):
        gazetteer.reverse("not a point")


def test_no_online_geocoder_is_used_until_one_is_set() -> None:
    assert online_geocoder(load_settings({})) is None


def test_an_online_answer_is_marked_and_asked_for_once(server: str, tmp_path: Path) -> None:
    for _ in range(2):
        actual = nominatim(server, tmp_path).locate("Nowhere  Square")
    assert len(Recorded.asked) == 1
    assert (actual[0].latitude, actual[0].longitude) == (33.55, 36.40)
    assert (actual[0].raw["online"], actual[0].raw["source"]) == (True, "nominatim (online)")


def test_an_empty_answer_is_kept_too(server: str, tmp_path: Path) -> None:
    online = nominatim(server, tmp_path)
    assert [online.locate("Atlantis"), online.locate("atlantis")] == [[], []]
    assert len(Recorded.asked) == 1


def test_requests_are_at_least_a_second_apart(server: str, tmp_path: Path) -> None:
    assert nominatim(server, tmp_path)._ask.min_delay_seconds == SECONDS_BETWEEN == 1.0


def test_a_failure_is_told_without_the_options(server: str, tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="nominatim") as failure:
        nominatim(server, tmp_path).locate("broken")
    assert "secret" not in str(failure.value)
    assert failure.value.__cause__ is None


def test_the_gazetteer_asks_online_only_for_what_it_lacks(
    gazetteer: Gazetteer, server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gazetteer, "online", nominatim(server, tmp_path))
    assert "online" not in gazetteer.geocode("Damascus").raw
    assert Recorded.asked == []
    assert gazetteer.geocode("Nowhere Square").raw["online"] is True


def test_a_geocoder_is_opened_as_the_setting_says(server: str, tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path, geocoder=f"nominatim?domain={server}&scheme=http")
    online = online_geocoder(settings)
    assert online is not None
    assert online.locate("Nowhere Square")
    assert "domain" not in repr(settings)


def test_an_online_resolution_names_its_service_and_is_unsure(server: str, tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path, geocoder=f"nominatim?domain={server}&scheme=http")
    (actual,) = resolve_online("Nowhere Square", settings)
    assert actual.place is not None
    assert (actual.place.name, actual.place.source) == ("Nowhere Square", "nominatim (online)")
    assert actual.confidence <= 0.5
    assert resolve_online("Nowhere Square", Settings(cache_dir=tmp_path)) == []


@pytest.mark.parametrize("setting", ["no-such-service", "nominatim?no_such_option=1"])
def test_a_geocoder_that_cannot_be_used_is_told_plainly(setting: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="DATELINE_GEOCODER"):
        online_geocoder(Settings(cache_dir=tmp_path, geocoder=setting))
