"""Recognition by dictionary and rules, for languages without a training corpus: Russian and Arabic.

Every run of words that is a name in the gazetteer is a candidate, case endings and clitics undone. What makes it a
mention: the kind of place it can be, a capital letter (Russian), a type word or preposition before it, and whether the
report plays in its country.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

from geo.gazetteer.classes import NameClass as C
from geo.gazetteer.index import Index, NameMatch
from geo.gazetteer.inflection import base_forms
from geo.gazetteer.names import normalise
from geo.gazetteer.scripts import transliterated_countries
from geo.model import Article, Mention, MentionKind
from geo.recognition.lists import word_list
from geo.recognition.tokens import Tokens
from geo.recognition.words import type_words

LANGUAGES = frozenset({"ru", "ar"})

_SURE = C.COUNTRY | C.CONTINENT | C.CAPITAL | C.CITY_1M
_LIKELY = C.ADMIN1 | C.CITY_100K | C.REGION | C.WATER | C.FACILITY
_SHORTEST = 3
_IN_FOCUS = 0.15
_THRESHOLD = 0.5
_ALIKE = 0.75
_ADMINISTRATIVE = frozenset({"admin1", "admin2", "city"})
_CLITICS = "وفبلك"


@dataclass(frozen=True, slots=True, order=True)
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
    kept = [(name, probability) for name, probability in scored if probability >= _THRESHOLD]
    if language == "ru":
        kept += _other_spellings(tokens, kept, index, focus)
    return tuple(_mention(article, tokens, name, probability, index) for name, probability in sorted(kept))


def _matches(tokens: Tokens, index: Index, language: str) -> list[_Found]:
    """Return every name in the text; names do not go over sentences, commas or other marks but hyphens."""
    normals = [normalise(word) for word in tokens.words]
    found = []
    for run in _runs(tokens, normals):
        words = [normals[i] for i in run]
        for start, token in enumerate(run):
            if language == "ru" and not _may_open(tokens.words[token], words[start], index):
                continue
            found += [_found(run, match, index) for match in index.names_at(words, start, language)]
    return [_without_type_word(name, tokens, normals, index, language) for name in found]


def _without_type_word(name: _Found, tokens: Tokens, normals: list[str], index: Index, language: str) -> _Found:
    """Return a name without the word for province or town before it, where the rest is a name too."""
    types = type_words(language).get(tokens.words[name.first].lower(), ())
    if name.last - name.first < 2 or not _ADMINISTRATIVE.intersection(types):
        return name
    words = [normals[i] for i in range(name.first + 1, name.last) if normals[i]]
    rest = next((m for m in index.names_at(words, 0, language) if m.end == len(words)), None)
    return _Found(name.first + 1, name.last, rest.name_id, int(index.classes[rest.name_id])) if rest else name


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


_ADJECTIVE_ENDINGS = tuple(sorted(word_list("ru", "demonym endings")))


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
    if _is_too_short(name, tokens):
        is_initials = tokens.words[name.first].isupper() and name.bits & (C.COUNTRY | C.ABBREVIATION)
        return 0.95 if is_initials else 0.0
    if name.bits & C.DEMONYM:
        return 0.93
    if _is_no_name(name, tokens, index, language):
        return 0.0
    if name.bits & _SURE:
        return 0.95
    return 0.88 if name.bits & _LIKELY else _probability_of_small(name, tokens, index, focus, language)


def _is_too_short(name: _Found, tokens: Tokens) -> bool:
    word = tokens.words[name.first]
    return name.last - name.first == 1 and (len(normalise(word)) < _SHORTEST or word.isdigit())


def _is_no_name(name: _Found, tokens: Tokens, index: Index, language: str) -> bool:
    """Tell whether a name of the gazetteer is none here: a type word alone, a person's name, a rest of a word."""
    word = tokens.words[name.first]
    normal = normalise(word)
    if name.last - name.first == 1 and not _no_places(language).isdisjoint(base_forms(normal, language)):
        return True
    if language == "ru":
        return not word[0].isupper() or _is_person(name, tokens)
    return _is_overstripped(name, normal, index)


def _probability_of_small(name: _Found, tokens: Tokens, index: Index, focus: Counter[int], language: str) -> float:
    """Return how likely a village or a district is meant: where it is asked for, or the report plays in its country."""
    single = name.last - name.first == 1
    if single and name.first in tokens.first:
        return 0.3  # the first word of a sentence has its capital anyway
    asked = _is_asked_for(name, tokens, language)
    if single and language == "ru" and name.bits & C.CITY_10K and not _may_be_surname(name, index):
        return 0.6
    share = sum(focus[c] for c in set(index.country[index.rows_of(name.name)].tolist())) / max(focus.total(), 1)
    if share >= _IN_FOCUS:
        return 0.9 if asked else 0.75 if language == "ru" or not single else 0.55
    return 0.6 if asked and language == "ru" else 0.3


@cache
def _no_places(language: str) -> frozenset[str]:
    """Return type words, prepositions and days in the normal form: alone they are no names."""
    words = {*type_words(language), *word_list(language, "prepositions"), *word_list(language, "calendar")}
    return frozenset(normalise(word) for word in words)


def _is_overstripped(name: _Found, normal: str, index: Index) -> bool:
    """Tell whether so many letters of an Arabic word were taken for clitics that a short name is left of it."""
    own = index.name(name.name)
    taken = len(normal.removeprefix("ال")) - len(own.removeprefix("ال"))
    return name.last - name.first == 1 and taken > len(own) - 2


def _is_asked_for(name: _Found, tokens: Tokens, language: str) -> bool:
    """Tell whether a type word or a preposition of place stands before a name."""
    if not name.first:
        return False
    before = tokens.words[name.first - 1].lower()
    return before in type_words(language) or before in word_list(language, "prepositions")


def _is_person(name: _Found, tokens: Tokens) -> bool:
    """Tell whether a Russian name is part of a person's: beside a given name, or one itself before a surname."""
    before = tokens.words[name.first - 1] if name.first else ""
    after = tokens.words[name.last] if name.last < len(tokens.words) else ""
    return _is_given_name(before) or (_is_given_name(tokens.words[name.first]) and after[:1].isupper())


def _may_be_surname(name: _Found, index: Index) -> bool:
    """Tell whether a Russian name ends as surnames do: Pushkin, Zhukov and Chaikovsky are towns as well."""
    return index.name(name.name).endswith(_SURNAME_ENDINGS)


_SURNAME_ENDINGS = tuple(sorted(word_list("ru", "surname endings")))


def _is_given_name(word: str) -> bool:
    return not word_list("ru", "given names").isdisjoint(base_forms(word.lower(), "ru"))


def _other_spellings(
    tokens: Tokens, kept: list[tuple[_Found, float]], index: Index, focus: Counter[int]
) -> list[tuple[_Found, float]]:
    """Return Russian names that the gazetteer spells otherwise, in countries in focus, where a place is to be expected.

    That is after a type word or a preposition of place, and beside another place in a list.
    """
    codes = [index.country_codes[c] for c, n in focus.items() if n >= _IN_FOCUS * focus.total()]
    countries = [code for code in codes if code in transliterated_countries()]
    edges = {name.last for name, _ in kept} | {name.first - 1 for name, _ in kept}
    taken = {token for name, _ in kept for token in range(name.first, name.last)}
    found: list[tuple[_Found, float]] = []
    for first, last in _capitalised(tokens, taken):
        name = _Found(first, last, -1, 0)
        listed = first - 2 in edges or first - 1 in edges or last in edges
        if (listed or _is_asked_for(name, tokens, "ru")) and not _is_person(name, tokens):
            text = " ".join(normalise(word) for word in tokens.words[first:last] if normalise(word))
            similar = (match for code in countries for match in index.similar_names(text, code)[:1])
            if any(match.similarity >= _ALIKE for match in similar):
                found.append((name, 0.7))
                edges |= {last, first - 1}
    return found


def _capitalised(tokens: Tokens, taken: set[int]) -> list[tuple[int, int]]:
    """Return single capitalised words that are part of no name yet, with what a hyphen joins to them."""
    words, found, i = tokens.words, [], 0
    while i < len(words):
        end = i + 1
        while end + 1 < len(words) and words[end] == "-" and words[end + 1][0].isalpha():
            end += 2
        if words[i][0].isupper() and len(words[i]) > 1 and taken.isdisjoint(range(i, end)):
            found.append((i, end))
        i = end
    return found


def _mention(article: Article, tokens: Tokens, name: _Found, probability: float, index: Index) -> Mention:
    start, end = tokens.starts[name.first], tokens.ends[name.last - 1]
    if article.language == "ar":
        start += _clitics(article.text[start:end], name.name, index)
    kind: MentionKind = "demonym" if name.bits & C.DEMONYM else "name"
    return Mention(start, end, article.text[start:end], kind, tokens.sentence_at(start), probability)


def _clitics(text: str, name: int, index: Index) -> int:
    """Return how many letters before an Arabic name are "and", "in" or "to": without them it is the same name."""
    for letters in range(min(3, len(text) - _SHORTEST)):
        if letters and text[letters - 1] not in _CLITICS:
            return 0
        if index.name_id(normalise(text[letters:])) == name or _unmarked(text[letters:]) == index.name(name):
            return letters
    return 0


def _unmarked(text: str) -> str:
    return normalise(text).removeprefix("ال")
