"""Pages, documents and plain texts made into articles by several processes: a PDF takes longer to open than to read.

Corpora, archives and feeds are read by the first process, in their order, and so are all files where it works alone.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from pathlib import Path
from typing import TYPE_CHECKING

from geo.articles.reader import Access, Unreadable, read_articles, read_parts
from geo.batch.workers import Work, Workers
from geo.errors import InputError
from geo.model import Article

if TYPE_CHECKING:
    from geo.batch.run import Options

_FILES = 10
"""Files that a process opens at a time: PDFs of hundreds of pages take seconds each."""

_Part = Article | Unreadable | Path


@dataclass(frozen=True, slots=True)
class Opened:
    """What a file gave, and how many bytes were read of it."""

    items: tuple[Article | Unreadable, ...]
    consumed: int


def articles_of(sources: Sequence[str | Path], options: Options) -> Generator[Article | Unreadable, None, None]:
    """Read the articles of sources, in their order; see `geo.articles.reader.read_articles`."""
    if options.workers > 1 and not options.dask:
        yield from _opened(read_parts(sources, options.access), options)
    else:
        yield from read_articles(sources, options.access)


def _opened(parts: Iterable[_Part], options: Options) -> Iterator[Article | Unreadable]:
    """Yield parts, and in the place of files what worker processes find in them; these start with the first file."""
    with Workers(options.workers, Work(open_files, lost_file)) as workers:
        for are_files, group in groupby(parts, lambda part: isinstance(part, Path)):
            if not are_files:
                yield from (part for part in group if not isinstance(part, Path))
                continue
            for opened in workers.map(_some(part for part in group if isinstance(part, Path))):
                for file in opened:
                    options.access.consumed(file.consumed)
                    yield from file.items


def _some(paths: Iterator[Path]) -> Iterator[list[Path]]:
    while some := list(islice(paths, _FILES)):
        yield some


def open_files(paths: Sequence[Path]) -> list[Opened]:
    """Read files, each by itself."""
    return [_open(path) for path in paths]


def _open(path: Path) -> Opened:
    consumed: list[int] = []
    items = tuple(read_articles([path], Access(consumed=consumed.append)))
    return Opened(items, sum(consumed))


def lost_file(path: Path, how: str) -> Opened:
    """Return what a file gives that its worker died of."""
    error = InputError(f"{path} cannot be read: {how}.", "Save it anew, or as plain text.")
    return Opened((Unreadable(str(path), error),), 0)
