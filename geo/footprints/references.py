"""What "the province", "the city", "the country" and "the capital" refer to: a place that the text named before.

Only where words around them may make an expression ("the north of the province", "outside the city"); alone they say
nothing new.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from geo.model import FeatureKind, Mention, Resolution, Span

if TYPE_CHECKING:
    from geo.footprints.grammar import Grammar
    from geo.footprints.ground import Ground
    from geo.model import Place

# The kinds of place that each kind of word refers to; a capital is the capital of the country named last.
_REFERENTS: dict[str, frozenset[FeatureKind]] = {
    "unit": frozenset({"admin1"}),
    "region": frozenset({"admin1", "region"}),
    "city": frozenset({"city"}),
    "country": frozenset({"country"}),
    "capital": frozenset({"country", "city", "admin1"}),
}
# What stands before a reference without making an expression of it.
_WITHOUT_RELATION = frozenset({"THE", "A", "AND", "IN", "COMMA", "WHOLE"})
# A reference is to what was named within so many characters before it.
_REMEMBERED = 800
# How far around a reference its sentence is looked for.
_SENTENCE = 300
_LAST_WORD = re.compile(r"[^\W\d_]+\W{1,2}\Z")
_END = re.compile(r"[.!?]\s|\n")


def references(
    text: str, resolutions: Sequence[Resolution], grammar: Grammar, ground: Ground
) -> tuple[Resolution, ...]:
    """Return what in a text refers to a place named before, as mentions of that place; none where that is unclear.

    ``resolutions`` are those with a mention and a place, in text order.
    """
    if not resolutions:
        return ()
    found = list(_spans(text, grammar))
    starts = {r.mention.start for r in resolutions if r.mention}
    alone = [(span, kind) for span, kind in found if span[1] + 1 not in starts and _relates(text, span, grammar)]
    made = (_referring(text, span, kind, resolutions, ground) for span, kind in alone)
    return tuple(reference for reference in made if reference is not None)


def _spans(text: str, grammar: Grammar) -> Iterator[tuple[Span, str]]:
    """Yield where references stand as whole words, with a first letter of either case, and their kind."""
    pattern, kinds = _pattern(grammar)
    for found in pattern.finditer(text) if kinds else ():
        start, end = found.start() - 1, found.end()
        phrase = text[max(start, 0) : end].casefold()
        if phrase in kinds:
            yield (start, end), kinds[phrase]


@lru_cache(maxsize=8)
def _pattern(grammar: Grammar) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what finds references, without their first letters: so it looks for "he " before all else."""
    kinds = {phrase: kind for kind, phrases in grammar.references.items() for phrase in phrases}
    return re.compile(f"(?:{'|'.join(sorted(re.escape(phrase[1:]) for phrase in kinds))})(?!\\w)"), kinds


def _relates(text: str, span: Span, grammar: Grammar) -> bool:
    """Whether words of the grammar around a reference may make an expression of it, and no name follows it."""
    start, end = span
    rest = text[end : end + 4]
    if rest[:1] in {"'", "’"}:
        return True
    if rest.startswith(" of ") or rest[1:2].isupper():
        return False
    before = _LAST_WORD.search(text, max(start - 30, 0), start)
    word = before[0].rstrip().casefold() if before else ""
    classes = {entry.cls for entry in grammar.starting_with(word)} if word.isalpha() else set()
    return not classes <= _WITHOUT_RELATION


def _referring(
    text: str, span: Span, kind: str, resolutions: Sequence[Resolution], ground: Ground
) -> Resolution | None:
    place = _referent(span[0], kind, resolutions, ground)
    if place is None:
        return None
    mention = Mention(span[0], span[1], text[slice(*span)], "name", _sentence(text, span, resolutions))
    return Resolution(mention.text, place, 1.0, mention=mention)


def _referent(at: int, kind: str, resolutions: Sequence[Resolution], ground: Ground) -> Place | None:
    """Return the place of the right kind named last; none where the same sentence names two."""
    named = [r for r in resolutions if r.place and r.mention and at - _REMEMBERED < r.mention.start < at]
    fitting = [r for r in named if r.place and r.place.feature in _REFERENTS[kind]]
    if not fitting or fitting[-1].mention is None or fitting[-1].place is None:
        return None
    place, sentence = fitting[-1].place, fitting[-1].mention.sentence
    if kind == "capital":
        country = ground.country(place.country)
        return None if country is None else ground.capital(country)
    others = {r.place.id for r in fitting if r.place and r.mention and r.mention.sentence == sentence}
    return place if others == {place.id} else None


def _sentence(text: str, span: Span, resolutions: Sequence[Resolution]) -> Span:
    """Return the sentence around a span: that of the mentions in it, where there are any."""
    start, end = span
    spans = (r.mention.sentence for r in resolutions if r.mention)
    known = next((s for s in spans if s[0] <= start and end <= s[1]), None)
    if known is not None:
        return known
    before = [found.end() for found in _END.finditer(text, max(start - _SENTENCE, 0), start)]
    after = _END.search(text, end, end + _SENTENCE)
    first = before[-1] if before else max(start - _SENTENCE, 0)
    return first, after.start() + 1 if after else min(end + _SENTENCE, len(text))
