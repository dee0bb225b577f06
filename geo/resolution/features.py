"""The named features of a candidate: what its score is the weighted sum of.

The first group needs no other name (``OWN``); the second asks what the article's other names stand for (``CONTEXT``),
and is worked out anew from each stage's beliefs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import Index
from geo.gazetteer.sources import NAME_KINDS
from geo.resolution.scene import Scene

Floats = NDArray[np.float64]

_KINDS = ("country", "admin1", "admin2", "city", "region", "facility", "water", "continent")
_SHORT = 4
_SEATS = (("PPLC",), ("PPLA",), ("PPLA2", "PPLA3", "PPLA4"), ("PPLX",))
"""GeoNames codes of capitals, of seats of first-level units, of seats of smaller ones, and of parts of towns."""

_ASKED = ("admin1", "admin2", "city", "other kind")
_ASKABLE_AS = {"land": ("region",), "region": ("region", "admin1", "admin2"), "city": ("city",)}

OWN: tuple[str, ...] = (
    "prominence",
    "size",
    "number of its names",
    "most prominent of its name",
    "rank among its name",
    *(f"is {kind}" for kind in _KINDS),
    *(f"name is {kind}" for kind in NAME_KINDS),
    "capital",
    "seat of a province",
    "seat of a district",
    "part of a town",
    *(f"{kind} asked for" for kind in _ASKED),
    "another kind asked for",
    "abbreviation in capitals",
    "abbreviation not in capitals",
    "unit of a town of its name",
    "town of a unit of its name",
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
    "country where many countries are named",
    "country of the dateline",
    "near the dateline",
    "of the kind of those it is listed with",
    "meant by the name alone, where nothing else is named",
)

EARTH_KM = 6371.0088
_NEARBY = np.cos(80 / EARTH_KM)
"""Cosine of the angle between places 80 km apart."""
_LIKELY = 0.15
"""Belief from which on a place bears on others."""
_LEAST_ALONE = 0.0005
"""Belief below which a name, by itself, does not mean a place."""
_CLEAR = 0.4
"""Belief from which on a name, by itself, means a place."""
_FADING_KM = 150.0
"""How far the nearest place's bearing reaches, to a fall to 1/e."""


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
        index.size[row].astype(float) / 5,
        np.log10(index.name_count[row] + 1.0),
        prominence >= top,
        1 / (1 + _rank(scene)),
        *(feature == FEATURES.index(name) for name in _KINDS),
        *(kind == number for number in range(len(NAME_KINDS))),
        *(_seat_of_code(index)[code] == number for number in range(1, len(_SEATS) + 1)),
        *asked,
        other,
        abbreviation & upper,
        abbreviation & ~upper,
        *_namesakes(scene, index),
        _beside_capital(scene, index),
        top - prominence > FAR_LESS,
        scene.similarity - 1,
    ]
    return np.array(columns, float).T


@lru_cache(maxsize=4)
def _seat_of_code(index: Index) -> NDArray[np.intp]:
    """Return for each of the index's codes the number of its kind of seat among `_SEATS`, from 1; 0 for none."""
    kinds = {code: number for number, codes in enumerate(_SEATS, 1) for code in codes}
    return np.array([kinds.get(code, 0) for code in index.feature_codes], np.intp)


def _code(index: Index, name: str) -> int:
    return index.feature_codes.index(name) if name in index.feature_codes else -1


def _top_of_entity(scene: Scene, prominence: Floats) -> Floats:
    top = np.maximum.reduceat(prominence, scene.starts)
    return np.repeat(top, scene.counts())


def _rank(scene: Scene) -> Floats:
    return (np.arange(len(scene.row)) - np.repeat(scene.starts, scene.counts())).astype(float)


def _asked(scene: Scene, feature: NDArray[np.uint8]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell by kind which candidates are of the kind that the words around ask for, and which are of another."""
    groups = [_asked_group(e.asked) for e in scene.entities]
    group = np.array([number for number, _ in groups], np.intp)[scene.entity]
    fits = np.stack([kinds for _, kinds in groups])[scene.entity, feature]
    match = fits & (group == np.arange(len(_ASKED))[:, None])
    return match, (group >= 0) & ~fits


@cache
def _asked_group(asked: str) -> tuple[int, NDArray[np.bool_]]:
    """Return the number of a kind that words ask for, -1 for none, and which of `FEATURES` are of that kind."""
    kinds = np.isin(FEATURES, _ASKABLE_AS.get(asked, (asked,)))
    return (_ASKED.index(asked) if asked in _ASKED else len(_ASKED) - 1) if asked else -1, kinds


def _namesakes(scene: Scene, index: Index) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which units hold a town of the same name, and which towns lie in such a unit."""
    row = scene.row
    key = scene.entity * len(index) + row
    city = index.feature[row] == FEATURES.index("city")
    units, towns = np.flatnonzero(~city), np.flatnonzero(city)
    units = units[np.argsort(key[units], kind="stable")]
    holds, lies = np.zeros(len(row), bool), np.zeros(len(row), bool)
    for level in (index.admin1, index.admin2):
        wanted = key[towns] - row[towns] + level[row[towns]]
        at = np.searchsorted(key[units], wanted)
        held = (level[row[towns]] >= 0) & (np.append(key[units], -1)[at] == wanted)
        holds[units[at[held]]] = True
        lies[towns[held]] = True
    return holds, lies


def _beside_capital(scene: Scene, index: Index) -> NDArray[np.bool_]:
    """Tell which places share name and country with a capital that they are not: Washington state, with D.C."""
    capital = index.code[scene.row] == _code(index, "PPLC")
    key = scene.entity * len(index.country_codes) + index.country[scene.row]
    country = index.feature[scene.row] == FEATURES.index("country")
    beside: NDArray[np.bool_] = ~capital & ~country & np.isin(key, key[capital])
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


def ground_of(scene: Scene, index: Index, own: Floats) -> Ground:
    """Return what all stages need to know of a scene's candidates, from their own features among others."""
    row = scene.row
    positions = unit_vectors(index.lon[row].astype(float), index.lat[row].astype(float))
    admin1 = np.unique(np.append(-1, index.admin1[row]), return_inverse=True)[1][1:]
    is_unit = np.isin(index.feature[row], [FEATURES.index("admin1"), FEATURES.index("admin2")])
    beside = own[:, [OWN.index("unit of a town of its name"), OWN.index("beside a capital of its name")]]
    namesake = is_unit & (beside > 0).any(axis=1)
    borne = _borne(scene, admin1, positions)
    return Ground(index.country[row].astype(np.int64), admin1, positions, borne, namesake)


def context_features(scene: Scene, index: Index, belief: Floats, ground: Ground, alone: Floats) -> Floats:
    """Return the features of the group ``CONTEXT``.

    Parameters
    ----------
    belief
        What each candidate is believed at so far; sums to 1 over an entity.
    alone
        What each candidate is believed at by the first stage, which knows of no other name.
    """
    focus, only = _focus(scene, ground.country, belief)
    province, _ = _focus(scene, ground.admin1, belief)
    near = _proximity(scene, belief, ground.positions)
    inside, outside, holder = _containment(scene, index, belief)
    named_country, named_admin1 = _named(scene, index, belief)
    same, close = _dateline(scene, index, belief, ground.positions)
    holding = _holding(scene, index, belief)
    columns = [
        focus, only, province, *near, inside, outside, holder, *ground.borne,
        named_country, named_admin1, holding, ground.namesake * np.exp(-3 * holding),
        *_abroad(scene, index, ground.country, belief), same, close,
        _listed(scene, index, belief), _alone(scene, alone),
    ]  # fmt: skip
    return np.array(columns).T


def _focus(scene: Scene, unit: NDArray[np.int64], belief: Floats) -> tuple[Floats, Floats]:
    """Return the share of the other entities' belief that lies in the candidate's unit, and whether all of it does."""
    known = unit > 0
    weight = belief * known
    room = int(unit.max()) + 1
    own_key, key = scene.entity * room + unit, scene.article * room + unit
    own = np.bincount(own_key, weight)[own_key]
    total = np.bincount(scene.article, weight)[scene.article]
    rest = np.maximum(total - np.bincount(scene.entity, weight)[scene.entity], 1e-9)
    others = np.maximum(np.bincount(key, weight)[key] - own, 0)
    share = np.where(known, others / (rest + 1), 0)
    return share, np.where(known & (others > 0.9 * rest) & (rest > 0.5), 1.0, 0.0)


def _proximity(scene: Scene, belief: Floats, positions: Floats) -> Floats:
    """Return a row for each reach and one more: how much belief of other entities lies within it, and how near it is.

    The first saturate. The chord stands for the arc: exact enough below some thousand kilometres.
    """
    found = np.zeros((len(REACHES_KM) + 1, len(belief)))
    for here in scene.articles():
        place, own, weight = positions[here], scene.entity[here], belief[here]
        likely = np.flatnonzero(weight > _LIKELY)
        chord = np.maximum(2 - 2 * np.clip(place @ place[likely].T, -1, 1), 0)
        weights = weight[likely] * (own[:, None] != own[likely])
        for number, reach in enumerate(REACHES_KM):
            found[number, here] = (weights * np.exp(-chord * (EARTH_KM / reach) ** 2)).sum(axis=1)
        found[-1, here] = (weights * np.exp(-np.sqrt(chord) * (EARTH_KM / _FADING_KM))).max(axis=1, initial=0)
    found[:-1] = np.log1p(found[:-1])
    return found


def _borne(scene: Scene, admin1: NDArray[np.int64], positions: Floats) -> tuple[Floats, Floats]:
    """Return how many of the other names have a bearer in the candidate's province, and how many one nearby.

    Whatever is believed so far: a Dublin, a Columbus and a Worthington meet in one state only. Rarer names count more.
    """
    rarity = 1 / np.sqrt(np.maximum(np.bincount(scene.entity), 1))
    own = rarity[scene.entity]
    room = int(admin1.max()) + 1
    names = np.unique(scene.entity * room + admin1, return_index=True)[1]
    key = scene.article * room + admin1
    share = np.bincount(key[names], own[names])[key] - own
    around = -own
    for here in scene.articles():
        place = positions[here]
        first, last = np.searchsorted(scene.starts, (here.start, here.stop)).tolist()
        for start, end in pairwise([*scene.starts[first:last].tolist(), here.stop]):
            near = (place @ positions[start:end].T > _NEARBY).any(axis=1)
            around[here] += near * own[start]
    around = np.log1p(np.maximum(around, 0))
    return np.where(admin1 > 0, np.log1p(np.maximum(share, 0)), 0), around


def _containment(scene: Scene, index: Index, belief: Floats) -> tuple[Floats, Floats, Floats]:
    """Return for "Hama, Syria": belief that the candidate lies in its holder, that it does not, and the reverse."""
    inside, outside, holder = np.zeros(len(belief)), np.zeros(len(belief)), np.zeros(len(belief))
    for held, holding in scene.containers:
        a, b = scene.candidates(held), scene.candidates(holding)
        lies = _lies_in(scene.row[a], scene.row[b], index)
        if not lies.any():
            continue
        inside[a] = np.maximum(inside[a], (lies * belief[b]).max(axis=1))
        outside[a] = np.maximum(outside[a], 1 - lies.any(axis=1))
        holder[b] = np.maximum(holder[b], (lies * belief[a][:, None]).max(axis=0))
    return inside, outside, holder


def _lies_in(rows: NDArray[np.int64], holders: NDArray[np.int64], index: Index) -> NDArray[np.bool_]:
    """Tell for all pairs whether the first place lies in the second, a country, a unit of either level."""
    is_country = index.feature[holders] == FEATURES.index("country")
    countries = np.where(is_country, index.country[holders].astype(np.int64), -1)
    different = rows[:, None] != holders[None, :]
    in_country = index.country[rows][:, None] == countries[None, :]
    in_unit = (index.admin1[rows][:, None] == holders[None, :]) | (index.admin2[rows][:, None] == holders[None, :])
    lies: NDArray[np.bool_] = different & (in_country | in_unit)
    return lies


def _named(scene: Scene, index: Index, belief: Floats) -> tuple[Floats, Floats]:
    """Return the belief that the candidate's country, and its province, is named in the text by another entity."""
    feature, admin1 = index.feature[scene.row], index.admin1[scene.row]
    is_country = feature == FEATURES.index("country")
    key = scene.article * len(index.country_codes) + index.country[scene.row]
    countries = np.zeros(int(key.max()) + 1)
    np.maximum.at(countries, key[is_country], belief[is_country])
    country = np.where(is_country, 0, countries[key])
    units = np.flatnonzero(feature == FEATURES.index("admin1"))
    if not len(units):
        return country, np.zeros(len(belief))
    keys = scene.article[units] * len(index) + scene.row[units]
    order = np.argsort(keys, kind="stable")
    wanted = scene.article * len(index) + admin1
    at = order[np.searchsorted(keys[order], wanted, side="right") - 1]  # of several names of a province the last
    named = (admin1 >= 0) & (keys[at] == wanted) & (scene.entity[units[at]] != scene.entity)
    return country, np.where(named, belief[units[at]], 0)


def _holding(scene: Scene, index: Index, belief: Floats) -> Floats:
    """Return the belief in places of other entities that lie in the candidate, where it is a country or a unit."""
    held = np.zeros(len(belief))
    for here in scene.articles():
        row, own, weight = scene.row[here], scene.entity[here], belief[here]
        likely = np.flatnonzero(weight > _LIKELY)
        lies = _lies_in(row[likely], row, index) & (own[likely][:, None] != own)
        held[here] = (lies * weight[likely][:, None]).sum(axis=0)
    return np.log1p(held)


def _abroad(scene: Scene, index: Index, country: NDArray[np.int64], belief: Floats) -> tuple[Floats, Floats, Floats]:
    """Return prominence, being a capital and a country, each times the order of how many countries are written about.

    A paper of one town means its neighbours, the world's news mean the well-known.
    """
    room, articles = len(index.country_codes), int(scene.article.max()) + 1
    share = np.bincount(scene.article * room + country, belief, articles * room).reshape(articles, room)[:, 1:]
    effective = share.sum(axis=1) ** 2 / np.maximum((share**2).sum(axis=1), 1e-9)
    breadth = np.log(np.maximum(effective, 1.0))[scene.article]
    capital = index.code[scene.row] == _code(index, "PPLC")
    is_country = index.feature[scene.row] == FEATURES.index("country")
    return breadth * index.prominence[scene.row].astype(float) / 5, breadth * capital, breadth * is_country


def _dateline(scene: Scene, index: Index, belief: Floats, positions: Floats) -> tuple[Floats, Floats]:
    same, near = np.zeros(len(belief)), np.zeros(len(belief))
    for entity in scene.datelines:
        own = scene.candidates(entity)
        if own.start == own.stop:
            continue
        best = own.start + int(np.argmax(belief[own]))
        article = np.searchsorted(scene.article, (scene.article[best], scene.article[best] + 1))
        here = slice(*article.tolist())
        elsewhere = scene.entity[here] != entity
        same[here] = elsewhere * (index.country[scene.row[here]] == index.country[scene.row[best]])
        chord = np.sqrt(np.maximum(2 - 2 * (positions[here] * positions[best]).sum(axis=1), 0))
        near[here] = elsewhere * np.exp(-chord * (EARTH_KM / _FADING_KM))
    return same, near


def _listed(scene: Scene, index: Index, belief: Floats) -> Floats:
    """Return how much of what each candidate's name is listed with is of its kind: countries stand beside countries."""
    if not scene.listed:
        return np.zeros(len(belief))
    feature = index.feature[scene.row].astype(np.int64)
    size = len(scene.entities) * len(FEATURES)
    kinds = np.bincount(scene.entity * len(FEATURES) + feature, belief, size).reshape(-1, len(FEATURES))
    beside = np.zeros_like(kinds)
    left, right = np.array(scene.listed).T
    np.add.at(beside, left, kinds[right])
    np.add.at(beside, right, kinds[left])
    share: Floats = (beside / np.maximum(beside.sum(axis=1, keepdims=True), 1))[scene.entity, feature]
    return share


def _alone(scene: Scene, alone: Floats) -> Floats:
    """Return the log of what each candidate of an article's only name is believed at by that name.

    It is 0 where there are other names, and where the name alone is as good as silent.
    """
    only = np.bincount(scene.article[scene.starts])[scene.article] == 1
    clear = np.repeat(np.maximum.reduceat(alone, scene.starts) > _CLEAR, scene.counts())
    meant: Floats = np.log(np.maximum(alone, _LEAST_ALONE)) * (only & clear)
    return meant


def unit_vectors(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> Floats:
    """Return points on the unit sphere for degrees of longitude and latitude."""
    x, y = np.radians(lon), np.radians(lat)
    return np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)
