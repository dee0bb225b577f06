"""Text around resolved places as tokens of the grammar's classes."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import lru_cache
from typing import Any, NamedTuple

from geo.footprints.expressions import LINEAR, of_place
from geo.footprints.grammar import Grammar, Word
from geo.gazetteer.names import normalise, skeleton
from geo.model import FeatureKind, Mention, Place, Resolution, Span

_PIECE = re.compile(r"\d+(?:[.,٫]\d+)*|['’]s?(?!\w)|[^\W\d_]+|[^\w\s]")
# How many characters before and after a mention may belong to an expression around it.
_BEFORE, _AFTER = 90, 60
# What stands between names in lists is looked up whole, up to so many characters.
_SHORT = 12
# Between places the same few words stand again and again: what they are is remembered.
_REMEMBERED = 8192
# Words that recognition may have taken into a mention, and that patterns want to see.
_LEADING = frozenset({"DIRECTION", "DIRECTIONAL", "RURAL", "COASTAL", "SUBURBAN"})
_TRAILING = frozenset({"TYPE", "TYPES", "COUNTRYSIDE", "SUBURBS", "OUTSKIRTS", "THE"})
# Words that may be capitalised without being part of a name ("North Texas", "Idlib Province").
_CAPITALISED = {"DIRECTION", "DIRECTIONAL", "TYPE", "TYPES", "RURAL", "COUNTRYSIDE", "NUMBER"}
# What stands before something that one can be along.
_ALONG = frozenset({"ALONG", "COURSE", "BANKS", "DOWNSTREAM", "COAST"})
# What has no article before its name in English.
_WITHOUT_ARTICLE = frozenset({"admin1", "admin2", "city"})
# Letters with which names begin in English that begin like "and" in Arabic.
_LIKE_AND = frozenset("WOUV")
_NEXT_WORD = re.compile(r"\s*([^\W\d_]+)")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?:\D|$))")


class Token(NamedTuple):
    """A word, or what a pattern made of several.

    Attributes
    ----------
    start, end
        Character offsets into the text.
    cls
        A class of the grammar; ``OTHER`` for words it does not know.
    value
        An `Expression` for places and what patterns make; otherwise what the lexicon says the word means.
    """

    start: int
    end: int
    cls: str
    value: Any = None


_Piece = tuple[str, int, int]
"""A word or sign in lower case, with its start and end."""


class Row:
    """The tokens of a stretch of text, one after the other; made when they are asked for: few stretches need them.

    Attributes
    ----------
    text, grammar
        The whole text, and what its words are looked up in.
    letters
        The tokens' classes, one letter of the grammar each.
    """

    def __init__(self, text: str, grammar: Grammar) -> None:
        self.text = text
        self.grammar = grammar
        self.letters = ""
        # What it consists of: where each part stands, its class and value; for words "" and their own tokens.
        self._parts: list[tuple[int, int, str, Any]] = []

    def add_words(self, start: int, end: int, *, opens: bool = True) -> None:
        """Add words; ``opens`` tells whether the first may have its capital from where it stands."""
        if start < end:
            letters, tokens = _read(self.text[start:end], self.grammar, opens)
            self.letters += letters
            self._parts.append((start, end, "", tokens))

    def add_unknown(self, start: int, end: int) -> None:
        """Add words that no expression goes past."""
        if start < end:
            self.add(start, end, "OTHER")

    def add(self, start: int, end: int, cls: str, place: Place | None = None) -> None:
        """Add what is one token."""
        self.letters += self.grammar.letters[cls]
        self._parts.append((start, end, cls, place))

    def tokens(self) -> list[Token]:
        """Return the tokens, with places as expressions."""
        found: list[Token] = []
        for first, last, cls, value in self._parts:
            if cls:
                found.append(Token(first, last, cls, None if value is None else of_place(value)))
            else:
                found += [Token(first + start, first + end, name, meaning) for start, end, name, meaning in value]
        return found

    def names(self, features: Set[FeatureKind]) -> list[Token]:
        """Return the tokens of names, not of demonyms, of some kinds of place."""
        return [
            Token(start, end, cls, of_place(value))
            for start, end, cls, value in self._parts
            if cls == "PLACE" and value.feature in features
        ]


def row_of(
    text: str, span: Span, resolutions: Sequence[Resolution], grammar: Grammar, *, is_phrase: bool = False
) -> Row:
    """Return the tokens of a stretch of text; each resolved mention in it is one token.

    Words that the grammar does not know are one token as long as they follow each other, and so is everything in an
    article that has such words between it and the next mention: no expression goes past them.

    Parameters
    ----------
    resolutions
        Those whose mentions lie in the span, in text order. Mentions without a place, and names inside other names,
        are words like any other.
    is_phrase
        Whether the text is a bare phrase, in which capitals need not be names.
    """
    if is_phrase:
        text = text.casefold() if len(text.casefold()) == len(text) else text
    row = Row(text, grammar)
    at, last = span
    for resolution in resolutions:
        mention, place = resolution.mention, resolution.place
        if mention is None or place is None or mention.kind == "embedded" or mention.start < at:
            continue
        if _is_half(mention, text, grammar):
            continue
        name = _name_span(mention.text, place.name, grammar)
        start, end = mention.start + name[0], mention.start + name[1]
        if is_phrase:
            row.add_words(at, start)
        elif at < start:
            _add_gap(row, at, start)
        if row.letters and (_is_along(row.letters[-3:], grammar) or _is_natural(row, place, end)):
            place = _line_or_water(resolution, place)
        row.add(start, end, "DEMONYM" if mention.kind == "demonym" else "PLACE", place)
        at = end
    known = last if is_phrase else _known_after(text, (at, last), grammar)
    row.add_words(at, known)
    row.add_unknown(known, last)
    return row


def tokens_of(
    text: str, span: Span, resolutions: Sequence[Resolution], grammar: Grammar, *, is_phrase: bool = False
) -> list[Token]:
    """Return the tokens of `row_of`."""
    return row_of(text, span, resolutions, grammar, is_phrase=is_phrase).tokens()


def _is_half(mention: Mention, text: str, grammar: Grammar) -> bool:
    """Whether a mention is a direction alone that shares what follows: "East" of "East and West Java"."""
    if not _is_direction(mention.text, grammar):
        return False
    after = _NEXT_WORD.match(text, mention.end)
    return after is not None and any(entry.cls == "AND" for entry in grammar.starting_with(after[1].casefold()))


@lru_cache(maxsize=_REMEMBERED)
def _is_direction(text: str, grammar: Grammar) -> bool:
    return any(e.cls == "DIRECTION" and len(e.words) == 1 for e in grammar.starting_with(text.casefold()))


@lru_cache(maxsize=_REMEMBERED)
def _is_along(letters: str, grammar: Grammar) -> bool:
    """Whether what follows is something that one can be along: "along the", "the east bank of the"."""
    last = [cls for cls in grammar.classes(letters) if cls not in {"THE", "OF"}]
    return bool(last) and last[-1] in _ALONG


def _is_natural(row: Row, place: Place, end: int) -> bool:
    """Whether a name has the article of seas and rivers, as towns and states have not: the Red Sea, the Mississippi.

    Not before a noun it may belong to ("the Mississippi governor", "the Red Sea state"). With an owner before it, the
    name of a coast is its sea's ("Yemen's Red Sea coast").
    """
    if place.feature not in _WITHOUT_ARTICLE:
        return False
    is_owned = _has_last("POSSESSIVE", row.letters[-2:], row.grammar)
    if not is_owned and not _has_last("THE", row.letters[-2:], row.grammar):
        return False
    after = _NEXT_WORD.match(row.text, end)
    classes = {entry.cls for entry in row.grammar.starting_with(after[1].casefold())} if after else {"COMMA"}
    return "COAST" in classes or (not is_owned and bool(classes) and not classes & _TRAILING)


@lru_cache(maxsize=_REMEMBERED)
def _has_last(wanted: str, letters: str, grammar: Grammar) -> bool:
    """Whether a word of a class stands before what follows, perhaps with a direction between them."""
    return [cls for cls in grammar.classes(letters) if cls != "DIRECTIONAL"][-1:] == [wanted]


def _line_or_water(resolution: Resolution, place: Place) -> Place:
    """Return the best candidate that one can be along: after "along", the Nile is the river, not a province."""
    if place.feature in LINEAR:
        return place
    return next((c.place for c in resolution.alternatives if c.place.feature in LINEAR), place)


def _add_gap(row: Row, start: int, end: int) -> None:
    """Add the tokens before a mention, and after the one before it where there is one."""
    text, grammar = row.text, row.grammar
    if row.letters and end - start <= _SHORT and _known_head(text[start:end], grammar) == end - start:
        row.add_words(start, end)
        return
    left = _known_after(text, (start, end), grammar) if row.letters else start
    right = _known_before(text, (left, end), grammar)
    if right <= left:
        row.add_words(start, end)
        return
    if _looks_back(_read(text[right:end], grammar, right == start)[0], grammar):
        right = max(text.rfind(" ", left, max(end - _BEFORE, left)), left)
    row.add_words(start, left)
    row.add_unknown(left, right)
    row.add_words(right, end, opens=right == start)


@lru_cache(maxsize=_REMEMBERED)
def _looks_back(letters: str, grammar: Grammar) -> bool:
    return not grammar.looks_back.isdisjoint(grammar.classes(letters))


def _known_after(text: str, span: Span, grammar: Grammar) -> int:
    """Return where the known words end that a stretch of text begins with."""
    start, end = span
    at = start
    while at < end and at - start < _AFTER:
        space = text.find(" ", at + 1, end)
        chunk = text[at : end if space < 0 else space]
        known = _known_head(chunk, grammar)
        at += known
        if known < len(chunk):
            break
    return at


def _known_before(text: str, span: Span, grammar: Grammar) -> int:
    """Return where the known words begin that a stretch of text ends with."""
    start, end = span
    at = end
    while at > start and end - at < _BEFORE:
        chunk = text[max(text.rfind(" ", start, at), start) : at]
        known = _known_tail(chunk, grammar)
        at -= known
        if known < len(chunk):
            break
    return at


@lru_cache(maxsize=_REMEMBERED)
def _known_head(text: str, grammar: Grammar) -> int:
    """Return how many characters a text has before the first word that the grammar does not know."""
    if text[1:].isalpha() and text[0] == " ":
        return len(text) if grammar.knows(text[1:].casefold()) else 1
    return min((start for word, start, _ in _pieces(text) if not grammar.knows(word)), default=len(text))


@lru_cache(maxsize=_REMEMBERED)
def _known_tail(text: str, grammar: Grammar) -> int:
    """Return how many characters a text has after the last word that the grammar does not know."""
    if text[1:].isalpha() and text[0] == " ":
        return len(text) if grammar.knows(text[1:].casefold()) else 0
    return len(text) - max((end for word, _, end in _pieces(text) if not grammar.knows(word)), default=0)


@lru_cache(maxsize=_REMEMBERED)
def _name_span(mention: str, name: str, grammar: Grammar) -> Span:
    """Return where the name itself stands in what was mentioned.

    Words of the grammar at its ends ("northern Syria", "Idlib province") are left to the patterns, unless they belong
    to the place's own name ("Northern Ireland").
    """
    if grammar.prefixes and _is_joined(mention, name, grammar):
        return 1, len(mention)
    if " " not in mention and "-" not in mention:
        return 0, len(mention)
    pieces = [piece for piece in _pieces(mention) if piece[0].isalnum()]
    while len(pieces) > 1 and _leads(pieces, mention, name, grammar):
        pieces.pop(0)
    while len(pieces) > 1 and _is_one_of(_TRAILING, pieces[-1][0], name, grammar):
        pieces.pop()
    return (pieces[0][1], pieces[-1][2]) if pieces else (0, len(mention))


def _is_joined(mention: str, name: str, grammar: Grammar) -> bool:
    """Whether a mention begins with an "and" that is written together with the name: not Washington, Ouagadougou."""
    is_and = mention[0] in grammar.prefixes and any(entry.cls == "AND" for entry in grammar.starting_with(mention[0]))
    return is_and and name[:1] not in _LIKE_AND


def _leads(pieces: Sequence[_Piece], text: str, name: str, grammar: Grammar) -> bool:
    """Whether the first word of a mention stands before the name: a direction only where the rest is the name."""
    if _is_one_of(_TRAILING, pieces[0][0], name, grammar):
        return True
    rest = text[pieces[1][1] :]
    is_name = set(normalise(rest).split()) <= set(normalise(name).split()) or skeleton(rest) == skeleton(name) != ""
    return is_name and _is_one_of(_LEADING, pieces[0][0], name, grammar)


def _is_one_of(classes: frozenset[str], word: str, name: str, grammar: Grammar) -> bool:
    found = grammar.starting_with(word)
    fits = any(entry.cls in classes and len(entry.words) == 1 for entry in found)
    return fits and normalise(word) not in normalise(name).split()


@lru_cache(maxsize=_REMEMBERED)
def _read(text: str, grammar: Grammar, opens: bool) -> tuple[str, tuple[Token, ...]]:
    """Return the tokens of words, and the letters of their classes."""
    tokens = _tokens(text, grammar, opens)
    return "".join(grammar.letters[token.cls] for token in tokens), tokens


def _tokens(text: str, grammar: Grammar, opens: bool) -> tuple[Token, ...]:
    pieces = _pieces(text)
    if grammar.prefixes:
        pieces = [part for piece in pieces for part in _split(piece, grammar)]
    tokens: list[Token] = []
    at = 0
    while at < len(pieces):
        word, start, end = pieces[at]
        entries = grammar.starting_with(word)
        found = _longest(entries, pieces, at) if entries else None
        at += len(found.words) if found else 1
        if found and not _is_part_of_name(found, text[start], opens and start == 0):
            tokens.append(Token(start, pieces[at - 1][2], found.cls, found.meaning))
        elif word[0].isdecimal() and (number := number_of(word)) is not None:
            tokens.append(Token(start, end, "NUMBER", number))
        elif (not tokens or tokens[-1].cls != "OTHER") and word not in grammar.skip:
            tokens.append(Token(start, end, "OTHER"))
    return tuple(tokens)


def _is_part_of_name(word: Word, first_letter: str, opens: bool) -> bool:
    """Whether a word belongs to a name: in "the Canadian Coast Guard" no coast is meant."""
    return first_letter.isupper() and not opens and word.cls not in _CAPITALISED


def _pieces(text: str) -> list[_Piece]:
    """Return words and signs; hyphens between two words are left out."""
    found = [(match[0].casefold(), *match.span()) for match in _PIECE.finditer(text)]
    if "-" not in text:
        return found
    last = len(text)
    return [
        (word, start, end)
        for word, start, end in found
        if word != "-" or start == 0 or end == last or not (text[start - 1].isalpha() and text[end].isalpha())
    ]


def _longest(entries: Sequence[Word], pieces: Sequence[_Piece], at: int) -> Word | None:
    """Return the longest of the lexicon's phrases that stands at a piece, None where none does."""
    for entry in entries:
        size = len(entry.words)
        if size == 1 or (at + size <= len(pieces) and all(map(_fits, pieces[at : at + size], entry.words))):
            return entry
    return None


def _fits(piece: _Piece, wanted: str) -> bool:
    return piece[0].startswith(wanted[:-1]) if wanted.endswith("*") else piece[0] == wanted


def _split(piece: _Piece, grammar: Grammar) -> list[_Piece]:
    """Split what is written together ("وشمال", and north) where both parts are known."""
    word, start, end = piece
    if not grammar.starting_with(word):
        for prefix in grammar.prefixes:
            rest = word.removeprefix(prefix)
            if rest and rest != word and grammar.starting_with(rest):
                return [(prefix, start, start + len(prefix)), (rest, start + len(prefix), end)]
    return [piece]


def number_of(text: str) -> float | None:
    """Return the value of a number in digits: 1,200 is 1200, and both 20.5 and 20,5 are 20.5; None for 1.2.3."""
    try:
        return float(_THOUSANDS.sub("", text).replace(",", ".").replace("٫", "."))
    except ValueError:
        return None
