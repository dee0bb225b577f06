"""Recognition by dictionary and rules, for languages without a training corpus: Russian and Arabic.

Every run of words that is a name in the gazetteer is a candidate, case endings and clitics undone. What makes it a
mention: the kind of place it can be, a capital letter (Russian), a type word or preposition before it, and whether the
report plays in its country.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from geo.gazetteer.classes import NameClass as C
from geo.gazetteer.index import Index, NameMatch
from geo.gazetteer.names import normalise
from geo.model import Article, Mention
from geo.recognition.tokens import Tokens
from geo.recognition.words import given_names, prepositions, type_words

LANGUAGES = frozenset({"ru", "ar"})

_SURE = C.COUNTRY | C.CONTINENT | C.CAPITAL | C.CITY_1M
_LIKELY = C.ADMIN1 | C.CITY_100K | C.REGION | C.WATER | C.FACILITY
_SHORTEST = 3
_IN_FOCUS = 0.15
_THRESHOLD = 0.5


@dataclass(frozen=True, slots=True)
class _Found:
    """A name in a text: its tokens, name id and classes."""

    first: int
    last: int
    name: int
    bits: int


def recognise_by_dictionary(article: Article, tokens: Tokens, index: Index, language: str) -> tuple[Mention, ...]:
    """Return the mentions of a Russian or Arabic article, in text order, without overlaps."""
    found = _longest(_matches(tokens, index, language))
    focus = _focus(found, index)
    scored = [(name, _probability(name, tokens, index, focus, language)) for name in found]
    return tuple(
        _mention(article, tokens, name, probability) for name, probability in scored if probability >= _THRESHOLD
    )


def _matches(tokens: Tokens, index: Index, language: str) -> list[_Found]:
    """Return every name in the text; names do not go over sentences, commas or other marks but hyphens."""
    normals = [normalise(word) for word in tokens.words]
    found = []
    for run in _runs(tokens, normals):
        words = [normals[i] for i in run]
        for start, token in enumerate(run):
            if language == "ru" and not _may_open(tokens.words[token], words[start], index):
                continue
            for match in index.names_at(words, start, language):
                found.append(_found(run, match, index))
    return found


def _runs(tokens: Tokens, normals: list[str]) -> list[list[int]]:
    """Return runs of tokens that only hyphens part."""
    runs: list[list[int]] = [[]]
    for i, word in enumerate(tokens.words):
        if normals[i]:
            runs[-1].append(i)
        elif word != "-":
            runs.append([])
    return [run for run in runs if run]


def _may_open(word: str, normal: str, index: Index) -> bool:
    """Tell whether a Russian word may open a name: it has a capital, or is an adjective of a country."""
    return word[0].isupper() or normal.endswith(_ADJECTIVE_ENDINGS)


_ADJECTIVE_ENDINGS = tuple("ский ского скому ским ском ская ской скую ское ские ских скими ец цы цев цам".split())


def _found(run: list[int], match: NameMatch, index: Index) -> _Found:
    return _Found(run[match.start], run[match.end - 1] + 1, match.name_id, int(index.classes[match.name_id]))


def _longest(found: list[_Found]) -> list[_Found]:
    """Return names that do not overlap: the longest first, then the one that needs no change of form."""
    kept: list[_Found] = []
    taken: set[int] = set()
    for name in sorted(found, key=lambda f: (f.first - f.last, f.first)):
        span = range(name.first, name.last)
        if taken.isdisjoint(span):
            taken.update(span)
            kept.append(name)
    return sorted(kept, key=lambda f: f.first)


def _focus(found: list[_Found], index: Index) -> Counter[int]:
    """Return the countries of the surest names, with how often they are named."""
    sure = [f for f in found if f.bits & (_SURE | C.DEMONYM | C.ADMIN1 | C.REGION)]
    return Counter(int(index.country[index.rows_of(f.name)[0]]) for f in sure)


def _probability(name: _Found, tokens: Tokens, index: Index, focus: Counter[int], language: str) -> float:
    """Return how likely a name is a mention, by what it may be, what stands before it and where the report plays."""
    word = tokens.words[name.first]
    normal = normalise(word)
    if name.last - name.first == 1 and (len(normal) < _SHORTEST or word.isdigit()):
        return 0.95 if name.bits & (C.COUNTRY | C.ABBREVIATION) and word.isupper() and len(normal) > 1 else 0.0
    if name.bits & C.DEMONYM:
        return 0.93
    if language == "ru" and not word[0].isupper():
        return 0.0
    if language == "ru" and _is_person(name, tokens):
        return 0.2
    if name.bits & (_SURE | _LIKELY) and name.bits & ~(C.WEAK | C.COMMON_WORD) & (_SURE | _LIKELY):
        return 0.95 if name.bits & _SURE else 0.88
    rows = index.rows_of(name.name)
    share = sum(focus[country] for country in {int(c) for c in index.country[rows]}) / max(focus.total(), 1)
    asked = _is_asked_for(name, tokens, language)
    if share >= _IN_FOCUS:
        return 0.9 if asked else 0.75 if language == "ru" or name.last - name.first > 1 else 0.55
    return 0.6 if asked and language == "ru" else 0.3


def _is_asked_for(name: _Found, tokens: Tokens, language: str) -> bool:
    """Tell whether a type word or a preposition of place stands before a name."""
    if not name.first:
        return False
    before = tokens.words[name.first - 1].lower()
    return before in type_words(language) or before in prepositions(language)


def _is_person(name: _Found, tokens: Tokens) -> bool:
    """Tell whether a Russian name is part of a person's: a given name or an initial before it, or after it."""
    before = tokens.words[name.first - 1] if name.first else ""
    after = tokens.words[name.last] if name.last < len(tokens.words) else ""
    given = given_names("ru")
    own = tokens.words[name.first].lower()
    return before.lower() in given or (own in given and after[:1].isupper())


def _mention(article: Article, tokens: Tokens, name: _Found, probability: float) -> Mention:
    start, end = tokens.starts[name.first], tokens.ends[name.last - 1]
    kind = "demonym" if name.bits & C.DEMONYM else "name"
    return Mention(start, end, article.text[start:end], kind, tokens.sentence_at(start), probability)
