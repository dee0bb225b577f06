"""The web app's routes: what they answer, with which status and headers, and that errors have one shape."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from typing import Any, get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient
from webapp_cast import HOSTILE, hostile_report, report, service_of

from geo.errors import DatelineError, GazetteerError, InputError, InputNotFoundError, UnknownNameError
from geo.model import Article, FeatureKind, Reading, SourceRole, Verdict
from geo.settings import Settings
from webapp import MAX_POST_BYTES, create_app
from webapp.errors import STATUS, status_of
from webapp.pages import maps
from webapp.service import Service

DATA_ROUTES = ["/layers/places.geojson", "/exports/zones.kml", "/api/v1/articles", "/api/v1/articles/report"]


@pytest.fixture(scope="module")
def app(session_settings: Settings) -> Flask:
    return create_app(session_settings, service_of(session_settings, report(), hostile_report()))


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def empty(session_settings: Settings) -> FlaskClient:
    return create_app(session_settings, service_of(session_settings)).test_client()


def error_of(client: FlaskClient, path: str, **request: Any) -> dict[str, Any]:
    answer = client.open(path, **request)
    error: dict[str, Any] = answer.get_json()["error"]
    assert error.keys() == {"status", "code", "message", "remedy", "request_id"}
    assert error["status"] == answer.status_code
    assert "Traceback" not in answer.text
    return error


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/layers/roads.geojson", 404),
        ("/exports/roads.geojson", 404),
        ("/exports/places.docx", 404),
        ("/exports/places", 404),
        ("/briefing.gif", 404),
        ("/briefing.png?size=1x1", 400),
        ("/layers/zones.geojson?on=someday", 400),
        ("/layers/zones.geojson?bbox=1,2,3", 400),
        ("/layers/places.geojson?article=none", 404),
        ("/api/v1/articles/none", 404),
        ("/api/v1/resolve", 400),
        ("/api/v1/resolve?q=Homs&limit=0", 400),
        ("/api/v1/footprint?q=", 400),
        ("/api/v1/footprint?q=the+north+of+Ruritania", 400),
        ("/api/v1/footprint?q=the+border+between+Kenya+and+Norway", 400),
        (f"/api/v1/footprint?q={'north+of+' * 200}Homs", 400),
        ("/api/v1/nothing", 404),
        ("/nothing", 404),
    ],
)
def test_every_error_has_one_shape_and_a_remedy(client: FlaskClient, path: str, status: int) -> None:
    error = error_of(client, path)
    assert error["status"] == status
    assert error["message"]
    assert error["remedy"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "text/plain", 400),
        (b"\xff\xfe\x00", "text/plain", 400),
        (b"{", "application/json", 400),
        (b"[" * 100_000, "application/json", 400),
        (b'{"text": 1}', "application/json", 400),
        (b'{"text": "Homs", "id": 1}', "application/json", 400),
        (b'{"id": "a"}', "application/json", 400),
        (b"x" * 2_000_001, "text/plain", 413),
        (b"%PDF-1.7", "application/pdf", 415),
    ],
)
def test_bad_bodies_are_refused(client: FlaskClient, body: bytes, kind: str, status: int) -> None:
    assert error_of(client, "/api/v1/geoparse", method="POST", data=body, content_type=kind)["status"] == status


def test_a_body_that_tells_no_length_is_whole_or_refused(client: FlaskClient) -> None:
    def status(size: int) -> int:
        chunked = {
            "wsgi.input": BytesIO(b" " * (size - 4) + b"Homs"),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        }
        return client.post("/api/v1/geoparse", content_type="text/plain", environ_overrides=chunked).status_code

    assert [status(4), status(MAX_POST_BYTES - 1), status(MAX_POST_BYTES + 1)] == [200, 200, 413]


def test_wrong_method_names_the_right_one(client: FlaskClient) -> None:
    answer = client.get("/api/v1/geoparse")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/?on=someday", "/articles/none", "/map?bbox=1", "/trends?by=hour"])
def test_errors_of_pages_are_pages(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code in {400, 404}
    assert answer.mimetype == "text/html"
    assert "<h1>" in answer.text


def test_unknown_address_opened_in_a_browser_is_a_page(client: FlaskClient) -> None:
    accepts = "text/html,application/xhtml+xml,image/avif,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
    assert client.get("/nothing", headers={"Accept": accepts}).mimetype == "text/html"


@pytest.mark.parametrize(
    ("error", "status"),
    [(InputError, 400), (UnknownNameError, 404), (InputNotFoundError, 404), (GazetteerError, 503)],
)
def test_status_comes_from_one_table(error: type[DatelineError], status: int) -> None:
    assert status_of(error("wrong")) == status


def test_every_error_class_has_a_status() -> None:
    assert set(DatelineError.__subclasses__()) <= set(STATUS)


def test_unforeseen_error_tells_nothing_of_itself(session_settings: Settings) -> None:
    class Broken(Service):
        def version(self) -> str:
            raise ZeroDivisionError("secret")

    error = error_of(create_app(session_settings, Broken(session_settings)).test_client(), "/api/v1/articles")
    assert error["status"] == 500
    assert "secret" not in json.dumps(error)


def test_what_the_server_lacks_is_logged(session_settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Service):
        def version(self) -> str:
            raise GazetteerError("The index is gone.", "Build it again.")

    error = error_of(create_app(session_settings, Broken(session_settings)).test_client(), "/api/v1/articles")
    assert (error["status"], error["remedy"]) == (503, "Build it again.")
    assert "The index is gone." in caplog.text


@pytest.mark.parametrize("path", DATA_ROUTES)
def test_unchanged_data_is_not_sent_again(client: FlaskClient, path: str) -> None:
    tag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert client.get(f"{path}?q=Homs").headers["ETag"] != tag


def test_changed_workspace_changes_the_tag(settings: Settings) -> None:
    service = service_of(settings, report())
    client = create_app(settings, service).test_client()
    before = client.get("/layers/places.geojson")
    service.workspace.add(hostile_report())
    after = client.get("/layers/places.geojson")
    assert before.headers["ETag"] != after.headers["ETag"]
    assert before.data != after.data


def test_layer_has_the_features_asked_for(client: FlaskClient) -> None:
    answer = client.get("/layers/places.geojson?article=report&bbox=35,32,40,37")
    assert answer.mimetype == "application/geo+json"
    assert {feature["properties"]["name"] for feature in answer.get_json()["features"]} == {"Daraa", "Homs"}


def test_words_choose_the_articles(client: FlaskClient) -> None:
    answer = client.get("/api/v1/articles?q=atlantis").get_json()
    assert [article["id"] for article in answer["articles"]] == ["report"]
    assert answer["articles"][0]["date"] == "2017-09-15"
    assert client.get("/layers/places.geojson?q=nowhere").get_json()["features"] == []


def test_zones_of_a_day_are_the_same_everywhere(client: FlaskClient) -> None:
    paths = ["/layers/zones.geojson", "/exports/zones.geojson", "/api/v1/zones"]
    bodies = {client.get(f"{path}?on=2018-06-01").data for path in paths}
    assert len(bodies) == 1
    features = json.loads(bodies.pop())["features"]
    assert "idlib" in {feature["properties"]["zone"] for feature in features}
    assert "eastern-ghouta" not in {feature["properties"]["zone"] for feature in features}


def test_export_is_a_file_to_keep(client: FlaskClient) -> None:
    assert client.get("/exports/places.kml").headers["Content-Disposition"] == "attachment; filename=places.kml"


def test_pages_list_what_the_map_shows(client: FlaskClient) -> None:
    page = client.get("/").text
    assert 'lang="en"' in page
    assert "Talks end in Astana" in page
    assert 'data-feature="places/geonames:170905"' in page
    assert 'data-feature="zones/idlib-zone"' in page


@pytest.mark.parametrize("path", ["/", "/map", "/lists", "/trends", "/articles/report", "/nowhere"])
def test_pages_say_how_their_text_is_written(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.content_type == "text/html; charset=utf-8"


def test_article_marks_its_mentions_by_kind(client: FlaskClient) -> None:
    page = client.get("/articles/report").text
    for mark in ('class="mention name"', 'class="mention demonym"', 'class="mention unresolved"'):
        assert mark in page
    assert "15 September 2017" in page


@pytest.mark.parametrize(
    "article_id",
    ["corpus/7 ?#%2F", "/news/2017/7", "//evil.example/x", "https://example.org//a?b=1", "two\r\nlines", "/"],
)
def test_any_id_can_be_opened(session_settings: Settings, article_id: str) -> None:
    settings, reading = session_settings, report()
    odd = replace(reading, article=replace(reading.article, id=article_id))
    client = create_app(settings, service_of(settings, odd)).test_client()
    link = client.get("/").text.partition('class="card" href="')[2].partition('"')[0]
    assert client.get(link).status_code == 200
    assert client.get("/api/v1" + link).get_json()["id"] == article_id


def test_a_report_without_places_says_so(settings: Settings) -> None:
    client = create_app(settings, service_of(settings, Reading(Article("dull", "Nobody minded."), ()))).test_client()
    assert "No place was found in the text." in client.get("/articles/dull").text
    assert '<span class="meta">no places</span>' in client.get("/").text


def test_a_large_layer_is_fetched_by_the_page(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maps, "MOST_VERTICES", 0)
    page = client.get("/map?q=atlantis&on=2018-06-01").text
    assert '"url":"/layers/zones.geojson?on=2018-06-01\\u0026q=atlantis"' in page


def test_empty_workspace_says_what_to_do(empty: FlaskClient) -> None:
    page = empty.get("/").text
    assert "dateline ingest" in page
    assert "No place is named here" in page


def test_day_without_zones_says_so(client: FlaskClient) -> None:
    assert "No zone held on 1 May 2016" in client.get("/?on=2016-05-01").text


@pytest.mark.parametrize("path", ["/", "/map", "/articles/hostile", "/articles/report", f"/?q={HOSTILE}"])
def test_hostile_text_never_becomes_markup(client: FlaskClient, path: str) -> None:
    page = client.get(path).text
    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "<svg onload" not in page
    assert 'href="javascript:' not in page


@pytest.mark.parametrize("path", ["/", "/map", "/articles/report"])
def test_pages_run_only_scripts_with_their_nonce(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    nonce = policy.partition("'nonce-")[2].partition("'")[0]
    assert answer.text.count("<script") == answer.text.count(f'<script nonce="{nonce}"')
    assert "http" not in policy
    assert nonce not in client.get(path).text


def test_online_tiles_let_in_one_host(session_settings: Settings) -> None:
    settings = replace(session_settings, online_tiles=True)
    answer = create_app(settings, service_of(settings)).test_client().get("/map")
    assert "img-src 'self' data: https://tile.openstreetmap.org;" in answer.headers["Content-Security-Policy"]


def test_only_the_map_may_be_framed(client: FlaskClient) -> None:
    bare = client.get("/map").headers
    assert "frame-ancestors" not in bare["Content-Security-Policy"]
    assert "X-Frame-Options" not in bare
    for path in ("/", "/articles/report", "/api/v1/articles"):
        answer = client.get(path)
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("path", ["/", "/nothing", "/layers/places.geojson", "/static/dateline.css"])
def test_every_answer_forbids_guessing_its_type(client: FlaskClient, path: str) -> None:
    assert client.get(path).headers["X-Content-Type-Options"] == "nosniff"


def test_every_api_route_is_described(app: Flask) -> None:
    described = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]
    served = {
        rule.rule.replace("<id:", "{").replace(">", "}") for rule in app.url_map.iter_rules() if "/api/" in rule.rule
    }
    assert set(described) == served


def test_the_description_tells_of_trends_by_zone(app: Flask) -> None:
    described = app.test_client().get("/api/v1/openapi.json").get_json()["paths"]["/api/v1/trends"]["get"]
    [each] = [parameter["schema"] for parameter in described["parameters"] if parameter.get("name") == "each"]
    answer = described["responses"]["200"]["content"]["application/json"]["schema"]["properties"]
    assert each == {"enum": ["zone"]}
    assert set(answer) == set(app.test_client().get("/api/v1/trends?each=zone&on=2010-01-01").get_json())


@pytest.mark.parametrize(
    ("schema", "name", "kinds"),
    [
        ("Summary", "source_role", SourceRole),
        ("Place", "feature", FeatureKind),
        ("Review", "verdict", Verdict),
    ],
)
def test_the_description_names_every_value(app: Flask, schema: str, name: str, kinds: object) -> None:
    schemas = app.test_client().get("/api/v1/openapi.json").get_json()["components"]["schemas"]
    assert set(schemas[schema]["properties"][name]["enum"]) - {None} == set(get_args(kinds))


@pytest.mark.parametrize("name", ["../build.py", "%2e%2e/build.py", "nothing.js", "leaflet"])
def test_only_the_maps_own_files_are_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/static/map/v1/{name}").status_code == 404
