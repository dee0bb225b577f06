from __future__ import annotations

import json
import os
import signal
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from geo.articles.fetching import Page as FetchedPage
from geo.articles.fetching import Tag
from geo.articles.reader import PLAIN, Access, Unreadable, read_articles
from geo.articles.sources import size_of
from geo.batch import Options, ingest_into
from geo.batch.decoding import File, Opened, articles_in_page, articles_of, lost_file, open_files, parts_of
from geo.batch.workers import Workers
from geo.model import Article, Reading
from geo.workspace.workspace import open_workspace

PAGE = "<html><body><h1>Truce holds</h1><p>A truce in Homs was holding on Thursday, officers said.</p></body></html>"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deeper").mkdir()
    for number in range(25):
        (tmp_path / f"{number:02}.txt").write_text(f"Report {number} from Rastan.", encoding="utf-8")
    rows = [json.dumps({"text": f"Item {number}."}) for number in range(3)]
    (tmp_path / "07.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "08.txt").write_bytes(b"")
    (tmp_path / "deeper" / "page.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    return tmp_path


def _told(items: Sequence[Article | Unreadable]) -> list[tuple[str, str]]:
    return [(item.id, item.text) if isinstance(item, Article) else (item.source, item.reason) for item in items]


def test_several_processes_find_what_one_finds_in_the_same_order(folder: Path) -> None:
    sources: list[str | Path] = [folder, folder / "01.txt", "missing.html", "missing.csv", str(folder / "*.txt")]
    with Workers(2) as workers:
        actual = list(articles_of(sources, PLAIN, workers))
    assert _told(actual) == _told(list(read_articles(sources)))


def test_files_with_one_report_are_only_named(folder: Path) -> None:
    parts = list(parts_of(folder, PLAIN, plain=True))
    named = [Path(part.name).name for part in parts if isinstance(part, File)]
    assert named == [*sorted(named[:25]), "page.html"]
    assert sum(isinstance(part, Article) for part in parts) == 3


def test_bytes_read_by_others_are_told(folder: Path) -> None:
    told: list[int] = []
    with Workers(2) as workers:
        list(articles_of([folder], Access(consumed=told.append), workers))
    assert sum(told) == size_of([folder])


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_that_ends_its_process_stops_no_other(
    folder: Path, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Workers import this module anew, and with it the reader that is put in their way.
    monkeypatch.setattr("geo.batch.decoding.open_files", open_files_or_die)
    (folder / "03.html").write_text("poisonous", encoding="utf-8")
    with open_workspace("sqlite://") as workspace:
        report = ingest_into(workspace, [folder], _read, options=Options(workers=workers))
    assert (report.new, report.failed) == (28, 2)
    assert "03.html cannot be read: its process was ended by signal 9" in report.failures[0].reason


def open_files_or_die(files: Sequence[File]) -> list[Opened]:
    if any("poisonous" in _content(file) for file in files):
        os.kill(os.getpid(), signal.SIGKILL)
    return open_files(files)


def _content(file: File) -> str:
    return (file.part.read_bytes() if isinstance(file.part, Path) else file.part.content).decode()


def _read(articles: Sequence[Article]) -> list[Reading]:
    return [Reading(article, ()) for article in articles]


def test_a_packed_page_that_ends_its_process_stops_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.batch.decoding.open_files", open_files_or_die)
    with zipfile.ZipFile(tmp_path / "reports.zip", "w") as archive:
        for name, content in (("a.txt", "Talks in Hama."), ("b.html", "poisonous"), ("c.html", PAGE)):
            archive.writestr(name, content)
    with Workers(1) as workers:
        found = list(articles_of([tmp_path], PLAIN, workers))
    assert [item.text[:11] for item in found if isinstance(item, Article)] == ["Talks in Ha", "Truce holds"]
    (failed,) = (item.reason for item in found if isinstance(item, Unreadable))
    assert "reports.zip: b.html cannot be read: its process was ended by signal 9" in failed


def test_a_fetched_page_that_ends_its_process_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.batch.decoding.open_files", open_files_or_die)
    page = FetchedPage("https://example.org/a", b"poisonous", ".html", Tag())
    with Workers(1) as workers:
        (failed,) = articles_in_page(page, workers)
    assert isinstance(failed, Unreadable)
    assert "https://example.org/a cannot be read: its process was ended" in failed.reason


def test_what_was_fetched_has_the_pages_address() -> None:
    page = FetchedPage("https://example.org/a", PAGE.encode(), ".html", Tag())
    with Workers(1) as workers:
        (article,) = articles_in_page(page, workers)
    assert isinstance(article, Article)
    assert article.url == "https://example.org/a"


def test_no_process_starts_where_there_are_no_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.batch.workers._Process", None)
    with Workers(2) as workers:
        assert len(list(articles_of([folder / "07.jsonl"], PLAIN, workers))) == 3


def test_a_file_that_kills_its_process_is_told_like_one_that_cannot_be_read() -> None:
    (item,) = lost_file(File(Path("a.pdf"), "."), "its process ended with code 1").items
    assert isinstance(item, Unreadable)
    assert item.reason == "a.pdf cannot be read: its process ended with code 1. Save it anew, or as plain text."


def test_each_file_is_read_by_itself(folder: Path) -> None:
    one, none = open_files([File(folder / "00.txt", "."), File(folder / "08.txt", ".")])
    assert [len(one.items), len(none.items)] == [1, 1]
    assert (one.consumed, none.consumed) == ((folder / "00.txt").stat().st_size, 0)
