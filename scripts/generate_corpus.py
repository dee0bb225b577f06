"""Generate a corpus of reports as long and as full of places as local news, for measuring speed: nothing in it is true.

usage: generate_corpus.py COUNT -o corpus.jsonl [--seed N]

Lengths are spread as those of the development half of LGL (Lieberman, Samet & Sankaranarayanan 2010): median 245 words,
mean 331, log-normal. A report has a town it is about and returns to, others of the same country, and a few of the
world; larger towns come up more often. Dateline finds as many places and areas in a report as there: eight and one. The
same count and seed give the same bytes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import open_index
from geo.model import Place
from geo.settings import load_settings

MEDIAN_WORDS, SPREAD, LEAST_WORDS, MOST_WORDS = 245, 0.77, 40, 3000
_LEAST_POPULATION = 3000
_FIRST_DAY, _DAYS = dt.date(2015, 1, 1), 2000


@dataclass(frozen=True)
class Words:
    """What sentences are made of."""

    who: list[str]
    did: list[str]
    what: list[str]
    how: list[str]
    opening: list[str]
    where: list[str]
    person: list[str]
    said: list[str]


def words() -> Words:
    """Return the lists beside this file."""
    return Words(**yaml.safe_load(Path(__file__).with_name("corpus_sentences.yaml").read_text(encoding="utf-8")))


class Towns:
    """The towns of the gazetteer, to be drawn by size."""

    def __init__(self) -> None:
        self._index: Any = open_index(load_settings())
        city = FEATURES.index("city")
        large = (self._index.feature == city) & (self._index.population >= _LEAST_POPULATION)
        self._rows = [int(row) for row in large.nonzero()[0]]
        # The square root: large towns are named more often, but not as often as they are larger.
        weights = [float(self._index.population[row]) ** 0.5 for row in self._rows]
        self._sums = list(itertools.accumulate(weights))
        self._of_country: dict[int, list[int]] = {}
        for row in self._rows:
            self._of_country.setdefault(int(self._index.country[row]), []).append(row)

    def of_report(self, chance: random.Random) -> list[str]:
        """Return the names a report draws from, as often as it draws them."""
        (home,) = chance.choices(self._rows, cum_weights=self._sums)
        near = chance.choices(self._of_country[int(self._index.country[home])], k=4)
        far = chance.choices(self._rows, cum_weights=self._sums, k=2)
        place: Place = self._index.place(home)
        regions = [name for name in (place.admin1,) if name]
        return [place.name] * 5 + regions * 2 + [self._index.place(row).name for row in (*near, *near, *far)]


def sentence(chance: random.Random, words: Words, places: Sequence[str]) -> str:
    """Return one sentence; one in four names a place."""
    parts = [chance.choice(words.who), chance.choice(words.did), chance.choice(words.what)]
    if chance.random() < 0.3:
        parts.insert(0, chance.choice(words.opening))
    if chance.random() < 0.24:
        where = chance.choice(words.where)
        parts.append(where.format(*chance.sample(list(places), 2)))
    if chance.random() < 0.6:
        parts.append(chance.choice(words.how))
    said = " ".join(parts)
    if chance.random() < 0.15:
        said += ", " + chance.choice(words.said).format(person=chance.choice(words.person))
    return said[0].upper() + said[1:] + "."


def report(number: int, seed: int, words: Words, towns: Towns) -> dict[str, str]:
    """Return one report, whichever others are made."""
    chance = random.Random(f"{seed} {number}")
    places = towns.of_report(chance)
    length = min(max(int(chance.lognormvariate(0, SPREAD) * MEDIAN_WORDS), LEAST_WORDS), MOST_WORDS)
    day = _FIRST_DAY + dt.timedelta(days=chance.randrange(_DAYS))
    paragraphs: list[str] = []
    written = 0
    while written < length:
        paragraph = " ".join(sentence(chance, words, places) for _ in range(chance.randint(1, 3)))
        written += len(paragraph.split())
        paragraphs.append(paragraph)
    text = f"{places[0].upper()} - " + "\n\n".join(paragraphs)
    return {
        "id": f"generated {number}",
        "title": sentence(chance, words, places).rstrip("."),
        "date": day.isoformat(),
        "source": f"The {chance.choice(places)} Courier",
        "text": text,
    }


def reports(count: int, seed: int = 1) -> Iterator[dict[str, str]]:
    """Yield reports."""
    known, towns = words(), Towns()
    return (report(number, seed, known, towns) for number in range(count))


def main() -> None:
    """Write a corpus."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with given.output.open("w", encoding="utf-8") as file:
        for row in reports(given.count, given.seed):
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
