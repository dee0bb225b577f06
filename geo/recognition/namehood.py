"""What the gazetteer says of a name, in few classes: the most telling kind of place it may stand for."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.classes import NameClass as C

# From the most telling to the least. A name takes the first class it has a bit of; 0 is for no name at all.
TOP_CLASSES: tuple[tuple[str, int], ...] = (
    ("demonym", C.DEMONYM),
    ("country", C.COUNTRY),
    ("continent", C.CONTINENT),
    ("admin1", C.ADMIN1),
    ("metropolis", C.CITY_1M),
    ("large city", C.CITY_100K),
    ("region", C.REGION),
    ("water", C.WATER),
    ("facility", C.FACILITY | C.ROAD),
    ("city", C.CITY_10K),
    ("admin2", C.ADMIN2),
    ("town", C.CITY_1K),
    ("village", C.CITY_SMALL),
    ("other", ~0),
)
N_CLASSES = len(TOP_CLASSES) + 1
COUNTRY = 2
"""Classes above this are places within countries, or waters and regions."""

FLAGS = (
    C.COUNTRY, C.DEMONYM, C.REGION, C.WATER, C.FACILITY, C.ADMIN1, C.ADMIN2, C.CITY_1M, C.CITY_100K, C.CITY_10K,
    C.CITY_1K, C.CITY_SMALL, C.CAPITAL, C.MAIN, C.ABBREVIATION, C.BARE, C.HISTORIC, C.WEAK, C.COMMON_WORD,
)  # fmt: skip
"""The bits that are features of their own."""

_MASKS = np.array([mask & 0xFFFFFFFF for _, mask in TOP_CLASSES], np.uint32)
_BITS = np.array([int(flag) for flag in FLAGS], np.uint32)


@lru_cache(maxsize=4096)
def top_class(bits: int) -> int:
    """Return the number of the most telling class of a name's bits: 1 and up; 0 for no name."""
    if not bits:
        return N_CLASSES - 1
    return next(number for number, (_, mask) in enumerate(TOP_CLASSES, 1) if bits & mask)


def top_classes(bits: NDArray[np.uint32], known: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the class of each name; 0 where it is not known."""
    first = ((bits[:, None] & _MASKS) != 0).argmax(axis=1) + 1
    return np.where(known, np.where(bits > 0, first, N_CLASSES - 1), 0).astype(np.int32)


def flags(bits: NDArray[np.uint32]) -> NDArray[np.float32]:
    """Return the bits as columns of 0 and 1, in the order of `FLAGS`."""
    columns: NDArray[np.float32] = ((bits[:, None] & _BITS) != 0).astype(np.float32)
    return columns
