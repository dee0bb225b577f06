"""Names that go on past what is resolved of them: the Massachusetts Turnpike is not Massachusetts."""

from __future__ import annotations

import re
from collections.abc import Set

from geo.footprints.grammar import load_grammar
from geo.model import Span

_NEXT = re.compile(r" ([^\W\d_]+)")
_NEXT_OR_OWNED = re.compile(r"(?:['’]s)? ([^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]{4,}")
# Days and months; "march" is among the ways to go.
_CALENDAR = frozenset({"CALENDAR", "DRIVE"})
# From this share of capitalised words on a sentence is a headline, whose capitals say nothing.
_HEADLINE = 0.75


def goes_on(text: str, end: int, starts: Set[int], sentence: Span, *, possessive: bool = False) -> bool:
    """Tell whether a name that ends at an offset is followed by more of a name, in English.

    Capitalised words that are names by themselves do not count: mentions, days and months, abbreviations.

    Parameters
    ----------
    starts
        Where mentions start.
    possessive
        Whether what belongs to the name counts too ("near Morecambe's Arndale Centre").
    """
    found = (_NEXT_OR_OWNED if possessive else _NEXT).match(text, end, sentence[1])
    if found is None or not found[1][0].isupper() or found.start(1) in starts or found[1].isupper():
        return False
    entries = load_grammar("en").starting_with(found[1].casefold())
    return all(entry.cls not in _CALENDAR for entry in entries) and not _is_headline(text[slice(*sentence)])


def _is_headline(sentence: str) -> bool:
    words = _WORD.findall(sentence)
    return [word[0].isupper() for word in words].count(True) > _HEADLINE * len(words)
