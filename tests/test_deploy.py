"""What is deployed: the Compose file's settings, the image, and gunicorn with two workers on a real PostgreSQL."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg
import pytest
import yaml
from alembic.script import ScriptDirectory
from real_postgresql import binaries, new_database, server
from webapp_cast import report

from geo.settings import setting_docs
from geo.workspace.schema import configuration
from geo.workspace.workspace import open_workspace
from webapp.service import Totals

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
PATIENCE = 120


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    file: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    return file


@pytest.fixture(scope="module")
def dockerfile() -> str:
    return (DEPLOY / "Dockerfile").read_text("utf-8")


def test_every_setting_of_the_compose_file_is_one(compose: dict[str, Any], dockerfile: str) -> None:
    given = {key for service in compose["services"].values() for key in service.get("environment", {})}
    given |= set(re.findall(r"DATELINE_[A-Z_]+(?==)", dockerfile))
    ours = {key.removesuffix("_FILE") for key in given if key.startswith("DATELINE_")}
    assert ours - set(setting_docs()) == set()


def test_every_setting_and_metric_of_the_page_is_one() -> None:
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    told = {name.removesuffix("_FILE") for name in re.findall(r"DATELINE_[A-Z_]+", page)}
    assert told <= set(setting_docs())
    metrics = {"request_seconds", "workspace_up", "info", *Totals._fields}
    assert set(re.findall(r"`dateline_(\w+)`", page)) == metrics


def test_images_are_pinned_and_named_without_a_host(compose: dict[str, Any], dockerfile: str) -> None:
    bases = re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)
    images = [*bases, compose["services"]["database"]["image"]]
    assert all(re.fullmatch(r"[a-z]+(/[a-z]+)?:\d+[\w.-]*", image) for image in images)


def test_containers_run_without_privileges(compose: dict[str, Any], dockerfile: str) -> None:
    ours = [compose["services"][name] for name in ("web", "reader")]
    assert all(service["read_only"] and service["cap_drop"] == ["ALL"] for service in ours)
    assert re.search(r"^USER [1-9]\d*$", dockerfile, re.MULTILINE)
    assert all(port.startswith("127.0.0.1:") for port in ours[0]["ports"])


def test_containers_end_in_their_own_time_and_start_again(compose: dict[str, Any]) -> None:
    services = compose["services"]
    patience = re.search(r"^graceful_timeout = (\d+)", (DEPLOY / "gunicorn.conf.py").read_text("utf-8"), re.MULTILINE)
    assert patience
    assert int(services["web"]["stop_grace_period"].removesuffix("s")) > int(patience[1])
    assert {service["restart"] for service in services.values()} == {"unless-stopped"}
    assert all(services[name]["mem_limit"] for name in ("web", "reader"))


def test_secrets_stand_in_files_alone(compose: dict[str, Any]) -> None:
    assert all("file" in secret for secret in compose["secrets"].values())
    assert "postgresql://" not in json.dumps(compose)


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    """URL of a workspace in PostgreSQL with a report in it."""
    with server() as url:
        made = new_database(url)
        with open_workspace(made) as workspace:
            workspace.add(report())
        yield made


@contextmanager
def gunicorn(folder: Path, workspace: str) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run the web app as it is deployed; give its address and process."""
    folder.mkdir()
    (folder / "url").write_text(workspace, encoding="utf-8")
    port = free_port()
    environment = os.environ | {
        "BIND": f"127.0.0.1:{port}", "WEB_CONCURRENCY": "2", "TMPDIR": str(folder),
        "DATELINE_WORKSPACE_FILE": str(folder / "url"), "DATELINE_LOG": "json", "DATELINE_LOG_LEVEL": "INFO",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    command = [sys.executable, "-m", "gunicorn", "-c", str(DEPLOY / "gunicorn.conf.py"), "webapp:create_app()"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=environment, stderr=log, stdout=log)
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(PATIENCE)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status_of(url: str) -> int:
    """Return the status of an answer, 0 where there is none."""
    try:
        with urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except HTTPError as error:
        return error.code
    except (URLError, OSError):
        return 0


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < end, "it took too long"
        time.sleep(0.2)


def wait_for(statuses: list[int], more: int) -> None:
    seen = len(statuses)
    wait_until(lambda: len(statuses) > seen + more)


@contextmanager
def visited_when_ready(first: str) -> Iterator[tuple[list[str], list[int]]]:
    """Ask all the while, as a proxy does, whichever of the sites answers first; give the sites and all statuses."""
    wait_until(lambda: status_of(f"{first}/readyz") == 200)
    sites, statuses, done = [first], list[int](), Event()

    def ask() -> None:
        while not done.is_set():
            found = (status_of(f"{site}/api/v1/articles") for site in list(sites))
            statuses.append(next(filter(None, found), 0))

    visitor = Thread(target=ask)
    visitor.start()
    try:
        yield sites, statuses
    finally:
        done.set()
        visitor.join()


def test_two_workers_count_together_and_log_lines_of_json(tmp_path: Path, database: str) -> None:
    with gunicorn(tmp_path / "web", database) as (site, _):
        wait_until(lambda: status_of(f"{site}/readyz") == 200)
        assert [status_of(f"{site}/api/v1/articles?q=secret") for _ in range(30)] == [200] * 30
        with urlopen(f"{site}/metrics") as answer:
            metrics = answer.read().decode()
    with open_workspace(database) as workspace:
        assert workspace.zones_on(dt.date(2017, 8, 1))  # whichever worker came first has put them there
    assert 'dateline_request_seconds_count{method="GET",route="/api/v1/articles",status="200"} 30.0' in metrics
    lines = [json.loads(line) for line in (tmp_path / "web" / "log").read_text("utf-8").splitlines()]
    assert len({line["request_id"] for line in lines if line.get("route") == "/api/v1/articles"}) == 30
    assert "secret" not in json.dumps(lines)
    assert "only-for-tests" not in json.dumps(lines)


def test_nothing_fails_while_the_tables_grow_and_the_web_is_rolled(tmp_path: Path, database: str) -> None:
    with gunicorn(tmp_path / "old", database) as (old, process), visited_when_ready(old) as (sites, statuses):
        grow(database)
        process.send_signal(signal.SIGHUP)  # new workers begin, then the old ones leave
        with gunicorn(tmp_path / "new", database) as (new, _):
            wait_until(lambda: status_of(f"{old}/readyz") == status_of(f"{new}/readyz") == 200)
            sites.insert(0, new)
            wait_for(statuses, 2)  # a visit that began before knows the old site alone
            process.terminate()
            process.wait(PATIENCE)
            wait_for(statuses, 5)
            sites.clear()
            assert set(statuses[:-1]) == {200}


def test_tables_since_the_first_release_are_read_by_the_version_before() -> None:
    revisions = ScriptDirectory.from_config(configuration()).walk_revisions()
    alone = {revision.revision for revision in revisions if revision.module.reads_from == revision.revision}
    assert alone == {"0001", "0005", "0006"}  # all from before it


def test_a_backup_comes_back_as_documented(tmp_path: Path, database: str) -> None:
    made, dump = new_database(database), tmp_path / "dump"
    options = documented("pg_restore -U dateline -d dateline")
    with open_workspace(made) as workspace:
        workspace.add(report())
        before = list(workspace.readings())
        run_client("pg_dump", made, "-Fc", "-f", str(dump))
        workspace.delete(before[0].article.id)
    run_client("pg_restore", "-d", made, *options, str(dump))
    with open_workspace(made) as workspace:
        assert list(workspace.readings()) == before
    assert "--single-transaction" in options  # else a web process makes the tables anew as soon as they are dropped


def documented(command: str) -> list[str]:
    """Return the options that the page gives a command beside those."""
    page = (ROOT / "docs" / "deploy.md").read_text("utf-8")
    found = re.search(rf"{command}((?: --[a-z-]+)*)", page)
    assert found
    return found[1].split()


def run_client(program: str, *arguments: str) -> None:
    folder = binaries()
    assert folder
    subprocess.run([folder / program, *arguments], check=True, capture_output=True, timeout=PATIENCE)


def grow(database: str) -> None:
    """Add to the tables what a later version needs and this one can do without: the step called expand."""
    with psycopg.connect(database) as connection:
        connection.execute("ALTER TABLE articles ADD COLUMN mood text")
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
