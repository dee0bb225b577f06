"""Where names can stand: runs of capitalised words, and the spans of tokens within them.

A *segment* is a run of tokens that may hold names: capitalised words, numbers beside them, and what may join them
("of", "-", "al", a full stop after an abbreviation). Everything outside segments is no name, so segments are
independent of each other given their context, and short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.classes import NameClass
from geo.recognition.lexicon import ARTICLE, CAPITAL, HYPHEN, LINK, NUMBER, OTHER, SHORT, STOP, Ints, Lexicon
from geo.recognition.strip import Strip

MAX_LENGTH = 6
"""Longest span, in tokens: 99.9% of names in news are no longer."""

_MAX_LINKS = 3


@dataclass(frozen=True, slots=True)
class Spans:
    """Candidate spans of some articles, ordered by segment, then start, then length.

    Attributes
    ----------
    start, end
        Token offsets, end exclusive.
    segment
        Index of the segment each lies in.
    segments
        Token offsets of the segments, one row each.
    """

    start: Ints
    end: Ints
    segment: Ints
    segments: Ints

    def inside(self, tokens: int) -> NDArray[np.bool_]:
        """Tell which of so many tokens lie in segments."""
        edges = np.zeros(tokens + 1, np.int8)
        edges[self.segments[:, 0]] += 1
        edges[self.segments[:, 1]] -= 1
        return np.cumsum(edges[:-1]) > 0

    def tokens(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all tokens of all spans, span by span: the number of the span, and the token."""
        lengths = self.end - self.start
        owner = np.repeat(np.arange(len(lengths)), lengths)
        return owner, np.arange(len(owner)) - np.repeat(np.cumsum(lengths) - lengths - self.start, lengths)


def token_kinds(strip: Strip, lexicon: Lexicon) -> Ints:
    """Return CAPITAL, NUMBER, LINK or OTHER for each token.

    An article joined to a capitalised word ("al-Tanf") is a capital: it may open a name.
    """
    kinds = lexicon.facts["kind"][strip.types].astype(np.int32)
    marks = lexicon.facts["marks"][strip.types]
    opens = (kinds[:-2] == LINK) & (marks[:-2] & ARTICLE > 0) & (marks[1:-1] & HYPHEN > 0) & (kinds[2:] == CAPITAL)
    kinds[:-2][opens] = CAPITAL
    return kinds


def find_segments(kinds: Ints, strip: Strip, lexicon: Lexicon) -> Ints:
    """Return the token offsets of the segments: each opens with a capitalised word and lies within one sentence."""
    marks = lexicon.facts["marks"][strip.types]
    marks[_full_stops(marks, strip, lexicon)] &= ~STOP
    breaks = (kinds == OTHER) & ~_beside(marks & HYPHEN > 0)  # "ez" in "Deir ez-Zor" is bound by its hyphen
    held = np.flatnonzero(_held(kinds, marks, breaks, strip))
    if not len(held):
        return np.empty((0, 2), np.int32)
    broken = np.cumsum(breaks)
    left, right = held[:-1], held[1:]
    parted = (right - left > _MAX_LINKS + 1) | (broken[right] - breaks[right] > broken[left])
    parted |= strip.sentence[left] != strip.sentence[right]
    cuts = np.flatnonzero(parted)
    return np.stack([held[np.append(0, cuts + 1)], held[np.append(cuts, -1)] + 1], axis=1).astype(np.int32)


def _full_stops(marks: NDArray[np.int16], strip: Strip, lexicon: Lexicon) -> NDArray[np.intp]:
    """Return the stops that only end a sentence: "in Gao." but not "in Montgomery, Ala."."""
    last = strip.bounds[1:] - 1
    stops = last[(marks[last] & STOP > 0) & (last > 0)]
    name = lexicon.facts["name"][strip.types[stops - 1]]
    short = (name >= 0) & (lexicon.index.classes[np.maximum(name, 0)] & np.uint32(NameClass.ABBREVIATION) > 0)
    alone: NDArray[np.intp] = stops[~short]
    return alone


def _beside(marked: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which tokens stand beside a marked one."""
    beside = np.zeros(len(marked), bool)
    beside[1:] |= marked[:-1]
    beside[:-1] |= marked[1:]
    return beside


def _held(kinds: Ints, marks: NDArray[np.int16], breaks: NDArray[np.bool_], strip: Strip) -> NDArray[np.bool_]:
    """Tell which tokens are sure to belong to a segment: capitals, and numbers and full stops that follow at once."""
    capital = kinds == CAPITAL
    after_short = np.append(False, marks[:-1] & SHORT > 0)
    follows = (kinds == NUMBER) | ((marks & STOP > 0) & after_short & ~breaks)
    follows[strip.bounds[:-1]] = False
    at = np.arange(len(kinds))
    last_capital = np.maximum.accumulate(np.where(capital, at, -1))
    last_other = np.maximum.accumulate(np.where(capital | follows, -1, at))
    # A sentence's first token ends what went before it, whatever it is; a capital there opens anew.
    held: NDArray[np.bool_] = capital | (follows & (last_capital > last_other))
    return held


def find_spans(kinds: Ints, strip: Strip, lexicon: Lexicon) -> Spans:
    """Return every span of up to MAX_LENGTH tokens that opens and closes as a name may."""
    segments = find_segments(kinds, strip, lexicon)
    lengths = segments[:, 1] - segments[:, 0]
    segment = np.repeat(np.arange(len(segments), dtype=np.int32), lengths)
    first = np.arange(len(segment)) - np.repeat(np.cumsum(lengths) - lengths - segments[:, 0], lengths)
    last = segments[segment, 1]
    opens = (kinds[first] <= NUMBER) & ((kinds[first] != NUMBER) | (first + 1 != last))
    first, last, segment = first[opens], last[opens], segment[opens]
    closes = (kinds <= NUMBER) | (lexicon.facts["marks"][strip.types] & STOP > 0)
    ends = first[:, None] + np.arange(1, MAX_LENGTH + 1)
    fits = (ends <= last[:, None]) & closes[np.minimum(ends, len(kinds)) - 1]
    row, length = np.nonzero(fits)
    start = first[row].astype(np.int32)
    return Spans(start, start + length.astype(np.int32) + 1, segment[row], segments)
