"""The web app answers alike from both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from real_postgresql import new_database, server
from webapp_cast import crowd, report

from geo.settings import Settings
from geo.workspace.workspace import open_workspace
from webapp import create_app
from webapp.service import Service

VIEW = "bbox=35,32,39,36&zoom=7"
PATHS = [
    "/lists",
    "/trends",
    "/layers/places.geojson",
    f"/layers/places.geojson?{VIEW}",
    f"/layers/mentions.geojson?{VIEW}",
    "/exports/places.csv?source=Wire 1",
    "/api/v1/articles?q=told&limit=50&offset=10",
    "/api/v1/articles?place=Syria&since=2017-02-01&until=2017-03-01",
    "/api/v1/articles?near=36.5,33.3,40&source=Wire 2",
    "/api/v1/articles?zone=south-west",
    "/api/v1/articles?also=Astana",
    "/api/v1/places?limit=50",
    "/api/v1/places/geonames:170905",
    "/api/v1/trends?by=week&top=3",
    "/api/v1/together?limit=10",
    "/api/v1/reviews?article=report",
]


@pytest.fixture(scope="module")
def sites(session_settings: Settings) -> Iterator[list[FlaskClient]]:
    """The same articles in SQLite and in PostgreSQL."""
    with server() as url, open_workspace("sqlite://") as sqlite, open_workspace(new_database(url)) as postgresql:
        for workspace in (sqlite, postgresql):
            workspace.add_all([*crowd(250, 400), report()])
        yield [
            create_app(session_settings, Service(session_settings, each)).test_client() for each in (sqlite, postgresql)
        ]


@pytest.mark.parametrize("path", PATHS)
def test_answers_are_the_same(sites: list[FlaskClient], path: str) -> None:
    one, other = (site.get(path) for site in sites)
    assert (one.status_code, one.get_data(as_text=True)) == (200, other.get_data(as_text=True))
