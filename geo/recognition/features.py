"""What the first pass knows of each candidate span: the words around and inside it, and the gazetteer's names.

Features come in three forms, so that scoring an article is a handful of array operations: *word types* in roles beside
and inside the span, *categories* (one value of a small set each; some are the conjunction of two or three things), and
*flags* (0 or 1).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.recognition.lexicon import ATTRIBUTES, CAPITAL_LONG, COMMA, LONG, UPPER_LONG, Lexicon
from geo.recognition.namehood import N_CLASSES, flags, top_classes
from geo.recognition.segments import CAPITAL, LINK, MAX_LENGTH, Ints, Spans, find_spans, joined_articles
from geo.recognition.tokens import Tokens
from geo.recognition.words import TYPE_CLASSES

Floats = NDArray[np.float64]

_T, _W = N_CLASSES, len(TYPE_CLASSES)
_UNCASED, _PERSON = 10, 8
_CASINGS = (LONG, CAPITAL_LONG, UPPER_LONG)
TYPE, JOINT_MARK, CASING = (ATTRIBUTES.index(name) for name in ("type", "joint", "casing"))

CATEGORIES: dict[str, int] = {
    "class of the name and length": _T * 4,
    "class and how common in lower case": _T * _UNCASED + 1,
    "class and use as surname": _T * _PERSON + 1,
    "class and use as given name": _T * _PERSON + 1,
    "class and capitals left and right": _T * 9,
    "class and class of a longer name around": _T * _T,
    "class and class of the name after a comma": _T * _T,
    "class and class of the name before a comma": _T * _T,
    "type word that ends it, and the rest": _W * _T * 2 + 1,
    "type word that opens it, and the rest": _W * _T * 2 + 1,
    "class and place in the text": _T * 4,
    "class and number of places": _T * 7,
    "class and casing of the sentence": _T * 3,
    "class and type word to the left": _T * _W,
    "class and type word to the right": _T * _W,
    "length": 7,
}
OFFSETS = np.concatenate([[0], np.cumsum(list(CATEGORIES.values()))])


@dataclass(frozen=True, slots=True)
class Sheet:
    """An article laid out for scoring: one row a candidate span.

    Attributes
    ----------
    types
        Word type of each token.
    roles
        Word type in each role of `geo.recognition.lexicon.ROLES` but ``inner``, one column a role.
    names
        Gazetteer's name id of each span, -1 for none.
    classes
        `geo.recognition.namehood` class of each span's name.
    categories
        Columns in the order of `CATEGORIES`, each with its offset added: indexes into one array of weights.
    flags
        Columns of `geo.recognition.namehood.FLAGS`.
    """

    tokens: Tokens
    spans: Spans
    types: Ints
    roles: Ints
    names: Ints
    classes: Ints
    categories: Ints
    flags: NDArray[np.float32]


def lay_out(tokens: Tokens, lexicon: Lexicon) -> Sheet:
    """Return the candidate spans of a text with what is known of them."""
    types = lexicon.ids_of(tokens.words)
    kinds = joined_articles([lexicon.kinds[t] for t in types], tokens.words)
    spans = find_spans(kinds, tokens)
    ids = np.array(types, np.int32)
    names = _names(tokens, types, kinds, spans, lexicon)
    bits = lexicon.index.classes[np.maximum(names, 0)]
    top = top_classes(bits, names >= 0)
    first, last = _sentence_bounds(tokens, spans)
    roles = _roles(ids, spans, first, last)
    context = _Context(tokens, spans, np.array(kinds, np.int32), names, top, first, last)
    categories = _categories(context, ids, roles, lexicon) + OFFSETS[:-1]
    known = (names >= 0)[:, None]
    return Sheet(tokens, spans, ids, roles, names, top, categories.astype(np.int32), flags(bits) * known)


@dataclass(frozen=True, slots=True)
class _Context:
    tokens: Tokens
    spans: Spans
    kinds: Ints
    names: Ints
    top: Ints
    first: Ints
    last: Ints


def _names(tokens: Tokens, types: list[int], kinds: list[int], spans: Spans, lexicon: Lexicon) -> Ints:
    """Return the name id of each span: runs of normal forms looked up from each token that may open a name."""
    normals = [lexicon.normals[t] for t in types]
    kept = [i for i, normal in enumerate(normals) if normal]
    compact = [normals[i] for i in kept]
    # place[i]: how many tokens before i have a normal form; a trailing full stop has none, so "Ala." is "Ala".
    place = np.concatenate([[0], np.cumsum([bool(normal) for normal in normals])]).tolist()
    found: dict[tuple[int, int], int] = {}
    ends = spans.segments[spans.segment, 1].tolist()
    names_in = lexicon.index.names_in
    for i, end in dict(zip(spans.start.tolist(), ends, strict=True)).items():
        first = place[i]
        for count, name in names_in(" ".join(compact[first : min(place[end], first + MAX_LENGTH)])):
            found[first, first + count] = name
    pairs = zip(spans.start.tolist(), spans.end.tolist(), strict=True)
    return np.array([found.get((place[i], place[j]), -1) for i, j in pairs], np.int32)


def _sentence_bounds(tokens: Tokens, spans: Spans) -> tuple[Ints, Ints]:
    """Return the first token of each span's sentence, and the one past its last."""
    bounds = np.array(tokens.first, np.int32)
    sentence = np.searchsorted(bounds, spans.start, side="right") - 1
    return bounds[sentence], bounds[sentence + 1]


def _roles(ids: Ints, spans: Spans, first: Ints, last: Ints) -> Ints:
    start, end = spans.start, spans.end
    padded = np.concatenate([ids, np.zeros(2, np.int32)])
    columns = [
        np.where(start - 2 >= first, padded[start - 2], 0),
        np.where(start - 1 >= first, padded[start - 1], 0),
        padded[start],
        padded[end - 1],
        np.where(end - start == 1, padded[start], 0),
        np.where(end < last, padded[end], 0),
        np.where(end + 1 < last, padded[end + 1], 0),
    ]
    return np.stack(columns, axis=1).astype(np.int32)


def _categories(c: _Context, ids: Ints, roles: Ints, lexicon: Lexicon) -> Ints:
    top, length = c.top, c.spans.end - c.spans.start
    single = length == 1
    uncased, given, surname, opening, _, _ = lexicon.attributes[roles[:, 2]].T.astype(np.int32)
    left_type, closing, right_type = lexicon.attributes[roles[:, [1, 3, 5]], TYPE].T.astype(np.int32)
    before, after = _names_beside(c, lexicon.attributes[ids, JOINT_MARK] == COMMA)
    columns = [
        top * 4 + np.minimum(length, 4) - 1,
        np.where(single, 1 + top * _UNCASED + np.minimum(uncased, _UNCASED - 1), 0),
        np.where(single, 1 + top * _PERSON + surname, 0),
        np.where(single, 1 + top * _PERSON + given, 0),
        top * 9 + _capitals_beside(c),
        top * _T + _longer_name(c),
        top * _T + after,
        top * _T + before,
        _type_and_rest(c, closing, c.spans.start, c.spans.end - 1),
        _type_and_rest(c, opening, c.spans.start + 1, c.spans.end),
        top * 4 + _place_in_text(c),
        top * 7 + _number_of_places(c, lexicon),
        top * 3 + _sentence_casing(c, lexicon.attributes[ids, CASING]),
        top * _W + left_type,
        top * _W + right_type,
        length,
    ]
    return np.stack(columns, axis=1)


def _capitals_beside(c: _Context) -> Ints:
    """Return 0 to 8: none, a capital, or one across a link, to the left (times 3) and to the right."""
    kinds = np.concatenate([c.kinds, np.full(2, 3, np.int32)])
    start, end = c.spans.start, c.spans.end
    left = np.where((start > c.first) & (kinds[start - 1] == CAPITAL), 1, 0)
    left = np.where((start - 1 > c.first) & (kinds[start - 1] == LINK) & (kinds[start - 2] == CAPITAL), 2, left)
    right = np.where((end < c.last) & (kinds[end] == CAPITAL), 1, 0)
    right = np.where((end + 1 < c.last) & (kinds[end] == LINK) & (kinds[end + 1] == CAPITAL), 2, right)
    return (left * 3 + right).astype(np.int32)


def _longer_name(c: _Context) -> Ints:
    """Return the class of the longest name around each span, 0 where there is none."""
    around = np.zeros(len(c.top), np.int32)
    long = np.flatnonzero((c.names >= 0) & (c.spans.end - c.spans.start > 1))
    for i in long[np.argsort(c.spans.end[long] - c.spans.start[long], kind="stable")].tolist():
        start, end = c.spans.start[i], c.spans.end[i]
        near = slice(*np.searchsorted(c.spans.start, (start, end)).tolist())
        begun, done = c.spans.start[near], c.spans.end[near]
        around[near][(done <= end) & (done - begun < end - start)] = c.top[i]
    return around


def _names_beside(c: _Context, commas: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return the class of the name that ends before a comma to the left, and that starts after one to the right."""
    opening = np.zeros(len(c.kinds) + 2, np.int32)
    closing = np.zeros(len(c.kinds) + 2, np.int32)
    known = np.flatnonzero(c.names >= 0)
    opening[c.spans.start[known]] = c.top[known]  # spans are ordered by length: the longest name stays
    closing[c.spans.end[known][::-1]] = c.top[known][::-1]
    comma = np.concatenate([commas, np.zeros(2, bool)])
    start, end = c.spans.start, c.spans.end
    before = np.where((start - 1 > c.first) & comma[start - 1], closing[start - 1], 0)
    after = np.where((end + 1 < c.last) & comma[end], opening[end + 1], 0)
    return before.astype(np.int32), after.astype(np.int32)


def _type_and_rest(c: _Context, kind: Ints, start: Ints, end: Ints) -> Ints:
    """Return the type word at an end of a longer span, the class of the rest, and whether the whole is a name."""
    width = len(c.kinds) + 1
    keys = c.spans.start.astype(np.int64) * width + c.spans.end  # ascending: spans are ordered so
    wanted = start.astype(np.int64) * width + end
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    rest = np.where(keys[at] == wanted, c.top[at], 0)
    value = 1 + (kind * _T + rest) * 2 + (c.names >= 0)
    return np.where((kind > 0) & (end > start), value, 0).astype(np.int32)


def _place_in_text(c: _Context) -> Ints:
    """Return 0 for the body, 1 for the opening of a sentence, and 2 and 3 for the same in the first sentence."""
    opens = (c.spans.start == c.first).astype(np.int32)
    place: Ints = opens + 2 * (c.first == 0)
    return place


def _number_of_places(c: _Context, lexicon: Lexicon) -> Ints:
    counts = lexicon.index.counts(np.maximum(c.names, 0))
    return np.where(c.names >= 0, np.minimum(np.log2(np.maximum(counts, 1)), 6), 0).astype(np.int32)


def _sentence_casing(c: _Context, casing: NDArray[np.int16]) -> Ints:
    """Return 0 for a sentence in usual casing, 1 for a headline with most words capitalised, 2 for all upper case."""
    starts = np.array(c.tokens.first[:-1])
    long, capital, upper = (np.add.reduceat((casing & bit) > 0, starts, dtype=np.int32) for bit in _CASINGS)
    value = np.where(capital > 0.75 * long, np.where(upper == long, 2, long > 2), 0)
    sentence = np.searchsorted(starts, c.spans.start, side="right") - 1
    return np.where(long > 0, value, 0)[sentence].astype(np.int32)
