"""How many near duplicates are found: texts of a corpus, altered as carriers alter them, against the texts themselves.

python benchmarks/near_duplicates.py CORPUS.jsonl
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from geo.articles.reader import read_articles
from geo.model import Article
from geo.workspace.near import are_alike, bands_of, may_be_alike, wording_of_text

_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_RANDOM = random.Random(1)


def cut(text: str, share: float) -> str:
    """Take out a run of sentences."""
    sentences = _SENTENCE.split(text)
    count = round(len(sentences) * share)
    start = _RANDOM.randint(0, len(sentences) - count)
    return " ".join(sentences[:start] + sentences[start + count :])


def edited(text: str, share: float) -> str:
    """Replace single words all over the text."""
    return " ".join("edited" if _RANDOM.random() < share else word for word in text.split(" "))


ALTERATIONS: dict[str, Callable[[str], str]] = {
    "agency's lead added": lambda text: f"EXAMPLE AGENCY, Tuesday (first carried by our own correspondents) - {text}",
    "byline and copyright added": lambda text: (
        f"By Jane Doe, Staff Writer. {text} Copyright Example. All rights reserved."
    ),
    "a tenth of the sentences cut": lambda text: cut(text, 0.1),
    "a fifth of the sentences cut": lambda text: cut(text, 0.2),
    "a third of the sentences cut": lambda text: cut(text, 1 / 3),
    "1 word of 50 replaced": lambda text: edited(text, 0.02),
    "1 word of 20 replaced": lambda text: edited(text, 0.05),
    "lead added, a tenth cut": lambda text: f"EXAMPLE AGENCY, Tuesday (our correspondents) - {cut(text, 0.1)}",
}


def is_found(some: Article, other: Article) -> bool:
    """Tell whether two articles are found to be near duplicates."""
    own, its = bands_of(some), bands_of(other)
    shared = any(a == b for a, b in zip(own, its, strict=False))
    wordings = (wording_of_text(article.text, article.boilerplate) for article in (some, other))
    return shared and may_be_alike(own, [its])[0] and are_alike(*wordings)


def found_share(articles: Sequence[Article], alter: Callable[[str], str]) -> float:
    """Return the share of altered texts that are found."""
    altered = [replace(article, text=alter(article.text), boilerplate=()) for article in articles]
    return sum(map(is_found, articles, altered)) / len(articles)


def main(path: str) -> None:
    """Print the shares found, the pairs of different texts taken for one, and the time."""
    articles = [item for item in read_articles([path]) if isinstance(item, Article) and bands_of(item)]
    for name, alter in ALTERATIONS.items():
        print(f"{name:30} {found_share(articles, alter):6.1%}")
    wrong = sum(is_found(*pair) for pair in combinations(articles[:300], 2))
    print(f"different texts taken for one  {wrong}")
    began = time.process_time()
    for article in articles:
        bands_of(article)
    print(f"time of an article's bands     {(time.process_time() - began) / len(articles) * 1000:.2f} ms")


if __name__ == "__main__":
    main(sys.argv[1])
