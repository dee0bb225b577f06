"""The server behind ``dateline serve``."""

from __future__ import annotations

from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from webapp_cast import filled

from geo.errors import InputError, WorkspaceError
from geo.settings import Settings
from geo.workspace.workspace import Workspace
from webapp import create_app
from webapp.server import address, bound_server, run_server
from webapp.service import Service


def app() -> Flask:
    made = Flask(__name__)
    made.add_url_rule("/", view_func=lambda: "here")
    return made


def test_announced_address_answers() -> None:
    server = bound_server(app(), "127.0.0.1", 0)
    thread = Thread(target=server.serve)
    thread.start()
    with urlopen(address(server)) as answer:
        assert answer.read() == b"here"
    server.stop()
    thread.join()


def test_address_is_announced_when_the_workspace_is_open(session_settings: Settings) -> None:
    order: list[str] = []

    class Watched(Service):
        def open(self, *, samples: bool = False) -> Workspace:
            order.append("open with samples" if samples else "open")
            return super().open(samples=samples)

    def announce(address: str) -> None:
        order.append("announce")
        raise KeyboardInterrupt

    app = create_app(session_settings, Watched(session_settings, filled()))
    run_server(app, "127.0.0.1", 0, announce, early=lambda _address: None)
    assert order[0] == "open with samples"
    assert order[-1] == "announce"


def test_what_cannot_be_opened_ends_the_server(session_settings: Settings) -> None:
    class Broken(Service):
        def open(self, *, samples: bool = False) -> Workspace:
            raise WorkspaceError("The disk is full.")

    app = create_app(session_settings, Broken(session_settings))
    with pytest.raises(WorkspaceError, match="full"):
        run_server(app, "127.0.0.1", 0, announce=lambda _address: None, early=lambda _address: None)


def test_address_in_use_says_what_to_do() -> None:
    first = bound_server(app(), "127.0.0.1", 0)
    port = first.bind_addr[1]
    with pytest.raises(InputError, match="--port"):
        bound_server(app(), "127.0.0.1", port)
    first.stop()


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("127.0.0.1", "http://127.0.0.1:80/"),
        ("0.0.0.0", "http://127.0.0.1:80/"),
        ("::", "http://[::1]:80/"),
        ("::1", "http://[::1]:80/"),
        ("maps.example", "http://maps.example:80/"),
    ],
)
def test_address_can_be_opened_on_the_same_machine(host: str, expected: str) -> None:
    server: Any = SimpleNamespace(bind_addr=(host, 80))
    assert address(server) == expected
