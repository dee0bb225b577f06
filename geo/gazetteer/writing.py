"""Writing an index: places to columns, names to tries and postings; by itself, or as one more layer on another index.

Entries stream through: what is held is one layer's columns and the keys of its tries, so memory is bounded by
`LAYER_PLACES`, not by the file that places come from. Names that an earlier layer knows get further places; the others
go into a trie of the layer's own.
"""

from __future__ import annotations

import json
import shutil
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import marisa_trie
import numpy as np
import numpy.typing as npt

from geo.gazetteer.classes import FEATURES, PLACELESS_KINDS, NameClass, class_of_kind, classes_of_places
from geo.gazetteer.names import normalise, skeletons_of_normal
from geo.gazetteer.postings import Pairs
from geo.gazetteer.progress import shown
from geo.gazetteer.sources import NAME_KINDS, Entry
from geo.model import FeatureKind

if TYPE_CHECKING:
    from geo.gazetteer.lookup import Index

LAYER_PLACES = 250_000
"""Places in one layer at most: some 300 MB of memory while it is written."""

LISTS = ("country", "source", "code")
"""Columns that hold the number of a word in ``meta.json``."""

_NO_SKELETON = [NAME_KINDS.index(kind) for kind in ("abbreviation", "demonym", "weak", "code")]
_KIND_COST = {"historic": 1.0, "bare": 2.0, "weak": 3.0, "code": 3.0}
KIND_COST = np.array([_KIND_COST.get(kind, 0.0) for kind in NAME_KINDS], dtype=np.float32)
"""How much more prominent a place must be to come before one that bears the name in full."""

_FEATURE_PROMINENCE = {"continent": 4.0, "country": 4.0, "admin1": 1.0, "region": 2.0, "water": 2.0}
_COUNTED_BY_AREA: tuple[FeatureKind, ...] = ("continent", "region", "water")
_FEATURE_NUMBERS = {str(feature): number for number, feature in enumerate(FEATURES)}
_NAMES_AT_ONCE = 200_000


class Posting(NamedTuple):
    """A name of a place: row, index into `NAME_KINDS`, normal form."""

    row: int
    kind: int
    name: str


@dataclass
class Places:
    """The columns of one layer's places, as they grow."""

    unit_rows: dict[str, int]
    lists: dict[str, list[str]]
    first_row: int
    ids: dict[str, int] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    columns: dict[str, array[Any]] = field(
        default_factory=lambda: {
            "lon": array("d"), "lat": array("d"), "population": array("q"), "uncertainty_km": array("f"),
            "feature": array("B"), "country": array("H"), "source": array("H"), "code": array("H"),
            "admin1": array("i"), "admin2": array("i"),
        }
    )  # fmt: skip

    def __post_init__(self) -> None:
        """Index the words of the lists, which only grow."""
        self._numbers = {name: {word: number for number, word in enumerate(self.lists[name])} for name in LISTS}

    def add(self, entry: Entry) -> int:
        """Append a place and return its row."""
        row = self.first_row + len(self.ids)
        self.ids[entry.id] = row
        self.labels.append(entry.name)
        if entry.unit:
            self.unit_rows.setdefault(entry.unit, row)
        values = {
            "lon": entry.lon, "lat": entry.lat, "population": entry.population, "uncertainty_km": entry.uncertainty_km,
            "feature": _FEATURE_NUMBERS[entry.feature], "admin1": self.unit_rows.get(entry.admin1, -1),
            "admin2": self.unit_rows.get(entry.admin2, -1),
            **{name: self._number(name, getattr(entry, name)) for name in LISTS},
        }  # fmt: skip
        for name, value in values.items():
            self.columns[name].append(value)
        return row

    def _number(self, name: str, word: str) -> int:
        numbers = self._numbers[name]
        if word not in numbers:
            numbers[word] = len(self.lists[name])
            self.lists[name].append(word)
        return numbers[word]

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the columns, with units' populations and every place's size and prominence."""
        columns: dict[str, npt.NDArray[Any]] = {name: np.array(column) for name, column in self.columns.items()}
        _count_people(columns, self.first_row)
        columns["size"] = _size(columns)
        columns["prominence"] = _prominence(columns, capital_codes(self.lists["code"]))
        return columns


def _count_people(columns: dict[str, npt.NDArray[Any]], first_row: int) -> None:
    """Give the units of this layer the sum of its towns' populations."""
    towns = columns["feature"] == FEATURES.index("city")
    for name in ("admin1", "admin2"):
        units = columns[name][towns] - first_row
        inside = (units >= 0) & (units < len(columns["lon"]))
        np.add.at(columns["population"], units[inside], columns["population"][towns][inside])


def capital_codes(codes: list[str]) -> npt.NDArray[np.bool_]:
    """Tell which feature codes are a capital's."""
    return np.array([code == "PPLC" for code in codes], dtype=bool)


def _size(columns: dict[str, npt.NDArray[Any]]) -> npt.NDArray[np.float32]:
    """Return the order of each place's population; a sea or a region counts by its square kilometres if they are more.

    What has few people of its own, or none, is not for that unknown.
    """
    size = np.log10(columns["population"] + 1.0)
    vast = np.isin(columns["feature"], [FEATURES.index(feature) for feature in _COUNTED_BY_AREA])
    size[vast] = np.maximum(size[vast], np.log10(np.pi * columns["uncertainty_km"][vast] ** 2 + 1.0))
    sizes: npt.NDArray[np.float32] = size.astype(np.float32)
    return sizes


def _prominence(columns: dict[str, npt.NDArray[Any]], is_capital: npt.NDArray[np.bool_]) -> npt.NDArray[np.float32]:
    """Return how well known a place is likely to be: its size, more for countries and capitals."""
    bonus = np.array([_FEATURE_PROMINENCE.get(feature, 0.0) for feature in FEATURES])[columns["feature"]]
    prominence: npt.NDArray[np.float32] = (columns["size"] + bonus + is_capital[columns["code"]]).astype(np.float32)
    return prominence


@dataclass(frozen=True)
class Written:
    """What a layer brought: places that are new, and postings in all."""

    places: int
    names: int


def write_index(
    entries: Iterable[Entry], common_words: frozenset[str], folder: Path, previous: Index | None = None
) -> Written:
    """Write into a folder the index of some entries, on top of everything in ``previous``.

    An entry whose id is known adds its names to the place that has it; one with an empty ``feature`` does only that.
    """
    meta = _meta_of(previous)
    places = Places(meta["units"], meta["lists"], first_row=len(previous) if previous else 0)
    spool = folder / "names.tmp"
    with spool.open("w", encoding="utf-8") as out:
        for posting in _postings(entries, places, previous):
            out.write(f"{posting.row}\t{posting.kind}\t{posting.name}\n")
    _write_places(places, folder, previous)
    _write_meta(folder, meta, places, previous)
    written = _write_names(folder, spool, previous, common_words)
    spool.unlink()
    return Written(len(places.ids), written)


def _meta_of(previous: Index | None) -> dict[str, Any]:
    if previous is None:
        return {"units": {}, "lists": {"country": [""], "source": [], "code": [""]}, "rows": [], "names": []}
    meta: dict[str, Any] = json.loads((previous.folder / "meta.json").read_text(encoding="utf-8"))
    units: dict[str, int] = json.loads((previous.folder / "units.json").read_text(encoding="utf-8"))
    return meta | {"units": units}


def _write_meta(folder: Path, meta: dict[str, Any], places: Places, previous: Index | None) -> None:
    """Write the lists, where each layer's rows and names start, and the rows of units by their codes."""
    countries = {code: row for code, row in places.unit_rows.items() if "." not in code}
    starts = {"rows": [*meta["rows"], places.first_row], "names": [*meta["names"], _name_count(previous)]}
    text = json.dumps({"lists": places.lists, "countries": countries, **starts}, ensure_ascii=False)
    (folder / "meta.json").write_text(text, encoding="utf-8")
    (folder / "units.json").write_text(json.dumps(places.unit_rows), encoding="utf-8")


def _name_count(previous: Index | None) -> int:
    return len(previous.classes) if previous else 0


def _postings(entries: Iterable[Entry], places: Places, previous: Index | None) -> Iterator[Posting]:
    """Yield the names of each entry, once each; places that are new are added on the way."""
    number = {kind: i for i, kind in enumerate(NAME_KINDS)}
    for entry in entries:
        row = places.ids.get(entry.id)
        if row is None and previous is not None:
            row = previous.row_of(entry.id)
        if row is None and not entry.feature:
            continue
        known = row is not None
        row = places.add(entry) if row is None else row
        found: dict[str, int] = {}
        for name, kind in entry.names.items():
            if key := normalise(name):
                # A known place keeps its own main name.
                least = number["alternate"] if known else 0
                found[key] = min(found.get(key, 255), max(number[kind], least))
        yield from (Posting(row, kind, key) for key, kind in found.items())


def _write_places(places: Places, folder: Path, previous: Index | None) -> None:
    layer = _copy_layers(folder, previous, ("id", "label"), ("id_row",))
    for name, column in places.arrays().items():
        _append_column(folder, name, column, previous)
    for name, values in (("id", list(places.ids)), ("label", places.labels)):
        trie = marisa_trie.Trie(values)
        trie.save(str(folder / f"{name}-{layer}.trie"))
        keys = np.fromiter((trie[value] for value in values), dtype=np.uint32, count=len(values))
        _append_column(folder, f"{name}_key", keys, previous)
        if name == "id":
            rows = np.zeros(len(values), dtype=np.uint32)
            rows[keys] = np.arange(places.first_row, places.first_row + len(values), dtype=np.uint32)
            np.save(folder / f"id_row-{layer}.npy", rows)


def _copy_layers(folder: Path, previous: Index | None, tries: tuple[str, ...], arrays: tuple[str, ...]) -> int:
    """Copy the files of earlier layers; return the number of the layer to be written."""
    if previous is None:
        return 0
    for layer in range(previous.layers):
        for file in [f"{name}-{layer}.trie" for name in tries] + [f"{name}-{layer}.npy" for name in arrays]:
            shutil.copyfile(previous.folder / file, folder / file)
    return previous.layers


def _append_column(folder: Path, name: str, column: npt.NDArray[Any], previous: Index | None) -> None:
    """Write an earlier column with a new one after it, without holding the earlier one."""
    if previous is None:
        np.save(folder / f"{name}.npy", column)
        return
    before = np.load(previous.folder / f"{name}.npy", mmap_mode="r")
    with Column(folder / f"{name}.npy", column.dtype, len(before) + len(column)) as out:
        for start in range(0, len(before), _NAMES_AT_ONCE):
            out.write(before[start : start + _NAMES_AT_ONCE])
        out.write(column)


class Column:
    """A NumPy file of known length, written piece by piece."""

    def __init__(self, path: Path, dtype: Any, length: int) -> None:
        self._file = path.open("wb")
        header = {"descr": np.lib.format.dtype_to_descr(np.dtype(dtype)), "fortran_order": False, "shape": (length,)}
        np.lib.format.write_array_header_1_0(self._file, header)
        self._dtype = dtype

    def write(self, piece: npt.NDArray[Any]) -> None:
        """Append some values."""
        self._file.write(np.ascontiguousarray(piece, dtype=self._dtype).tobytes())

    def __enter__(self) -> Column:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _spooled(spool: Path) -> Iterator[Posting]:
    with spool.open(encoding="utf-8") as lines:
        for line in lines:
            row, kind, name = line.rstrip("\n").split("\t")
            yield Posting(int(row), int(kind), name)


def _write_names(folder: Path, spool: Path, previous: Index | None, common_words: frozenset[str]) -> int:
    """Write the layer's trie, the postings and classes of all names, and the layer's skeletons; return the postings."""
    layer = _copy_layers(folder, previous, ("name", "skeleton"), ("skeleton_start", "skeleton_posting"))
    before = _name_count(previous)
    unknown = (f"{p.name} " for p in _spooled(spool) if previous is None or previous.name_id(p.name) is None)
    trie = marisa_trie.Trie(unknown)
    trie.save(str(folder / f"name-{layer}.trie"))
    ids, rows, kinds = array("I"), array("I"), array("B")
    for posting in shown(_spooled(spool), "Names"):
        own = trie.get(f"{posting.name} ")
        known = previous.name_id(posting.name) if own is None and previous is not None else None
        ids.append(before + own if own is not None else known)  # type: ignore[arg-type]  # one of the two has it
        rows.append(posting.row)
        kinds.append(posting.kind)
    new = Pairs(*(np.frombuffer(part, part.typecode) for part in (ids, rows, kinds)))
    merged = MergedNames(folder, previous, before + len(trie))
    merged.write(new, {key for word in common_words if (key := trie.get(f"{word} ")) is not None}, before)
    _write_skeletons(folder, layer, trie, _usable(new, before, len(trie)), before)
    return len(ids)


class MergedNames:
    """The postings and classes of all layers' names, written a stretch of names at a time."""

    def __init__(self, folder: Path, previous: Index | None, count: int) -> None:
        self.folder = folder
        self.previous = previous
        self.count = count
        self.prominence = np.load(folder / "prominence.npy", mmap_mode="r")
        lists = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["lists"]
        feature, population, code = (np.load(folder / f"{name}.npy") for name in ("feature", "population", "code"))
        self._of_place = classes_of_places(feature, population, capital_codes(lists["code"])[code])
        self._of_kind = np.array([class_of_kind(kind) for kind in NAME_KINDS], dtype=np.uint32)
        self._keeps_place = np.array([kind not in PLACELESS_KINDS for kind in NAME_KINDS])

    def write(self, new: Pairs, common: set[int], before: int) -> None:
        """Write the files; ``common`` are ids, less ``before``, of new names that are ordinary words."""
        new = new.take(np.argsort(new.ids, kind="stable"))
        starts, total = [np.zeros(1, dtype=np.uint32)], 0
        names = np.zeros(len(self.prominence), dtype=np.uint32)
        words = np.array(sorted(common), dtype=np.int64) + before
        spooled = [(self.folder / f"{name}.tmp") for name in ("rows", "kinds")]
        with (
            spooled[0].open("wb") as rows_out,
            spooled[1].open("wb") as kinds_out,
            Column(self.folder / "name_class.npy", np.uint32, self.count) as classes_out,
        ):
            for first in range(0, self.count, _NAMES_AT_ONCE):
                last = min(first + _NAMES_AT_ONCE, self.count)
                pairs = self._ordered(new, first, last)
                counts = np.bincount(pairs.ids - first, minlength=last - first)
                starts.append((total + np.cumsum(counts)).astype(np.uint32))
                total += len(pairs.ids)
                np.add.at(names, pairs.rows, 1)
                rows_out.write(pairs.rows.astype(np.uint32).tobytes())
                kinds_out.write(pairs.kinds.astype(np.uint8).tobytes())
                classes_out.write(self._classes(pairs, counts, words, (first, last)))
        np.save(self.folder / "name_start.npy", np.concatenate(starts))
        np.save(self.folder / "name_count.npy", names)
        _as_column(spooled[0], self.folder / "name_posting.npy", np.uint32, total)
        _as_column(spooled[1], self.folder / "name_kind.npy", np.uint8, total)

    def _ordered(self, new: Pairs, first: int, last: int) -> Pairs:
        """Return the pairs of a stretch of names, by name and then the most prominent place first."""
        here = slice(*np.searchsorted(new.ids, [first, last]))
        pairs = Pairs(new.ids[here], new.rows[here], new.kinds[here])
        if self.previous is not None:
            pairs = self.previous.pairs(first, last).joined(pairs)
        pairs = pairs.once()
        cost = KIND_COST[pairs.kinds] - self.prominence[pairs.rows]
        return pairs.take(np.lexsort((pairs.rows, cost, pairs.ids)))

    def _classes(
        self, pairs: Pairs, counts: npt.NDArray[Any], words: npt.NDArray[Any], stretch: tuple[int, int]
    ) -> npt.NDArray[np.uint32]:
        """Return what each name of a stretch may stand for."""
        masks = np.where(self._keeps_place[pairs.kinds], self._of_place[pairs.rows], 0) | self._of_kind[pairs.kinds]
        classes = np.zeros(len(counts), dtype=np.uint32)
        borne = np.flatnonzero(counts)
        if len(borne):
            classes[borne] = np.bitwise_or.reduceat(masks.astype(np.uint32), (np.cumsum(counts) - counts)[borne])
        first, last = stretch
        if self.previous is not None:
            earlier = self.previous.classes[first : min(last, len(self.previous.classes))]
            classes[: len(earlier)] |= earlier & np.uint32(NameClass.COMMON_WORD)
        classes[words[(words >= first) & (words < last)] - first] |= np.uint32(NameClass.COMMON_WORD)
        return classes


def _as_column(raw: Path, path: Path, dtype: Any, length: int) -> None:
    """Turn a file of bare values into a NumPy file."""
    with Column(path, dtype, length) as out, raw.open("rb") as values:
        while piece := values.read(1 << 22):
            out.write(np.frombuffer(piece, dtype=dtype))
    raw.unlink()


def _usable(new: Pairs, before: int, count: int) -> npt.NDArray[np.bool_]:
    """Tell which of a layer's own names get skeletons: not those that are only codes, abbreviations or demonyms."""
    usable = np.zeros(count, dtype=bool)
    own = (new.ids >= before) & ~np.isin(new.kinds, _NO_SKELETON)
    usable[new.ids[own].astype(np.int64) - before] = True
    return usable


def _write_skeletons(folder: Path, layer: int, trie: Any, usable: npt.NDArray[np.bool_], before: int) -> None:
    """Write which names share each skeleton; the skeletons wait in a file, as they are many."""
    names = array("I")
    spool = folder / "skeletons.tmp"
    with spool.open("w", encoding="ascii") as out:
        for key, number in shown(trie.iteritems(), "Spellings", len(trie)):
            if usable[number]:
                found = skeletons_of_normal(key)
                out.writelines(f"{skeleton}\n" for skeleton in found)
                names.extend([before + number] * len(found))
    skeletons = marisa_trie.Trie(_lines(spool))
    skeletons.save(str(folder / f"skeleton-{layer}.trie"))
    numbers = np.fromiter((skeletons[key] for key in _lines(spool)), dtype=np.uint32, count=len(names))
    spool.unlink()
    order = np.argsort(numbers, kind="stable")  # the names of a skeleton stay in the order of the trie
    counts = np.bincount(numbers, minlength=len(skeletons))
    np.save(folder / f"skeleton_start-{layer}.npy", np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32))
    np.save(folder / f"skeleton_posting-{layer}.npy", np.frombuffer(names, dtype=np.uint32)[order])


def _lines(file: Path) -> Iterator[str]:
    with file.open(encoding="ascii") as lines:
        for line in lines:
            yield line.rstrip("\n")
