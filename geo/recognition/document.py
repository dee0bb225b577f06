"""What the second pass knows: what the first believed of the same name elsewhere, of its neighbours, and whereabouts.

A word that is a place once in a report is mostly one everywhere; a name listed beside places is a place; and a name
that has a bearer where the rest of the report plays is more likely that bearer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.recognition.features import Floats, Sheet
from geo.recognition.lexicon import AND, COMMA, HYPHEN, Ints, Lexicon
from geo.recognition.namehood import N_CLASSES
from geo.recognition.segments import MAX_LENGTH, Spans
from geo.recognition.spelling import SAME, spelling_classes

_EDGES = np.array([0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.97])
_B = len(_EDGES) + 1
_SHARES = np.array([0.02, 0.08, 0.2, 0.4, 0.65])
_S = len(_SHARES) + 1
_T = N_CLASSES

DOCUMENT: dict[str, int] = {
    "belief": _B,
    "mean belief elsewhere": (_B + 1) * 4,
    "highest belief elsewhere": _B + 1,
    "belief here and elsewhere": _B * (_B + 1),
    "belief in longer names that hold it": _B + 1,
    "belief in its first word elsewhere": (_B + 1) * 2,
    "belief in its last word elsewhere": (_B + 1) * 2,
    "belief in its list neighbours": (_B + 1) * 2,
    "belief in what overlaps": _B,
    "class and share of the country": _T * _S,
    "class and share of the province": _T * _S,
    "class and places near": _T * _S,
    "belief and places near": _B * _S,
    "spelling like a place in focus": SAME + 1,
    "words and spelling like a place in focus": (SAME + 1) * 4,
    "hyphens inside, and a name": 3,
}
DOCUMENT_OFFSETS = np.concatenate([[0], np.cumsum(list(DOCUMENT.values()))])

DOCUMENT_VALUES = ("belief", "mean belief elsewhere", "highest belief elsewhere", "belief where it occurs elsewhere")
"""Log odds that count as they are, beside the categories."""

DOCUMENT_PRIOR: dict[str, tuple[float, ...]] = {
    "spelling like a place in focus": (0.0, 1.0, 2.5, 4.0, 3.0),
    "hyphens inside, and a name": (0.0, 0.0, 4.0),
}
"""What weights are drawn to before anything is learnt: the corpora hold few transliterated and few compound names."""

_MOST_ROWS = 24
_MOST_NAMES = 500
_MOST_LIKELY = 300
_LEAST_BELIEF = 0.003
_NEAR_KM = 120.0
_EARTH_KM = 6371.0


_MIX = np.uint64(0x9E3779B97F4A7C15)
_EXACT = 1 << 40
"""Beliefs are summed over a text in whole numbers of this fraction: so sums do not depend on what came before."""


@dataclass(frozen=True, slots=True)
class DocumentFeatures:
    """What the second pass knows of the whole article: a row a span.

    Attributes
    ----------
    categories
        In the order of `DOCUMENT`, each with its offset added.
    values
        In the order of `DOCUMENT_VALUES`: log odds of beliefs, 0 where there is nothing to believe.
    """

    categories: Ints
    values: Floats

    def scores(self, weights: NDArray[np.float32]) -> Floats:
        """Return the score of each span; the weights of the values follow those of the categories."""
        by_category, by_value = np.split(weights, [int(DOCUMENT_OFFSETS[-1])])
        total: Floats = by_category[self.categories].sum(axis=1) + (self.values * by_value).sum(axis=1)
        return total


def document_features(sheet: Sheet, lexicon: Lexicon, belief: Floats) -> DocumentFeatures:
    """Return what the first pass's beliefs say of the whole article each span is in."""
    mean, best, count = _elsewhere(_same_names(sheet, lexicon), belief)
    some = count > 0
    beliefs = np.stack([belief, mean, best])
    own, *others = _bucket(beliefs)
    elsewhere, highest = (np.where(some, 1 + bucket, 0) for bucket in others)
    words = _words_of_articles(sheet)
    first, last = _words_elsewhere(words, sheet.spans, belief)
    alike = spelling_classes(sheet, lexicon, belief)
    odds, odds_of_mean, odds_of_best = _log_odds(beliefs)
    values = [odds, odds_of_mean * some, odds_of_best * some, odds * some]
    columns = [
        own,
        elsewhere * 4 + np.minimum(count, 3),
        highest,
        own * (_B + 1) + elsewhere,
        _in_longer_names(words, sheet.spans, belief),
        first,
        last,
        _list_neighbours(sheet.spans, belief, lexicon.facts["joint"][sheet.strip.types]),
        _bucket(np.clip(_overlapping(words, sheet.spans, belief), 0, 1)),
        *_whereabouts(sheet, lexicon.index, belief, own),
        alike,
        alike * 4 + np.minimum(sheet.spans.end - sheet.spans.start, 4) - 1,
        _compounds(sheet, lexicon),
    ]
    categories = (np.stack(columns, axis=1) + DOCUMENT_OFFSETS[:-1]).astype(np.int32)
    return DocumentFeatures(categories, np.stack(values, axis=1))


def _compounds(sheet: Sheet, lexicon: Lexicon) -> Ints:
    """Return 0 for spans without hyphens, 1 for those with, and 2 where these are names: Boulogne-Billancourt."""
    hyphens = np.cumsum(lexicon.facts["marks"][sheet.strip.types] & HYPHEN > 0)
    inside = hyphens[sheet.spans.end - 1] > hyphens[sheet.spans.start]
    return (inside * (1 + (sheet.names >= 0))).astype(np.int32)


def _log_odds(belief: Floats) -> Floats:
    p = np.clip(belief, 0.005, 0.995)
    odds: Floats = np.log(p / (1 - p))
    return odds


def _bucket(values: NDArray[np.floating]) -> Ints:
    return np.searchsorted(_EDGES, values).astype(np.int32)


def _same_names(sheet: Sheet, lexicon: Lexicon) -> NDArray[np.intp]:
    """Return a number for each span; those with the same normal form in the same article have the same."""
    normals = (lexicon.facts["normal"][sheet.strip.types] + 1).astype(np.uint64)
    spans = sheet.spans
    key = sheet.articles.astype(np.uint64)
    for offset in range(MAX_LENGTH):  # a hash of 64 bits: a batch has thousands of spans, not billions
        inside = spans.start + offset < spans.end
        key = key * _MIX + np.where(inside, normals[np.where(inside, spans.start + offset, 0)], 0)
    return np.unique(key, return_inverse=True)[1]


def _elsewhere(group: NDArray[np.intp], belief: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the mean and the highest belief in the same name elsewhere, and how often it occurs there."""
    count = np.bincount(group)[group] - 1
    total = np.bincount(group, belief)[group] - belief
    best = np.zeros(len(group))
    np.maximum.at(best, group, belief)
    holders = np.bincount(group, belief >= best[group])[group]
    second = np.zeros(len(group))
    np.maximum.at(second, group, np.where(belief >= best[group], 0, belief))
    highest = np.where((belief >= best[group]) & (holders < 2), second[group], best[group])
    return total / np.maximum(count, 1), highest, count


def _words_of_articles(sheet: Sheet) -> NDArray[np.intp]:
    """Return a number for each token; those of the same word type in the same article have the same."""
    strip = sheet.strip
    key = strip.article.astype(np.int64) * (int(strip.types.max()) + 1) + strip.types
    words: NDArray[np.intp] = np.unique(key, return_inverse=True)[1]
    return words


def _in_longer_names(words: NDArray[np.intp], spans: Spans, belief: Floats) -> Ints:
    """Return the highest belief in a longer span anywhere that holds a single word; 0 where there is none."""
    single = spans.end - spans.start == 1
    owner, token = spans.tokens()
    inner = ~single[owner]
    best = np.full(len(words), -1.0)
    np.maximum.at(best, words[token[inner]], belief[owner[inner]])
    values = np.where(single, best[words[spans.start]], -1.0)
    return np.where(values >= 0, 1 + _bucket(values), 0).astype(np.int32)


def _words_elsewhere(words: NDArray[np.intp], spans: Spans, belief: Floats) -> tuple[Ints, Ints]:
    """Return the mean belief in names that cover the first and the last word's other occurrences."""
    covered = np.clip((_begun(spans.start, len(words), belief) - _begun(spans.end, len(words), belief)) / _EXACT, 0, 1)
    total, count = np.bincount(words, covered), np.bincount(words)

    def beside(token: Ints) -> Ints:
        word = words[token]
        others = count[word] - 1
        mean = (total[word] - covered[token]) / np.maximum(others, 1)
        return (np.where(others > 0, 1 + _bucket(mean), 0) * 2 + (others > 1)).astype(np.int32)

    return beside(spans.start), beside(spans.end - 1)


def _begun(tokens: Ints, count: int, belief: Floats) -> NDArray[np.int64]:
    """Return for each of ``count`` tokens the sum of beliefs noted at or before it, in parts of `_EXACT`."""
    noted = np.zeros(count, np.int64)
    np.add.at(noted, tokens, np.rint(belief * _EXACT).astype(np.int64))
    return np.cumsum(noted)


def _list_neighbours(spans: Spans, belief: Floats, mark: NDArray[np.int8]) -> Ints:
    """Return the highest belief in a span that a comma or "and" joins to this one, and whether both sides have one."""
    opening, closing = np.zeros((2, len(mark)))
    start, end = spans.start, spans.end
    np.maximum.at(opening, start, belief)
    np.maximum.at(closing, end, belief)
    joint = mark > 0
    both = (mark == COMMA) & (np.append(mark[1:], 0) == AND)  # ", and"
    right = np.where(both[end], opening[end + 2], np.where(joint[end], opening[end + 1], -1))
    left = np.where(joint[start - 1], closing[start - 1], -1)
    left = np.where(both[start - 2], closing[start - 2], left)
    best = np.maximum(left, right)
    value = np.where(best >= 0, 1 + _bucket(best), 0)
    return (value * 2 + ((left > 0.5) & (right > 0.5))).astype(np.int32)


def _overlapping(words: NDArray[np.intp], spans: Spans, belief: Floats) -> Floats:
    """Return how much is believed of other spans that share a token with each."""
    begun, done = _begun(spans.start, len(words), belief), _begun(spans.end, len(words), belief)
    overlap: Floats = (begun[spans.end - 1] - done[spans.start]) / _EXACT - belief
    return overlap


def _whereabouts(sheet: Sheet, index: Index, belief: Floats, own: Ints) -> list[Ints]:
    """Return how much of the article lies in the country, in the province and near a place of each span's name."""
    shares = np.zeros((3, len(belief)))
    spans = _surest(np.flatnonzero((sheet.names >= 0) & (belief > _LEAST_BELIEF)), sheet.articles, belief)
    if len(spans):
        shares[:, spans] = _shares(sheet.names[spans], sheet.articles[spans], belief[spans], index)
    country, province, near = (np.searchsorted(_SHARES, share).astype(np.int32) for share in shares)
    top = sheet.classes * _S
    return [top + country, top + province, top + near, own * _S + near]


def _surest(spans: NDArray[np.intp], articles: Ints, belief: Floats) -> NDArray[np.intp]:
    """Return of each article's spans those believed most: of whole lists of places the surest stand for all."""
    if len(spans) <= _MOST_NAMES:
        return spans
    order = np.lexsort((-belief[spans], articles[spans]))
    counts = np.bincount(articles[spans])
    rank = np.arange(len(spans)) - np.repeat(np.cumsum(counts) - counts, counts)
    return spans[order[rank < _MOST_NAMES]]


@dataclass(frozen=True, slots=True)
class _Bearers:
    """The places that the names of some articles may stand for.

    ``article`` and ``weight`` (the highest belief in it) of each name; ``name`` and ``row`` of each place, by article;
    ``mass`` is its share of the name's belief.
    """

    article: NDArray[np.int64]
    weight: Floats
    name: NDArray[np.int64]
    row: NDArray[np.uint32]
    mass: Floats


def _shares(names: Ints, articles: Ints, belief: Floats, index: Index) -> NDArray[np.float64]:
    """Return for each span the largest share of other names' belief around one of its places, three ways."""
    room = len(index.classes)
    unique, of_name = np.unique(articles.astype(np.int64) * room + names, return_inverse=True)
    article = unique // room
    weight = np.zeros(len(unique))
    np.maximum.at(weight, of_name, belief)
    name, row = index.bearers(unique % room, _MOST_ROWS)
    prior = 10 ** (index.prominence[row].astype(float) / 2)
    mass = prior / np.bincount(name, prior)[name] * weight[name]
    bearers = _Bearers(article, weight, name, row, mass)
    total = np.maximum(np.bincount(article, weight)[article] - weight, 0) + 1
    country, admin1 = index.country[row].astype(np.int64), index.admin1[row].astype(np.int64)
    in_country, in_province = _unit_mass(country, country > 0, bearers), _unit_mass(admin1, admin1 >= 0, bearers)
    best = np.zeros((3, len(unique)))
    for target, values in zip(best, (in_country, in_province, _mass_near(index, bearers)), strict=True):
        np.maximum.at(target, name, values / total[name])
    return best[:, of_name]


def _unit_mass(unit: NDArray[np.int64], known: NDArray[np.bool_], bearers: _Bearers) -> Floats:
    """Return the belief of the article's other names in places of the same unit."""
    room = int(unit.max()) + 2  # -1 is a unit too
    _, first, own = np.unique(bearers.name * room + unit, return_index=True, return_inverse=True)
    together = np.unique((bearers.article[bearers.name] * room + unit)[first], return_inverse=True)[1]
    mass = np.bincount(own, bearers.mass)
    others = np.bincount(together, mass)[together] - mass
    return np.where(known, others[own], 0)


def _mass_near(index: Index, bearers: _Bearers) -> Floats:
    """Return the belief of the article's other names in places nearby, fading with distance."""
    x, y = np.radians(index.lon[bearers.row].astype(float)), np.radians(index.lat[bearers.row].astype(float))
    points = np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)
    near = np.zeros(len(points))
    cuts = np.flatnonzero(np.diff(bearers.article[bearers.name])) + 1
    for start, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(points)], strict=True):
        own = slice(start, end)
        near[own] = _near(points[own], bearers.name[own], bearers.mass[own])
    return near


def _near(points: Floats, name: NDArray[np.int64], mass: Floats) -> Floats:
    likely = np.flatnonzero(mass > 0.1)[:_MOST_LIKELY]
    square = np.maximum(2 - 2 * (points @ points[likely].T), 0) * (_EARTH_KM / _NEAR_KM) ** 2
    other = name[:, None] != name[likely][None, :]
    near: Floats = (np.exp(-square) * other) @ mass[likely]
    return near
