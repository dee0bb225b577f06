"""Health, readiness, metrics, request ids and the access log."""

from __future__ import annotations

import logging
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from webapp_cast import report, service_of

from geo.errors import InputError, WorkspaceError
from geo.logs import FIELDS
from geo.settings import Settings
from geo.workspace.workspace import Workspace, open_workspace
from webapp import create_app
from webapp.service import Service

LOST = "postgresql://reader:hunter2@127.0.0.1:1/none"


@pytest.fixture(scope="module")
def client(session_settings: Settings) -> FlaskClient:
    return create_app(session_settings, service_of(session_settings, report())).test_client()


def without_workspace(settings: Settings) -> FlaskClient:
    settings = replace(settings, workspace=LOST)
    return create_app(settings, Service(settings)).test_client()


def test_process_lives_while_its_workspace_is_lost(session_settings: Settings) -> None:
    client = without_workspace(session_settings)
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert "dateline_workspace_up 0.0" in client.get("/metrics").text


def test_readiness_says_what_is_missing_and_no_secret(session_settings: Settings) -> None:
    answer = without_workspace(session_settings).get("/readyz")
    assert answer.status_code == 503
    assert "127.0.0.1:1/none" in answer.get_json()["checks"]["workspace"]
    assert "hunter2" not in answer.text


def test_a_workspace_that_may_only_be_read_is_served(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> None:
        raise WorkspaceError("The workspace failed: permission denied.", "Ask its owner.")

    monkeypatch.setattr(Workspace, "keep_zones", refuse)
    assert create_app(settings, Service(settings)).test_client().get("/api/v1/articles").status_code == 200
    assert "The zones in the workspace stay as they are: The workspace failed" in caplog.text


def test_ready_when_all_is_there(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()) == (
        200,
        {"status": "ok", "checks": {"gazetteer": "ok", "workspace": "ok"}},
    )


def test_not_ready_with_tables_that_only_a_later_version_reads(settings: Settings) -> None:
    with open_workspace(settings.workspace) as workspace:
        client = create_app(settings, Service(settings, workspace)).test_client()
        assert client.get("/readyz").status_code == 200
        with sqlite3.connect(str(settings.workspace).removeprefix("sqlite:///")) as file:
            file.execute("UPDATE alembic_version SET version_num = '9999'")
            file.execute("UPDATE workspace_info SET value = '9999' WHERE name = 'reads_from'")
        answer = client.get("/readyz")
    assert (answer.status_code, client.get("/healthz").status_code) == (503, 200)
    assert "revision 9999" in answer.get_json()["checks"]["workspace"]


def test_not_ready_before_the_index_is_built(settings: Settings, tmp_path: Path) -> None:
    empty = replace(settings, cache_dir=tmp_path)
    checks = create_app(empty, service_of(empty)).test_client().get("/readyz").get_json()["checks"]
    assert "dateline gazetteer build" in checks["gazetteer"]


def test_metrics_tell_requests_by_route_and_what_is_kept(client: FlaskClient) -> None:
    client.get("/articles/none")
    text = client.get("/metrics").text
    assert 'dateline_request_seconds_count{method="GET",route="/articles/<id:article_id>",status="404"} 1.0' in text
    assert "dateline_articles 1.0" in text


def test_metrics_do_not_grow_with_methods_that_are_none(client: FlaskClient) -> None:
    for number in range(3):
        client.open("/healthz", method=f"MAKEUP{number}")
    text = client.get("/metrics").text
    assert "MAKEUP" not in text
    assert 'dateline_request_seconds_count{method="other",route="none",status="405"} 3.0' in text


def test_metrics_are_in_the_format_that_prometheus_reads(client: FlaskClient) -> None:
    answer = client.get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.text)}
    assert answer.mimetype == "text/plain"
    assert families["dateline_request_seconds"].type == "histogram"
    assert all(family.samples and family.documentation for family in families.values())


def test_the_folder_for_shared_metrics_is_made(
    session_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "run" / "metrics"))
    create_app(session_settings)
    assert (tmp_path / "run" / "metrics").is_dir()


def test_a_folder_for_shared_metrics_that_cannot_be_made_is_named(
    session_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path / "file" / "metrics"))
    with pytest.raises(InputError, match="PROMETHEUS_MULTIPROC_DIR"):
        create_app(session_settings)


@pytest.mark.parametrize(("given", "kept"), [("abc-123", True), ("a b", False), ("x" * 65, False), ("<b>", False)])
def test_sane_request_id_of_the_proxy_is_kept(client: FlaskClient, given: str, kept: bool) -> None:
    answer = client.get("/api/v1/articles/none", headers={"X-Request-ID": given})
    request_id = answer.headers["X-Request-ID"]
    assert (request_id == given) is kept
    assert answer.get_json()["error"]["request_id"] == request_id


def test_access_log_tells_the_route_but_not_the_question(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "webapp.access")
    client.get("/api/v1/articles?q=secret", headers={"X-Request-ID": "r1"})
    fields = getattr(caplog.records[-1], FIELDS)
    assert (fields["route"], fields["status"], fields["request_id"]) == ("/api/v1/articles", 200, "r1")
    assert "secret" not in repr(caplog.records[-1].__dict__)


def test_probes_are_not_logged_by_default(client: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "webapp.access")
    client.get("/healthz")
    assert caplog.records == []


def test_a_failure_is_logged_with_its_request(session_settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    answer = without_workspace(session_settings).get("/api/v1/articles", headers={"X-Request-ID": "r2"})
    assert answer.status_code == 503
    assert {getattr(record, FIELDS)["request_id"] for record in caplog.records} == {"r2"}
    assert WorkspaceError.__name__ in caplog.text
    assert "hunter2" not in caplog.text


def test_proxies_are_believed_only_when_trusted(session_settings: Settings) -> None:
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "maps.example"}
    pages = {}
    for proxies in (0, 1):
        settings = replace(session_settings, trusted_proxies=proxies, hosts="maps.example")
        client = create_app(settings, service_of(settings)).test_client()
        pages[proxies] = "https://maps.example/map" in client.get("/", headers=headers).text
    assert pages == {0: False, 1: True}
