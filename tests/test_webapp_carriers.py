"""Articles that carry the same report: named on the article's page, in the lists and by the API."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from webapp_cast import report, service_of

from geo.model import Article, Reading
from geo.settings import Settings
from webapp import create_app

PAGE = "https://example.org/herald"
STORY = " ".join(f"word{number}" for number in range(300))


def carrying(id: str, before: str, source: str, day: int) -> Reading:
    return Reading(Article(id, f"{before}\n{STORY}", f"Truce, says {id}", dt.date(2017, 8, day), source=source), ())


@pytest.fixture(scope="module")
def client(session_settings: Settings) -> FlaskClient:
    both = carrying("first", "By our staff", "Agency", 1), carrying("second", "From the wires", "Gazette <b>", 2)
    service = service_of(session_settings, report(), *both)
    again = replace(report().article, source="Herald <i>", date=dt.date(2017, 9, 16))
    service.workspace.keep_appearances([again, replace(again, url="javascript:alert(1)"), replace(again, url=PAGE)])
    return create_app(session_settings, service).test_client()


def test_page_names_who_else_carries_the_report(client: FlaskClient) -> None:
    page = client.get("/articles/first").text
    assert "Also carried by" in page
    assert '<a href="/articles/second"><bdi>Gazette &lt;b&gt;</bdi></a>' in page


def test_page_names_who_else_published_the_same_text(client: FlaskClient) -> None:
    page = client.get("/articles/report").text
    told = "<bdi>Herald &lt;i&gt;</bdi>{} (the same text, 16 September 2017)"
    assert page.count(told.format("")) == 2
    assert f'<a href="{PAGE}" rel="noopener noreferrer nofollow">{told.format("</a>")}' in page
    assert 'href="javascript' not in page


def test_list_says_how_many_others_carry_it(client: FlaskClient) -> None:
    listed = client.get("/").text
    assert [listed.count(f"also carried by {told}<") for told in ("1 other", "3 others")] == [2, 1]


def test_api_gives_the_others(client: FlaskClient) -> None:
    other = [{"id": "first", "title": "Truce, says first", "source": "Agency", "date": "2017-08-01", "url": None}]
    assert client.get("/api/v1/articles/second").get_json()["carried_by"] == other
    listed = {article["id"]: article["carried_by"] for article in client.get("/api/v1/articles").get_json()["articles"]}
    assert listed["second"] == other
    assert [(carrier["id"], carrier["date"], carrier["url"]) for carrier in listed["report"]] == [
        (None, "2017-09-16", url) for url in (None, PAGE, "javascript:alert(1)")
    ]
