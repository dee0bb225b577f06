"""Toponym recognition: the second arrow of the flow, from an article to its mentions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from geo.gazetteer.classes import NameClass
from geo.gazetteer.index import Index
from geo.model import Article, Mention, MentionKind
from geo.recognition.dictionary import LANGUAGES, recognise_by_dictionary
from geo.recognition.document import document_features
from geo.recognition.features import Sheet, lay_out
from geo.recognition.lexicon import Lexicon
from geo.recognition.semicrf import Floats, choose, marginals
from geo.recognition.tokens import Tokens, tokenise
from geo.recognition.weights import base_scores, load_weights, weights_path
from geo.recognition.words import type_words

THRESHOLD = 0.3
"""Least probability of a mention: below one half, as a missed place is lost and a spurious one is doubted later."""


def recognise(article: Article, index: Index) -> tuple[Mention, ...]:
    """Return the mentions of places in an article, in text order; they do not overlap. Empty where it names none."""
    tokens = tokenise(article.text, article.boilerplate)
    if not tokens.words:
        return ()
    if article.language in LANGUAGES:
        return recognise_by_dictionary(article, tokens, index, article.language)
    lexicon = _lexicon(index)
    sheet = lay_out(tokens, lexicon)
    if not len(sheet.spans.start):
        return ()
    return mentions_of(article, sheet, lexicon, span_probabilities(sheet, lexicon))


def recognise_all(articles: Sequence[Article], index: Index) -> list[tuple[Mention, ...]]:
    """Return the mentions of each of some articles, as `recognise` does."""
    return [recognise(article, index) for article in articles]


def mentions_of(article: Article, sheet: Sheet, lexicon: Lexicon, probability: Floats) -> tuple[Mention, ...]:
    """Return the spans that are probable enough as mentions, in text order; of those that overlap the likeliest."""
    return tuple(
        _mention(article, sheet, lexicon, int(number), float(probability[number]))
        for number in choose(sheet.spans, probability, THRESHOLD)
    )


@lru_cache(maxsize=2)
def _lexicon(index: Index) -> Lexicon:
    weights = load_weights(weights_path())
    return Lexicon(index, {name: row for row, name in enumerate(weights.features)}, weights.table())


def span_probabilities(sheet: Sheet, lexicon: Lexicon) -> Floats:
    """Return the probability of each candidate span that it is a mention, after both passes."""
    weights = load_weights(weights_path())
    first, _ = marginals(sheet.spans, base_scores(sheet, lexicon, weights, 0))
    document = document_features(sheet, lexicon, first).scores(weights.passes[1].document)
    second, _ = marginals(sheet.spans, base_scores(sheet, lexicon, weights, 1) + document)
    return second


def _mention(article: Article, sheet: Sheet, lexicon: Lexicon, number: int, probability: float) -> Mention:
    tokens = sheet.tokens
    first, last = int(sheet.spans.start[number]), int(sheet.spans.end[number])
    start, end = tokens.starts[first], tokens.ends[last - 1]
    return Mention(
        start=start,
        end=end,
        text=article.text[start:end],
        kind=_kind(sheet, lexicon, number),
        sentence=tokens.sentence_at(start),
        probability=round(min(probability, 1.0), 4),
    )


def _kind(sheet: Sheet, lexicon: Lexicon, number: int) -> MentionKind:
    name = int(sheet.names[number])
    if name >= 0 and int(lexicon.index.classes[name]) & NameClass.DEMONYM:
        return "demonym"
    return "embedded" if _is_embedded(sheet.tokens, int(sheet.spans.end[number])) else "name"


def _is_embedded(tokens: Tokens, end: int) -> bool:
    """Tell whether capitalised words follow at once, one of which names an organisation or a facility."""
    for word in tokens.words[end : end + 5]:
        if not word[0].isupper():
            return False
        if {"organisation", "facility"} & set(type_words().get(word.lower(), ())):
            return True
    return False
