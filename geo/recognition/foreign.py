"""What a model of English misses in other languages of Latin script: the names of countries and of the greatest towns.

The recogniser's weights are of English words. Where the words around a name mislead it, or are written as one with the
name (d'Arménie, Ankara'da, Syriens), names that hardly mean anything else are found by the gazetteer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from geo.gazetteer.classes import NameClass as C
from geo.gazetteer.index import Index
from geo.gazetteer.names import normalise
from geo.model import Article, Mention
from geo.recognition.tokens import Tokens

_SURE = C.COUNTRY | C.CONTINENT | C.CAPITAL | C.CITY_1M
_PROBABILITY = 0.9
_SHORTEST, _MOST_TOKENS = 4, 5
_ELIDED = re.compile(r"(?:[dl]|qu|(?:de|a|da|ne|su)ll)['’](?=\w)", re.IGNORECASE)
"""French and Italian words that lose their last vowel before a name: d'Arménie, L'Algérie, dell'Ucraina."""
_SUFFIX = re.compile(r"['’]\w+$")
"""Turkish case endings: Ankara'da."""
_CAPITALISING = frozenset({"de"})
"""Languages that write all nouns with a capital: one beside a name tells nothing there."""


class _Sure(NamedTuple):
    """A well-known name, and how far the tokens reach that it stands in."""

    mention: Mention
    start: int
    end: int


def with_sure_names(article: Article, tokens: Tokens, index: Index, found: Sequence[Mention]) -> tuple[Mention, ...]:
    """Return the mentions found in an article with its well-known names, which take the place of shorter mentions."""
    sure = [s for s in _sure_names(article, tokens, index) if not any(_rivals(m, s) for m in found)]
    kept = [m for m in found if not any(s.start < m.end and m.start < s.end for s in sure)]
    return tuple(sorted((*kept, *(s.mention for s in sure)), key=lambda m: m.start))


def _rivals(mention: Mention, sure: _Sure) -> bool:
    """Tell whether a mention is better than a well-known name: as long and surer, or with more (Golfo de México)."""
    if mention.end <= sure.start or sure.end <= mention.start:
        return False
    same = (mention.start, mention.end) == (sure.mention.start, sure.mention.end)
    return mention.probability > _PROBABILITY if same else mention.end - mention.start > sure.end - sure.start


def _sure_names(article: Article, tokens: Tokens, index: Index) -> Iterator[_Sure]:
    """Yield the well-known names of an article, of those that overlap the first and longest."""
    free = 0
    for first in range(len(tokens.words)):
        if first < free:
            continue
        for last in range(min(first + _MOST_TOKENS, len(tokens.words)) - 1, first - 1, -1):
            sure = _sure_name(article, tokens, (first, last), index)
            if sure:
                yield sure
                free = last + 1
                break


def _sure_name(article: Article, tokens: Tokens, span: tuple[int, int], index: Index) -> _Sure | None:
    """Return the well-known name that some tokens are, as they stand or without what is written as one with it."""
    first, last = span
    if not tokens.words[last][0].isalnum() or _beside_a_capital(article, tokens, span):
        return None
    start, end = tokens.starts[first], tokens.ends[last]
    elided, suffix = _ELIDED.match(tokens.words[first]), _SUFFIX.search(tokens.words[last])
    for skipped in {0, elided.end() if elided else 0}:
        for cut in {0, len(suffix[0]) if suffix else 0}:
            text = article.text[start + skipped : end - cut]
            if text[:1].isupper() and _is_sure(text, index, article.language or ""):
                mention = Mention(start + skipped, end - cut, text, "name", tokens.sentence_at(start), _PROBABILITY)
                return _Sure(mention, start, end)
    return None


def _is_sure(text: str, index: Index, language: str) -> bool:
    """Tell whether a text is the name of a country, of a capital or of a town of a million people."""
    words = normalise(text).split()
    if sum(map(len, words)) < _SHORTEST:
        return False
    matches = index.names_at(words, 0, language)
    return any(int(index.classes[m.name_id]) & _SURE for m in matches if m.end == len(words))


def _beside_a_capital(article: Article, tokens: Tokens, span: tuple[int, int]) -> bool:
    """Tell whether a capitalised word stands right before or after, as in the name of a person or a club."""
    if article.language in _CAPITALISING:
        return False
    before, after = span[0] - 1, span[1] + 1
    opens, closes = span[0] in tokens.first, after in tokens.first or after == len(tokens.words)
    return (not opens and tokens.words[before][0].isupper()) or (not closes and tokens.words[after][0].isupper())
