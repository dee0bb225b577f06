"""What kinds of place a name may stand for, as one bitmask a name: what recognition asks of the gazetteer."""

from __future__ import annotations

from enum import IntFlag
from typing import Any, get_args

import numpy as np
import numpy.typing as npt

from geo.gazetteer.sources import NameKind
from geo.model import FeatureKind

FEATURES: tuple[FeatureKind, ...] = get_args(FeatureKind)
"""The kinds of place; a place's ``feature`` column is an index into it."""


class NameClass(IntFlag):
    """Bits of ``Index.classes``; a name that several places bear has the bits of all of them."""

    COUNTRY = 1 << 0
    DEMONYM = 1 << 1
    CONTINENT = 1 << 2
    REGION = 1 << 3
    WATER = 1 << 4
    FACILITY = 1 << 5
    ROAD = 1 << 6
    ADMIN1 = 1 << 7
    ADMIN2 = 1 << 8
    CITY_1M = 1 << 9
    """A town of a million people or more; the next are the smaller ones, by powers of ten."""
    CITY_100K = 1 << 10
    CITY_10K = 1 << 11
    CITY_1K = 1 << 12
    CITY_SMALL = 1 << 13
    """A town of fewer than a thousand people, or of unknown size."""
    CAPITAL = 1 << 14
    MAIN = 1 << 15
    """Some place's main name, not only another name of one."""
    ABBREVIATION = 1 << 16
    BARE = 1 << 17
    """A unit's name without its type word: Cook, for Cook County."""
    HISTORIC = 1 << 18
    WEAK = 1 << 19
    """A machine romanisation or a code of some place."""
    COMMON_WORD = 1 << 20
    """Also an ordinary English word: Reading, Home, Of."""


_OF_FEATURE: dict[str, NameClass] = {
    "continent": NameClass.CONTINENT, "country": NameClass.COUNTRY, "admin1": NameClass.ADMIN1,
    "admin2": NameClass.ADMIN2, "region": NameClass.REGION, "facility": NameClass.FACILITY, "water": NameClass.WATER,
    "road": NameClass.ROAD, "line": NameClass.ROAD,
}  # fmt: skip
_OF_SIZE = (
    (1_000_000, NameClass.CITY_1M), (100_000, NameClass.CITY_100K), (10_000, NameClass.CITY_10K),
    (1_000, NameClass.CITY_1K), (0, NameClass.CITY_SMALL),
)  # fmt: skip
_OF_KIND: dict[NameKind, NameClass] = {
    "main": NameClass.MAIN, "abbreviation": NameClass.ABBREVIATION, "bare": NameClass.BARE,
    "historic": NameClass.HISTORIC, "demonym": NameClass.DEMONYM, "weak": NameClass.WEAK, "code": NameClass.WEAK,
}  # fmt: skip
PLACELESS_KINDS: frozenset[NameKind] = frozenset({"demonym", "weak", "code"})
"""Kinds of name that say nothing of what the name itself would stand for in a report."""


def classes_of_places(
    feature: npt.NDArray[Any], population: npt.NDArray[Any], capital: npt.NDArray[np.bool_]
) -> npt.NDArray[np.uint32]:
    """Return the bits of each place's kind and size."""
    of_feature = np.array([_OF_FEATURE.get(word, NameClass(0)) for word in FEATURES], dtype=np.uint32)
    least = [size for size, _ in reversed(_OF_SIZE)]
    of_size = np.array([bit for _, bit in reversed(_OF_SIZE)], dtype=np.uint32)
    town = feature == FEATURES.index("city")
    sizes = of_size[np.maximum(np.digitize(population, least) - 1, 0)]
    classes: npt.NDArray[np.uint32] = np.where(town, sizes, of_feature[feature])
    classes[town & capital] |= np.uint32(NameClass.CAPITAL)
    return classes


def class_of_kind(kind: NameKind) -> NameClass:
    """Return the bits of how a name belongs to its place."""
    return _OF_KIND.get(kind, NameClass(0))
