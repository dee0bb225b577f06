"""Toponym recognition: the second arrow of the flow, from an article to its mentions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

import numpy as np

from geo.gazetteer.classes import NameClass
from geo.gazetteer.index import Index
from geo.model import Article, Mention, MentionKind, Span
from geo.recognition.dictionary import LANGUAGES, recognise_by_dictionary
from geo.recognition.document import document_features
from geo.recognition.features import Sheet, lay_out
from geo.recognition.foreign import with_sure_names
from geo.recognition.lexicon import Lexicon
from geo.recognition.semicrf import Floats, choose, lattice_of, marginals
from geo.recognition.tokens import Tokens, parts_of, tokenise
from geo.recognition.weights import base_scores, load_weights, weights_path
from geo.recognition.words import type_words

THRESHOLD = 0.3
"""Least probability of a mention: below one half, as a missed place is lost and a spurious one is doubted later."""

_MOST_TOKENS = 50_000
"""Tokens read together, some 250,000 characters: what is told of their spans takes up to 5 KB each."""

_REACH = 5
"""Words after a mention that tell whether it is part of a longer name."""
_OF_THE_MODEL = frozenset({None, "en"})
"""Languages that the model was trained on; a text of none is mostly a few words."""
_BODIES = frozenset({"organisation", "facility"})


def recognise(article: Article, index: Index) -> tuple[Mention, ...]:
    """Return the mentions of places in an article, in text order; they do not overlap. Empty where it names none."""
    return recognise_all([article], index)[0]


def recognise_all(articles: Sequence[Article], index: Index) -> list[tuple[Mention, ...]]:
    """Return the mentions of each of some articles, as `recognise` does; very long ones are read in parts."""
    texts = [tokenise(article.text, article.boilerplate) for article in articles]
    learnt = [number for number, article in enumerate(articles) if article.language not in LANGUAGES]
    found = dict(zip(learnt, _by_model([articles[n] for n in learnt], [texts[n] for n in learnt], index), strict=True))
    for number in learnt:
        if articles[number].language not in _OF_THE_MODEL:
            found[number] = with_sure_names(articles[number], texts[number], index, found[number])
    return [
        found[number] if number in found else recognise_by_dictionary(article, text, index, article.language or "")
        for number, (article, text) in enumerate(zip(articles, texts, strict=True))
    ]


def _by_model(articles: Sequence[Article], texts: Sequence[Tokens], index: Index) -> list[tuple[Mention, ...]]:
    found: list[tuple[Mention, ...]] = [()] * len(articles)
    for parts in _sheets(texts):
        numbers = [number for number, _ in parts]
        mentions = _on_a_sheet([articles[n] for n in numbers], [tokens for _, tokens in parts], _lexicon(index))
        for number, of_part in zip(numbers, mentions, strict=True):
            found[number] += of_part
    return found


def _sheets(texts: Sequence[Tokens]) -> Iterator[list[tuple[int, Tokens]]]:
    """Yield texts with their numbers, as many as are read together; a very long one is read in parts."""
    parts = [(number, part) for number, text in enumerate(texts) for part in parts_of(text, _MOST_TOKENS)]
    while parts:
        lengths = accumulate(len(part.words) for _, part in parts)
        fitting = max(1, sum(length <= _MOST_TOKENS for length in lengths))
        yield parts[:fitting]
        parts = parts[fitting:]


def _on_a_sheet(articles: Sequence[Article], texts: Sequence[Tokens], lexicon: Lexicon) -> list[tuple[Mention, ...]]:
    with lexicon.lock:
        sheet = lay_out(texts, lexicon)
        if not len(sheet.spans.start):
            return [()] * len(articles)
        return mentions_of(articles, sheet, lexicon, span_probabilities(sheet, lexicon))


def mentions_of(
    articles: Sequence[Article], sheet: Sheet, lexicon: Lexicon, probability: Floats
) -> list[tuple[Mention, ...]]:
    """Return each article's spans that are probable enough as mentions, in text order; of overlapping the likeliest."""
    found: list[list[Mention]] = [[] for _ in articles]
    chosen = choose(sheet.spans, probability, THRESHOLD)
    owner, names = sheet.articles[chosen], sheet.names[chosen]
    opening = sheet.strip.opening[owner]
    demonym = (names >= 0) & (lexicon.index.classes[names] & np.uint32(NameClass.DEMONYM) > 0)
    columns = (owner, sheet.spans.start[chosen] - opening, sheet.spans.end[chosen] - opening, demonym)
    rows = zip(*(column.tolist() for column in columns), probability[chosen].tolist(), strict=True)
    for number, first, last, is_demonym, belief in rows:
        tokens = sheet.strip.texts[number]
        kind: MentionKind = "demonym" if is_demonym else "embedded" if _in_a_name(tokens, last) else "name"
        found[number].append(_mention(articles[number].text, tokens, (first, last), kind, belief))
    return [tuple(mentions) for mentions in found]


@lru_cache(maxsize=2)
def _lexicon(index: Index) -> Lexicon:
    weights = load_weights(weights_path())
    return Lexicon(index, {name: row for row, name in enumerate(weights.features)}, weights.table())


def span_probabilities(sheet: Sheet, lexicon: Lexicon) -> Floats:
    """Return the probability of each candidate span that it is a mention, after both passes."""
    weights = load_weights(weights_path())
    lattice = lattice_of(sheet.spans)
    first, _ = marginals(lattice, base_scores(sheet, lexicon, weights, 0))
    document = document_features(sheet, lexicon, first).scores(weights.passes[1].document)
    second, _ = marginals(lattice, base_scores(sheet, lexicon, weights, 1) + document)
    return second


def _mention(text: str, tokens: Tokens, span: Span, kind: MentionKind, probability: float) -> Mention:
    start, end = tokens.starts[span[0]], tokens.ends[span[1] - 1]
    return Mention(start, end, text[start:end], kind, tokens.sentence_at(start), round(min(probability, 1.0), 4))


def _in_a_name(tokens: Tokens, end: int) -> bool:
    """Tell whether capitalised words follow at once, one of which names an organisation or a facility."""
    for word in tokens.words[end : end + _REACH]:
        if not word[0].isupper():
            return False
        if not _BODIES.isdisjoint(type_words().get(word.lower(), ())):
            return True
    return False
