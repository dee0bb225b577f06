"""Short paragraphs as a newspaper prints them, with names that any reader of newspapers can place, in our own words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from geo.geometry import distance_km
from geo.model import Resolution
from geo.pipeline import find_places

DATA = Path(__file__).parent / "data"
"""In ``newspaper.jsonl`` and ``reports.jsonl`` ``lat``, ``lon`` and ``km`` are where a name's place may be, and
``others`` are persons, ships and companies named like places. Rules were changed with half ``seen`` in sight; errors of
half ``blind`` were read only in the end. Whole countries and seas have one point: reaching it is being that place."""

Name = dict[str, Any]


@cache
def placed(file: str, half: str) -> list[tuple[Name, list[Resolution]]]:
    """Return the paragraphs of half a file with what is found and placed in them."""
    documents = [json.loads(line) for line in (DATA / file).read_text(encoding="utf-8").splitlines()]
    own = [document for document in documents if document["half"] == half]
    return [(d, [r for r in find_places(d["text"]).resolutions if r.mention and r.place]) for d in own]


def over(name: Name, found: list[Resolution]) -> list[Resolution]:
    """Return what overlaps a name."""
    return [r for r in found if r.mention and r.mention.start < name["end"] and r.mention.end > name["start"]]


def is_at(name: Name, found: Resolution) -> bool:
    place = found.place
    return place is not None and distance_km(name["lon"], name["lat"], place.lon, place.lat) <= name["km"]


@pytest.mark.parametrize(
    ("file", "half", "names", "least"),
    [
        ("newspaper.jsonl", "seen", 230, 0.96),
        ("newspaper.jsonl", "blind", 252, 0.92),
        ("reports.jsonl", "seen", 196, 0.95),
        ("reports.jsonl", "blind", 207, 0.93),
    ],
)
def test_names_that_readers_know_are_placed(file: str, half: str, names: int, least: float) -> None:
    hits = [any(is_at(t, r) for r in over(t, found)) for d, found in placed(file, half) for t in d["toponyms"]]
    assert len(hits) == names
    assert sum(hits) / names >= least


def test_most_persons_ships_and_companies_named_like_places_are_none() -> None:
    both = [*placed("reports.jsonl", "seen"), *placed("reports.jsonl", "blind")]
    taken = [bool(over(name, found)) for d, found in both for name in d.get("others", [])]
    assert sum(taken) <= 0.4 * len(taken)
