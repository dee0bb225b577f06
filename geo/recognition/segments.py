"""Where names can stand: runs of capitalised words, and the spans of tokens within them.

A *segment* is a run of tokens that may hold names: capitalised words, numbers beside them, and what may join them
("of", "-", "al", a full stop after an abbreviation). Everything outside segments is no name, so segments are
independent of each other given their context, and short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.transliteration import ARTICLES
from geo.recognition.lists import word_list
from geo.recognition.tokens import Tokens

MAX_LENGTH = 6
"""Longest span, in tokens: 99.9% of names in news are no longer."""

CAPITAL, NUMBER, LINK, OTHER = 0, 1, 2, 3

_LINKS = word_list("en", "links")
"""What may join the words of a name; the same for all languages in Latin script."""
_MAX_LINKS = 3

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Spans:
    """Candidate spans of an article, ordered by segment, then start, then length.

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


def token_class(word: str) -> int:
    """Return CAPITAL, NUMBER, LINK or OTHER."""
    first = word[0]
    if first.isupper():
        return CAPITAL
    if first.isdigit():
        return NUMBER
    return LINK if word in _LINKS else OTHER


def joined_articles(classes: list[int], words: list[str]) -> list[int]:
    """Return the classes with an article joined to a capitalised word ("al-Tanf") as a capital: it may open a name."""
    for i, kind in enumerate(classes[:-2]):
        if kind == LINK and words[i + 1] == "-" and words[i] in ARTICLES and classes[i + 2] == CAPITAL:
            classes[i] = CAPITAL
    return classes


def find_segments(classes: list[int], tokens: Tokens) -> list[tuple[int, int]]:
    """Return the token offsets of the segments: each opens with a capitalised word and lies within one sentence."""
    segments: list[tuple[int, int]] = []
    words = tokens.words
    bounds = iter(tokens.first)
    next_sentence = next(bounds)
    start = end = -1  # end: one past the last token known to belong
    for i, kind in enumerate(classes):
        if i == next_sentence:
            next_sentence = next(bounds)
            if start >= 0:
                segments.append((start, end))
            start = -1
        if kind == CAPITAL:
            if start < 0:
                start = i
            end = i + 1
        elif start >= 0:
            if kind == NUMBER and i == end:
                end = i + 1
            elif (kind == OTHER and not _bound_by_hyphen(words, i)) or i - end >= _MAX_LINKS:
                segments.append((start, end))
                start = -1
            elif words[i] == "." and i == end and len(words[i - 1]) <= 5:
                end = i + 1
    if start >= 0:
        segments.append((start, end))
    return segments


def _bound_by_hyphen(words: list[str], i: int) -> bool:
    """Tell whether a lower-case word is part of a compound: "ez" in "Deir ez-Zor", "upon" in "Stratford-upon-Avon"."""
    return (i + 1 < len(words) and words[i + 1] == "-") or words[i - 1] == "-"


def find_spans(classes: list[int], tokens: Tokens) -> Spans:
    """Return every span of up to MAX_LENGTH tokens that opens and closes as a name may."""
    segments = find_segments(classes, tokens)
    starts: list[int] = []
    ends: list[int] = []
    numbers: list[int] = []
    for number, (first, last) in enumerate(segments):
        for i in range(first, last):
            if classes[i] > NUMBER or (classes[i] == NUMBER and i + 1 == last):
                continue
            for j in range(i + 1, min(i + MAX_LENGTH, last) + 1):
                if classes[j - 1] <= NUMBER or tokens.words[j - 1] == ".":
                    starts.append(i)
                    ends.append(j)
                    numbers.append(number)
    return Spans(
        np.array(starts, np.int32),
        np.array(ends, np.int32),
        np.array(numbers, np.int32),
        np.array(segments, np.int32).reshape(-1, 2),
    )
