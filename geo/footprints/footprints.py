"""Footprints: locative expressions around resolved places to three nested extents."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from geo.errors import InputError
from geo.footprints.expressions import Expression, listed
from geo.footprints.extents import finished
from geo.footprints.grammar import language_of, load_grammar
from geo.footprints.ground import Ground, ground_of
from geo.footprints.longer import goes_on
from geo.footprints.makers import LOCATING, holds
from geo.footprints.parse import is_matched, parse
from geo.footprints.references import references
from geo.footprints.rules import drawn, relation_of
from geo.footprints.tokens import Token, row_of, tokens_of
from geo.model import Article, FeatureKind, Footprint, Resolution, Span

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.gazetteer.boundaries import Boundaries
    from geo.gazetteer.index import Index

# What is an area even where no words around it say so.
_AREAS: frozenset[FeatureKind] = frozenset({"admin1", "region"})
# Classes of what may have a footprint.
_SAID = frozenset({"PLACE", "UNITS", "REGION"})
# Expressions whose areas are kept at hand, each 2 to 500 KB: so memory does not grow with what is read.
_REMEMBERED = 1024
# Of what was named before these say no more than that: "across the country", "a town in the region".
_SAYING_LITTLE = frozenset({"whole", "some"})
# Words that take something out; without what they take out they would be lost.
_LEAVES_OUT = frozenset({"EXCEPT", "ALL_BUT"})
# The language in which capitals tell names from other nouns.
_CAPITALISING = "en"
# Relations over a border whose other side the text may name elsewhere.
_ONE_SIDED = frozenset({"border_with", "border_side", "border_units", "across"})


def find_footprints(
    article: Article, resolutions: Sequence[Resolution], boundaries: Boundaries, index: Index | None = None
) -> tuple[Footprint, ...]:
    """Return the footprints of an article's locative expressions, in text order.

    Units and regions that stand alone have one too: "Idlib province" always, bare names ("Eastern Ghouta") where they
    are first mentioned. Towns and countries that stand alone have none.

    Parameters
    ----------
    resolutions
        What the article's mentions were resolved to; those without a place are passed over.
    boundaries
        Polygons of countries and first-level units.
    index
        The gazetteer, for units without a polygon and towns that units are named after; None to do without.
    """
    grammar = load_grammar(article.language or language_of(article.text))
    ground = ground_of(boundaries, index)
    mentioned = list(_of_mentions(resolutions))
    referring = references(article.text, mentioned, grammar, ground)
    ends = {r.mention.end for r in referring if r.mention}
    seen: set[str] = set()
    found: list[Footprint] = []
    starts = {r.mention.start for r in mentioned if r.mention}
    told = _of_mentions([*mentioned, *referring]) if referring else mentioned
    for sentence, group in groupby(told, key=_sentence):
        row = row_of(article.text, sentence, list(group), grammar)
        tokens = parse(row.tokens(), grammar) if is_matched(row.letters, grammar) else row.names(_AREAS)
        for token in tokens:
            if token.cls not in _SAID or _is_of_longer_name(token, article, starts, sentence):
                continue
            if not (token.end in ends and _says_little(token)) and _is_area(token, seen):
                bare = token.cls == "PLACE"
                expression = Expression("outline", (token.value,)) if bare else _in_context(token.value, resolutions)
                found += _footprints(article.text, (token.start, token.end), expression, ground, sentence)
    return tuple(found)


def footprint_of(
    phrase: str, resolutions: Sequence[Resolution], boundaries: Boundaries, index: Index | None = None
) -> Footprint:
    """Return the footprint of a bare phrase; the union where it holds several expressions.

    A bare name is a footprint too: the unit it names, or a disc as large as the place.

    Raises
    ------
    InputError
        No name in the phrase resolves to a place, or what it says has no shape (a border between countries that do
        not touch).
    """
    grammar = load_grammar(language_of(phrase))
    span = (0, len(phrase))
    tokens = parse(tokens_of(phrase, span, list(_of_mentions(resolutions)), grammar, is_phrase=True), grammar)
    made = tuple(_in_context(_named(expression), resolutions) for expression in _meant(tokens))
    if not made:
        raise InputError(
            f"No name in {phrase!r} could be resolved to a place.",
            'Name a known place with words of place around it, as "the north of Idlib province".',
        )
    if any(token.cls in _LEAVES_OUT for token in tokens):
        raise InputError(
            f"What {phrase!r} leaves out could not be resolved to a place.", "Name a known place after the exception."
        )
    found = list(_footprints(phrase, span, listed(made), ground_of(boundaries, index), span))
    if not found:
        raise InputError(f"What {phrase!r} says has no shape.", "Check that its places lie as the phrase says.")
    return found[0]


def _meant(tokens: Sequence[Token]) -> list[Expression]:
    """Return what a phrase is about.

    What only says where the rest lies goes: "in Syria" of "in Syria, the Idlib countryside", and all but Bucha of
    "Bucha, north of Kyiv".
    """
    found = [token for token in tokens if isinstance(token.value, Expression)]
    if [token.cls for token in tokens] == ["PLACE", "COMMA", "REGION"] and found[1].value.relation in LOCATING:
        return [found[0].value]
    related = [token.value for token in found if token.cls in {"UNITS", "REGION"}]
    bare = [token for token in found if token.cls in {"PLACE", "DEMONYM"}]
    kept = {id(t) for t in bare if not any(holds(t.value, e) for e in related)}
    if related:
        kept -= {id(t) for t in bare if t.cls == "DEMONYM"}
    return [token.value for token in found if token.cls in {"UNITS", "REGION"} or id(token) in kept]


def _named(expression: Expression) -> Expression:
    return Expression("name", (expression,)) if expression.relation == "place" else expression


def _of_mentions(resolutions: Sequence[Resolution]) -> Iterator[Resolution]:
    found = [r for r in resolutions if r.mention is not None and r.place is not None]
    return iter(sorted(found, key=lambda r: r.mention.start if r.mention else 0))


def _sentence(resolution: Resolution) -> Span:
    assert resolution.mention is not None, "only resolutions of mentions are grouped"
    return resolution.mention.sentence


def _is_of_longer_name(token: Token, article: Article, starts: Set[int], sentence: Span) -> bool:
    """Whether the last name of a token goes on past it ("off the Massachusetts Turnpike"): no more is known of that."""
    if (article.language or _CAPITALISING) != _CAPITALISING:
        return False
    return goes_on(article.text, token.end, starts, sentence, possessive=token.value.relation in LOCATING)


def _says_little(token: Token) -> bool:
    """Whether a token that ends with a reference says no more than that."""
    return token.cls == "PLACE" or token.value.relation in _SAYING_LITTLE


def _is_area(token: Token, seen: set[str]) -> bool:
    """Whether a token is to have a footprint; bare names are noted in ``seen``."""
    if token.cls == "PLACE":
        place = token.value.place
        fresh = place is not None and place.feature in _AREAS and place.id not in seen
        seen.update(p.id for p in token.value.places())
        return fresh
    return token.cls == "REGION" or (token.cls == "UNITS" and _is_first_level(token.value))


def _is_first_level(expression: Expression) -> bool:
    operands = expression.operands if expression.is_list else (expression,)
    return all(unit.unit_type == "unit" and all(p.feature != "country" for p in unit.places()) for unit in operands)


def _in_context(expression: Expression, resolutions: Sequence[Resolution]) -> Expression:
    """Note the country a text is about on borders of which one side is named."""
    operands = tuple(_in_context(operand, resolutions) for operand in expression.operands)
    if expression.relation not in _ONE_SIDED:
        return expression if operands == expression.operands else replace(expression, operands=operands)
    named = {place.country for place in expression.places()}
    others = Counter(r.place.country for r in resolutions if r.place and r.place.country not in named | {None})
    return replace(expression, operands=operands, context=max(others, key=lambda c: (others[c], c), default="") or "")


def _footprints(text: str, span: Span, expression: Expression, ground: Ground, sentence: Span) -> Iterator[Footprint]:
    """Yield the footprint of an expression; nothing where it has no shape."""
    core, zone, possible = _drawn(expression, ground)
    if zone.is_empty:
        return
    yield Footprint(
        start=span[0],
        end=span[1],
        phrase=text[slice(*span)],
        relation=relation_of(expression),
        core=core,
        zone=zone,
        possible=possible,
        places=tuple(expression.places()),
        sentence=sentence,
    )


@lru_cache(maxsize=_REMEMBERED)
def _drawn(expression: Expression, ground: Ground) -> tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
    return finished(drawn(expression, ground))
