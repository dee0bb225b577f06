"""Reviews: what people decide about mentions, by the API and on the article's page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient
from webapp_cast import HOMS, REPORT, report, service_of

from geo.settings import Settings
from webapp import create_app

START = REPORT.index("Deraa")
ACCEPTED: dict[str, Any] = {
    "article": "report", "start": START, "end": START + 5, "verdict": "accepted", "reviewer": "Ana <b>", "note": "sure"
}  # fmt: skip


@pytest.fixture
def client(session_settings: Settings) -> FlaskClient:
    """A site whose workspace is new for each test."""
    return create_app(session_settings, service_of(session_settings, report())).test_client()


def kept(client: FlaskClient) -> list[dict[str, Any]]:
    reviews: list[dict[str, Any]] = client.get("/api/v1/reviews?article=report").get_json()["reviews"]
    return reviews


def test_accepted_place_is_kept_with_who_and_when(client: FlaskClient) -> None:
    answer = client.post("/api/v1/reviews", json=ACCEPTED)
    assert answer.status_code == 201
    (review,) = kept(client)
    assert review == answer.get_json()
    assert (review["verdict"], review["place"]["name"], review["reviewer"]) == ("accepted", "Daraa", "Ana <b>")
    assert review["time"].endswith("+00:00")


def test_correction_outranks_the_machine_and_keeps_its_score_apart(client: FlaskClient) -> None:
    client.post("/api/v1/reviews", json=ACCEPTED | {"verdict": "corrected", "place": HOMS.id})
    mentions = client.get("/api/v1/articles/report").get_json()["mentions"]
    found = next(mention for mention in mentions if mention["start"] == START)
    assert (found["place"]["name"], found["review"]["machine"]["name"]) == ("Homs", "Daraa")
    assert found["confidence"] == 0.9
    names = [place["name"] for place in client.get("/api/v1/places").get_json()["places"]]
    assert "Daraa" not in names


def test_accepting_after_a_correction_is_the_machines_place_again(client: FlaskClient) -> None:
    client.post("/api/v1/reviews", json=ACCEPTED | {"verdict": "corrected", "place": HOMS.id})
    client.post("/api/v1/reviews", json=ACCEPTED)
    assert [review["place"]["name"] for review in kept(client)] == ["Daraa"]


def test_withdrawn_review_is_gone(client: FlaskClient) -> None:
    client.post("/api/v1/reviews", json=ACCEPTED)
    where = f"/api/v1/reviews?article=report&start={START}&end={START + 5}"
    assert client.delete(where).status_code == 204
    assert kept(client) == []
    assert client.delete(where).status_code == 404


def test_page_shows_the_verdict_beside_the_machines_result(client: FlaskClient) -> None:
    client.post("/api/v1/reviews", json=ACCEPTED | {"verdict": "rejected"})
    page = client.get("/articles/report").text
    assert "rejected as no place by <bdi>Ana &lt;b&gt;</bdi>" in page
    assert "Machine: Daraa, city in Syria" in page


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"verdict": "maybe"}, 400),
        ({"verdict": "corrected"}, 400),
        ({"verdict": "corrected", "place": "geonames:0"}, 404),
        ({"reviewer": " "}, 400),
        ({"reviewer": "x" * 101}, 400),
        ({"reviewer": 7}, 400),
        ({"start": "12"}, 400),
        ({"start": True}, 400),
        ({"start": 9, "end": 3}, 400),
        ({"start": 0, "end": 3}, 404),
        ({"article": "none"}, 404),
    ],
)
def test_bad_reviews_are_refused(client: FlaskClient, change: dict[str, Any], status: int) -> None:
    answer = client.post("/api/v1/reviews", json=ACCEPTED | change)
    assert answer.status_code == answer.get_json()["error"]["status"] == status
    assert kept(client) == []


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_other_sites_cannot_change_anything(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.post("/api/v1/reviews", json=ACCEPTED, headers=headers).status_code == 403
    path = f"/api/v1/reviews?article=report&start={START}&end={START + 5}"
    assert client.delete(path, headers=headers).status_code == 403


def test_a_form_cannot_review(client: FlaskClient) -> None:
    assert client.post("/api/v1/reviews", data={"article": "report"}).status_code == 415
    assert client.post("/api/v1/reviews", data="{}", content_type="text/plain").status_code == 415


def test_own_pages_can(client: FlaskClient) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/api/v1/reviews", json=ACCEPTED, headers=headers).status_code == 201


def test_reviews_can_be_switched_off(session_settings: Settings) -> None:
    settings = replace(session_settings, reviews=False)
    client = create_app(settings, service_of(settings, report())).test_client()
    assert client.post("/api/v1/reviews", json=ACCEPTED).status_code == 403
    assert "data-open" not in client.get("/articles/report").text
