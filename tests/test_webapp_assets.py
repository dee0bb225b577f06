"""The files that pages load: asked for once, and again only when they are others."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from webapp_cast import report, service_of

from geo.settings import Settings
from webapp import create_app
from webapp.assets import FOREVER, _fingerprint


@pytest.fixture(scope="module")
def client(session_settings: Settings) -> FlaskClient:
    return create_app(session_settings, service_of(session_settings, report())).test_client()


@pytest.mark.parametrize("path", ["/", "/map", "/articles/report", "/trends", "/nothing/text/html"])
def test_what_a_page_loads_is_kept_for_good(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept": "text/html"}).text
    files = [client.get(url) for url in re.findall(r'(?:src|href)="(/static/[^"]+)"', page)]
    assert len(files) > 1
    assert {(file.status_code, file.headers["Cache-Control"]) for file in files} == {(200, FOREVER)}


@pytest.mark.parametrize(
    "path",
    [
        *("/static/viewer.js", "/static/viewer.js?v=older", "/static/map/older/map.js"),
        *("/static/map/older/leaflet/images/layers.png", "/favicon.ico"),
    ],
)
def test_pages_of_another_version_get_files_that_they_ask_for_again(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize("path", ["/static/none.js", "/static/map/v1/none.js"])
def test_what_is_not_there_is_not_kept(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "Cache-Control" not in answer.headers


def test_other_files_have_another_version(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_text("1")
    before = _fingerprint([tmp_path / "a.js"])
    (tmp_path / "a.js").write_text("2")
    assert _fingerprint([tmp_path / "a.js"]) != before
