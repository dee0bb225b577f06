"""Short lists of words by language, from ``data/words/lists.csv``."""

from __future__ import annotations

import csv
from functools import cache

from geo.settings import data_dir


@cache
def word_list(language: str, name: str) -> frozenset[str]:
    """Return a list of words; empty where there is none in that language."""
    with (data_dir() / "words" / "lists.csv").open(encoding="utf-8", newline="") as file:
        words = [
            row["words"].split() for row in csv.DictReader(file) if (row["language"], row["list"]) == (language, name)
        ]
    return frozenset(words[0]) if words else frozenset()
