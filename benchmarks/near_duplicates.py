"""How many near duplicates are found: texts of a corpus, altered as carriers alter them, against the texts themselves.

usage: python benchmarks/near_duplicates.py CORPUS.jsonl
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import combinations

from geo.articles.compose import article_of
from geo.articles.document import Document
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

TEMPLATES = {
    "weather": (
        "Weather for {town} on {day}: mostly sunny with a high of {number} degrees and a low of {number} degrees, "
        "winds from the west at {number} kilometres an hour, and a chance of rain of {number} percent in the "
        "evening. Drink enough water during the afternoon, and avoid the sun between noon and four o'clock."
    ),
    "market": (
        "Stocks moved on {day}. The main index gained {number} points, or 0.{number} percent, to 9,{number}. The "
        "broader index moved to 1,{number}. Oil traded at {number} dollars a barrel, and gold at 1,{number} dollars an "
        "ounce. Volume on the exchange was {number} million shares, traders said, with {number} issues "
        "advancing and {number} declining."
    ),
    "losses": (
        "The observatory said on {day} that {number} people were killed and {number} wounded in shelling of {town}. "
        "Among the dead were {number} children and {number} women. Rescue workers were still searching for survivors "
        "under the rubble, and the number of dead was likely to rise because many of the wounded were in a serious "
        "condition, it added. There was no immediate comment from the government."
    ),
    "earthquake": (
        "A magnitude 4.{number} earthquake struck {number} kilometres from {town} on {day} at 4:{number} a.m., the "
        "survey said. The epicentre was at a depth of {number} kilometres. There were no immediate reports of losses "
        "or damage. This report was made from data of the survey's notification service and reviewed by an editor."
    ),
    "election": (
        "With {number} percent of votes counted in {town}, the candidate of the ruling party had {number} percent of "
        "them on {day}, the commission said."
    ),
}
"""Reports that an agency publishes again and again with other facts: worded alike, and not one report."""
_TOWNS = ("Homs", "Hama", "Idlib", "Daraa", "Rastan", "Talbiseh", "Aleppo", "Latakia")
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")


def filled(template: str) -> Article:
    """Return a report made from a template, with town, day and figures drawn."""
    choices = {"town": _TOWNS, "day": _DAYS, "number": [str(number) for number in range(10, 100)]}
    return article_of(Document(re.sub(r"{(\w+)}", lambda slot: _RANDOM.choice(choices[slot[1]]), template)))


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
    print(f"different texts taken for one: {wrong}")
    for name, template in TEMPLATES.items():
        reports = [filled(template) for _ in range(60)]
        alike = sum(is_found(*pair) for pair in combinations(reports, 2) if pair[0].text != pair[1].text)
        print(f"reports of one template taken for one: {name:10} {alike} of {60 * 59 // 2}")
    began = time.process_time()
    for article in articles:
        bands_of(article)
    print(f"time of an article's bands     {(time.process_time() - began) / len(articles) * 1000:.2f} ms")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    main(sys.argv[1])
