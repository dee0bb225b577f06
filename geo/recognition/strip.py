"""Several articles' tokens in one row, so that reading them is one handful of array operations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.recognition.lexicon import EDGE, Ints, Lexicon
from geo.recognition.tokens import Tokens

_EDGES = [EDGE] * 3
"""What stands between articles: as far as any feature looks beyond a span, so that none looks into another article."""


@dataclass(frozen=True, slots=True)
class Strip:
    """The tokens of some articles in one row, with edges before, between and after them.

    Attributes
    ----------
    texts
        The articles.
    opening
        Where each article's first token stands.
    types
        Word type of each token.
    article
        Number of the article of each token.
    bounds
        First token of each sentence, and one past the last; edges are sentences of their own.
    sentence
        Number of the sentence of each token.
    """

    texts: tuple[Tokens, ...]
    opening: Ints
    types: Ints
    article: Ints
    bounds: Ints
    sentence: Ints


def strip_of(texts: Sequence[Tokens], lexicon: Lexicon) -> Strip:
    """Put the tokens of some articles in one row."""
    words: list[str] = []
    opening: list[int] = []
    bounds: list[int] = []
    for text in texts:
        start = len(words) + len(_EDGES)
        opening.append(start)
        bounds += [len(words), *(start + first for first in text.first[:-1])]
        words += _EDGES
        words += text.words
    bounds += [len(words), len(words) + len(_EDGES)]
    types = lexicon.ids_of([*words, *_EDGES])
    starts = np.array(opening, np.int32)
    lengths = np.diff(starts - len(_EDGES), append=len(types))
    article = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
    ends = np.array(bounds, np.int32)
    sentence = np.repeat(np.arange(len(ends) - 1, dtype=np.int32), np.diff(ends))
    return Strip(tuple(texts), starts, types, article, ends, sentence)
