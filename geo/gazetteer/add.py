"""Adding a user's places to the gazetteer: read once, kept beside the index, layered on it.

What is added is kept in ``added/`` in the cache folder, one file a source, in our own form; the index is layered anew
from it whenever its base changes. Every step writes beside and renames, so that an interruption at any point leaves
either the old state or the new one.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from geo.errors import InputError, InputNotFoundError, OutputError
from geo.gazetteer.build import added_files, added_folder, build_index
from geo.gazetteer.index import Index, open_index
from geo.gazetteer.known import KnownPlaces
from geo.gazetteer.readers import REMEDY, Record, Skipped, reader_of
from geo.gazetteer.sources import Entry
from geo.settings import Settings

_PROBLEMS_SHOWN = 3


@dataclass
class Added:
    """What came of adding a file."""

    file: str
    places: int = 0
    known: int = 0
    skipped: int = 0
    already: bool = False
    problems: list[Skipped] = field(default_factory=list)

    def count(self, record: Record, *, known: bool) -> None:
        """Count a record."""
        if isinstance(record, Skipped):
            self.skipped += 1
            if len(self.problems) < _PROBLEMS_SHOWN:
                self.problems.append(record)
        elif known:
            self.known += 1
        else:
            self.places += 1

    def summary(self) -> str:
        """Return one line for people."""
        if self.already:
            return f"{self.file} was added before; nothing changed."
        line = f"{self.file}: {self.places:,} places added, names of {self.known:,} known places"
        if self.skipped:
            shown = "; ".join(f"record {number}: {reason}" for number, reason in self.problems)
            line += f", {self.skipped:,} records skipped ({shown})"
        return line + "."


def add_file(path: Path, settings: Settings) -> Added:
    """Add the places of a file to the gazetteer, with a progress bar on stderr.

    Takes GeoNames dumps (19 columns), alternateNamesV2, Who's On First records and CSV. Known places (by id, or of the
    same kind and name close by, see `geo.gazetteer.known`) get further names; others become places. A place without a
    country or first-level unit takes those of the nearest known town. Adding the same file again changes nothing.

    Raises
    ------
    InputNotFoundError
        There is no such file.
    InputError
        It is of no kind that is read, or holds no place.
    OutputError
        The cache folder cannot be written.
    """
    from filelock import FileLock

    if not path.exists():
        raise InputNotFoundError(f"The file {path} is not there.", "Check the path.")
    if path.is_dir():
        raise InputError(f"{path} is a folder.", "Give the files in it.")
    folder = added_folder(settings)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "lock"):
            report = _kept(path, settings, folder)
        build_index(settings)
    except OSError as error:
        raise OutputError(
            f"What {path.name} holds cannot be written to {folder}: {error.strerror or error}.",
            "Set DATELINE_CACHE_DIR to a folder you can write to.",
        ) from error
    return report


def _kept(path: Path, settings: Settings, folder: Path) -> Added:
    """Write the file's places in our own form, whole or not at all."""
    for left in folder.glob(".adding-*"):
        left.unlink()
    digest = _digest(path)
    report = Added(path.name)
    if any(file.name.endswith(f"-{digest}.jsonl.gz") for file in added_files(settings)):
        report.already = True
        return report
    read = reader_of(path)
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".adding-", delete=False) as temporary:
        kept = Path(temporary.name)
    try:
        with Progress(path) as file, gzip.GzipFile(kept, "wb", compresslevel=1, mtime=0) as out:
            for entry in _placed(read(file, path.name), open_index(settings), report):
                out.write(json.dumps(entry._asdict(), ensure_ascii=False).encode() + b"\n")
        if not report.places + report.known:
            raise InputError(f"{path.name} holds no place that can be used. {report.summary()}", REMEDY)
        kept.rename(folder / f"{len(added_files(settings)) + 1:04d}-{digest}.jsonl.gz")
    finally:
        kept.unlink(missing_ok=True)
    return report


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=6)).hexdigest()


class Progress:
    """A file that shows on stderr how far it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> IO[bytes]:
        from tqdm import tqdm

        self._file = self._path.open("rb")
        size = self._path.stat().st_size
        self._bar = tqdm(total=size, desc=self._path.name, unit="B", unit_scale=True, file=sys.stderr, leave=False)
        return Watched(self._file, self._bar)  # type: ignore[return-value]  # it is asked for no more than Watched has

    def __exit__(self, *_: object) -> None:
        self._bar.close()
        self._file.close()


class Watched:
    """Passes reading on and tells a progress bar."""

    def __init__(self, file: IO[bytes], bar: Any) -> None:
        self._file, self._bar = file, bar

    def read(self, size: int = -1) -> bytes:
        """Read some bytes."""
        piece = self._file.read(size)
        self._bar.update(len(piece))
        return piece

    def seek(self, offset: int) -> int:
        """Go back to the start."""
        self._bar.reset()
        return self._file.seek(offset)

    def __iter__(self) -> Iterator[bytes]:
        for line in self._file:
            self._bar.update(len(line))
            yield line


def _placed(records: Iterable[Record], index: Index, report: Added) -> Iterator[Entry]:
    """Yield entries as the index would have them: known places by its ids, others with a country and unit."""
    known_places = KnownPlaces(index)
    for record in records:
        if isinstance(record, Skipped):
            report.count(record, known=False)
            continue
        entry = known_places.as_known(record)
        known = index.row_of(entry.id) is not None
        if known or entry.feature:
            report.count(entry, known=known)
            yield entry if known else known_places.with_unit(entry)
