from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from reading_cast import reading_of
from real_postgresql import new_database, server
from sqlalchemy import Connection, event

from geo.batch import Failure, IngestReport, Options, ingest_into, load_samples, sample_files
from geo.batch.partitions import export_partitions
from geo.batch.prepare import prepare
from geo.batch.report import KEPT_FAILURES
from geo.batch.run import ingest_to
from geo.batch.workers import Work, Workers
from geo.errors import InputError, WorkspaceError
from geo.model import Article, Reading
from geo.settings import Settings
from geo.workspace.check import check
from geo.workspace.workspace import Workspace, open_workspace


def read_plainly(articles: Sequence[Article]) -> list[Reading]:
    """A reader that finds nothing, cannot read what says so, and dies of poison."""
    for article in articles:
        if "unreadable" in article.text:
            raise InputError("It says it cannot be read.")
        if "broken" in article.text:
            raise ZeroDivisionError("a fault in the reader")
        if "poisonous" in article.text:
            os.kill(os.getpid(), signal.SIGKILL)
    return [Reading(article, ()) for article in articles]


def read_rastan(articles: Sequence[Article]) -> list[Reading]:
    """A reader that finds Rastan."""
    return [reading_of(article.text, article.id) for found in read_plainly(articles) for article in [found.article]]


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with open_workspace("sqlite://") as workspace:
        yield workspace


def _corpus(folder: Path, texts: list[str], name: str = "corpus.jsonl") -> Path:
    path = folder / name
    rows = [json.dumps({"id": f"{name} {number}", "text": text}) for number, text in enumerate(texts)]
    path.write_text("\n".join(rows), encoding="utf-8")
    return path


def test_nothing_to_read_is_an_empty_report(workspace: Workspace) -> None:
    assert ingest_into(workspace, [], read_plainly) == IngestReport()


def test_what_is_new_is_stored(workspace: Workspace, tmp_path: Path) -> None:
    report = ingest_into(workspace, [_corpus(tmp_path, ["One.", "Two.", "One."])], read_plainly)
    assert (report.read, report.new, report.duplicate, report.failed) == (3, 2, 1, 0)
    assert {reading.article.text for reading in workspace.readings()} == {"One.", "Two."}


def test_what_is_there_is_not_read_again(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, ["One.", "Two."])
    ingest_into(workspace, [corpus], read_plainly)
    report = ingest_into(workspace, [corpus], _never)
    assert (report.new, report.duplicate) == (0, 2)


def _never(articles: Sequence[Article]) -> list[Reading]:
    raise AssertionError(f"{articles[0].text} was read again")


def test_another_version_reads_again(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, ["One.", "Two."])
    ingest_into(workspace, [corpus], read_plainly, made_by="1")
    report = ingest_into(workspace, [corpus], read_plainly, made_by="2")
    assert (report.new, report.replaced, report.duplicate) == (0, 2, 0)


def test_failures_are_listed_and_stop_nothing(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, ["An unreadable one.", "A broken one.", "A good one."])
    report = ingest_into(workspace, ["missing.txt", corpus], read_plainly)
    assert report.new == 1
    assert [str(failure) for failure in report.failures] == [
        "There is no file missing.txt. Check the path; quote it if it holds spaces.",
        "corpus.jsonl 0 (An unreadable one.): It says it cannot be read.",
        "corpus.jsonl 1 (A broken one.): reading it failed with ZeroDivisionError: a fault in the reader",
    ]


def test_the_report_has_a_line_for_people() -> None:
    report = IngestReport(new=2, replaced=1, duplicate=3, failed=1, interrupted=True)
    assert report.summary() == (
        "6 articles read: 2 new, 1 read anew, 3 there already, 1 failed."
        " Interrupted: run the same command again to go on."
    )


def test_progress_is_told_as_it_goes(workspace: Workspace, tmp_path: Path) -> None:
    told: list[int] = []
    ingest_into(
        workspace,
        [_corpus(tmp_path, [f"Item {n}." for n in range(60)])],
        read_plainly,
        options=Options(progress=lambda report: told.append(report.new)),
    )
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0, 60)


def test_an_interrupted_run_goes_on_where_it_stopped(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Item {n}." for n in range(110)])
    stopped = ingest_into(workspace, [corpus], _InterruptedAt("Item 90."))
    resumed = ingest_into(workspace, [corpus], read_plainly)
    assert stopped.interrupted
    assert 0 < stopped.new < 110
    assert (stopped.new + resumed.new, workspace.count()) == (110, 110)


class _InterruptedAt:
    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, articles: Sequence[Article]) -> list[Reading]:
        if self.text in {article.text for article in articles}:
            raise KeyboardInterrupt
        return read_rastan(articles)


def test_a_killed_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Item {n}." for n in range(500)])
    url = f"sqlite:///{tmp_path / 'workspace.db'}"
    with open_workspace(url) as workspace:
        run = subprocess.Popen([sys.executable, __file__, url, str(corpus)])
        while workspace.count() == 0:
            assert run.poll() in {None, 0}, "the run failed"
        run.kill()
        run.wait()
        stored = workspace.count()
        report = ingest_into(workspace, [corpus], read_plainly)
        assert (report.duplicate, report.new, workspace.count()) == (stored, 500 - stored, 500)


def test_several_workers_store_the_same(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Item {n}." for n in range(110)] + ["An unreadable one."])
    report = ingest_into(workspace, [corpus], read_plainly, options=Options(workers=2))
    assert (report.new, report.failed) == (110, 1)
    assert workspace.count() == 110


def test_an_article_that_kills_its_worker_is_the_only_one_lost(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [*(f"Item {n}." for n in range(5)), "A poisonous one.", "The last."])
    report = ingest_into(workspace, [corpus], read_plainly, options=Options(workers=2))
    assert (report.new, report.failed) == (6, 1)
    assert str(report.failures[0]) == (
        "corpus.jsonl 5 (A poisonous one.): reading it fails: its process was ended by signal 9 (Killed), perhaps for"
        " want of memory"
    )


def test_a_worker_that_has_grown_is_replaced() -> None:
    batches, work = [[n] for n in range(4)], Work(_process_numbers, lambda _item, _how: 0)
    with Workers(1, megabytes=1) as workers:
        assert len({number for results in workers.map(work, batches) for number in results}) == 4
    ballast = bytearray(b"x") * 500_000_000  # what this process holds is not the worker's
    with Workers(1) as workers:
        assert len({number for results in workers.map(work, batches) for number in results}) == 1
    assert ballast


def test_of_large_items_fewer_are_on_their_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.batch.workers._WEIGHT", 10)
    taken: list[int] = []

    def batches(weights: Sequence[int]) -> Iterator[list[int]]:
        for weight in weights:
            taken.append(weight)
            yield [weight]

    work = Work(_process_numbers, lambda _item, _how: 0, ahead=3, weight=int)
    with Workers(1) as workers:
        lead = [len(taken) - done for done, _ in enumerate(workers.map(work, batches([1] * 6 + [6] * 4 + [20] * 2)), 1)]
    assert max(lead[:3]) == 3
    assert max(lead[6:]) == 1


def test_a_batch_is_full_with_many_articles_or_many_characters(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.batch.run.BATCH", 3)
    monkeypatch.setattr("geo.batch.run._CHARACTERS", 100)
    corpus, sizes = _corpus(tmp_path, [f"{n}" * length for n, length in enumerate((1, 1, 1, 60, 60, 500, 1))]), []

    def read(articles: Sequence[Article]) -> list[Reading]:
        sizes.append(len(articles))
        return read_plainly(articles)

    assert ingest_into(workspace, [corpus], read).new == 7
    assert sizes == [3, 2, 1, 1]


def _process_numbers(batch: Sequence[int]) -> list[int]:
    return [os.getpid()] * len(batch)


def test_what_takes_too_long_is_tried_once(tmp_path: Path) -> None:
    tries = tmp_path / "tries"
    quick = Work(_process_numbers, lambda _item, _how: 0)
    slow = Work(_never_done, lambda _item, how: how, seconds=1)
    with Workers(1) as workers:
        (((before,),), ((result,),), ((after,),)) = (
            list(workers.map(quick, [[1]])),
            list(workers.map(slow, [[str(tries)]])),
            list(workers.map(quick, [[1]])),
        )
    assert result == "it was not done after 1 seconds"
    assert tries.read_text() == "x"
    assert before != after


def _never_done(batch: Sequence[str]) -> list[str]:
    with Path(batch[0]).open("a") as tries:
        tries.write("x")
    time.sleep(60)
    return []


def test_the_report_is_the_same_by_however_many_workers(tmp_path: Path) -> None:
    for n in range(100):
        (tmp_path / f"{n:03} a.txt").write_text(f"Report {n}{' is unreadable' if n % 30 == 0 else ''}.")
        (tmp_path / f"{n:03} b.txt").write_bytes(b"")
        (tmp_path / f"{n:03} c.jsonl").write_text(json.dumps({"text": f"Row {n}.", "date": "x"}))
    reports = []
    for workers in (1, 2):
        with open_workspace("sqlite://") as workspace:
            reports.append(ingest_into(workspace, [tmp_path], read_plainly, options=Options(workers=workers)))
    assert reports[0] == reports[1]
    assert (reports[0].failed, len(reports[0].notices)) == (104, 1)


def test_a_dry_run_stores_nothing(workspace: Workspace, tmp_path: Path) -> None:
    report = ingest_into(workspace, [_corpus(tmp_path, ["One."])], _never, options=Options(dry_run=True))
    assert (report.new, workspace.count()) == (1, 0)


def test_a_report_keeps_the_first_failures_and_tells_all(workspace: Workspace, tmp_path: Path) -> None:
    told: list[Failure] = []
    corpus = _corpus(tmp_path, [f"An unreadable one, {n}." for n in range(KEPT_FAILURES + 20)])
    report = ingest_into(workspace, [corpus], read_plainly, options=Options(refused=told.append))
    assert (report.failed, len(told), len(report.failures)) == (KEPT_FAILURES + 20, KEPT_FAILURES + 20, KEPT_FAILURES)


def test_the_samples_fill_a_workspace(workspace: Workspace) -> None:
    report = load_samples(workspace, read_plainly)
    assert report.new == workspace.count() == len(sample_files()) > 0


def test_a_sample_that_cannot_be_read_is_logged(workspace: Workspace, caplog: pytest.LogCaptureFixture) -> None:
    report = load_samples(workspace, _read_no_russian)
    assert report.failed == len(caplog.records) > 0
    assert workspace.count() == len(sample_files()) - report.failed


def _read_no_russian(articles: Sequence[Article]) -> list[Reading]:
    return _never(articles) if "ru" in {article.language for article in articles} else read_plainly(articles)


def test_samples_of_which_none_can_be_read_are_an_error(workspace: Workspace) -> None:
    with pytest.raises(WorkspaceError, match="Install Dateline again"):
        load_samples(workspace, _never)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_filled_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Rastan {n}." for n in range(9)] + ["Rastan 3.", "An unreadable one."])
    report = ingest_to(tmp_path / "folder", [corpus], read_rastan)
    filled = _files(tmp_path / "folder")
    again = ingest_to(tmp_path / "folder", [corpus], read_rastan)
    assert (report.new, report.duplicate, report.failed) == (9, 1, 1)
    assert (again.new, again.duplicate, again.failed) == (0, 10, 1)
    assert _files(tmp_path / "folder") == filled
    assert len(filled) == 2


def test_a_folder_is_filled_by_several_workers(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Rastan {n}." for n in range(1100)])
    ingest_to(tmp_path / "one", [corpus], read_rastan)
    ingest_to(tmp_path / "two", [corpus], read_rastan, options=Options(workers=2))
    assert _files(tmp_path / "one") == _files(tmp_path / "two")


def test_an_interrupted_folder_goes_on_where_it_stopped(tmp_path: Path) -> None:
    corpus, folder = _corpus(tmp_path, [f"Rastan {n}." for n in range(900)]), tmp_path / "folder"
    stopped = ingest_to(folder, [corpus], _InterruptedAt("Rastan 700."))
    assert (stopped.interrupted, stopped.new) == (True, 500)
    assert not list(folder.glob("country=*"))
    report = ingest_to(folder, [corpus], read_rastan)
    ingest_to(tmp_path / "undisturbed", [corpus], read_rastan)
    assert report.new == 900
    assert _files(folder) == _files(tmp_path / "undisturbed")


def test_a_dry_run_makes_no_folder(tmp_path: Path) -> None:
    report = ingest_to(tmp_path / "folder", [_corpus(tmp_path, ["One."])], _never, options=Options(dry_run=True))
    assert report.new == 1
    assert not (tmp_path / "folder").exists()


def test_a_workspace_goes_into_a_folder_as_its_articles_would(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Rastan {n}." for n in range(9)])
    ingest_into(workspace, [corpus], read_rastan)
    ingest_to(tmp_path / "expected", [corpus], read_rastan)
    assert export_partitions(workspace, tmp_path / "actual") == 2
    assert _files(tmp_path / "actual") == _files(tmp_path / "expected")


def test_sigterm_ends_a_run_in_good_order(workspace: Workspace, tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Item {n}." for n in range(110)])
    stop = Options(progress=lambda report: os.kill(os.getpid(), signal.SIGTERM) if report.new else None)
    report = ingest_into(workspace, [corpus], read_plainly, options=stop)
    assert (report.interrupted, report.new, workspace.count()) == (True, 50, 50)


def test_a_full_disk_is_a_plain_error_and_the_next_run_goes_on(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Item {n}. " + f"{n} words " * 300 for n in range(300)])
    with open_workspace(f"sqlite:///{tmp_path / 'workspace.db'}") as workspace:
        full = event.listens_for(workspace.engine, "begin")(_limit_pages)
        with pytest.raises(WorkspaceError, match=r"disk is full\. Make room on the disk and run the same command"):
            ingest_into(workspace, [corpus], read_plainly)
        stored = workspace.count()
        event.remove(workspace.engine, "begin", full)
        workspace.engine.dispose()
        report = ingest_into(workspace, [corpus], read_plainly)
        assert 0 < stored < 300
        assert (report.duplicate, report.new, check(workspace)) == (stored, 300 - stored, [])


def test_a_disk_that_takes_no_more_leaves_the_store_sound(tmp_path: Path) -> None:
    corpus = _corpus(tmp_path, [f"Item {n}. " + f"{n} words " * 300 for n in range(300)])
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with open_workspace(f"sqlite:///{tmp_path / 'workspace.db'}") as workspace:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
        try:
            with pytest.raises(WorkspaceError, match=r"Look at the disk, which may be full or failing"):
                ingest_into(workspace, [corpus], read_plainly)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        ingest_into(workspace, [corpus], read_plainly)
        assert (workspace.count(), check(workspace)) == (300, [])


def _limit_pages(connection: Connection) -> None:
    connection.exec_driver_sql("PRAGMA max_page_count = 250")


def test_a_lost_connection_is_waited_for(postgresql: str, tmp_path: Path) -> None:
    url = new_database(postgresql)
    corpus = _corpus(tmp_path, [f"Item {n}." for n in range(110)])
    with open_workspace(url) as workspace:
        report = ingest_into(workspace, [corpus], _read_and_cut(url))
        assert (report.new, workspace.count(), check(workspace)) == (110, 110, [])


def _read_and_cut(url: str) -> Callable[[Sequence[Article]], list[Reading]]:
    """A reader that has the server end all other connections."""

    def read(articles: Sequence[Article]) -> list[Reading]:
        with psycopg.connect(url) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        return read_plainly(articles)

    return read


def test_a_server_that_stays_away_is_a_plain_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("geo.batch.outages.PAUSES", (0.01, 0.01))
    corpus = _corpus(tmp_path, [f"Item {n}." for n in range(110)])
    running = ExitStack()
    with running, open_workspace(new_database(running.enter_context(server()))) as workspace:
        stop = Options(progress=lambda report: running.close() if report.new else None)
        with pytest.raises(WorkspaceError, match=r"Check that the server runs and that host and port are right\.$"):
            ingest_into(workspace, [corpus], read_plainly, options=stop)


def test_what_is_made_once_is_made_in_another_process(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Settings] = []
    monkeypatch.setattr("geo.batch.prepare.is_made", lambda _settings: bool(made))
    monkeypatch.setattr("geo.batch.prepare._make", made.append)
    monkeypatch.setattr("multiprocessing.get_context", lambda _way: _Context)
    prepare(settings)
    prepare(settings)
    assert made == [settings]


class _Context:
    class Process:
        """Does its work when waited for, in this process."""

        def __init__(self, target: Callable[[Settings], None], args: tuple[Settings]) -> None:
            self.start, self.join = (lambda: None), (lambda: target(*args))


if __name__ == "__main__":  # the run that is killed
    with open_workspace(sys.argv[1]) as store:
        ingest_into(store, [sys.argv[2]], read_plainly)
