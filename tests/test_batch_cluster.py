"""A Dask cluster of real processes, of which some are killed."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
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


def test_an_article_that_kills_workers_is_the_only_one_lost(cluster: LocalCluster, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path, [*TEXTS[:20], "A poisonous one."])
    report = ingest_to(tmp_path / "folder", [corpus], read, options=Options(dask=cluster.scheduler_address))
    assert (report.new, report.failed) == (20, 1)
    assert "A poisonous one." in str(report.failures[0])


def test_sqlite_is_refused() -> None:
    with open_workspace("sqlite://") as workspace, pytest.raises(WorkspaceError, match="cannot write to an SQLite"):
        ingest_into(workspace, [], read, options=Options(dask="tcp://127.0.0.1:1"))


def test_a_cluster_that_is_not_there_is_a_plain_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.batch.cluster._PATIENCE", 1)
    with pytest.raises(DatelineError, match=r"at tcp://127.0.0.1:1 cannot be reached\. Check the address"):
        ingest_to(tmp_path, [], read, options=Options(dask="tcp://127.0.0.1:1"))
