"""A Dask cluster of real processes, of which some are killed."""

from __future__ import annotations

import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dask
import pytest
from distributed import LocalCluster
from ingest_cast import MADE_BY, content_of, read, write_corpus
from real_postgresql import new_database

from geo.batch import IngestReport, Options
from geo.batch.run import ingest_into, ingest_to
from geo.errors import DatelineError, WorkspaceError
from geo.workspace.workspace import open_workspace

TEXTS = [f"Item {n % 1150} from Rastan." if n % 7 else f"Item {n} from nowhere." for n in range(1200)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[LocalCluster]:
    # Its processes find the reader beside this file.
    before = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), before])
    few = {"distributed.scheduler.allowed-failures": 1}
    with (
        dask.config.set(few),
        LocalCluster(n_workers=3, threads_per_worker=1, dashboard_address=None) as running,  # type: ignore[no-untyped-call]
    ):
        yield running
    os.environ["PYTHONPATH"] = before


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_corpus(tmp_path, TEXTS)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wait a second where a scheduler or worker does not answer."""
    monkeypatch.setattr("geo.batch.cluster._PATIENCE", 1)
    monkeypatch.setattr("geo.batch.cluster._CONNECTING", 1)


@pytest.fixture
def logged() -> Iterator[list[logging.LogRecord]]:
    """What Dask logs in this process."""
    records: list[logging.LogRecord] = []
    handler = logging.Handler()
    handler.emit = records.append  # type: ignore[method-assign, assignment]
    logging.getLogger("distributed").addHandler(handler)
    yield records
    logging.getLogger("distributed").removeHandler(handler)


def _killing_one(cluster: LocalCluster) -> Callable[[IngestReport], None]:
    """Return a progress callback that kills a worker once something was stored."""
    killed: list[int] = []

    def kill(report: IngestReport) -> None:
        if report.new and not killed:
            killed.extend(nanny.pid for nanny in list(cluster.workers.values())[:1])
            os.kill(killed[0], signal.SIGKILL)

    return kill


def test_a_workspace_filled_while_a_worker_is_killed_is_complete(
    cluster: LocalCluster, postgresql: str, corpus: Path, tmp_path: Path
) -> None:
    disturbed, undisturbed = new_database(postgresql), f"sqlite:///{tmp_path / 'undisturbed.db'}"
    options = Options(dask=cluster.scheduler_address, progress=_killing_one(cluster))
    with open_workspace(undisturbed) as workspace:
        ingest_into(workspace, [corpus], read, made_by=MADE_BY)
    with open_workspace(disturbed) as workspace:
        report = ingest_into(workspace, [corpus], read, made_by=MADE_BY, options=options)
    assert (report.failed, report.interrupted) == (0, False)
    assert content_of(disturbed) == content_of(undisturbed)


def test_a_folder_filled_while_a_worker_is_killed_is_complete(
    cluster: LocalCluster, corpus: Path, tmp_path: Path
) -> None:
    options = Options(dask=cluster.scheduler_address, progress=_killing_one(cluster))
    ingest_to(tmp_path / "disturbed", [corpus], read, made_by=MADE_BY, options=options)
    ingest_to(tmp_path / "undisturbed", [corpus], read, made_by=MADE_BY)
    assert _files(tmp_path / "disturbed") == _files(tmp_path / "undisturbed")


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def _separate_cluster() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run scheduler and worker as a cluster has them, each a program; give the scheduler's address and process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"tcp://127.0.0.1:{port}"
    programs = [
        ("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"),
        ("worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard"),
    ]
    with ExitStack() as stack:
        started = [stack.enter_context(_program(*program)) for program in programs]
        _wait_for(port)
        yield address, started[0]


def _wait_for(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    pytest.fail("the scheduler did not start")


@contextmanager
def _program(kind: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", f"distributed.cli.dask_{kind}", *arguments]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def test_a_scheduler_killed_in_the_middle_is_told_plainly_and_loses_nothing(
    cluster: LocalCluster,
    postgresql: str,
    corpus: Path,
    tmp_path: Path,
    logged: list[logging.LogRecord],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    disturbed, undisturbed = new_database(postgresql), f"sqlite:///{tmp_path / 'undisturbed.db'}"
    monkeypatch.setattr("geo.batch.cluster._CONNECTING", 5)
    with open_workspace(disturbed) as workspace, _separate_cluster() as (address, scheduler):
        options = Options(dask=address, progress=lambda report: scheduler.kill() if report.new else None)
        with pytest.raises(DatelineError, match=r"was lost: its scheduler.* run the same command again to go on"):
            ingest_into(workspace, [corpus], read, made_by=MADE_BY, options=options)
        assert 0 < workspace.count() < len(set(TEXTS))
    assert [record for record in logged if record.exc_info] == []  # no traceback for a user
    for store, options in (disturbed, Options(dask=cluster.scheduler_address)), (undisturbed, Options()):
        with open_workspace(store) as workspace:
            ingest_into(workspace, [corpus], read, made_by=MADE_BY, options=options)
    assert content_of(disturbed) == content_of(undisturbed)


def test_a_cluster_without_workers_is_a_plain_error(tmp_path: Path, quick: None) -> None:
    with (
        LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as idle,  # type: ignore[no-untyped-call]
        pytest.raises(DatelineError, match=r"has no workers\. Start some"),
    ):
        ingest_to(tmp_path, [], read, options=Options(dask=idle.scheduler_address))


def test_an_article_that_kills_workers_is_the_only_one_lost(cluster: LocalCluster, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path, [*TEXTS[:20], "A poisonous one."])
    report = ingest_to(tmp_path / "folder", [corpus], read, options=Options(dask=cluster.scheduler_address))
    assert (report.new, report.failed) == (20, 1)
    assert "A poisonous one." in str(report.failures[0])


def test_sqlite_is_refused() -> None:
    with open_workspace("sqlite://") as workspace, pytest.raises(WorkspaceError, match="cannot write to an SQLite"):
        ingest_into(workspace, [], read, options=Options(dask="tcp://127.0.0.1:1"))


def test_a_cluster_that_is_not_there_is_a_plain_error(tmp_path: Path, quick: None) -> None:
    with pytest.raises(DatelineError, match=r"at tcp://127.0.0.1:1 cannot be reached\. Check the address"):
        ingest_to(tmp_path, [], read, options=Options(dask="tcp://127.0.0.1:1"))
