"""What the first pass knows of each candidate span: the words around and inside it, and the gazetteer's names.

Features come in three forms, so that scoring an article is a handful of array operations: *word types* in roles beside
and inside the span, *categories* (one value of a small set each; some are the conjunction of two or three things), and
*flags* (0 or 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.recognition.lexicon import CAPITAL, CAPITAL_LONG, COMMA, LINK, LONG, UPPER_LONG, Ints, Lexicon
from geo.recognition.namehood import N_CLASSES, flags, top_classes
from geo.recognition.segments import MAX_LENGTH, Spans, find_spans, token_kinds
from geo.recognition.strip import Strip, strip_of
from geo.recognition.tokens import Tokens
from geo.recognition.words import TYPE_CLASSES

Floats = NDArray[np.float64]

_T, _W = N_CLASSES, len(TYPE_CLASSES)
_UNCASED, _PERSON = 10, 8
_PARTS = np.array([(a, b) for a in range(MAX_LENGTH) for b in range(a + 1, MAX_LENGTH + 1)]).T
"""Bounds of all parts of a span, from its start."""
_CASINGS = (LONG, CAPITAL_LONG, UPPER_LONG)

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
    """Some articles laid out for scoring: one row a candidate span.

    Attributes
    ----------
    strip
        The articles' tokens.
    spans
        Their candidate spans; offsets are those of the strip.
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

    strip: Strip
    spans: Spans
    roles: Ints
    names: Ints
    classes: Ints
    categories: Ints
    flags: NDArray[np.float32]

    @property
    def articles(self) -> Ints:
        """The number of the article that each span is in."""
        return self.strip.article[self.spans.start]


def lay_out(texts: Sequence[Tokens], lexicon: Lexicon) -> Sheet:
    """Return the candidate spans of some articles with what is known of them."""
    strip = strip_of(texts, lexicon)
    kinds = token_kinds(strip, lexicon)
    spans = find_spans(kinds, strip, lexicon)
    names = _names(strip, spans, lexicon)
    known = names >= 0
    bits = np.where(known, lexicon.index.classes[np.maximum(names, 0)], 0)
    top = top_classes(bits, known)
    sentence = strip.sentence[spans.start]
    first, last = strip.bounds[sentence], strip.bounds[sentence + 1]
    roles = _roles(strip.types, spans, first, last)
    context = _Context(strip, spans, kinds, names, top, first, last)
    categories = _categories(context, roles, lexicon) + OFFSETS[:-1]
    return Sheet(strip, spans, roles, names, top, categories.astype(np.int32), flags(bits))


@dataclass(frozen=True, slots=True)
class _Context:
    strip: Strip
    spans: Spans
    kinds: Ints
    names: Ints
    top: Ints
    first: Ints
    last: Ints


def _names(strip: Strip, spans: Spans, lexicon: Lexicon) -> Ints:
    """Return the name id of each span, -1 for none."""
    single = spans.end - spans.start == 1
    names = np.where(single, lexicon.facts["name"][strip.types[spans.start]], -1)
    long = np.flatnonzero(~single)
    if len(long):
        names[long] = _longer_names(strip, spans, long, lexicon)
    return names


def _longer_names(strip: Strip, spans: Spans, long: NDArray[np.intp], lexicon: Lexicon) -> Ints:
    """Return the name id of spans of several tokens: runs of normal forms, looked up from each token that opens one."""
    # place[i]: how many tokens before i have a normal form; a trailing full stop has none, so "Ala." is "Ala".
    named = (lexicon.facts["normal"][strip.types] > 0) & spans.inside(len(strip.types))
    place = np.append(0, np.cumsum(named))
    normals = [lexicon.normals[t] for t in strip.types[named].tolist()]
    first, last = place[spans.start[long]], place[spans.end[long]]
    ends = np.minimum(place[spans.segments[spans.segment[long], 1]], first + MAX_LENGTH)
    found: dict[tuple[int, int], int] = {}
    for start, end in dict(zip(first.tolist(), ends.tolist(), strict=True)).items():
        for count, name in _names_in(lexicon.index, " ".join(normals[start:end])):
            found[start, start + count] = name
    return np.array([found.get(pair, -1) for pair in zip(first.tolist(), last.tolist(), strict=True)], np.int32)


@lru_cache(maxsize=20_000)
def _names_in(index: Index, text: str) -> list[tuple[int, int]]:
    """Return the names that open a text; reports name the same ones again and again."""
    return index.names_in(text)


def _roles(types: Ints, spans: Spans, first: Ints, last: Ints) -> Ints:
    start, end = spans.start, spans.end
    columns = [
        np.where(start - 2 >= first, types[start - 2], 0),
        np.where(start - 1 >= first, types[start - 1], 0),
        types[start],
        types[end - 1],
        np.where(end - start == 1, types[start], 0),
        np.where(end < last, types[end], 0),
        np.where(end + 1 < last, types[end + 1], 0),
    ]
    return np.stack(columns, axis=1).astype(np.int32)


def _categories(c: _Context, roles: Ints, lexicon: Lexicon) -> Ints:
    top, length = c.top, c.spans.end - c.spans.start
    single = length == 1
    uncased, given, surname, opening = (
        lexicon.facts[name][roles[:, 2]].astype(np.int32) for name in ("uncased", "given", "surname", "type")
    )
    left_type, closing, right_type = (lexicon.facts["type"][roles[:, n]].astype(np.int32) for n in (1, 3, 5))
    before, after = _names_beside(c, lexicon.facts["joint"][c.strip.types] == COMMA)
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
        top * 3 + _sentence_casing(c, lexicon.facts["marks"][c.strip.types]),
        top * _W + left_type,
        top * _W + right_type,
        length,
    ]
    return np.stack(columns, axis=1)


def _capitals_beside(c: _Context) -> Ints:
    """Return 0 to 8: none, a capital, or one across a link, to the left (times 3) and to the right."""
    kinds, start, end = c.kinds, c.spans.start, c.spans.end
    left = np.where((start > c.first) & (kinds[start - 1] == CAPITAL), 1, 0)
    left = np.where((start - 1 > c.first) & (kinds[start - 1] == LINK) & (kinds[start - 2] == CAPITAL), 2, left)
    right = np.where((end < c.last) & (kinds[end] == CAPITAL), 1, 0)
    right = np.where((end + 1 < c.last) & (kinds[end] == LINK) & (kinds[end + 1] == CAPITAL), 2, right)
    return (left * 3 + right).astype(np.int32)


def _longer_name(c: _Context) -> Ints:
    """Return the class of the longest name around each span, 0 where there is none."""
    around = np.zeros(len(c.top), np.int32)
    length = c.spans.end - c.spans.start
    long = np.flatnonzero((c.names >= 0) & (length > 1))
    long = long[np.argsort(length[long], kind="stable")]  # the longest last: what is written last stays
    start, end = (c.spans.start[long][:, None] + bound for bound in _PARTS)
    at = _spans_at(c, start, end)
    inside = (end <= c.spans.end[long][:, None]) & (end - start < length[long][:, None]) & (at >= 0)
    around[at[inside]] = np.broadcast_to(c.top[long][:, None], at.shape)[inside]
    return around


def _spans_at(c: _Context, start: Ints, end: Ints) -> NDArray[np.intp]:
    """Return the numbers of the spans with these bounds, -1 where there is none."""
    width = len(c.kinds) + 1
    keys = c.spans.start.astype(np.int64) * width + c.spans.end  # ascending: spans are ordered so
    wanted = start.astype(np.int64) * width + end
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[at] == wanted, at, -1)


def _names_beside(c: _Context, commas: NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """Return the class of the name that ends before a comma to the left, and that starts after one to the right."""
    opening, closing = np.zeros((2, len(c.kinds)), np.int32)
    known = np.flatnonzero(c.names >= 0)
    opening[c.spans.start[known]] = c.top[known]  # spans are ordered by length: the longest name stays
    closing[c.spans.end[known][::-1]] = c.top[known][::-1]
    start, end = c.spans.start, c.spans.end
    before = np.where((start - 1 > c.first) & commas[start - 1], closing[start - 1], 0)
    after = np.where((end + 1 < c.last) & commas[end], opening[end + 1], 0)
    return before.astype(np.int32), after.astype(np.int32)


def _type_and_rest(c: _Context, kind: Ints, start: Ints, end: Ints) -> Ints:
    """Return the type word at an end of a longer span, the class of the rest, and whether the whole is a name."""
    at = _spans_at(c, start, end)
    rest = np.where(at >= 0, c.top[at], 0)
    value = 1 + (kind * _T + rest) * 2 + (c.names >= 0)
    return np.where((kind > 0) & (end > start), value, 0).astype(np.int32)


def _place_in_text(c: _Context) -> Ints:
    """Return 0 for the body, 1 for the opening of a sentence, and 2 and 3 for the same in the first sentence."""
    opens = (c.spans.start == c.first).astype(np.int32)
    place: Ints = opens + 2 * (c.first == c.strip.opening[c.strip.article[c.first]])
    return place


def _number_of_places(c: _Context, lexicon: Lexicon) -> Ints:
    counts = lexicon.index.counts(np.maximum(c.names, 0))
    return np.where(c.names >= 0, np.minimum(np.log2(np.maximum(counts, 1)), 6), 0).astype(np.int32)


def _sentence_casing(c: _Context, marks: NDArray[np.int16]) -> Ints:
    """Return 0 for a sentence in usual casing, 1 for a headline with most words capitalised, 2 for all upper case."""
    starts = c.strip.bounds[:-1]
    long, capital, upper = (np.add.reduceat((marks & bit) > 0, starts, dtype=np.int32) for bit in _CASINGS)
    value = np.where(capital > 0.75 * long, np.where(upper == long, 2, long > 2), 0)
    return np.where(long > 0, value, 0)[c.strip.sentence[c.spans.start]].astype(np.int32)
