"""Fill a workspace with made-up articles, as large as wanted and always the same for the same seed.

Places are drawn from the gazetteer by Zipf's law, most of an article's from the country it is about; articles come in
bursts, from sources of different size and language. Text and names of sources are invented.

Usage: python scripts/generate_workspace.py URL [--mentions 1000000] [--seed 1] [--workers 2]
"""

from __future__ import annotations

import argparse
import datetime as dt
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import product

import numpy as np
import numpy.typing as npt

from geo.gazetteer.index import Index, open_index
from geo.model import Article, Candidate, Evidence, Mention, Reading, Resolution
from geo.settings import load_settings
from geo.workspace.packing import PackedReading, pack
from geo.workspace.workspace import open_workspace

_FIRST, _DAYS = dt.date(2012, 1, 1), 3000
_BATCH = 500
_MENTIONS = (8, 15)
_BURSTS = 400
_UNDATED = 0.01
_UNRESOLVED = 0.08
_LANGUAGES = ("en", "en", "en", "ru", "ar")

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """What all articles are drawn from."""

    index: Index
    rows: npt.NDArray[np.int64]  # all places, most prominent first
    by_country: list[npt.NDArray[np.int64]]  # those of each country, countries with most prominent places first
    words: npt.NDArray[np.str_]
    sources: tuple[str, ...]
    bursts: npt.NDArray[np.int64]  # day and country of each


@lru_cache(maxsize=1)
def world(seed: int) -> World:
    """Return the world of a seed, made once a process."""
    index = open_index(load_settings())
    chance = np.random.default_rng([seed, 0])
    rows = np.argsort(-np.asarray(index.prominence), kind="stable")
    countries = np.asarray(index.country)[rows]
    codes = [int(code) for code in dict.fromkeys(countries.tolist()) if code]
    syllables = ["".join(pair) for pair in product("bdfgklmnprstvz", ("a", "e", "i", "o", "u", "an", "er"))]
    lengths = chance.integers(1, 5, 30_000)
    words = np.array(["".join(chance.choice(syllables, length)) for length in lengths])
    bursts = np.column_stack([chance.integers(0, _DAYS, _BURSTS), zipf(chance, len(codes), _BURSTS)])
    sources = tuple(f"Wire {number:02}" for number in range(1, 31))
    return World(index, rows, [rows[countries == code] for code in codes], words, sources, bursts)


def zipf(chance: np.random.Generator, count: int, size: int) -> npt.NDArray[np.int64]:
    """Return ranks below ``count``, each about half as likely as the one of half its number."""
    # The inverse of the logarithm that the sum of 1/rank comes near to.
    ranks: npt.NDArray[np.int64] = ((count + 1.0) ** chance.random(size)).astype(np.int64) - 1
    return np.minimum(ranks, count - 1)


def batch(seed: int, number: int) -> list[PackedReading]:
    """Return one batch of articles, made ready for the store."""
    return [pack(reading, "generated 1") for reading in readings(seed, number)]


def readings(seed: int, number: int) -> Iterator[Reading]:
    """Yield the articles of one batch."""
    chance = np.random.default_rng([seed, 1, number])
    for position in range(_BATCH):
        yield reading(world(seed), chance, f"g{number * _BATCH + position}")


def reading(known: World, chance: np.random.Generator, id: str) -> Reading:
    """Return one article: some 300 words, its places among them."""
    day, country = _day_and_country(known, chance)
    rows = _places(known, chance, country)
    source = int(zipf(chance, len(known.sources), 1)[0])
    words = known.words[zipf(chance, len(known.words), 300)].tolist()
    text, mentions = _text(words, [known.index.label(row) for row in rows], chance)
    article = Article(
        id,
        text,
        title=" ".join(words[:7]).capitalize(),
        date=None if chance.random() < _UNDATED else _FIRST + dt.timedelta(days=day),
        source=known.sources[source],
        source_role="publisher",
        language=_LANGUAGES[source % len(_LANGUAGES)],
    )
    resolutions = (_resolution(known, row, mention, chance) for row, mention in zip(rows, mentions, strict=True))
    return Reading(article, tuple(resolutions))


def _day_and_country(known: World, chance: np.random.Generator) -> tuple[int, int]:
    """Half of the articles follow a burst of news, which fades within days; the others come evenly, more each year."""
    if chance.random() < 0.5:
        day, country = known.bursts[chance.integers(len(known.bursts))].tolist()
        return min(day + int(chance.exponential(6)), _DAYS - 1), country
    return int(_DAYS * chance.random() ** 0.7), int(zipf(chance, len(known.by_country), 1)[0])


def _places(known: World, chance: np.random.Generator, country: int) -> list[int]:
    count = int(chance.integers(_MENTIONS[0], _MENTIONS[1] + 1))
    here = known.by_country[country]
    near = here[zipf(chance, len(here), count)]
    far = known.rows[zipf(chance, len(known.rows), count)]
    drawn = np.where(chance.random(count) < 0.65, near, far)
    # What is named once is named again.
    again = chance.random(count) < 0.35
    drawn[again] = drawn[chance.integers(0, count, count)][again]
    return [int(row) for row in drawn]


def _text(words: list[str], names: list[str], chance: np.random.Generator) -> tuple[str, list[Mention]]:
    at = sorted(chance.integers(0, len(words), len(names)).tolist())
    parts: list[str] = []
    mentions: list[Mention] = []
    start = sentence = 0
    for place, word in enumerate(words):
        while at and at[0] == place:
            at.pop(0)
            name = names[len(mentions)]
            mentions.append(Mention(start, start + len(name), name, "name", (sentence, start + len(name)), 0.9))
            parts.append(name)
            start += len(name) + 1
        ends = place % 18 == 17
        parts.append(word + "." if ends else word)
        start += len(parts[-1]) + 1
        sentence = start if ends else sentence
    return " ".join(parts), mentions


def _resolution(known: World, row: int, mention: Mention, chance: np.random.Generator) -> Resolution:
    place = known.index.place(row)
    sure = round(float(chance.beta(6, 2)), 4)
    evidence = (Evidence("prominence", round(float(known.index.prominence[row]), 3), 3.614), Evidence("main", 1.0, 1.7))
    if chance.random() < _UNRESOLVED:
        return Resolution(mention.text, None, 0.0, (), (Candidate(place, sure / 2),), mention)
    return Resolution(mention.text, place, sure, evidence, (), mention)


def ahead(
    pool: Executor, make: Callable[[int], list[PackedReading]], count: int, most: int
) -> Iterator[list[PackedReading]]:
    """Yield batches in order, made in other processes, a few ahead: all of them would not fit in memory."""
    waiting: deque[Future[list[PackedReading]]] = deque()
    for number in range(count):
        waiting.append(pool.submit(make, number))
        if len(waiting) == most:
            yield waiting.popleft().result()
    yield from (future.result() for future in waiting)


def main() -> None:
    """Read the command line and fill the workspace."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="sqlite:///file.db or postgresql://user@host/database")
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    began, mentions, articles = time.perf_counter(), 0, 0
    with open_workspace(options.url) as workspace, ProcessPoolExecutor(options.workers) as pool:
        batches = -(-options.mentions // (_BATCH * sum(_MENTIONS) // 2))
        for items in ahead(pool, partial(batch, options.seed), batches, 2 * options.workers):
            workspace.add_packed(items)
            articles, mentions = articles + len(items), mentions + sum(len(item.mentions) for item in items)
            print(f"\r{articles} articles, {mentions} mentions", end="", flush=True)
        workspace.optimise()
    print(f", {time.perf_counter() - began:.0f} s")


if __name__ == "__main__":
    main()
