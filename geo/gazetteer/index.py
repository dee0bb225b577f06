"""Opening the gazetteer's index; `geo.gazetteer.lookup.Index` says how to use it."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from geo.gazetteer.build import build_index
from geo.gazetteer.classes import FEATURES
from geo.gazetteer.lookup import INFLECTED, MAX_TOKENS, Index, NameMatch, Rows, SimilarName
from geo.settings import Settings

__all__ = ["INFLECTED", "MAX_TOKENS", "Index", "NameMatch", "Rows", "SimilarName", "index_info", "open_index"]


def open_index(settings: Settings) -> Index:
    """Open the gazetteer's index; the first time it is built, which takes under a minute.

    Raises
    ------
    GazetteerError
        The cache folder cannot be written.
    """
    return _opened(build_index(settings))


@lru_cache(maxsize=4)
def _opened(folder: Path) -> Index:
    return Index(folder)


def index_info(settings: Settings) -> dict[str, int | str]:
    """Return what the index holds, in words and numbers: places by kind, names, size on disk in bytes, its folder."""
    index = open_index(settings)
    counts = np.bincount(index.feature, minlength=len(FEATURES))
    return {
        "version": index.version,
        "folder": str(index.folder),
        "places": len(index),
        **{feature: int(count) for feature, count in zip(FEATURES, counts, strict=True) if count},
        "names": len(index.classes),
        "bytes": sum(file.stat().st_size for file in index.folder.iterdir()),
    }
