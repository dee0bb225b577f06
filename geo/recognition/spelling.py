"""Names that no gazetteer spells so, but that sound like a place where the report plays (Kuneytra, Hmeymim)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from geo.gazetteer.index import Index
from geo.gazetteer.scripts import transliterated_countries
from geo.recognition.features import TYPE, Floats, Sheet
from geo.recognition.lexicon import Lexicon
from geo.recognition.namehood import COUNTRY
from geo.recognition.segments import Ints
from geo.recognition.words import TYPE_CLASSES

SIMILARITIES = (0.62, 0.74, 0.86)
"""From these similarities on a name counts as alike, quite alike, very alike."""
SAME = len(SIMILARITIES) + 1
"""The class of a name that the gazetteer spells just so."""

_LEAST_BELIEF = 0.01
_IN_FOCUS = 0.12
_MOST_WORDS = 3
_KNOWN_IN_LOWER_CASE = 4
_DIRECTION = TYPE_CLASSES.index("direction")


def spelling_classes(sheet: Sheet, lexicon: Lexicon, belief: Floats) -> Ints:
    """Return for each span how alike a name in a country in focus is: 0 not at all, up to 3, and 4 for the same.

    Asked only for spans whose words are no English words, and in reports on countries with another script.
    """
    found = np.zeros(len(belief), np.int32)
    countries = _countries_in_focus(sheet, lexicon.index, belief)
    if not countries:
        return found
    start, end = sheet.spans.start, sheet.spans.end
    for number in np.flatnonzero((end - start <= _MOST_WORDS) & (belief > _LEAST_BELIEF)).tolist():
        types = sheet.types[start[number] : end[number]].tolist()
        if _is_part_of_a_name(sheet, number) or not _may_be_foreign(types, lexicon):
            continue
        if sheet.names[number] >= 0:
            found[number] = SAME * _has_bearer(lexicon.index, int(sheet.names[number]), countries)
        else:
            name = " ".join(lexicon.normals[t] for t in types if lexicon.normals[t])
            alike = dict(_alike(lexicon.index, name))
            best = max((alike.get(country, 0.0) for country in countries), default=0.0)
            found[number] = int(np.searchsorted(SIMILARITIES, best, side="right"))
    return found


def _countries_in_focus(sheet: Sheet, index: Index, belief: Floats) -> list[str]:
    """Return the countries with another script that hold a fair share of the article's names, one within them."""
    likely = np.flatnonzero((sheet.names >= 0) & (belief > 0.5))
    names, at, counts = np.unique(sheet.names[likely], return_index=True, return_counts=True)
    if not len(names):
        return []
    first = [int(index.rows_of(int(name))[0]) for name in names]
    country = index.country[first]
    share = np.bincount(country, np.sqrt(counts), len(index.country_codes))
    within = set(country[sheet.classes[likely][at] > COUNTRY].tolist())
    codes = [index.country_codes[i] for i in np.flatnonzero(share > _IN_FOCUS * share.sum()).tolist() if i in within]
    return [code for code in codes if code in transliterated_countries()]


def _is_part_of_a_name(sheet: Sheet, number: int) -> bool:
    """Tell whether a capitalised word follows at once, or stands before within the sentence: a person's name mostly."""
    words = sheet.tokens.words
    start, end = int(sheet.spans.start[number]), int(sheet.spans.end[number])
    follows = end < len(words) and words[end][0].isupper()
    return follows or (start > 0 and start - 1 not in sheet.tokens.first and words[start - 1][0].isupper())


def _has_bearer(index: Index, name: int, countries: list[str]) -> bool:
    return any(index.country_codes[c] in countries for c in set(index.country[index.rows_of(name)].tolist()))


def _may_be_foreign(types: list[int], lexicon: Lexicon) -> bool:
    """Tell whether the words may be a transliterated name: none is known in lower case, but for a direction first."""
    uncased, kind = lexicon.attributes[types, 0].tolist(), lexicon.attributes[types, TYPE].tolist()
    if len(types) > 1 and kind[0] == _DIRECTION:
        uncased, kind = uncased[1:], kind[1:]
    return all(
        known <= _KNOWN_IN_LOWER_CASE and not word and len(lexicon.normals[t]) > 3
        for known, word, t in zip(uncased, kind, types[-len(uncased) :], strict=True)
    )


@lru_cache(maxsize=20_000)
def _alike(index: Index, name: str) -> tuple[tuple[str, float], ...]:
    """Return by country how alike the most alike name of a place there is."""
    best: dict[str, float] = {}
    for match in index.similar_names(name):
        if match.similarity < SIMILARITIES[0]:
            break
        for country in index.country[index.rows_of(match.name_id)].tolist():
            best.setdefault(index.country_codes[country], match.similarity)
    return tuple(best.items())
