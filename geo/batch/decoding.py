"""Pages, documents and plain texts made into articles by worker processes.

A PDF takes longer to open than to read; and one that is damaged, or made to do harm, may take for ever or end its
process, but no other. Corpora, archives and feeds are read by the first process, in their order.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from geo.articles.compose import articles_in
from geo.articles.document import Document, Unreadable
from geo.articles.formats import is_plain_text
from geo.articles.omissions import Omission, told_together
from geo.articles.sources import Access, documents_in, parts_in
from geo.batch.workers import Work, Workers
from geo.errors import InputError
from geo.model import Article

_SECONDS = 120.0
"""For one file, on a busy machine: a PDF of thousands of pages takes a quarter of that."""

_AHEAD = 10
"""Files a worker that are on their way at a time; they are given one by one, for one of them may take minutes."""

_Source = str | Path
_Item = Article | Omission | Unreadable


@dataclass(frozen=True, slots=True)
class File:
    """A file with one report, and the source it belongs to."""

    path: Path
    source: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file gave, and how many bytes were read of it."""

    items: tuple[_Item, ...]
    consumed: int


def articles_of(
    sources: Sequence[_Source], access: Access, workers: Workers
) -> Generator[Article | Unreadable, None, None]:
    """Read the articles of sources, in their order; see `geo.articles.reader.read_articles`."""
    yield from told_together(_opened(sources, access, workers))


def _opened(sources: Sequence[_Source], access: Access, workers: Workers) -> Iterator[_Item]:
    """Yield what is in sources, and in the place of files what worker processes find in them."""
    is_alone = workers.number == 1
    parts = (part for source in sources for part in parts_of(source, access, plain=not is_alone))
    for are_files, group in groupby(parts, lambda part: isinstance(part, File)):
        if not are_files:
            yield from (part for part in group if not isinstance(part, File))
            continue
        files = ([part] for part in group if isinstance(part, File))
        for (opened,) in workers.map(Work(open_files, lost_file, _SECONDS, _AHEAD), files):
            access.consumed(opened.consumed)
            yield from opened.items


def parts_of(source: _Source, access: Access, *, plain: bool) -> Iterator[_Item | File]:
    """Read the articles of a source, but for files with one report each, which are only named.

    Plain texts are so where ``plain`` says it: one process opens them as fast as it is told of them.
    """

    def parts() -> Iterator[Document | Unreadable | File]:
        for part in parts_in(source, access):
            if not isinstance(part, Path):
                yield part
            elif plain or not is_plain_text(part.name):
                yield File(part, str(source))
            else:
                yield from documents_in(part, access)

    found: Iterator[_Item | File] = articles_in(parts(), str(source))
    yield from found


def open_files(files: Sequence[File]) -> list[Opened]:
    """Read files, each by itself."""
    return [_open(file) for file in files]


def _open(file: File) -> Opened:
    consumed: list[int] = []
    items = tuple(articles_in(documents_in(file.path, Access(consumed=consumed.append)), file.source))
    return Opened(items, sum(consumed))


def lost_file(file: File, how: str) -> Opened:
    """Return what a file gives that its worker died of."""
    error = InputError(f"{file.path} cannot be read: {how}.", "Save it anew, or as plain text.")
    return Opened((Unreadable(str(file.path), error),), 0)
