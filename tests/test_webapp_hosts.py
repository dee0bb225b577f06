"""Under which names the web app answers: a page whose own name leads to this machine must get nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from webapp_cast import report, service_of

from geo.cli import main
from geo.errors import InputError
from geo.settings import Settings
from webapp import create_app
from webapp.security import is_trusted, trusted_names


def site(settings: Settings, hosts: str = "", proxies: int = 0) -> FlaskClient:
    settings = replace(settings, hosts=hosts, trusted_proxies=proxies)
    return create_app(settings, service_of(settings, report())).test_client()


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:8000", "127.0.0.1:8000", "192.168.1.7", "[::1]:8000", "[fe80::1]", "[::ffff:1.2.3.4]"],
)
def test_addresses_and_the_machines_own_name_are_trusted(host: str) -> None:
    assert is_trusted(host, trusted_names(""))


@pytest.mark.parametrize(
    "host",
    [
        *(
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example:8000",
            "evil.localhost",
            "1.2.3",
            "1.2.3.4.5",
        ),
        *(
            "[::1].evil.example",
            "[evil]",
            "[::1",
            "127.0.0.1:x",
            "localhost@evil.example",
            "127.0.0.1/evil.example",
            " ",
            "१.२.३.४",
        ),
    ],
)
def test_any_other_name_is_not(host: str) -> None:
    assert not is_trusted(host, trusted_names(""))


@pytest.mark.parametrize(
    ("hosts", "host", "expected"),
    [
        ("maps.example", "maps.example:8443", True),
        ("one.example, Maps.Example ,", "maps.example", True),
        ("maps.example", "evil.maps.example", False),
        (".example", "maps.example", True),
        (".example", "maps.example.evil", False),
        ("10.0.0.7, ::1", "evil.example", False),
    ],
)
def test_names_of_the_setting_are_trusted(hosts: str, host: str, expected: bool) -> None:
    assert is_trusted(host, trusted_names(hosts)) is expected


@pytest.mark.parametrize("hosts", ["https://maps.example", "maps.example:8443", "maps.example/map", "*", "a b"])
def test_what_is_no_name_is_refused_at_the_start(session_settings: Settings, hosts: str) -> None:
    with pytest.raises(InputError, match="DATELINE_HOSTS"):
        create_app(replace(session_settings, hosts=hosts))


@pytest.mark.parametrize("path", ["/", "/api/v1/articles", "/static/viewer.js", "/nothing"])
def test_nothing_is_answered_under_another_name(session_settings: Settings, path: str) -> None:
    answer = site(session_settings).get(path, headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "DATELINE_HOSTS=NAME" in answer.text
    assert "Talks end" not in answer.text


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_told_under_any_name(session_settings: Settings, path: str) -> None:
    answer = site(session_settings).get(path, headers={"Host": "10-0-0-7.pods.example"})
    assert "status" in answer.get_json()


def test_metrics_are_told_under_the_name_that_a_network_gives(session_settings: Settings) -> None:
    assert site(session_settings).get("/metrics", headers={"Host": "web:8000"}).status_code == 200


@pytest.mark.parametrize(
    ("called", "told", "status"),
    [
        ("127.0.0.1:8000", "maps.example", 200),
        ("127.0.0.1:8000", "evil.example", 400),
        ("evil.example:8000", "maps.example", 400),  # no proxy is there after all, and a page tells what it likes
        ("maps.example", None, 200),
    ],
)
def test_behind_a_proxy_both_names_count(
    session_settings: Settings, called: str, told: str | None, status: int
) -> None:
    headers = {"Host": called} | ({"X-Forwarded-Host": told} if told else {})
    client = site(session_settings, "maps.example", proxies=1)
    assert client.get("/api/v1/articles", headers=headers).status_code == status


def test_a_program_that_names_no_host_is_no_page(session_settings: Settings) -> None:
    environ = {"HTTP_HOST": "", "SERVER_NAME": "127.0.0.1"}
    assert site(session_settings).get("/api/v1/articles", environ_overrides=environ).status_code == 200


def test_a_name_to_listen_on_is_one_to_answer_to(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[FlaskClient] = []
    monkeypatch.setattr("webapp.server.run_server", lambda app, *_args, **_kwargs: served.append(app.test_client()))
    assert main(["serve", "--host", "desk.example"]) == 0
    assert served[0].get("/api/v1/openapi.json", headers={"Host": "desk.example:8000"}).status_code == 200
