"""Watching a folder or a feed: what arrives is ingested.

The source is looked at again and again, which works on every disk and network share. A file is read when it was the
same at two looks, so that none is read half-written. What was read is kept in a file of notes in the cache; an article
is in the workspace before its file is noted, so that a stop at any moment loses nothing, and costs at most reading
again what is found to be there.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from geo.articles.document import Unreadable
from geo.articles.fetching import INTERNET, Network, Tag, fetch
from geo.articles.sources import PLAIN, files_of, is_address
from geo.batch import IngestReport, PipelineReader, Reader, ingest_items
from geo.batch.decoding import articles_in_page, articles_of
from geo.batch.reading import version_of_reading
from geo.batch.report import Failure
from geo.batch.workers import Workers
from geo.batch.zones import keep_zones
from geo.errors import DatelineError, InputError, InputNotFoundError
from geo.files import write_whole
from geo.model import Article
from geo.settings import Settings

if TYPE_CHECKING:
    from geo.workspace.workspace import Workspace

FOLDER_SECONDS, FEED_SECONDS = 1.0, 300.0
"""Between two looks, where nothing else is asked for: a feed's server is asked less often."""

# A look at a very large folder takes long: at most a tenth of the time is spent on looking.
_REST = 9
_FORMAT = 1

Stamp = list[int]
"""A file's size in bytes, and when its content and its owner or permissions changed, in nanoseconds: another one means
another content, or that a file which could not be read may be readable now."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file or feed that was read, and what became of its articles."""

    source: str
    report: IngestReport

    def __str__(self) -> str:
        told = "".join(f" {what}" for what in (*self.report.failures, *self.report.notices))
        return f"{self.source}: {self.report.summary()}{told}"


Told = Callable[[Arrival], object]


@dataclass(frozen=True)
class Watch:
    """What is watched, and how.

    Attributes
    ----------
    source
        A folder, a file, a pattern of files, or the address of a feed or page.
    told
        Called with each arrival.
    seconds
        Between two looks; None for the usual time.
    once
        Whether to end when all that is there was read, as a scheduled run does.
    stop
        Set by another thread to end at the next look.
    network
        The way to the internet.
    """

    source: str
    told: Told
    seconds: float | None = None
    once: bool = False
    stop: Event = field(default_factory=Event)
    network: Network = INTERNET


def watch(what: Watch, settings: Settings) -> None:
    """Ingest what arrives into the settings' workspace, until it is told to stop or interrupted.

    The zones in the workspace are brought up to date first, as before every ingest.

    Raises
    ------
    InputNotFoundError
        There is no such file or folder.
    InputError
        It is an address, and fetching is not allowed.
    WorkspaceError
        The workspace cannot be opened or written.
    DataFileError
        A zone's data file is wrong.
    """
    from geo.workspace.workspace import open_workspace

    _check(what, settings)
    with open_workspace(settings.workspace) as workspace:
        keep_zones(workspace, settings)
        read = PipelineReader(settings)
        watch_into(workspace, what, read, made_by=version_of_reading(settings), notes=settings.cache_dir / "watch")


def watch_into(workspace: Workspace, what: Watch, read: Reader, *, made_by: str, notes: Path) -> None:
    """Ingest what arrives into an open workspace, with any reader; see `watch`.

    Parameters
    ----------
    notes
        Folder for the file that says what was read; it may be deleted at any time.
    """

    def add(source: str, items: Iterator[Article | Unreadable]) -> IngestReport:
        report = ingest_items(workspace, items, read, made_by=made_by)
        if report.read or report.failed:
            what.told(Arrival(source, report))
        if report.interrupted:
            raise KeyboardInterrupt
        return report

    kept = _Notes(notes, f"{workspace.version().partition('-')[0]} {what.source}")
    with Workers(1) as workers:
        watched = (_Feed if is_address(what.source) else _Files)(what, kept, add, workers)
        _look_again_and_again(what, watched)


def _check(what: Watch, settings: Settings) -> None:
    if is_address(what.source):
        if not settings.fetch:
            raise InputError(f"{what.source} is on the web.", "Set DATELINE_FETCH=1 to fetch it.")
    elif not Path(what.source).exists() and not any(character in what.source for character in "*?["):
        raise InputNotFoundError(f"There is no file or folder {what.source}.", "Check the path; make the folder first.")


def _look_again_and_again(what: Watch, watched: _Feed | _Files) -> None:
    while True:
        done = watched.look()
        if done and what.once:
            return
        if what.stop.wait(max(what.seconds or watched.seconds, _REST * watched.took)):
            return


Add = Callable[[str, Iterator[Article | Unreadable]], IngestReport]


class _Files:
    """Files of a folder, of a pattern, or one file."""

    seconds = FOLDER_SECONDS

    def __init__(self, what: Watch, notes: _Notes, add: Add, workers: Workers) -> None:
        self._what, self._notes, self._add, self._workers = what, notes, add, workers
        self._seen: dict[str, Stamp] = {}
        self.took = 0.0  # seconds for finding out what is there

    def look(self) -> bool:
        """Read the files that are new or changed, and no longer growing; return whether none is left."""
        began = time.monotonic()
        found = {str(path): stamp for path in self._files() if (stamp := _stamp(path))}
        self.took = time.monotonic() - began
        known = self._notes.files
        waiting = {name: stamp for name, stamp in found.items() if known.get(name) != stamp}
        ready = [name for name, stamp in waiting.items() if self._seen.get(name) == stamp]
        self._seen = waiting
        try:
            for name in ready:
                self._add(name, articles_of([Path(name)], PLAIN, self._workers))
                known[name] = waiting[name]
        finally:
            gone = known.keys() - found.keys()
            for name in gone:
                del known[name]
            if ready or gone:
                self._notes.write()
        return len(ready) == len(waiting)

    def _files(self) -> Iterator[Path]:
        try:
            yield from files_of(self._what.source)
        except InputNotFoundError:  # a pattern that nothing matches yet
            return


def _stamp(path: Path) -> Stamp | None:
    """Return a file's stamp, None where it is gone or may not be looked at."""
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns]


class _Feed:
    """A feed or page on the web."""

    seconds = FEED_SECONDS
    took = 0.0

    def __init__(self, what: Watch, notes: _Notes, add: Add, workers: Workers) -> None:
        self._what, self._notes, self._add, self._workers = what, notes, add, workers
        self._failed = ""

    def look(self) -> bool:
        """Fetch what is new; a failure is told once, and the next look tries again."""
        source = self._what.source
        try:
            page = fetch(source, self._what.network, self._notes.tag)
        except DatelineError as error:
            if str(error) != self._failed:
                self._what.told(Arrival(source, IngestReport(failed=1, failures=(Failure(source, str(error)),))))
            self._failed = str(error)
            return True
        self._failed = ""
        if page:
            self._add(source, articles_in_page(page, self._workers))
            self._notes.tag = page.tag
            self._notes.write()
        return True


class _Notes:
    """What was read of one source into one workspace, kept between runs; without it all is looked at again."""

    def __init__(self, folder: Path, key: str) -> None:
        self._path = folder / f"{hashlib.sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}.json"
        self.files: dict[str, Stamp] = {}
        self.tag: Tag | None = None
        kept = self._read()
        if kept.get("format") == _FORMAT:
            self.files = kept["files"]
            self.tag = Tag(*kept["tag"]) if kept["tag"] else None

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}

    def write(self) -> None:
        """Write the notes, whole or not at all."""
        tag = [self.tag.etag, self.tag.modified] if self.tag else None
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(self._path, json.dumps({"format": _FORMAT, "files": self.files, "tag": tag}).encode())
