"""What is answered while a new machine gets ready."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from urllib.request import urlopen

import pytest
from flask.testing import FlaskClient
from webapp_cast import filled

from geo.settings import Settings
from geo.workspace.workspace import Workspace
from webapp import create_app
from webapp.pages import maps
from webapp.server import run_server
from webapp.service import Service
from webapp.starting import STEPS, Opening, warm_up, warm_up_meanwhile


@pytest.fixture
def may_end() -> Iterator[Event]:
    """Set to let what is opened be open."""
    event = Event()
    yield event
    event.set()


@pytest.fixture
def opening(session_settings: Settings, may_end: Event) -> Opening:
    made = Opening(session_settings, may_end.wait)
    made.start(lambda: None)
    return made


@pytest.fixture
def client(session_settings: Settings, opening: Opening) -> FlaskClient:
    app = create_app(session_settings, Service(session_settings, filled()))
    opening.answer_meanwhile(app)
    return app.test_client()


@pytest.mark.parametrize("path", ["/", "/map", "/articles/x", "/trends"])
def test_pages_tell_how_far_it_is_and_ask_again(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert 'http-equiv="refresh"' in answer.text
    assert 'aria-current="step"' in answer.text


def test_data_routes_tell_it_in_the_shape_of_errors(client: FlaskClient) -> None:
    answer = client.get("/api/v1/places")
    assert answer.status_code == 503
    assert "getting ready" in answer.get_json()["error"]["message"]
    assert int(answer.headers["Retry-After"]) > 0


def test_it_is_not_ready_before_pages_are(client: FlaskClient, opening: Opening, may_end: Event) -> None:
    before = client.get("/readyz")
    assert before.status_code == 503
    assert "getting ready" in before.get_json()["checks"]["start"]
    may_end.set()
    assert opening.is_done(10)
    assert "start" not in client.get("/readyz").get_json()["checks"]


def test_what_the_first_page_takes_is_there_before_it_is_asked_for(
    session_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(session_settings, Service(session_settings, filled()))
    warm_up(app)
    monkeypatch.setattr(maps, "_build", lambda _asked: pytest.fail("The map is drawn again."))
    assert app.test_client().get("/").status_code == 200


def test_requests_are_answered_while_the_first_page_is_made(
    session_settings: Settings, monkeypatch: pytest.MonkeyPatch, may_end: Event
) -> None:
    app = create_app(session_settings, Service(session_settings, filled()))
    client = app.test_client()
    monkeypatch.setattr("webapp.starting.warm_up", lambda _app: may_end.wait())
    warming = warm_up_meanwhile(app)
    assert (client.get("/api/v1/articles").status_code, client.get("/readyz").status_code) == (200, 503)
    may_end.set()
    warming.join(10)
    assert "pages" not in client.get("/readyz").get_json()["checks"]


def test_a_first_page_that_cannot_be_made_keeps_nothing_from_starting(
    session_settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    warm_up(create_app(replace(session_settings, workspace="postgresql://reader:hunter2@127.0.0.1:1/none")))
    assert "The first page cannot be made: The workspace" in caplog.text
    assert "hunter2" not in caplog.text


@pytest.mark.parametrize("path", ["/healthz", "/static/dateline.css"])
def test_what_needs_nothing_is_answered(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 200


def test_the_page_asked_for_shows_once_it_can(client: FlaskClient, opening: Opening, may_end: Event) -> None:
    may_end.set()
    assert opening.is_done(10)
    assert "Articles" in client.get("/").text


@pytest.mark.parametrize(("are_outlines_made", "expected"), [(False, 1), (True, 2)])
def test_the_steps_follow_what_is_made(
    session_settings: Settings, monkeypatch: pytest.MonkeyPatch, are_outlines_made: bool, expected: int
) -> None:
    monkeypatch.setattr("geo.batch.prepare.is_made", lambda _settings: are_outlines_made)
    assert Opening(session_settings, lambda: None).step() == expected < len(STEPS)


def test_the_index_is_made_first(session_settings: Settings, tmp_path: Path) -> None:
    assert Opening(replace(session_settings, cache_dir=tmp_path), lambda: None).step() == 0


def test_a_first_start_has_an_address_early(session_settings: Settings, tmp_path: Path, may_end: Event) -> None:
    said: list[bytes] = []

    class Slow(Service):
        def open(self, *, samples: bool = False) -> Workspace:
            may_end.wait()
            raise KeyboardInterrupt

    def ask(address: str) -> None:
        with urlopen(f"{address}healthz") as answer:
            said.append(answer.read())
        may_end.set()

    app = create_app(session_settings, Slow(replace(session_settings, cache_dir=tmp_path)))
    run_server(app, "127.0.0.1", 0, lambda _: None, early=lambda address: Thread(target=ask, args=(address,)).start())
    assert b"ok" in said[0]
