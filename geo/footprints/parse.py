"""Tokens to expressions, by a cascade of patterns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from geo.footprints.grammar import Grammar, Pattern
from geo.footprints.makers import made_of
from geo.footprints.tokens import Token


def parse(tokens: Sequence[Token], grammar: Grammar) -> list[Token]:
    """Return the tokens with all matches of the patterns replaced, as often as any matches."""
    current = list(tokens)
    letters = "".join([grammar.letters[token.cls] for token in current])
    before = ""
    while letters != before and is_matched(letters, grammar):
        before = letters
        current, letters = _each_once(current, letters, grammar)
    return current


def _each_once(tokens: list[Token], letters: str, grammar: Grammar) -> tuple[list[Token], str]:
    """Return the tokens, and their letters, with every pattern's matches replaced, one pattern after the other."""
    first = 0
    while rest := [number for number in _fitting(frozenset(letters), grammar) if number >= first]:
        tokens, letters = _reduce(tokens, letters, grammar.patterns[rest[0]], grammar)
        first = rest[0] + 1
    return tokens, letters


@lru_cache(maxsize=16384)
def is_matched(letters: str, grammar: Grammar) -> bool:
    """Whether any pattern matches tokens, given as the letters of their classes: few do, the same again and again."""
    return any(_matches(run, grammar) for run in letters.split(grammar.letters["OTHER"]) if run)


@lru_cache(maxsize=16384)
def _matches(run: str, grammar: Grammar) -> bool:
    """Whether any pattern matches known words that follow each other; no match goes past an unknown word."""
    return any(grammar.patterns[number].regex.search(run) for number in _fitting(frozenset(run), grammar))


@lru_cache(maxsize=16384)
def _fitting(present: frozenset[str], grammar: Grammar) -> tuple[int, ...]:
    """Return which patterns need no more than some letters."""
    return tuple(grammar.fitting(present))


def _reduce(tokens: list[Token], letters: str, pattern: Pattern, grammar: Grammar) -> tuple[list[Token], str]:
    """Return the tokens, and their letters, with every match of one pattern replaced by what it makes."""
    at = 0
    while found := pattern.regex.search(letters, at):
        first, last = found.span()
        made = _make(tokens[first:last], pattern)
        at = first + 1
        if made is not None:
            tokens = [*tokens[:first], made, *tokens[last:]]
            letters = letters[:first] + grammar.letters[pattern.cls] + letters[last:]
    return tokens, letters


def _make(matched: Sequence[Token], pattern: Pattern) -> Token | None:
    """Return what a match makes; None where its words fit but its places do not."""
    value = made_of(pattern.make, matched)
    return None if value is None else Token(matched[0].start, matched[-1].end, pattern.cls, value)
