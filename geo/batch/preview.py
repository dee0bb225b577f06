"""A dry run: what an ingest would store, told without storing it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from geo.batch.outages import steadily
from geo.batch.reading import ReadBatch
from geo.batch.report import Done, Failure, IngestReport
from geo.model import Article, Reading

if TYPE_CHECKING:
    from geo.articles.reader import Unreadable
    from geo.batch.run import Run
    from geo.workspace.packing import PackedReading
    from geo.workspace.results import Stored
    from geo.workspace.workspace import Workspace


def preview(workspace: Workspace, items: Iterable[Article | Unreadable], run: Run, made_by: str) -> IngestReport:
    """Tell what would become of articles; places are not looked for in them.

    What the run itself would add is kept in a workspace that is gone afterwards, so that of two articles with the same
    text only one is new.
    """
    from geo.workspace.workspace import open_workspace

    read = ReadBatch(_without_places, made_by)
    temporary = TemporaryDirectory(prefix="dateline-")
    with run.going(), temporary as folder, open_workspace(f"sqlite:///{folder}/dry-run.db") as dry:
        run.count_batches([_previewed(workspace, dry, read(batch))] for batch in run.unread(items))
    return run.report


def _without_places(articles: Sequence[Article]) -> list[Reading]:
    return [Reading(article, ()) for article in articles]


def _previewed(workspace: Workspace, dry: Workspace, results: Sequence[PackedReading | Failure]) -> Done:
    failures = tuple(item for item in results if isinstance(item, Failure))
    packed = [item for item in results if not isinstance(item, Failure)]
    there = steadily(workspace.preview, packed)
    return Done.of(list(map(_either, there, dry.add_packed(packed))), failures)


def _either(there: Stored, in_this_run: Stored) -> Stored:
    """Return what becomes of an article that the workspace has, or the run itself, or neither."""
    if in_this_run.outcome == "duplicate":
        return in_this_run
    return replace(there, near=there.near or (there.outcome == "new" and in_this_run.near))
