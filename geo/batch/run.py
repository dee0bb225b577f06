"""One ingest run: sources into a workspace.

This process reads the sources, passes over what is there already and stores; reading itself is done here or by worker
processes. Articles are stored in the order of the sources, some at a time, each batch whole or not at all. So a run
that was ended at any moment has stored the beginning, and the next one goes on from there.
"""

from __future__ import annotations

import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Protocol, TypeVar

from geo.articles.reader import PLAIN, Access, Unreadable
from geo.batch.decoding import articles_of
from geo.batch.outages import steadily
from geo.batch.preview import preview
from geo.batch.reading import PipelineReader, ReadBatch, Reader, lost, version_of_reading
from geo.batch.report import KEPT_FAILURES, Done, Failure, IngestReport, Progress, Refusal
from geo.batch.seen import Seen
from geo.batch.workers import Work, Workers
from geo.batch.zones import keep_zones
from geo.model import Article
from geo.settings import Settings

if TYPE_CHECKING:
    from geo.workspace.workspace import Workspace

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

BATCH = 50
"""Articles read and stored at a time: one turn of a worker, one transaction, and what an interruption may cost."""

STAGED = 500
"""The same for a folder of GeoParquet: each batch is a file of its own for each country and month, until merged."""

_CHARACTERS = 1_000_000
"""Characters with which a batch is full, however few articles have them; 50 reports have a fifth of that."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to ingest.

    Attributes
    ----------
    workers
        Processes to open files and read articles with. Where it is 1, articles are read in this one, and another opens
        pages and documents, for these may be made to harm what opens them.
    dask
        Address of the scheduler of a Dask cluster to read with instead, as ``tcp://host:8786``; its workers store what
        they read by themselves.
    to
        Folder to write partitioned GeoParquet to, instead of the workspace.
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
    dask: str | None = None
    to: Path | None = None
    dry_run: bool = False
    progress: Progress | None = None
    refused: Refusal | None = None
    access: Access = PLAIN


_PLAIN = Options()


def ingest(sources: Sequence[str | Path], settings: Settings, options: Options = _PLAIN) -> IngestReport:
    """Read sources into the settings' workspace, or into a folder where the options name one.

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
    OutputError
        The folder cannot be written.
    DataFileError
        A zone's data file is wrong.
    DatelineError
        Workers cannot start, or the cluster cannot be reached.
    """
    from geo.workspace.workspace import open_unchanged, open_workspace

    options = replace(options, access=replace(options.access, fetch=settings.fetch))
    read = PipelineReader(settings)
    made_by = version_of_reading(settings)
    if options.to:
        return ingest_to(options.to, sources, read, made_by=made_by, options=options)
    with (open_unchanged if options.dry_run else open_workspace)(settings.workspace) as workspace:
        if not options.dry_run:
            keep_zones(workspace, settings)
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
    with Workers(options.workers) as workers, closing(articles_of(sources, options.access, workers)) as items:
        return ingest_items(workspace, items, read, made_by=made_by, options=options, workers=workers)


def ingest_items(
    workspace: Workspace,
    items: Iterable[Article | Unreadable],
    read: Reader,
    *,
    made_by: str = "",
    options: Options = _PLAIN,
    workers: Workers | None = None,
) -> IngestReport:
    """Read articles that come from anywhere into an open workspace; see `ingest_into`.

    Without workers or a cluster they are read in this process.
    """
    from geo.batch.tasks import StoreTask, lost_batch, store, url_of

    def fresh(articles: list[Article]) -> list[Article]:
        unread = steadily(workspace.unread, articles, made_by)
        if len(unread) < len(articles) and not options.dry_run:
            steadily(workspace.keep_appearances, _without(articles, unread))
        return unread

    run = Run(replace(options, dry_run=False), fresh, BATCH)
    if options.dry_run:
        return preview(workspace, items, run, made_by)
    batch_reader = ReadBatch(read, made_by)
    with run.going():
        batches = run.unread(items)
        if options.dask:
            task = StoreTask(batch_reader, url_of(workspace))
            with _mapped(options, read, workers) as done:
                run.count_batches(done(Work(task, lost_batch), batches))
        else:
            with _mapped(options, read, workers) as packed:
                reading = Work(batch_reader, lost, weight=_length)
                run.count_batches([store(workspace, batch)] for batch in packed(reading, batches))
    return run.report


def _without(articles: Iterable[Article], others: Iterable[Article]) -> list[Article]:
    known = {id(article) for article in others}
    return [article for article in articles if id(article) not in known]


def ingest_to(
    folder: Path,
    sources: Sequence[str | Path],
    read: Reader,
    *,
    made_by: str = "",
    options: Options = _PLAIN,
) -> IngestReport:
    """Read sources into a folder of GeoParquet, one file a country and month; see `ingest`.

    Texts whose mentions are in the folder are passed over. What is read appears in the end, when all of it is merged;
    a run that was ended before goes on when repeated.
    """
    from geo.batch.tasks import StageTask, lost_batch
    from geo.exports.parquet import require_pyarrow
    from geo.exports.partitions import content_hashes, finish_merging, merge
    from geo.workspace.packing import content_hash

    require_pyarrow()
    if not options.dry_run:
        finish_merging(folder)
    with closing(Seen()) as seen:
        seen.add(content_hashes(folder))

        def fresh(articles: list[Article]) -> list[Article]:
            news = seen.add(map(content_hash, articles))
            return [article for article, new in zip(articles, news, strict=True) if new]

        run = Run(options, fresh, STAGED)
        with run.going():
            with Workers(options.workers) as workers, closing(articles_of(sources, options.access, workers)) as items:
                staging = Work(StageTask(read, made_by, folder), lost_batch, weight=_length)
                with _mapped(options, read, workers) as done:
                    run.count_batches(done(staging, run.unread(items)))
            if not options.dry_run:
                merge(folder)
    return run.report


class _Mapping(Protocol):
    """What does some work to batches; see `geo.batch.workers.Workers.map`."""

    def __call__(self, work: Work[_Item, _Result], batches: Iterable[list[_Item]], /) -> Iterator[list[_Result]]: ...


@contextmanager
def _mapped(options: Options, read: Reader, workers: Workers | None) -> Iterator[_Mapping]:
    """Give what does the reading: a cluster, worker processes, or this one."""
    if options.dask and not options.dry_run:
        from geo.batch.cluster import connected

        with connected(options.dask) as cluster:
            cluster.check(read)
            yield cluster.map
    else:
        yield workers.map if workers and options.workers > 1 else _map


def _map(work: Work[_Item, _Result], batches: Iterable[list[_Item]]) -> Iterator[list[_Result]]:
    return map(work.function, batches)


class Run:
    """One run over sources: what was found, and the report so far."""

    def __init__(self, options: Options, fresh: Callable[[list[Article]], list[Article]], size: int) -> None:
        self.options, self.report = options, IngestReport()
        self._fresh, self._size = fresh, size
        self._met: deque[tuple[Failure, ...]] = deque([()])

    @contextmanager
    def going(self) -> Iterator[None]:
        """Let Ctrl-C and SIGTERM end the run in good order."""
        try:
            with _stoppable():
                yield
        except KeyboardInterrupt:
            self.report = replace(self.report, interrupted=True)
        self._tell_failures(len(self._met))

    def unread(self, items: Iterable[Article | Unreadable]) -> Iterator[list[Article]]:
        """Yield what is to be read, some articles at a time; the others are counted. A dry run yields nothing."""
        for chunk in _chunks(items, self._size):
            found = [item for item in chunk if isinstance(item, Article)]
            fresh = self._fresh(found)
            unreadable = [item for item in chunk if isinstance(item, Unreadable)]
            self._note(unreadable)
            self._met[-1] += tuple(Failure(item.source, item.reason) for item in unreadable if not item.is_notice)
            self.count([Done(duplicate=len(found) - len(fresh))])
            if fresh and self.options.dry_run:
                self.count([Done(new=len(fresh))])
            elif fresh:
                self._met.append(())
                yield fresh
            if len(self._met) == 1:
                self._tell_failures(1)

    def count_batches(self, batches: Iterable[Sequence[Done]]) -> None:
        """Add what became of batches to the report, and tell of it."""
        for done in batches:
            self._tell_failures(1)
            self.count(done)

    def count(self, batches: Iterable[Done]) -> None:
        """Add results to the report, and tell of them."""
        for done in batches:
            self.report = self.report.plus(done)
            for failure in done.failures:
                if self.options.refused:
                    self.options.refused(failure)
            if self.options.progress:
                self.options.progress(self.report)

    def _tell_failures(self, batches: int) -> None:
        """Count what could not be opened before batches that are read ahead: told in the order of the sources."""
        for _ in range(min(batches, len(self._met))):
            failures = self._met.popleft()
            if failures:
                self.count([Done(failures=failures)])
        if not self._met:
            self._met.append(())

    def _note(self, items: Sequence[Unreadable]) -> None:
        notices = (*self.report.notices, *(item.reason for item in items if item.is_notice))
        self.report = replace(self.report, notices=notices[:KEPT_FAILURES])


def _chunks(items: Iterable[Article | Unreadable], size: int) -> Iterator[list[Article | Unreadable]]:
    """Yield items some at a time: ``size`` of them, or as many as have `_CHARACTERS`."""
    chunk: list[Article | Unreadable] = []
    length = 0
    for item in items:
        chunk.append(item)
        length += _length(item)
        if len(chunk) == size or length >= _CHARACTERS:
            yield chunk
            chunk, length = [], 0
    if chunk:
        yield chunk


def _length(item: Article | Unreadable) -> int:
    return len(item.text) if isinstance(item, Article) else 0


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
