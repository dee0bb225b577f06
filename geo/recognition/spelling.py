"""Names that no gazetteer spells so, but that sound like a place where the report plays (Kuneytra, Hmeymim)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.gazetteer.scripts import transliterated_countries
from geo.recognition.features import Floats, Sheet
from geo.recognition.lexicon import BRIEF, CAPITAL, Ints, Lexicon
from geo.recognition.namehood import COUNTRY
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
    focus = _countries_in_focus(sheet, lexicon.index, belief)
    if not focus:
        return found
    articles, start, end = sheet.articles, sheet.spans.start, sheet.spans.end
    asked = (end - start <= _MOST_WORDS) & (belief > _LEAST_BELIEF) & np.isin(articles, list(focus))
    asked &= _may_be_foreign(sheet, lexicon) & ~_parts_of_names(sheet, lexicon)
    for number in np.flatnonzero(asked).tolist():
        name = " ".join(lexicon.normals[t] for t in sheet.strip.types[start[number] : end[number]].tolist())
        found[number] = _likeness(lexicon.index, name, int(sheet.names[number]), focus[int(articles[number])])
    return found


def _countries_in_focus(sheet: Sheet, index: Index, belief: Floats) -> dict[int, tuple[str, ...]]:
    """Return by article the countries with another script that hold a fair share of its names, one within them."""
    likely = np.flatnonzero((sheet.names >= 0) & (belief > 0.5))
    if not len(likely):
        return {}
    names, room = len(index.classes), len(index.country_codes)
    pairs = sheet.articles[likely] * np.int64(names) + sheet.names[likely]
    unique, at, counts = np.unique(pairs, return_index=True, return_counts=True)
    cell = unique // names * room + index.country[index.bearers(unique % names, 1)[1]]
    size = (int(unique[-1]) // names + 1) * room
    share = np.bincount(cell, np.sqrt(counts), size).reshape(-1, room)
    within = np.bincount(cell, sheet.classes[likely][at] > COUNTRY, size).reshape(-1, room) > 0
    focus: dict[int, tuple[str, ...]] = {}
    for article, country in np.argwhere(within & (share > _IN_FOCUS * share.sum(axis=1, keepdims=True))).tolist():
        if (code := index.country_codes[country]) in transliterated_countries():
            focus[article] = (*focus.get(article, ()), code)
    return focus


def _parts_of_names(sheet: Sheet, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Tell where a capitalised word follows at once, or stands before within the sentence: a person's name mostly."""
    strip, start, end = sheet.strip, sheet.spans.start, sheet.spans.end
    capital = lexicon.facts["kind"][strip.types] == CAPITAL
    opens = np.zeros(len(strip.types), bool)
    opens[strip.bounds[:-1]] = True
    parts: NDArray[np.bool_] = capital[end] | (~opens[start - 1] & capital[start - 1])
    return parts


def _may_be_foreign(sheet: Sheet, lexicon: Lexicon) -> NDArray[np.bool_]:
    """Tell whose words may be a transliterated name: none is known in lower case, but for a direction first."""
    facts, start, end = lexicon.facts[sheet.strip.types], sheet.spans.start, sheet.spans.end
    known = (facts["uncased"] > _KNOWN_IN_LOWER_CASE) | (facts["type"] > 0) | (facts["marks"] & BRIEF > 0)
    before = np.append(0, np.cumsum(known))
    first = start + ((end - start > 1) & (facts["type"][start] == _DIRECTION))
    foreign: NDArray[np.bool_] = before[end] == before[first]
    return foreign


def _likeness(index: Index, name: str, number: int, countries: tuple[str, ...]) -> int:
    if number >= 0:
        borne_in = {index.country_codes[country] for country in index.country[index.rows_of(number)].tolist()}
        return 0 if borne_in.isdisjoint(countries) else SAME
    return int(np.searchsorted(SIMILARITIES, _most_alike(index, name, countries), side="right"))


@lru_cache(maxsize=20_000)
def _most_alike(index: Index, name: str, countries: tuple[str, ...]) -> float:
    """Return how alike the most alike name of a place in some countries is; 0 where none is."""
    found = (index.similar_names(name, country)[:1] for country in countries)
    return max((match.similarity for matches in found for match in matches), default=0.0)
