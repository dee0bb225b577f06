"""What the second pass knows: what the first believed of the same name elsewhere, of its neighbours, and whereabouts.

A word that is a place once in a report is mostly one everywhere; a name listed beside places is a place; and a name
that has a bearer where the rest of the report plays is more likely that bearer.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.recognition.features import JOINT_MARK, Floats, Sheet
from geo.recognition.lexicon import AND, COMMA, Lexicon
from geo.recognition.namehood import N_CLASSES
from geo.recognition.segments import Ints
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
}
DOCUMENT_OFFSETS = np.concatenate([[0], np.cumsum(list(DOCUMENT.values()))])

DOCUMENT_VALUES = ("belief", "mean belief elsewhere", "highest belief elsewhere", "belief where it occurs elsewhere")
"""Log odds that count as they are, beside the categories."""

DOCUMENT_PRIOR: dict[str, tuple[float, ...]] = {"spelling like a place in focus": (0.0, 1.0, 2.5, 4.0, 3.0)}
"""What weights are drawn to before anything is learnt: the corpora hold few transliterated names."""

_MOST_ROWS = 24
_MOST_NAMES = 500
_MOST_LIKELY = 300
_NEAR_KM = 120.0
_EARTH_KM = 6371.0


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
        total: Floats = by_category[self.categories].sum(axis=1) + self.values @ by_value
        return total


def document_features(sheet: Sheet, lexicon: Lexicon, belief: Floats) -> DocumentFeatures:
    """Return what the first pass's beliefs say of the whole article."""
    own = _bucket(belief)
    mean, best, count = _elsewhere(_keys(sheet, lexicon), belief)
    some = count > 0
    elsewhere = np.where(some, 1 + _bucket(mean), 0)
    highest = np.where(some, 1 + _bucket(best), 0)
    first, last = _words_elsewhere(sheet, belief)
    alike = spelling_classes(sheet, lexicon, belief)
    odds = _log_odds(belief)
    values = [odds, _log_odds(mean) * some, _log_odds(best) * some, odds * some]
    columns = [
        own,
        elsewhere * 4 + np.minimum(count, 3),
        highest,
        own * (_B + 1) + elsewhere,
        _in_longer_names(sheet, belief),
        first,
        last,
        _list_neighbours(sheet, belief, lexicon.attributes[sheet.types, JOINT_MARK]),
        _bucket(np.clip(_overlapping(sheet, belief), 0, 1)),
        *_whereabouts(sheet, lexicon.index, belief, own),
        alike,
        alike * 4 + np.minimum(sheet.spans.end - sheet.spans.start, 4) - 1,
    ]
    categories = (np.stack(columns, axis=1) + DOCUMENT_OFFSETS[:-1]).astype(np.int32)
    return DocumentFeatures(categories, np.stack(values, axis=1))


def _log_odds(belief: Floats) -> Floats:
    p = np.clip(belief, 0.005, 0.995)
    odds: Floats = np.log(p / (1 - p))
    return odds


def _bucket(values: NDArray[np.floating]) -> Ints:
    return np.searchsorted(_EDGES, values).astype(np.int32)


def _keys(sheet: Sheet, lexicon: Lexicon) -> list[str]:
    normals = [lexicon.normals[t] for t in sheet.types.tolist()]
    pairs = zip(sheet.spans.start.tolist(), sheet.spans.end.tolist(), strict=True)
    return [" ".join(normals[a:b]) for a, b in pairs]


def _elsewhere(keys: list[str], belief: Floats) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """Return the mean and the highest belief in the same name elsewhere, and how often it occurs there."""
    numbers: dict[str, int] = {}
    group = np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.intp)
    count = np.bincount(group)[group] - 1
    total = np.bincount(group, belief)[group] - belief
    best = np.zeros(len(numbers))
    np.maximum.at(best, group, belief)
    holders = np.bincount(group, belief >= best[group])[group]
    second = np.zeros(len(numbers))
    np.maximum.at(second, group, np.where(belief >= best[group], 0, belief))
    highest = np.where((belief >= best[group]) & (holders < 2), second[group], best[group])
    return total / np.maximum(count, 1), highest, count


def _in_longer_names(sheet: Sheet, belief: Floats) -> Ints:
    """Return the highest belief in a longer span anywhere that holds a single word; 0 where there is none."""
    long = np.flatnonzero(sheet.spans.end - sheet.spans.start > 1)
    lengths = (sheet.spans.end - sheet.spans.start)[long]
    first = np.repeat(sheet.spans.start[long], lengths)
    tokens = first + np.arange(len(first)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    best = np.full(int(sheet.types.max()) + 1, -1.0)
    np.maximum.at(best, sheet.types[tokens], np.repeat(belief[long], lengths))
    single = sheet.spans.end - sheet.spans.start == 1
    values = np.where(single, best[sheet.types[sheet.spans.start]], -1.0)
    return np.where(values >= 0, 1 + _bucket(values), 0).astype(np.int32)


def _words_elsewhere(sheet: Sheet, belief: Floats) -> tuple[Ints, Ints]:
    """Return the mean belief in names that cover the first and the last word's other occurrences."""
    covered = np.zeros(len(sheet.types) + 1)
    np.add.at(covered, sheet.spans.start, belief)
    np.add.at(covered, sheet.spans.end, -belief)
    covered = np.clip(np.cumsum(covered)[:-1], 0, 1)
    size = int(sheet.types.max()) + 1
    total, count = np.bincount(sheet.types, covered, size), np.bincount(sheet.types, minlength=size)

    def beside(token: Ints) -> Ints:
        kind = sheet.types[token]
        others = count[kind] - 1
        mean = (total[kind] - covered[token]) / np.maximum(others, 1)
        return (np.where(others > 0, 1 + _bucket(mean), 0) * 2 + (others > 1)).astype(np.int32)

    return beside(sheet.spans.start), beside(sheet.spans.end - 1)


def _list_neighbours(sheet: Sheet, belief: Floats, joints: NDArray[np.int16]) -> Ints:
    """Return the highest belief in a span that a comma or "and" joins to this one, and whether both sides have one."""
    room = len(joints) + 3
    opening, closing = np.zeros(room), np.zeros(room)
    np.maximum.at(opening, sheet.spans.start, belief)
    np.maximum.at(closing, sheet.spans.end, belief)
    mark = np.concatenate([joints, np.zeros(3, np.int16)])
    joint = mark > 0
    both = (mark == COMMA) & (np.roll(mark, -1) == AND)  # ", and"
    start, end = sheet.spans.start, sheet.spans.end
    right = np.where(both[end], opening[np.minimum(end + 2, len(joints))], np.where(joint[end], opening[end + 1], -1))
    left = np.where(joint[start - 1] & (start > 0), closing[start - 1], -1)
    left = np.where(both[start - 2] & (start > 1), closing[start - 2], left)
    best = np.maximum(left, right)
    value = np.where(best >= 0, 1 + _bucket(best), 0)
    return (value * 2 + ((left > 0.5) & (right > 0.5))).astype(np.int32)


def _overlapping(sheet: Sheet, belief: Floats) -> Floats:
    """Return how much is believed of other spans that share a token with each."""
    starts = np.zeros(len(sheet.types) + 1)
    np.add.at(starts, sheet.spans.start, belief)
    ends = np.zeros(len(sheet.types) + 1)
    np.add.at(ends, sheet.spans.end, belief)
    begun, done = np.cumsum(starts), np.cumsum(ends)
    overlap: Floats = begun[sheet.spans.end - 1] - done[sheet.spans.start] - belief
    return overlap


def _whereabouts(sheet: Sheet, index: Index, belief: Floats, own: Ints) -> list[Ints]:
    """Return how much of the article lies in the country, in the province and near a place of each span's name."""
    shares = np.zeros((3, len(belief)))
    spans = np.flatnonzero((sheet.names >= 0) & (belief > 0.003))
    if len(spans) > _MOST_NAMES:  # whole lists of places: the surest stand for all
        spans = spans[np.argsort(-belief[spans], kind="stable")[:_MOST_NAMES]]
    if len(spans):
        shares[:, spans] = _shares(sheet.names[spans], belief[spans], index)
    country, province, near = (np.searchsorted(_SHARES, share).astype(np.int32) for share in shares)
    top = sheet.classes * _S
    return [top + country, top + province, top + near, own * _S + near]


def _shares(names: Ints, belief: Floats, index: Index) -> NDArray[np.float64]:
    """Return for each span the largest share of other names' belief around one of its places, three ways."""
    unique, of_name = np.unique(names, return_inverse=True)
    weight = np.zeros(len(unique))
    np.maximum.at(weight, of_name, belief)
    rows = [index.rows_of(int(name))[:_MOST_ROWS] for name in unique]
    owner = np.repeat(np.arange(len(rows)), [len(r) for r in rows])
    row = np.concatenate(rows).astype(np.int64)
    prior = 10 ** (index.prominence[row].astype(float) / 2)
    mass = prior / np.bincount(owner, prior)[owner] * weight[owner]
    total = np.maximum(weight.sum() - weight[owner], 0) + 1
    country = _unit_mass(index.country[row].astype(np.int64), owner, mass, index.country[row] > 0) / total
    province = _unit_mass(index.admin1[row].astype(np.int64), owner, mass, index.admin1[row] >= 0) / total
    near = _mass_near(index, row, owner, mass) / total
    best = np.zeros((3, len(unique)))
    for values, target in zip((country, province, near), best, strict=True):
        np.maximum.at(target, owner, values)
    return best[:, of_name]


def _unit_mass(unit: NDArray[np.int64], owner: NDArray[np.int64], mass: Floats, known: NDArray[np.bool_]) -> Floats:
    """Return the belief of other names in places of the same unit."""
    _, group = np.unique(unit, return_inverse=True)
    own = owner * (int(group.max()) + 1) + group
    share: Floats = np.where(known, np.bincount(group, mass)[group] - np.bincount(own, mass)[own], 0)
    return share


def _mass_near(index: Index, row: NDArray[np.int64], owner: NDArray[np.int64], mass: Floats) -> Floats:
    """Return the belief of other names in places nearby, fading with distance."""
    x, y = np.radians(index.lon[row].astype(float)), np.radians(index.lat[row].astype(float))
    points = np.stack([np.cos(y) * np.cos(x), np.cos(y) * np.sin(x), np.sin(y)], axis=1)
    likely = np.flatnonzero(mass > 0.1)[:_MOST_LIKELY]
    square = np.maximum(2 - 2 * (points @ points[likely].T), 0) * (_EARTH_KM / _NEAR_KM) ** 2
    other = owner[:, None] != owner[likely][None, :]
    near: Floats = (np.exp(-square) * other) @ mass[likely]
    return near
