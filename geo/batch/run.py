"""One ingest run: sources into a workspace.

This process reads the sources, passes over what is there already and stores; reading itself is done here or by worker
processes. Articles are stored in the order of the sources, some at a time, each batch whole or not at all. So a run
that was ended at any moment has stored the beginning, and the next one goes on from there.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeVar

from geo.articles.reader import PLAIN, Access, Unreadable, read_articles
from geo.batch.outages import steadily
from geo.batch.reading import PipelineReader, Reader, label, read_batch, version_of_reading
from geo.batch.report import KEPT_FAILURES, Failure, IngestReport, Progress, Refusal
from geo.batch.workers import Work, Workers
from geo.model import Article
from geo.settings import Settings

if TYPE_CHECKING:
    from geo.workspace.packing import PackedReading
    from geo.workspace.results import Stored
    from geo.workspace.workspace import Workspace

_T = TypeVar("_T")

BATCH = 50
"""Articles read and stored at a time: one turn of a worker, one transaction, and what an interruption may cost."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest.

    Attributes
    ----------
    workers
        Processes to read with; 1 reads in this one.
    dry_run
        Whether to tell only what would be read.
    progress
        Called with the report so far, each time something was stored or failed.
    refused
        Called with each failure as it is met; the report keeps the first ones only.
    access
        How sources are reached: whether addresses are fetched, and who is told of bytes read.
    """

    workers: int = 1
    dry_run: bool = False
    progress: Progress | None = None
    refused: Refusal | None = None
    access: Access = PLAIN


_PLAIN = Options()


def ingest(sources: Sequence[str | Path], settings: Settings, options: Options = _PLAIN) -> IngestReport:
    """Read sources into the settings' workspace.

    Parameters
    ----------
    sources
        Files, folders, corpora, feeds, or ``-`` for standard input.

    Returns
    -------
    IngestReport
        Also after Ctrl-C or SIGTERM: what was stored by then stays, and the next call goes on from there.

    Raises
    ------
    WorkspaceError
        The workspace cannot be opened or written; what was stored by then stays.
    DatelineError
        Workers cannot start.
    """
    from geo.workspace.workspace import open_workspace

    options = replace(options, access=replace(options.access, fetch=settings.fetch))
    with open_workspace(settings.workspace) as workspace:
        read, made_by = PipelineReader(settings), version_of_reading(settings)
        return ingest_into(workspace, sources, read, made_by=made_by, options=options)


def ingest_into(
    workspace: Workspace,
    sources: Sequence[str | Path],
    read: Reader,
    *,
    made_by: str = "",
    options: Options = _PLAIN,
) -> IngestReport:
    """Read sources into an open workspace, with any reader; see `ingest`.

    With several workers ``read`` must be a function of a module, for it runs in processes that import it anew.
    """
    run = _Run(workspace, made_by, options)
    batches = run.unread(read_articles(sources, options.access))
    work = Work(partial(read_batch, read, made_by), _lost)
    try:
        with _stoppable():
            if options.dry_run:
                run.count_only(batches)
            elif options.workers == 1:
                run.store(map(work.function, batches))
            else:
                with Workers(options.workers, work) as workers:
                    run.store(workers.map(batches))
    except KeyboardInterrupt:
        return replace(run.report, interrupted=True)
    return run.report


def _lost(article: Article, how: str) -> Failure:
    return Failure(label(article), f"reading it fails: {how}")


class _Run:
    """One run: what was found, and the report so far."""

    def __init__(self, workspace: Workspace, made_by: str, options: Options) -> None:
        self.workspace, self.made_by, self.options = workspace, made_by, options
        self.report = IngestReport()

    def unread(self, items: Iterable[Article | Unreadable]) -> Iterator[list[Article]]:
        """Yield what is to be read, some articles at a time; the others are counted."""
        for chunk in _chunks(items, BATCH):
            found = [item for item in chunk if isinstance(item, Article)]
            fresh = steadily(self.workspace.unread, found, self.made_by)
            unreadable = [item for item in chunk if isinstance(item, Unreadable)]
            self._pass_over(unreadable)
            failed = [Failure(item.source, item.reason) for item in unreadable if not item.passed_over]
            self._count(failures=failed, duplicate=len(found) - len(fresh))
            if fresh:
                yield fresh

    def store(self, batches: Iterable[list[PackedReading | Failure]]) -> None:
        """Store all that is read."""
        for batch in batches:
            failures = [item for item in batch if isinstance(item, Failure)]
            packed = [item for item in batch if not isinstance(item, Failure)]
            self._count(steadily(self.workspace.add_packed, packed), failures)

    def _pass_over(self, items: Sequence[Unreadable]) -> None:
        notices = (*self.report.passed_over, *(item.reason for item in items if item.passed_over))
        self.report = replace(self.report, passed_over=notices[:KEPT_FAILURES])

    def count_only(self, batches: Iterable[list[Article]]) -> None:
        """Count what would be read as new."""
        for batch in batches:
            self.report = replace(self.report, new=self.report.new + len(batch))

    def _count(self, stored: Sequence[Stored] = (), failures: Sequence[Failure] = (), duplicate: int = 0) -> None:
        outcomes = [item.outcome for item in stored]
        report = self.report
        self.report = replace(
            report,
            new=report.new + outcomes.count("new"),
            replaced=report.replaced + outcomes.count("replaced"),
            duplicate=report.duplicate + outcomes.count("duplicate") + duplicate,
            failed=report.failed + len(failures),
            failures=(*report.failures, *failures)[:KEPT_FAILURES],
        )
        for failure in failures:
            if self.options.refused:
                self.options.refused(failure)
        if self.options.progress:
            self.options.progress(self.report)


def _chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let SIGTERM end a run as Ctrl-C does; only a program's main thread can say so."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
