"""Which countries' names reach English by way of another script, and so in many spellings."""

from __future__ import annotations

import csv
from functools import cache

from geo.settings import data_dir


@cache
def transliterated_countries() -> frozenset[str]:
    """Return the ISO 3166-1 alpha-2 codes of countries whose names are written in another script than Latin."""
    with (data_dir() / "words" / "transliterated.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(code for row in csv.DictReader(file) for code in row["countries"].split())
