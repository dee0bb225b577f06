"""Pages, documents and plain texts made into articles by worker processes.

A PDF takes longer to open than to read; and one that is damaged, or made to do harm, may take for ever or end its
process, but no other; so may one that was packed or fetched. Corpora, archives and feeds themselves are read by the
first process, in their order.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from geo.articles.compose import articles_in
from geo.articles.document import Document, Unreadable
from geo.articles.fetching import Page, parts_in_page
from geo.articles.formats import Unopened, is_plain_text
from geo.articles.omissions import Omission, told_together
from geo.articles.sources import PLAIN, Access, Part, opened, parts_in
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
    """A file with one report, or what was packed or fetched of that kind, and the source it belongs to."""

    part: Path | Unopened
    source: str

    @property
    def name(self) -> str:
        """How to call it in messages."""
        return self.part.name if isinstance(self.part, Unopened) else str(self.part)

    @property
    def size(self) -> int:
        """How many bytes it has; 0 where that is not told."""
        try:
            return len(self.part.content) if isinstance(self.part, Unopened) else self.part.stat().st_size
        except OSError:  # opening it will tell
            return 0


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file gave, and how many bytes were read of it."""

    items: tuple[_Item, ...]
    consumed: int


def articles_of(
    sources: Sequence[_Source], access: Access, workers: Workers
) -> Generator[Article | Unreadable, None, None]:
    """Read the articles of sources, in their order; see `geo.articles.reader.read_articles`."""
    plain = workers.number > 1
    parts = (part for source in sources for part in parts_of(source, access, plain=plain))
    yield from told_together(_in_order(parts, access, workers))


def articles_in_page(page: Page, workers: Workers) -> Iterator[Article | Unreadable]:
    """Read the articles of what was fetched."""
    parts = _named(parts_in_page(page), page.address, PLAIN, plain=False)
    yield from told_together(_in_order(parts, PLAIN, workers))


def _in_order(parts: Iterable[_Item | File], access: Access, workers: Workers) -> Iterator[_Item]:
    """Yield parts, and in the place of files what worker processes find in them."""
    for are_files, group in groupby(parts, lambda part: isinstance(part, File)):
        if not are_files:
            yield from (part for part in group if not isinstance(part, File))
            continue
        files = ([part] for part in group if isinstance(part, File))
        for (found,) in workers.map(Work(open_files, lost_file, _SECONDS, _AHEAD, _size), files):
            access.consumed(found.consumed)
            yield from found.items


def parts_of(source: _Source, access: Access, *, plain: bool) -> Iterator[_Item | File]:
    """Read the articles of a source, but for files with one report each, which are only named.

    Plain texts are so where ``plain`` says it: one process opens them as fast as it is told of them.
    """
    yield from _named(parts_in(source, access), str(source), access, plain=plain)


def _named(parts: Iterable[Part | Path], source: str, access: Access, *, plain: bool) -> Iterator[_Item | File]:
    def named() -> Iterator[Document | Unreadable | File]:
        for part in parts:
            if isinstance(part, Path) and not plain and is_plain_text(part.name):
                yield from opened(part, access)
            else:
                yield File(part, source) if isinstance(part, Path | Unopened) else part

    found: Iterator[_Item | File] = articles_in(named(), source)
    yield from found


def open_files(files: Sequence[File]) -> list[Opened]:
    """Read files, each by itself."""
    return [_open(file) for file in files]


def _open(file: File) -> Opened:
    consumed: list[int] = []
    items = tuple(articles_in(opened(file.part, Access(consumed=consumed.append)), file.source))
    return Opened(items, sum(consumed))


def _size(file: File) -> int:
    return file.size


def lost_file(file: File, how: str) -> Opened:
    """Return what a file gives that its worker died of."""
    error = InputError(f"{file.name} cannot be read: {how}.", "Save it anew, or as plain text.")
    return Opened((Unreadable(file.name, error),), 0)
