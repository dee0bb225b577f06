"""Names in bare phrases that recognition, made for whole reports, passes over."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from geo.footprints.grammar import Grammar, language_of, load_grammar
from geo.footprints.tokens import tokens_of
from geo.gazetteer.lookup import NameMatch
from geo.gazetteer.names import normalise
from geo.model import MentionKind, Resolution, Span

if TYPE_CHECKING:
    from geo.gazetteer.index import Index

_WORD = re.compile(r"[^\W\d_]+(?:['’ʿʾ`][^\W\d_]+)*")
_POSSESSIVE = re.compile(r"['’]s?\Z")
# Words of the grammar that names begin with: the Sahel, Upper Egypt.
_OF_NAMES = frozenset({"THE", "COURSE", "GREATER"})
# Shorter words are no names where nothing but the gazetteer says so.
_LEAST_LETTERS = 3


class LeftName(NamedTuple):
    """A name in a phrase: where it stands, as the gazetteer has it, and what kind of mention it is."""

    start: int
    end: int
    name: str
    kind: MentionKind = "name"


class _Piece(NamedTuple):
    word: str
    span: Span


def names_left(phrase: str, resolutions: Sequence[Resolution], index: Index | None = None) -> tuple[LeftName, ...]:
    """Return what in a bare phrase may be names that recognition passed over, or took too short, in text order.

    First the gazetteer's own names: of several words ("Kurdistan Region of Iraq"), and in Russian and Arabic inflected
    ones too. Then words the grammar does not know: all of them where nothing in the phrase is resolved, otherwise those
    that start with a capital.
    """
    grammar = load_grammar(language_of(phrase))
    mentions = [r for r in resolutions if r.mention is not None and r.place is not None]
    taken = [(r.mention.start, r.mention.end) for r in mentions if r.mention]
    known = _known(phrase, taken, grammar, index) if index is not None else []
    taken += [(name.start, name.end) for name in known]
    unknown = [name for name in _unknown(phrase, mentions, grammar, not taken) if not _meets(name[:2], taken)]
    return tuple(sorted([*known, *unknown]))


def _known(phrase: str, taken: Sequence[Span], grammar: Grammar, index: Index) -> list[LeftName]:
    """Return the longest names of the gazetteer that are not within what is resolved already."""
    language = language_of(phrase)
    pieces = list(_pieces(phrase))
    found: list[LeftName] = []
    for match in index.matches([piece.word for piece in pieces], language):
        span = pieces[match.start].span[0], pieces[match.end - 1].span[1]
        overlaps = [other for other in taken if _meets(span, [other])]
        wider = all(span[0] <= start and end <= span[1] and span != (start, end) for start, end in overlaps)
        after = not found or span[0] >= found[-1].end
        kind: MentionKind = "demonym" if index.kind_words_of(match.name_id)[0] == "demonym" else "name"
        if wider and after and _is_name(phrase[slice(*span)], match, grammar, kind):
            name = index.name(match.name_id)
            found.append(LeftName(span[0] + _prefixed(phrase[slice(*span)], name, grammar), span[1], name, kind))
    return found


def _prefixed(text: str, name: str, grammar: Grammar) -> int:
    """Return how many letters before a name are words of their own: Arabic "and", "to"."""
    fitting = (len(p) for p in grammar.prefixes if text.startswith(p) and normalise(text[len(p) :]) == name)
    return 0 if normalise(text) == name else next(fitting, 0)


def _is_name(text: str, match: NameMatch, grammar: Grammar, kind: MentionKind) -> bool:
    """Whether words that the gazetteer has as a name are meant as one: not "west bank", and not "between" in Arabic."""
    words, language = text.casefold().split(), language_of(text)
    if language == "en":
        classes = {entry.cls for entry in grammar.starting_with(words[0]) if len(entry.words) == 1}
        is_capital = text[0].isupper() or (bool(classes) and text.rsplit(maxsplit=1)[-1][0].isupper())
        return match.end - match.start > 1 and is_capital and classes <= _OF_NAMES
    is_known = len(words) == 1 and grammar.knows(words[0])
    return len(text) >= _LEAST_LETTERS and not is_known and (language != "ru" or text[0].isupper() or kind == "demonym")


def _pieces(phrase: str) -> Iterator[_Piece]:
    for found in _WORD.finditer(phrase):
        end = found.start() + len(_POSSESSIVE.sub("", found[0]))
        word = normalise(phrase[found.start() : end])
        if word and " " not in word:
            yield _Piece(word, (found.start(), end))


def _unknown(phrase: str, mentions: list[Resolution], grammar: Grammar, nothing: bool) -> Iterator[LeftName]:
    tokens = tokens_of(phrase, (0, len(phrase)), mentions, grammar, is_phrase=True)
    ends = [*(token.start for token in tokens[1:]), len(phrase)]
    for token, end in zip(tokens, ends, strict=True):
        text = phrase[token.start : end].rstrip()
        if token.cls == "OTHER" and text[:1].isalpha() and (text[0].isupper() or nothing):
            yield LeftName(token.start, token.start + len(text), text)


def _meets(span: Span, others: Sequence[Span]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)
