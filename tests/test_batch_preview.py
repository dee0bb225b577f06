from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from geo.batch import Options, ingest, ingest_into, ingest_items
from geo.batch.report import IngestReport
from geo.errors import WorkspaceError
from geo.model import Article, Reading
from geo.settings import Settings
from geo.workspace import schema
from geo.workspace.database import engine_of
from geo.workspace.workspace import Workspace, open_workspace

STORY = " ".join(f"word{n}" for n in range(60))
DRY = Options(dry_run=True)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with open_workspace("sqlite://") as workspace:
        yield workspace


def _never(articles: Sequence[Article]) -> list[Reading]:
    raise AssertionError("places were looked for")


def _read(articles: Sequence[Article]) -> list[Reading]:
    return [Reading(article, ()) for article in articles]


def _corpus(folder: Path, *texts: str) -> Path:
    path = folder / "corpus.jsonl"
    path.write_text("\n".join(json.dumps({"text": text}) for text in texts), encoding="utf-8")
    return path


def _counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    return report.new, report.near, report.replaced, report.duplicate, report.failed


def test_a_dry_run_tells_what_a_run_would(workspace: Workspace, tmp_path: Path) -> None:
    texts = ["One.", "One.", STORY, f"By Jane Doe {STORY}", ""]
    corpus = _corpus(tmp_path, *texts)
    dry = ingest_into(workspace, [corpus], _never, options=DRY)
    assert _counts(dry) == (3, 1, 0, 1, 1)
    assert workspace.count() == 0
    assert ingest_into(workspace, [corpus], _read) == dry


def test_a_dry_run_knows_what_is_there(workspace: Workspace, tmp_path: Path) -> None:
    ingest_into(workspace, [_corpus(tmp_path, "One.", STORY)], _read, made_by="1")
    version = workspace.version()
    corpus = _corpus(tmp_path, "One.", f"By Jane Doe {STORY}", "Two.")
    assert _counts(ingest_into(workspace, [corpus], _never, made_by="1", options=DRY)) == (2, 1, 0, 1, 0)
    assert _counts(ingest_into(workspace, [corpus], _never, made_by="2", options=DRY)) == (2, 1, 1, 0, 0)
    assert workspace.version() == version


def test_texts_that_no_store_takes_fail_in_a_dry_run_too(workspace: Workspace, tmp_path: Path) -> None:
    article = Article(id="a", text="half \ud800 a character")
    report = ingest_items(workspace, [article], _never, options=DRY)
    assert (report.new, report.failed) == (0, 1)
    assert "half a character" in report.failures[0].reason


def test_near_duplicates_are_told_in_the_summary() -> None:
    assert IngestReport(new=3, near=2).summary() == (
        "3 articles read: 3 new (2 of them near duplicates), 0 there already, 0 failed."
    )


def test_a_dry_run_makes_no_store(tmp_path: Path, settings: Settings) -> None:
    store = tmp_path / "new" / "store.db"
    report = ingest([_corpus(tmp_path, "One.", "Two.")], replace(settings, workspace=f"sqlite:///{store}"), DRY)
    assert report.new == 2
    assert not store.parent.exists()


def test_a_dry_run_does_not_bring_a_store_up_to_date(tmp_path: Path, settings: Settings) -> None:
    store = tmp_path / "store.db"
    with engine_of(f"sqlite:///{store}").connect() as connection, connection.begin():
        schema.upgrade(connection, "0003")
    before = store.read_bytes()
    with pytest.raises(WorkspaceError, match=r"revision 0003.*dateline workspace check"):
        ingest([_corpus(tmp_path, "One.")], replace(settings, workspace=f"sqlite:///{store}"), DRY)
    assert store.read_bytes() == before
