"""Lessons from the gazetteer itself: the best known bearers of their names, each alone and among others of the world.

The corpora hold few reports without context, and little on seas, regions and far countries: from them alone a bare Gaza
would be the province of Mozambique, and a bare Athens the town in the state of Georgia. What a name means where nothing
else tells is what most readers know: the country, the capital, the sea, the great city.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import Index
from geo.gazetteer.names import normalise
from geo.gazetteer.sources import NAME_KINDS
from geo.model import Article, Mention
from geo.resolution.features import EARTH_KM, unit_vectors

Point = tuple[float, float]
Taught = tuple[Article, list[Mention], list[Point]]
"""An article of names, with the mentions of them and their true places."""

LEAST_PEOPLE = {"country": 0, "continent": 0, "region": 0, "water": 0, "city": 500_000, "admin1": 1_000_000}
"""From how many people on a place is so well known that its name alone means it; capitals are whatever their size."""
CLEARLY = 0.7
"""So many orders of magnitude more prominent than the next bearer of its name, or the name alone tells nothing."""
GROUPS = (2, 4)
"""How many names the articles have that hold several."""
LEAST_LISTED = {"country": 0, "admin1": 2_000_000, "city": 500_000}
"""From how many people on a place stands in the lists that teach that those named side by side are of one kind."""
LISTS = (2, 2, 3)
"""How many names a list holds."""
_ELSEWHERE_KM = 161.0
_UNIT = FEATURES.index("admin1")
_AND, _SEPARATOR = " and ", " – "
"""Between names that are listed, and between those that have nothing to do with each other: no comma, which would say
that one lies in the other."""


class Known(NamedTuple):
    """A name, and the longitude and latitude of the place it means where nothing else tells."""

    name: str
    point: Point


def well_known(index: Index) -> list[Known]:
    """Return the names that mean one place to readers all over the world, the best known last."""
    least = np.array([LEAST_PEOPLE.get(feature, np.inf) for feature in FEATURES])
    capital = np.array([code == "PPLC" for code in index.feature_codes], bool)[index.code]
    rows = np.flatnonzero((index.population >= least[index.feature]) | capital)
    order = np.lexsort((index.prominence[rows], index.feature[rows] != _UNIT))
    known = {normalise(index.place(row).name): row for row in rows[order].tolist()}
    return [
        Known(index.place(row).name, _point(row, index)) for name, row in known.items() if _stands_out(row, name, index)
    ]


def _stands_out(row: int, name: str, index: Index) -> bool:
    """Tell whether no other bearer of a name comes near a place's prominence, but those that lie where it lies.

    A town's name means the town before the unit that is called after it, however many people that has: such a unit
    stands out never.
    """
    name_id = index.name_id(name)
    if name_id is None:
        return False
    main = index.kinds_of(name_id) == NAME_KINDS.index("main")
    others = index.rows_of(name_id)[main].astype(np.int64)
    if index.feature_of(row) == "admin1" and (index.admin1[others[others != row]] == row).any():
        return False
    points = unit_vectors(index.lon[others].astype(float), index.lat[others].astype(float))
    own = unit_vectors(index.lon[[row]].astype(float), index.lat[[row]].astype(float))[0]
    rivals = points @ own < np.cos(_ELSEWHERE_KM / EARTH_KM)
    rivals &= (index.feature[others] != _UNIT) | (index.country[others] != index.country[row])
    return bool((index.prominence[others[rivals]] < index.prominence[row] - CLEARLY).all())


def each_alone(known: Sequence[Known]) -> Iterator[Taught]:
    """Yield articles of one name each."""
    for number, one in enumerate(known):
        yield _article_of(f"alone-{number}", [one])


def together(known: Sequence[Known]) -> Iterator[Taught]:
    """Yield articles of some names from all over the world."""
    for size in GROUPS:
        shuffled = random.Random(size).sample(known, len(known))  # noqa: S311 - no secret; the same at each training
        for start in range(0, len(shuffled), size):
            yield _article_of(f"{size}-{start}", shuffled[start : start + size])


def enumerated(index: Index) -> Iterator[Taught]:
    """Yield articles of names that are listed with others of their kind: countries, units of one country, its towns."""
    chance = random.Random(0)  # noqa: S311 - no secret; the same at each training
    for (feature, country), rows in _of_one_kind(index).items():
        chance.shuffle(rows)
        known = [Known(index.place(row).name, _point(row, index)) for row in rows]
        for start in range(len(known) - 1):
            group = known[start : start + chance.choice(LISTS)]
            yield _article_of(f"listed-{feature}-{country}-{start}", group, _AND)


def _of_one_kind(index: Index) -> dict[tuple[str, int], list[int]]:
    """Return the places that may stand in lists, by kind and, but for countries themselves, by country."""
    kinds: dict[tuple[str, int], list[int]] = {("country", 0): []}
    for row in np.flatnonzero(np.isin(index.feature, [FEATURES.index(kind) for kind in LEAST_LISTED])).tolist():
        feature = index.feature_of(row)
        if feature == "country":
            kinds[feature, 0].append(row)
        elif index.population[row] >= LEAST_LISTED[feature] and _is_only_bearer(row, index):
            kinds.setdefault((feature, int(index.country[row])), []).append(row)
    return kinds


def _is_only_bearer(row: int, index: Index) -> bool:
    """Tell whether no other place of its country bears a place's name: a Homs beside a Hama may be town or province."""
    name_id = index.name_id(normalise(index.place(row).name))
    if name_id is None:
        return False
    main = index.kinds_of(name_id) == NAME_KINDS.index("main")
    others = index.rows_of(name_id)[main].astype(np.int64)
    return not (index.country[others[others != row]] == index.country[row]).any()


def _point(row: int, index: Index) -> Point:
    return float(index.lon[row]), float(index.lat[row])


def _article_of(name: str, group: Sequence[Known], separator: str = _SEPARATOR) -> Taught:
    text, mentions = "", []
    for one in group:
        start = len(text)
        text += one.name + separator
        mentions.append(Mention(start, start + len(one.name), one.name, "name", (start, len(text))))
    return Article(name, text), mentions, [one.point for one in group]
