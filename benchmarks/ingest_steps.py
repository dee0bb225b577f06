"""Measure the processor time of each step of an ingest, in one process, where nothing waits for anything.

usage: python benchmarks/ingest_steps.py --articles 4000 [--corpus FILE.jsonl] [--store URL]

The steps are those that ``dateline ingest`` gives to its processes; the first thousand articles, which meet most words
and places for the first time, are told apart from the rest.
"""

from __future__ import annotations

import argparse
import pickle
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TypeVar

from ingest import generated

from geo.articles.reader import read_articles
from geo.batch.garbage import seldom_collected
from geo.batch.reading import version_of_reading
from geo.batch.run import BATCH
from geo.footprints.footprints import find_footprints
from geo.gazetteer.boundaries import open_boundaries
from geo.gazetteer.index import open_index
from geo.model import Article, Reading, Resolution
from geo.recognition.recognise import recognise_all
from geo.resolution.resolve import resolve_all
from geo.settings import load_settings
from geo.workspace.packing import pack
from geo.workspace.workspace import Workspace, open_workspace

_T = TypeVar("_T")

_FIRST = 1000
"""Articles that are told apart."""


class Clock:
    """Adds up processor time by step."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def time(self, step: str, do: Callable[[], _T]) -> _T:
        """Do something, and count it as a step."""
        began = time.process_time()
        done = do()
        self.seconds[step] += time.process_time() - began
        return done

    def tell(self, count: int) -> None:
        """Print milliseconds an article, and start anew."""
        for step, seconds in self.seconds.items():
            print(f"  {step:42} {1000 * seconds / count:5.2f} ms")
        print(f"  {'sum':42} {1000 * sum(self.seconds.values()) / count:5.2f} ms")
        self.seconds.clear()


class Steps:
    """The steps from a source to the store."""

    def __init__(self, workspace: Workspace) -> None:
        self.settings = load_settings()
        self.made_by = version_of_reading(self.settings)
        self.index = open_index(self.settings)
        self.boundaries = open_boundaries(self.settings.boundaries)
        self.workspace, self.clock = workspace, Clock()

    def take(self, source: Iterator[Article]) -> int:
        """Take a batch through all steps; return how many articles it had."""
        time = self.clock.time
        articles = time("reading the source", lambda: list(islice(source, BATCH)))
        fresh = time("looking up", lambda: self.workspace.unread(articles, self.made_by))
        found = time("recognition", lambda: recognise_all(fresh, self.index))
        places = time("resolution", lambda: resolve_all([*zip(fresh, found, strict=True)], self.index))
        readings = time("areas", lambda: [self._drawn(*pair) for pair in zip(fresh, places, strict=True)])
        packed = time("packing", lambda: [pack(reading, self.made_by) for reading in readings])
        sent = time("passing between processes", lambda: pickle.loads(pickle.dumps(packed)))
        time("storing", lambda: self.workspace.add_packed(sent))
        return len(articles)

    def _drawn(self, article: Article, resolutions: Sequence[Resolution]) -> Reading:
        footprints = find_footprints(article, resolutions, self.boundaries, self.index)
        return Reading(article, tuple(resolutions), footprints)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=4000)
    parser.add_argument("--corpus", type=Path, help="JSONL instead of generated reports")
    parser.add_argument("--store", help="URL of an empty workspace; a temporary SQLite file without it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        corpus = given.corpus or generated(Path(folder) / "corpus.jsonl", given.articles)
        url = given.store or f"sqlite:///{Path(folder) / 'workspace.db'}"
        with open_workspace(url) as workspace, seldom_collected():
            _measure(Steps(workspace), corpus, given.articles)


def _measure(steps: Steps, corpus: Path, most: int) -> None:
    source = (item for item in islice(read_articles([corpus]), most) if isinstance(item, Article))
    told = taken = 0
    while count := steps.take(source):
        taken += count
        if taken == _FIRST:
            print(f"the first {taken} articles, an article:")
            steps.clock.tell(taken)
            told = taken
    if taken > told:
        print(f"the next {taken - told} articles, an article:")
        steps.clock.tell(taken - told)


if __name__ == "__main__":
    main()
