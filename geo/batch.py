"""The flow over many articles, into a workspace.

Reading goes on where it stopped: what is in the workspace already, read by the same version, is passed over, and every
few articles what was read is stored. An article that fails is reported and the next ones are read.
"""

from __future__ import annotations

import logging
import multiprocessing
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from textwrap import shorten
from typing import TYPE_CHECKING, TypeVar

from geo.articles.reader import Unreadable, read_articles
from geo.errors import DatelineError, WorkspaceError
from geo.model import Article, Reading
from geo.settings import Settings, data_dir

if TYPE_CHECKING:
    from geo.workspace.workspace import Stored, Workspace

_T = TypeVar("_T")

Reader = Callable[[Article], Reading]

_log = logging.getLogger(__name__)

_CHUNK = 25
"""Articles read and stored at a time: what an interruption may cost, and one turn of a worker."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An article, or a source, that could not be read, and why."""

    source: str
    reason: str

    def __str__(self) -> str:
        return self.reason if self.source in self.reason else f"{self.source}: {self.reason}"


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of the sources.

    Attributes
    ----------
    new
        Articles that were not in the workspace.
    replaced
        Articles that another version had read.
    duplicate
        Articles whose text was there already.
    failures
        What could not be read, in the order it was met.
    interrupted
        Whether it was stopped before the end; what was stored by then stays.
    """

    new: int = 0
    replaced: int = 0
    duplicate: int = 0
    failures: tuple[Failure, ...] = ()
    interrupted: bool = False

    @property
    def read(self) -> int:
        """Articles that were found and could be read."""
        return self.new + self.replaced + self.duplicate

    @property
    def failed(self) -> int:
        """How many could not be read."""
        return len(self.failures)

    def summary(self) -> str:
        """Return one line for people."""
        parts = [f"{self.new} new", f"{self.duplicate} there already", f"{self.failed} failed"]
        if self.replaced:
            parts.insert(1, f"{self.replaced} read anew")
        end = " Interrupted: run the same command again to go on." if self.interrupted else ""
        return f"{self.read} articles read: {', '.join(parts)}.{end}"


Progress = Callable[[IngestReport], object]


def ingest(
    sources: Sequence[str | Path],
    settings: Settings,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> IngestReport:
    """Read sources into the settings' workspace.

    Parameters
    ----------
    sources
        Files, folders, corpora, feeds, or ``-`` for standard input.
    workers
        Processes to read with; 1 reads in this one.
    progress
        Called with the report so far, each time something was stored or failed.

    Returns
    -------
    IngestReport
        Also after Ctrl-C: what was stored by then stays, and the next call goes on from there.

    Raises
    ------
    WorkspaceError
        The workspace cannot be opened or written.
    DatelineError
        A worker died.
    """
    from geo.workspace.workspace import open_workspace

    read, made_by = _reader(settings)
    with open_workspace(settings.workspace) as workspace:
        return ingest_into(workspace, sources, read, made_by=made_by, workers=workers, progress=progress)


def ingest_into(
    workspace: Workspace,
    sources: Sequence[str | Path],
    read: Reader,
    *,
    made_by: str = "",
    workers: int = 1,
    progress: Progress | None = None,
) -> IngestReport:
    """Read sources into an open workspace, with any reader; see `ingest`.

    With several workers ``read`` must be a function of a module, for it runs in processes that import it anew.
    """
    run = _Run(workspace, made_by, progress)
    try:
        if workers == 1:
            run.all(_read_here(read, run.unread(sources)))
        else:
            with _pool(workers) as pool:
                run.all(_read_in(pool, read, run.unread(sources), workers))
    except KeyboardInterrupt:
        return replace(run.report, interrupted=True)
    except BrokenProcessPool as error:
        message = f"A worker ended before its time, perhaps for want of memory; {run.report.new} articles are stored."
        raise DatelineError(message, "Run the same command again, with fewer workers.") from error
    return run.report


def open_with_samples(settings: Settings) -> Workspace:
    """Open the settings' workspace; an empty one gets the sample articles.

    Raises
    ------
    WorkspaceError
        It cannot be opened or written.
    """
    from geo.workspace.workspace import open_workspace

    workspace = open_workspace(settings.workspace)
    try:
        if not workspace.count():
            read, made_by = _reader(settings)
            load_samples(workspace, read, made_by=made_by)
    except BaseException:
        workspace.close()
        raise
    return workspace


def load_samples(workspace: Workspace, read: Reader, *, made_by: str = "") -> IngestReport:
    """Read the sample articles that come with Dateline into a workspace; one that cannot be read is logged.

    Raises
    ------
    WorkspaceError
        None of them can be read.
    """
    report = ingest_into(workspace, sample_files(), read, made_by=made_by)
    for failure in report.failures:
        _log.warning("A sample article cannot be read: %s", failure)
    if not report.read:
        reason = report.failures[0] if report.failures else "there are none"
        raise WorkspaceError(f"The sample articles cannot be read: {reason}", "Install Dateline again.")
    return report


def sample_files() -> list[Path]:
    """Return the sample articles that come with Dateline."""
    return sorted((data_dir() / "articles").glob("*.txt"))


def _reader(settings: Settings) -> tuple[Reader, str]:
    """Return what reads articles, and the version to record with what it reads."""
    import geo
    from geo.gazetteer.index import open_index
    from geo.pipeline import geoparse

    return partial(geoparse, settings=settings), f"dateline {geo.__version__}, gazetteer {open_index(settings).version}"


class _Run:
    """One ingest: what was found, and the report so far."""

    def __init__(self, workspace: Workspace, made_by: str, progress: Progress | None) -> None:
        self.workspace, self.made_by, self.progress = workspace, made_by, progress
        self.report = IngestReport()

    def unread(self, sources: Sequence[str | Path]) -> Iterator[list[Article]]:
        """Yield what is to be read, some articles at a time; the others are counted."""
        for items in _chunks(read_articles(sources), _CHUNK):
            found = [item for item in items if isinstance(item, Article)]
            failed = [Failure(item.source, item.reason) for item in items if isinstance(item, Unreadable)]
            fresh = self.workspace.unread(found, self.made_by)
            self._count(failures=failed, duplicate=len(found) - len(fresh))
            if fresh:
                yield fresh

    def all(self, chunks: Iterable[list[Reading | Failure]]) -> None:
        """Store all that is read."""
        for chunk in chunks:
            readings = [item for item in chunk if isinstance(item, Reading)]
            stored = self.workspace.add_all(readings, self.made_by)
            self._count(stored, [item for item in chunk if isinstance(item, Failure)])

    def _count(self, stored: Sequence[Stored] = (), failures: Sequence[Failure] = (), duplicate: int = 0) -> None:
        outcomes = [item.outcome for item in stored]
        self.report = replace(
            self.report,
            new=self.report.new + outcomes.count("new"),
            replaced=self.report.replaced + outcomes.count("replaced"),
            duplicate=self.report.duplicate + outcomes.count("duplicate") + duplicate,
            failures=(*self.report.failures, *failures),
        )
        if self.progress:
            self.progress(self.report)


def _chunks(items: Iterable[_T], size: int) -> Iterator[list[_T]]:
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def _pool(workers: int) -> Executor:
    # Spawned, not forked: the workspace's connections must not be shared. Ctrl-C is this process's alone to handle.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(workers, context, signal.signal, (signal.SIGINT, signal.SIG_IGN))


def _read_here(read: Reader, chunks: Iterable[list[Article]]) -> Iterator[list[Reading | Failure]]:
    for chunk in chunks:
        yield _read_chunk(read, chunk)


def _read_in(
    pool: Executor, read: Reader, chunks: Iterable[list[Article]], workers: int
) -> Iterator[list[Reading | Failure]]:
    """Read in other processes, two chunks a worker ahead at most: a corpus may be larger than memory."""
    waiting = []
    for chunk in chunks:
        waiting.append(pool.submit(_read_chunk, read, chunk))
        if len(waiting) == 2 * workers:
            yield waiting.pop(0).result()
    for future in waiting:
        yield future.result()


def _read_chunk(read: Reader, chunk: Sequence[Article]) -> list[Reading | Failure]:
    return [_read_one(read, article) for article in chunk]


def _read_one(read: Reader, article: Article) -> Reading | Failure:
    try:
        return read(article)
    except DatelineError as error:
        return Failure(_label(article), str(error))
    except Exception as error:  # whatever it is: one article must not stop a million, and the report names it
        return Failure(_label(article), f"reading it failed with {type(error).__name__}: {error}")


def _label(article: Article) -> str:
    """Return how to call an article so that a person finds it: many ids are made from the text."""
    return f"{article.id} ({shorten(article.title, 60, placeholder='…')})" if article.title else article.id
