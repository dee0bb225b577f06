from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from geo.batch import Failure, IngestReport, Options, ingest_into, load_samples, sample_files
from geo.batch.report import KEPT_FAILURES
from geo.errors import InputError, WorkspaceError
from geo.model import Article, Reading
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
        return [Reading(article, ()) for article in articles]


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


if __name__ == "__main__":  # the run that is killed
    with open_workspace(sys.argv[1]) as store:
        ingest_into(store, [sys.argv[2]], read_plainly)
