"""Text around resolved places as tokens of the grammar's classes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from geo.footprints.expressions import of_place
from geo.footprints.grammar import Grammar, Word
from geo.gazetteer.names import normalise
from geo.model import Mention, Resolution, Span

_PIECE = re.compile(r"\d+(?:[.,٫]\d+)*|['’]s?(?!\w)|[^\W\d_]+|[^\w\s]")
_THOUSANDS = re.compile(r"[.,](?=\d{3}(?:\D|$))")


@dataclass(frozen=True, slots=True)
class Token:
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


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    text: str


def tokens_of(text: str, span: Span, resolutions: Sequence[Resolution], grammar: Grammar) -> list[Token]:
    """Return the tokens of a stretch of text; each resolved mention in it is one token.

    ``resolutions`` are those whose mentions lie in the span, in text order. Mentions without a place, and names inside
    other names, are words like any other.
    """
    tokens: list[Token] = []
    at = span[0]
    for resolution in resolutions:
        mention = resolution.mention
        if mention is None or resolution.place is None or mention.kind == "embedded" or mention.start < at:
            continue
        start, end = _name_span(mention, resolution.place.name, grammar)
        tokens += _words(text, (at, start), grammar)
        cls = "DEMONYM" if mention.kind == "demonym" else "PLACE"
        tokens.append(Token(start, end, cls, of_place(resolution.place)))
        at = end
    return tokens + list(_words(text, (at, span[1]), grammar))


def _name_span(mention: Mention, name: str, grammar: Grammar) -> Span:
    """Return where the name itself stands in a mention.

    Words of the grammar at its ends ("northern Syria", "Idlib province") are left to the patterns, unless they belong
    to the place's own name ("Northern Ireland").
    """
    own = set(normalise(name).split())
    pieces = [piece for piece in _pieces(mention.text, (0, len(mention.text))) if piece.text.isalnum()]
    while len(pieces) > 1 and _detachable(pieces[0].text, own, grammar):
        pieces.pop(0)
    while len(pieces) > 1 and _detachable(pieces[-1].text, own, grammar):
        pieces.pop()
    if len(pieces) == 0:
        return mention.start, mention.end
    return mention.start + pieces[0].start, mention.start + pieces[-1].end


_DETACHABLE = {"DIRECTION", "DIRECTIONAL", "TYPE", "TYPES", "COUNTRYSIDE", "SUBURBS", "OUTSKIRTS", "THE", "RURAL"}


def _detachable(word: str, own: set[str], grammar: Grammar) -> bool:
    found = grammar.starting_with(word)
    return normalise(word) not in own and any(w.cls in _DETACHABLE and len(w.words) == 1 for w in found)


def _words(text: str, span: Span, grammar: Grammar) -> Iterator[Token]:
    pieces = list(_pieces(text, span))
    at = 0
    while at < len(pieces):
        piece = pieces[at]
        word = _longest(pieces, at, grammar)
        if word is None and (parts := _split(piece, grammar)):
            pieces[at : at + 1] = parts
            continue
        size = len(word.words) if word else 1
        if piece.text[0].isdigit():
            yield Token(piece.start, piece.end, "NUMBER", number_of(piece.text))
        elif piece.text not in grammar.skip:
            cls, meaning = (word.cls, word.meaning) if word else ("OTHER", None)
            yield Token(piece.start, pieces[at + size - 1].end, cls, meaning)
        at += size


def _pieces(text: str, span: Span) -> Iterator[_Piece]:
    """Yield words and signs in lower case; hyphens between two words are left out."""
    for found in _PIECE.finditer(text, *span):
        start, end = found.span()
        if found[0] == "-" and start > span[0] and end < span[1] and text[start - 1].isalpha() and text[end].isalpha():
            continue
        yield _Piece(start, end, found[0].casefold())


def _longest(pieces: Sequence[_Piece], at: int, grammar: Grammar) -> Word | None:
    """Return the longest phrase of the lexicon that starts at a piece, None where there is none."""
    for word in grammar.starting_with(pieces[at].text):
        size = len(word.words)
        if size == 1 or (at + size <= len(pieces) and all(map(_fits, pieces[at : at + size], word.words))):
            return word
    return None


def _fits(piece: _Piece, wanted: str) -> bool:
    return piece.text.startswith(wanted[:-1]) if wanted.endswith("*") else piece.text == wanted


def _split(piece: _Piece, grammar: Grammar) -> list[_Piece]:
    """Split what is written together ("وشمال", and north) where both parts are known; empty where not."""
    for prefix in grammar.prefixes:
        rest = piece.text.removeprefix(prefix)
        if rest and rest != piece.text and grammar.starting_with(rest):
            middle = piece.start + len(prefix)
            return [_Piece(piece.start, middle, prefix), _Piece(middle, piece.end, rest)]
    return []


def number_of(text: str) -> float:
    """Return the value of a number in digits: 1,200 is 1200, and both 20.5 and 20,5 are 20.5."""
    return float(_THOUSANDS.sub("", text).replace(",", ".").replace("٫", "."))
