"""Articles that carry the same report: named on the article's page, in the lists and by the API."""

from __future__ import annotations

import datetime as dt

import pytest
from flask.testing import FlaskClient
from webapp_cast import report, service_of

from geo.model import Article, Reading
from geo.settings import Settings
from webapp import create_app

STORY = " ".join(f"word{number}" for number in range(300))


def carrying(id: str, before: str, source: str, day: int) -> Reading:
    return Reading(Article(id, f"{before}\n{STORY}", f"Truce, says {id}", dt.date(2017, 8, day), source=source), ())


@pytest.fixture(scope="module")
def client(session_settings: Settings) -> FlaskClient:
    both = carrying("first", "By our staff", "Agency", 1), carrying("second", "From the wires", "Gazette <b>", 2)
    return create_app(session_settings, service_of(session_settings, report(), *both)).test_client()


def test_page_names_who_else_carries_the_report(client: FlaskClient) -> None:
    page = client.get("/articles/first").text
    assert "Also carried by" in page
    assert '<a href="/articles/second"><bdi>Gazette &lt;b&gt;</bdi></a>' in page
    assert "Also carried by" not in client.get("/articles/report").text


def test_list_says_how_many_others_carry_it(client: FlaskClient) -> None:
    assert client.get("/").text.count("also carried by 1 other<") == 2


def test_api_gives_the_others(client: FlaskClient) -> None:
    other = [{"id": "first", "title": "Truce, says first", "source": "Agency"}]
    assert client.get("/api/v1/articles/second").get_json()["carried_by"] == other
    listed = {article["id"]: article["carried_by"] for article in client.get("/api/v1/articles").get_json()["articles"]}
    assert (listed["second"], listed["report"]) == (other, [])
