"""The named features of a candidate: what its score is the weighted sum of.

The first group needs no other name (``OWN``); the second asks what the article's other names stand for (``CONTEXT``),
and is worked out anew from each stage's beliefs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import Index
from geo.gazetteer.sources import NAME_KINDS
from geo.resolution.scene import Scene

Floats = NDArray[np.float64]

_KINDS = ("country", "admin1", "admin2", "city", "region", "facility", "water", "continent")
_SHORT = 4
_ASKED = ("admin1", "admin2", "city", "other kind")
_ASKABLE_AS = {"land": ("region",), "region": ("region", "admin1", "admin2"), "city": ("city",)}

OWN: tuple[str, ...] = (
    "prominence",
    "population",
    "most prominent of its name",
    "rank among its name",
    *(f"is {kind}" for kind in _KINDS),
    *(f"name is {kind}" for kind in NAME_KINDS),
    "capital",
    "seat of a province",
    "part of a town",
    *(f"{kind} asked for" for kind in _ASKED),
    "another kind asked for",
    "abbreviation in capitals",
    "abbreviation not in capitals",
    "unit of a town of its name",
    "town of a unit of its name",
    "share of its people in the town of its name",
    "share of the people of the unit of its name",
    "beside a capital of its name",
    "far less prominent than the first of its name",
    "spelling",
)

FAR_LESS = 3.0
"""So many orders of magnitude fewer people, or a country or capital against a small place."""

REACHES_KM = (25.0, 100.0, 400.0, 1600.0)

CONTEXT: tuple[str, ...] = (
    "country in focus",
    "only country in focus",
    "province in focus",
    *(f"places within {reach:.0f} km" for reach in REACHES_KM),
    "nearest other place",
    "in the place it is said to lie in",
    "not in the place it is said to lie in",
    "holds the place that is said to lie in it",
    "names borne in its province",
    "names borne nearby",
    "country named in the text",
    "province named in the text",
    "holds other places",
    "namesake that holds no other place",
    "prominence where many countries are named",
    "capital where many countries are named",
    "country of the dateline",
    "near the dateline",
)

EARTH_KM = 6371.0088
_NEARBY = np.cos(80 / EARTH_KM)
"""Cosine of the angle between places 80 km apart."""


def own_features(scene: Scene, index: Index) -> Floats:
    """Return the features of the group ``OWN``: a row a candidate."""
    row, kind = scene.row, scene.kind
    feature = index.feature[row]
    prominence = index.prominence[row].astype(float)
    top = _top_of_entity(scene, prominence)
    code = index.code[row]
    asked, other = _asked(scene, feature)
    upper = np.array([e.text.replace(".", "").isupper() for e in scene.entities], bool)[scene.entity]
    short = np.array([len(e.name) <= _SHORT for e in scene.entities], bool)[scene.entity]
    abbreviation = (kind == NAME_KINDS.index("abbreviation")) | (kind == NAME_KINDS.index("code"))
    abbreviation |= short & (kind != NAME_KINDS.index("main"))  # EU, BC
    columns = [
        prominence / 5,
        np.log10(index.population[row] + 1.0) / 5,
        prominence >= top,
        1 / (1 + _rank(scene)),
        *(feature == FEATURES.index(name) for name in _KINDS),
        *(kind == number for number in range(len(NAME_KINDS))),
        *(code == _code(index, name) for name in ("PPLC", "PPLA", "PPLX")),
        *asked,
        other,
        abbreviation & upper,
        abbreviation & ~upper,
        *_namesakes(scene, index),
        _beside_capital(scene, index),
        top - prominence > FAR_LESS,
        scene.similarity - 1,
    ]
    return np.stack([np.asarray(column, float) for column in columns], axis=1)


def _code(index: Index, name: str) -> int:
    return index.feature_codes.index(name) if name in index.feature_codes else -1


def _top_of_entity(scene: Scene, prominence: Floats) -> Floats:
    top = np.maximum.reduceat(prominence, scene.starts)
    return np.repeat(top, np.diff(scene.starts, append=len(prominence)))


def _rank(scene: Scene) -> Floats:
    lengths = np.diff(scene.starts, append=len(scene.row))
    return (np.arange(len(scene.row)) - np.repeat(scene.starts, lengths)).astype(float)


def _asked(scene: Scene, feature: NDArray[np.uint8]) -> tuple[list[NDArray[np.bool_]], NDArray[np.bool_]]:
    """Tell by kind which candidates are of the kind that the words around ask for, and which are of another."""
    match = np.zeros((len(_ASKED), len(scene.row)), bool)
    wanted = np.array([bool(e.asked) for e in scene.entities], bool)[scene.entity]
    for number, entity in enumerate(scene.entities):
        if entity.asked:
            kinds = [FEATURES.index(k) for k in _ASKABLE_AS.get(entity.asked, (entity.asked,)) if k in FEATURES]
            group = _ASKED.index(entity.asked) if entity.asked in _ASKED else len(_ASKED) - 1
            match[group] |= (scene.entity == number) & np.isin(feature, kinds)
    return list(match), wanted & ~match.any(axis=0)


def _namesakes(scene: Scene, index: Index) -> tuple[Floats, Floats, Floats, Floats]:
    """Return which units hold a town of the same name, which towns lie in such a unit, and the town's share of people.

    The largest town counts. New York City is close to half of its state; the town of Wales is nothing beside Wales.
    """
    row = scene.row
    city = (index.feature[row] == FEATURES.index("city")).tolist()
    people = index.population[row].astype(float).tolist()
    columns = (scene.entity.tolist(), row.tolist(), index.admin1[row].tolist(), index.admin2[row].tolist(), people)
    candidates = list(zip(*columns, city, strict=True))
    units = {(e, r): max(count, 1.0) for e, r, _, _, count, is_city in candidates if not is_city}
    largest: dict[tuple[int, int], float] = {}
    for e, _, a1, a2, count, is_city in candidates:
        for unit in (a1, a2) if is_city else ():
            largest[e, unit] = max(largest.get((e, unit), 0.0), count)
    found = np.zeros((4, len(candidates)))
    for i, (e, r, a1, a2, count, is_city) in enumerate(candidates):
        holders = [units[e, unit] for unit in (a1, a2) if (e, unit) in units]
        if is_city and holders:
            found[1, i], found[3, i] = 1, min(count / max(holders), 1)
        elif not is_city and (e, r) in largest:
            found[0, i], found[2, i] = 1, min(largest[e, r] / units[e, r], 1)
    return found[0], found[1], found[2], found[3]


def _beside_capital(scene: Scene, index: Index) -> NDArray[np.bool_]:
    """Tell which places share name and country with a capital that they are not: Washington state, with D.C."""
    capital = index.code[scene.row] == _code(index, "PPLC")
    key = scene.entity * len(index.country_codes) + index.country[scene.row]
    beside: NDArray[np.bool_] = ~capital & np.isin(key, key[capital])
    return beside


@dataclass(frozen=True, slots=True)
class Ground:
    """What of a scene's context does not change from stage to stage.

    Attributes
    ----------
    country, admin1
        Number of each candidate's country and province, 0 where it has none; small numbers, for counting.
    positions
        Unit vectors of the candidates.
    borne
        How many other names are borne in the candidate's province, and nearby.
    namesake
        Whether the candidate is a unit beside a town or a capital of its name.
    """

    country: NDArray[np.int64]
    admin1: NDArray[np.int64]
    positions: Floats
    borne: tuple[Floats, Floats]
    namesake: NDArray[np.bool_]


def ground_of(scene: Scene, index: Index) -> Ground:
    """Return what all stages need to know of a scene's candidates."""
    row = scene.row
    positions = unit_vectors(index.lon[row].astype(float), index.lat[row].astype(float))
    numbers = {-1: 0}
    admin1 = np.array([numbers.setdefault(unit, len(numbers)) for unit in index.admin1[row].tolist()], np.int64)
    is_unit = np.isin(index.feature[row], [FEATURES.index("admin1"), FEATURES.index("admin2")])
    namesake = is_unit & ((_namesakes(scene, index)[0] > 0) | _beside_capital(scene, index))
    borne = _borne(scene, admin1, positions)
    return Ground(index.country[row].astype(np.int64), admin1, positions, borne, namesake)


def context_features(scene: Scene, index: Index, belief: Floats, ground: Ground) -> Floats:
    """Return the features of the group ``CONTEXT``.

    Parameters
    ----------
    belief
        What each candidate is believed at so far; sums to 1 over an entity.
    """
    focus, only = _focus(scene, ground.country, belief)
    province, _ = _focus(scene, ground.admin1, belief)
    near, nearest = _proximity(scene, belief, ground.positions)
    inside, outside, holder = _containment(scene, index, belief)
    named_country, named_admin1 = _named(scene, index, belief)
    same, close = _dateline(scene, index, belief, ground.positions)
    holding = _holding(scene, index, belief)
    columns = [
        focus, only, province, *near, nearest, inside, outside, holder, *ground.borne,
        named_country, named_admin1, holding, ground.namesake * np.exp(-3 * holding),
        *_abroad(scene, index, ground.country, belief), same, close,
    ]  # fmt: skip
    return np.stack(columns, axis=1)


def _focus(scene: Scene, unit: NDArray[np.int64], belief: Floats) -> tuple[Floats, Floats]:
    """Return the share of the other entities' belief that lies in the candidate's unit, and whether all of it does."""
    known = unit > 0
    weight = belief * known
    own_key = scene.entity * (int(unit.max()) + 1) + unit
    own = np.bincount(own_key, weight)[own_key]
    rest = np.maximum(weight.sum() - np.bincount(scene.entity, weight)[scene.entity], 1e-9)
    others = np.maximum(np.bincount(unit, weight)[unit] - own, 0)
    share = np.where(known, others / (rest + 1), 0)
    return share, np.where(known & (others > 0.9 * rest) & (rest > 0.5), 1.0, 0.0)


def _proximity(scene: Scene, belief: Floats, positions: Floats) -> tuple[list[Floats], Floats]:
    """Return how much belief of other entities lies within each reach (saturating), and how near the nearest is."""
    likely = np.flatnonzero(belief > 0.15)
    cosine = np.clip(positions @ positions[likely].T, -1, 1)
    other = scene.entity[:, None] != scene.entity[likely][None, :]
    weight = belief[likely][None, :] * other
    # The chord stands for the arc: exact enough below some thousand kilometres.
    km = EARTH_KM * np.sqrt(np.maximum(2 - 2 * cosine, 0))
    near = [np.log1p((weight * np.exp(-((km / reach) ** 2))).sum(axis=1)) for reach in REACHES_KM]
    nearest = (weight * np.exp(-km / 150)).max(axis=1, initial=0)
    return near, nearest


def _borne(scene: Scene, admin1: NDArray[np.int64], positions: Floats) -> tuple[Floats, Floats]:
    """Return how many of the other names have a bearer in the candidate's province, and how many one nearby.

    Whatever is believed so far: a Dublin, a Columbus and a Worthington meet in one state only. Rarer names count more.
    """
    names = len(scene.entities)
    count = np.bincount(scene.entity, minlength=names)
    rarity = 1 / np.sqrt(np.maximum(count, 1))
    has = np.zeros((int(admin1.max(initial=0)) + 1, names), bool)
    has[admin1, scene.entity] = True
    share = has[admin1] @ rarity - rarity[scene.entity]
    nearby = np.zeros((len(positions), names), bool)
    for start, own in zip(scene.starts, scene.entity[scene.starts], strict=True):
        nearby[:, own] = (positions @ positions[start : start + count[own]].T > _NEARBY).any(axis=1)
    around = nearby @ rarity - rarity[scene.entity]
    return np.where(admin1 > 0, np.log1p(np.maximum(share, 0)), 0), np.log1p(np.maximum(around, 0))


def _containment(scene: Scene, index: Index, belief: Floats) -> tuple[Floats, Floats, Floats]:
    """Return for "Hama, Syria": belief that the candidate lies in its holder, that it does not, and the reverse."""
    inside, outside, holder = np.zeros(len(belief)), np.zeros(len(belief)), np.zeros(len(belief))
    for held, holding in scene.containers:
        a, b = np.flatnonzero(scene.entity == held), np.flatnonzero(scene.entity == holding)
        if not len(a) or not len(b):
            continue
        lies = _lies_in(scene.row[a], scene.row[b], index)
        if not lies.any():
            continue
        inside[a] = np.maximum(inside[a], (lies * belief[b]).max(axis=1))
        outside[a] = np.maximum(outside[a], 1 - lies.any(axis=1))
        holder[b] = np.maximum(holder[b], (lies * belief[a][:, None]).max(axis=0))
    return inside, outside, holder


def _lies_in(rows: NDArray[np.int64], holders: NDArray[np.int64], index: Index) -> NDArray[np.bool_]:
    """Tell for all pairs whether the first place lies in the second, a country, a unit of either level."""
    countries = np.where(index.feature[holders] == FEATURES.index("country"), index.country[holders], -1)
    different = rows[:, None] != holders[None, :]
    in_country = index.country[rows][:, None] == countries[None, :]
    in_unit = (index.admin1[rows][:, None] == holders[None, :]) | (index.admin2[rows][:, None] == holders[None, :])
    lies: NDArray[np.bool_] = different & (in_country | in_unit)
    return lies


def _named(scene: Scene, index: Index, belief: Floats) -> tuple[Floats, Floats]:
    """Return the belief that the candidate's country, and its province, is named in the text by another entity."""
    feature = index.feature[scene.row]
    countries = np.zeros(len(index.country_codes))
    is_country = feature == FEATURES.index("country")
    np.maximum.at(countries, index.country[scene.row[is_country]], belief[is_country])
    country = np.where(is_country, 0, countries[index.country[scene.row]])
    is_admin1 = feature == FEATURES.index("admin1")
    units = dict(zip(scene.row[is_admin1].tolist(), belief[is_admin1].tolist(), strict=True))
    owner = dict(zip(scene.row[is_admin1].tolist(), scene.entity[is_admin1].tolist(), strict=True))
    admin1 = index.admin1[scene.row].tolist()
    own = scene.entity.tolist()
    province = [
        units.get(unit, 0.0) if owner.get(unit) != entity else 0.0 for unit, entity in zip(admin1, own, strict=True)
    ]
    return country, np.array(province)


def _holding(scene: Scene, index: Index, belief: Floats) -> Floats:
    """Return the belief in places of other entities that lie in the candidate, where it is a country or a unit."""
    likely = np.flatnonzero(belief > 0.15)
    lies = _lies_in(scene.row[likely], scene.row, index)
    other = scene.entity[likely][:, None] != scene.entity[None, :]
    held: Floats = np.log1p((lies * other * belief[likely][:, None]).sum(axis=0))
    return held


def _abroad(scene: Scene, index: Index, country: NDArray[np.int64], belief: Floats) -> tuple[Floats, Floats]:
    """Return prominence and being a capital, each times the order of how many countries the article is about.

    A paper of one town means its neighbours, the world's news mean the well-known.
    """
    share = np.bincount(country, belief)[1:]
    breadth = np.log(max(share.sum() ** 2 / max((share**2).sum(), 1e-9), 1.0))
    capital = index.code[scene.row] == _code(index, "PPLC")
    return breadth * index.prominence[scene.row].astype(float) / 5, breadth * capital


def _dateline(scene: Scene, index: Index, belief: Floats, positions: Floats) -> tuple[Floats, Floats]:
    own = np.flatnonzero(scene.entity == scene.dateline)
    if not len(own):
        return np.zeros(len(belief)), np.zeros(len(belief))
    best = own[np.argmax(belief[own])]
    elsewhere = scene.entity != scene.dateline
    same = elsewhere * (index.country[scene.row] == index.country[scene.row[best]]) * 1.0
    km = EARTH_KM * np.sqrt(np.maximum(2 - 2 * (positions @ positions[best]), 0))
    return same, elsewhere * np.exp(-km / 150)


def unit_vectors(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Floats:
    """Return points on the unit sphere for degrees of longitude and latitude."""
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)
