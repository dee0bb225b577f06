"""What footprints add to reading: the same articles with and without them, in fresh processes and once more in each.

usage: python benchmarks/footprints.py CORPUS.jsonl [--limit N]

Prints CPU seconds of reading alone, of reading with footprints, and how much more that is: cold (the first time in a
process, every place is new) and warm (again in the same process). Opening the index and the models counts for neither.
Both kinds take turns, and each figure is the least of several runs, so that other work on the machine weighs less.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from geo.articles.reader import read_articles
from geo.model import Article
from geo.pipeline import find_places_all, geoparse_all

ROUNDS = 5
READERS = {"alone": find_places_all, "footprints": geoparse_all}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--limit", type=int, default=None)
    parser.add_argument("--reader", choices=READERS, help="Print one run's seconds as JSON; for this script itself.")
    given = parser.parse_args()
    if given.reader:
        print(json.dumps(_seconds(given.reader, given.corpus, given.limit)))
        return
    runs: dict[str, list[list[float]]] = {name: [] for name in READERS}
    for _ in range(ROUNDS):
        for name in READERS:
            runs[name].append(_in_fresh_process(name, given.corpus, given.limit))
    for number, when in enumerate(("cold", "warm")):
        alone, both = (min(run[number] for run in runs[name]) for name in READERS)
        print(f"{when}: {alone:.2f} s alone, {both:.2f} s with footprints: {both / alone - 1:+.0%} (limit +15%)")


def _in_fresh_process(name: str, corpus: Path, limit: int | None) -> list[float]:
    command = [sys.executable, __file__, str(corpus), "--reader", name]
    command += [] if limit is None else ["--limit", str(limit)]
    found: list[float] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return found


def _seconds(name: str, corpus: Path, limit: int | None) -> list[float]:
    """Return the CPU seconds of reading all articles, the first time and the second."""
    articles = [article for article in read_articles([str(corpus)]) if isinstance(article, Article)][:limit]
    list(find_places_all([Article("warm-up", "Nothing happened.", language="en")]))
    found = []
    for _ in range(2):
        start = time.process_time()
        for _reading in READERS[name](articles):
            pass
        found.append(time.process_time() - start)
    return found


if __name__ == "__main__":
    main()
