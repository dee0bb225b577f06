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
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from geo.errors import InputError, InputNotFoundError, OutputError
from geo.gazetteer.build import added_files, added_folder, build_index
from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import Index, open_index
from geo.gazetteer.readers import REMEDY, Record, Skipped, reader_of
from geo.gazetteer.sources import Entry
from geo.geometry import distance_km
from geo.settings import Settings

SAME_PLACE_KM = 3.0
"""A town that bears a known town's name this close to it is that town."""

NEAR_DEGREES = 0.5
"""How near a known town must be to lend a place its country and unit."""

_AT_ONCE = 1000
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

    Takes GeoNames dumps (19 columns), alternateNamesV2, Who's On First records and CSV. Known places (by id, or towns
    of the same name within 3 km) get further names; others become places. A place without a country or first-level
    unit takes those of the nearest known town. Adding the same file again changes nothing.

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

    if not path.is_file():
        raise InputNotFoundError(f"The file {path} is not there.", "Check the path.")
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
    surroundings = Surroundings(index)
    stream = iter(records)
    while some := list(islice(stream, _AT_ONCE)):
        entries = [record for record in some if isinstance(record, Entry)]
        for record in some:
            if isinstance(record, Skipped):
                report.count(record, known=False)
        for entry in surroundings.fill(entries):
            known = index.row_of(entry.id) is not None
            if known or entry.feature:
                report.count(entry, known=known)
                yield entry


class Surroundings:
    """What the index knows around a point."""

    def __init__(self, index: Index) -> None:
        self.index = index

    @cached_property
    def _towns(self) -> tuple[Any, Any]:
        """The rows of towns, and a search tree of their points."""
        from shapely import STRtree, points

        rows = np.flatnonzero(self.index.feature == FEATURES.index("city"))
        return rows, STRtree(list(points(self.index.lon[rows], self.index.lat[rows])))

    @cached_property
    def _unit_codes(self) -> dict[int, str]:
        units: dict[str, int] = json.loads((self.index.folder / "units.json").read_text(encoding="utf-8"))
        return {row: code for code, row in units.items()}

    def fill(self, entries: list[Entry]) -> list[Entry]:
        """Return entries under the id of the known place they are, and with country and unit where they have none."""
        same = [self._as_known(entry) for entry in entries]
        open_ones = [i for i, entry in enumerate(same) if entry.feature and not (entry.country and entry.admin1)]
        for i, row in zip(open_ones, self._nearest([same[i] for i in open_ones]), strict=True):
            if row is not None:
                same[i] = self._lent(same[i], row)
        return same

    def _as_known(self, entry: Entry) -> Entry:
        """Return a town under the id of the known town of its name close by."""
        if entry.feature != "city" or self.index.row_of(entry.id) is not None:
            return entry
        town = FEATURES.index("city")
        for name in entry.names:
            for row in self.index.find(name).tolist():
                point = float(self.index.lon[row]), float(self.index.lat[row])
                if abs(point[1] - entry.lat) > 0.1 or self.index.feature[row] != town:
                    continue
                if distance_km(*point, entry.lon, entry.lat) <= SAME_PLACE_KM:
                    return entry._replace(id=self.index.id_of(row))
        return entry

    def _nearest(self, entries: list[Entry]) -> list[int | None]:
        """Return the row of the town nearest to each, None where none is near."""
        from shapely import points

        if not entries:
            return []
        rows, tree = self._towns
        asked = points([[entry.lon, entry.lat] for entry in entries])
        at, found = tree.query_nearest(asked, max_distance=NEAR_DEGREES, all_matches=False)
        nearest: list[int | None] = [None] * len(entries)
        for i, j in zip(at.tolist(), found.tolist(), strict=True):
            nearest[i] = int(rows[j])
        return nearest

    def _lent(self, entry: Entry, row: int) -> Entry:
        country = self.index.country_codes[int(self.index.country[row])]
        if entry.country and entry.country != country:
            return entry
        unit = int(self.index.admin1[row])
        return entry._replace(country=country, admin1=entry.admin1 or self._unit_codes.get(unit, ""))
