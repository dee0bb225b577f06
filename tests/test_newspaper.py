"""Short paragraphs as a newspaper prints them, with names that any reader of newspapers can place, in our own words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from geo.geometry import distance_km
from geo.pipeline import find_places

PARAGRAPHS = Path(__file__).parent / "data" / "newspaper.jsonl"
"""``lat``, ``lon`` and ``km`` are where a name's place may be; rules were changed with half ``seen`` in sight; the
errors of half ``blind`` were read only in the end. Whole countries and seas have one point: reaching it is being that
place."""


@cache
def counted(half: str) -> tuple[int, int]:
    """Return how many names half of the paragraphs have, and how many of them are found and placed right."""
    documents = [json.loads(line) for line in PARAGRAPHS.read_text(encoding="utf-8").splitlines()]
    right = [hit for document in documents if document["half"] == half for hit in hits(document)]
    return len(right), sum(right)


def hits(document: dict[str, Any]) -> list[bool]:
    """Tell which of a paragraph's names are found and placed right; a span need only overlap."""
    found = [r for r in find_places(document["text"]).resolutions if r.mention and r.place]
    return [
        any(
            r.mention.start < name["end"]
            and r.mention.end > name["start"]
            and distance_km(name["lon"], name["lat"], r.place.lon, r.place.lat) <= name["km"]
            for r in found
            if r.mention and r.place
        )
        for name in document["toponyms"]
    ]


@pytest.mark.parametrize(("half", "names", "least"), [("seen", 230, 0.96), ("blind", 252, 0.92)])
def test_names_that_readers_know_are_placed(half: str, names: int, least: float) -> None:
    known, right = counted(half)
    assert known == names
    assert right / known >= least
