"""Taking a workspace's content out and in: exports that are the same bytes for the same content, whatever the store.

An export is gzipped lines of JSON: what it is, one line an article in the order of the texts' hashes, and an end that
counts them and holds the SHA-256 of all lines before. That sum is the workspace's digest. A folder holds sixteen such
files, by the first digit of the hash; each can be imported by itself.
"""

from __future__ import annotations

import gzip
import hashlib
import heapq
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, select

from geo.errors import InputError, InputNotFoundError, OutputError
from geo.files import folder_whole, opened_whole
from geo.workspace.adding import add_packed, count_change, place_number
from geo.workspace.appearances import Appearance, appearances_of, keep
from geo.workspace.bulk import chunks
from geo.workspace.database import decoding, snapshot, writing
from geo.workspace.loading import load
from geo.workspace.packing import pack
from geo.workspace.records import Kept, json_line, kept_of, line_of
from geo.workspace.reviews import count_anew, keep_review, reviews_by_span
from geo.workspace.tables import articles, reviews
from geo.workspace.workspace import Workspace

_T = TypeVar("_T")

FORMAT = 2
_HEADER = json_line({"dateline": "workspace", "format": FORMAT})
_CHUNK = 200
_LONGEST_LINE = 256 * 1024 * 1024
_DIGITS = "0123456789abcdef"
_REMEDY = "Take another copy, or export again."

Progress = Callable[[int], object]
"""Called with how many articles are done."""


def _silent(_count: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of an export's articles: ``new`` were not there yet, ``known`` were and stay as they are."""

    new: int = 0
    known: int = 0

    @property
    def articles(self) -> int:
        """All of them."""
        return self.new + self.known

    def plus(self, other: ImportReport) -> ImportReport:
        """Return both taken together."""
        return ImportReport(self.new + other.new, self.known + other.known)

    def summary(self) -> str:
        """Return one line for people."""
        return f"{self.articles} articles: {self.new} new, {self.known} there already."


def digest(workspace: Workspace) -> str:
    """Return the SHA-256, in hex, of all that a workspace keeps: equal content, equal digest, in either store."""
    sum_of = hashlib.sha256(_HEADER)
    for _, line in lines_of(workspace):
        sum_of.update(line)
    return sum_of.hexdigest()


def lines_of(workspace: Workspace) -> Iterator[tuple[str, bytes]]:
    """Yield all that is kept as lines, each with its content hash."""
    for kept in content(workspace):
        with decoding(workspace.engine):  # some of what is damaged is noticed only here
            line = line_of(kept)
        yield kept.content_hash, line


def _end(count: int, digest: str) -> bytes:
    return json_line({"articles": count, "sha256": digest})


def content(workspace: Workspace) -> Iterator[Kept]:
    """Yield all that is kept, by content hash, as of the moment it is first asked."""
    with snapshot(workspace.engine) as connection:
        left = connection.execute(_LEFT).scalars().all()
        deleted = (Kept(key, "", None, tuple(reviews_by_span(connection, [key])[key].items())) for key in left)
        yield from heapq.merge(_articles(connection), deleted, key=lambda kept: kept.content_hash)


# Decisions whose article was deleted.
_LEFT = (
    select(reviews.c.content_hash)
    .distinct()
    .where(reviews.c.content_hash.not_in(select(articles.c.content_hash)))
    .order_by(reviews.c.content_hash)
)


def _articles(connection: Connection) -> Iterator[Kept]:
    columns = articles.c.number, articles.c.content_hash, articles.c.made_by
    query = select(*columns).order_by(articles.c.content_hash).limit(_CHUNK)
    done = ""
    while chunk := connection.execute(query.where(articles.c.content_hash > done)).all():
        numbers, keys, versions = zip(*chunk, strict=True)
        decided = reviews_by_span(connection, keys)
        readings = load(connection, numbers, reviewed=False)
        besides = appearances_of(connection, numbers)
        for number, key, made_by, found in zip(numbers, keys, versions, readings, strict=True):
            yield Kept(key, made_by, found, tuple(decided.get(key, {}).items()), tuple(besides.get(number, ())))
        done = keys[-1]


def export_to(workspace: Workspace, path: Path, progress: Progress = _silent) -> int:
    """Write all that is kept: to a file, or to a new folder where the name has no suffix; return how many articles.

    Raises
    ------
    OutputError
        It cannot be written, or the folder is there and not empty; nothing half-written is left behind.
    """
    check_other(workspace, path)
    lines = _told(lines_of(workspace), progress)
    return _export_file(lines, path) if path.suffix else _export_folder(lines, path)


def check_other(workspace: Workspace, path: Path) -> None:
    """Refuse to write over the workspace itself.

    Raises
    ------
    OutputError
        The path leads to the workspace's own file.
    """
    own = workspace.engine.url.database or ""
    if workspace.engine.dialect.name == "sqlite" and path.exists() and Path(own).exists() and path.samefile(own):
        raise OutputError(f"{path} is the workspace itself.", "Give the path of another file.")


def _export_folder(lines: Iterable[tuple[str, bytes]], path: Path) -> int:
    with folder_whole(path) as folder:
        parts = groupby(lines, lambda item: item[0][0])
        counts = {digit: _export_file(items, folder / _part(digit)) for digit, items in parts}
        for digit in set(_DIGITS) - set(counts):
            _export_file((), folder / _part(digit))
    return sum(counts.values())


def _part(digit: str) -> str:
    return f"articles-{digit}.jsonl.gz"


def _told(items: Iterable[_T], progress: Progress) -> Iterator[_T]:
    for count, item in enumerate(items, 1):
        yield item
        progress(count)


def _export_file(lines: Iterable[tuple[str, bytes]], path: Path) -> int:
    count, sum_of = 0, hashlib.sha256(_HEADER)
    with opened_whole(path) as file, gzip.GzipFile("", "wb", 6, file, mtime=0) as zipped:
        zipped.write(_HEADER)
        for _, line in lines:
            zipped.write(line)
            sum_of.update(line)
            count += 1
        zipped.write(_end(count, sum_of.hexdigest()))
    return count


def verify(path: Path) -> int:
    """Check an export, file or folder, from beginning to end; return how many articles it holds.

    Raises
    ------
    InputNotFoundError
        There is no such file.
    InputError
        It is no export, of another format, damaged or cut short.
    """
    return sum(1 for _ in exported(path))


def exported(path: Path) -> Iterator[Kept]:
    """Yield what an export keeps, checking as it goes; raises as `verify` does, in the end at the latest."""
    for file in _files(path):
        for number, line in enumerate(_lines(file), 2):
            try:
                yield kept_of(line)
            except InputError as error:
                raise InputError(f"{file}, line {number}: {error.message}", error.remedy) from error


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    found = sorted(path.glob("*.jsonl.gz"))
    if [file.name for file in found] != [_part(digit) for digit in _DIGITS]:
        raise InputError(f"The folder {path} is no whole export: it has {len(found)} of its 16 files.", _REMEDY)
    return found


def _lines(path: Path) -> Iterator[bytes]:
    """Yield the articles' lines of an export's file, and raise where it is not whole."""
    if not path.is_file():
        raise InputNotFoundError(f"There is no file {path}.", "Check the path.")
    damaged = InputError(f"{path} is damaged or cut short.", _REMEDY)
    try:
        with gzip.open(path) as file:
            yield from _checked(file, path)
    except InputError:
        raise
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise damaged from error


def _checked(file: gzip.GzipFile, path: Path) -> Iterator[bytes]:
    """Yield the lines between header and end; a ValueError says that the sum or the count is another."""
    header = file.readline(_LONGEST_LINE)
    if not header.startswith(_HEADER[:20]):
        raise InputError(f"{path} is no exported workspace.", _REMEDY)
    if header != _HEADER:
        raise InputError(f"{path} is of another format than {FORMAT}.", "Use the version of Dateline that made it.")
    sum_of, count = hashlib.sha256(header), 0
    line = file.readline(_LONGEST_LINE)
    while following := file.readline(_LONGEST_LINE):
        yield line
        sum_of.update(line)
        count += 1
        line = following
    if line != _end(count, sum_of.hexdigest()):
        raise ValueError(f"the end of {path} does not fit")


def import_from(workspace: Workspace, path: Path, progress: Progress = _silent) -> ImportReport:
    """Add what an export keeps, each text once; what is there already stays as it is, people's decisions included.

    The export is checked to its end before anything is written. An import that was ended early goes on when repeated.

    Raises
    ------
    InputError
        It is damaged; nothing was written.
    WorkspaceError
        The workspace cannot be written; what was added by then stays.
    """
    verify(path)
    return add(workspace, exported(path), progress)


def add(workspace: Workspace, items: Iterable[Kept], progress: Progress = _silent) -> ImportReport:
    """Add what another workspace keeps, some of it at a time; see `import_from`."""
    report = ImportReport()
    for chunk in chunks(items, _CHUNK):
        with writing(workspace.engine) as connection:
            report = report.plus(_add_chunk(connection, chunk))
        progress(report.articles)
    return report


def add_within(connection: Connection, items: Iterable[Kept], progress: Progress = _silent) -> None:
    """Add what another workspace keeps in the connection's own transaction: all or none of it."""
    report = ImportReport()
    for chunk in chunks(items, _CHUNK):
        report = report.plus(_add_chunk(connection, chunk))
        progress(report.articles)


def _add_chunk(connection: Connection, chunk: Sequence[Kept]) -> ImportReport:
    there = _there(connection, chunk)
    _add_reviews(connection, chunk, there)
    fresh = [kept for kept in chunk if kept.content_hash not in there]
    packed = [pack(kept.reading, kept.made_by) for kept in fresh if kept.reading]
    added = add_packed(connection, packed, anew=False)
    _add_appearances(connection, chunk, there)
    return ImportReport(len(added), sum(kept.reading is not None for kept in chunk) - len(added))


def _there(connection: Connection, chunk: Sequence[Kept]) -> dict[str, int]:
    query = select(articles.c.content_hash, articles.c.number)
    return dict(
        connection.execute(query.where(articles.c.content_hash.in_([kept.content_hash for kept in chunk]))).all()
    )


def _add_appearances(connection: Connection, chunk: Sequence[Kept], there: Mapping[str, int]) -> None:
    """Keep where texts appeared besides; one that was there already may have appeared there in yet another way."""
    found = {
        kept.content_hash: [Appearance.of(kept.reading.article), *kept.appearances]
        for kept in chunk
        if kept.reading and (kept.appearances or kept.content_hash in there)
    }
    if found and keep(connection, found):
        count_change(connection)


def _add_reviews(connection: Connection, chunk: Sequence[Kept], there: Mapping[str, int]) -> None:
    """Keep decisions on spans that nobody has decided on yet; those on articles still to be added wait for them."""
    if not any(kept.reviews for kept in chunk):
        return
    known = reviews_by_span(connection, [kept.content_hash for kept in chunk])
    for kept in chunk:
        fresh = [item for item in kept.reviews if item[0] not in known.get(kept.content_hash, {})]
        for span, review in fresh:
            number = place_number(connection, review.place, anew=False)
            keep_review(connection, kept.content_hash, span, review, number)
        if fresh and kept.content_hash in there:
            count_anew(connection, there[kept.content_hash])
    count_change(connection)
