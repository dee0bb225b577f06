"""News of the world, in our own words: outbreaks, elections, earthquakes, sport and business in many countries."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from geo.geometry import distance_km
from geo.model import Resolution
from geo.pipeline import find_places

DOCUMENTS = Path(__file__).parent / "data" / "international.jsonl"
"""``countries`` are where each place may lie, none for what lies in no single one; ``point`` is longitude, latitude."""


@cache
def counted() -> tuple[int, int, int, int]:
    """Return how many names are annotated, recognised, both, and both and placed right; adjectives are left out."""
    counts = [count(json.loads(line)) for line in DOCUMENTS.read_text(encoding="utf-8").splitlines()]
    gold, predicted, hits, right = (sum(column) for column in zip(*counts, strict=True))
    return gold, predicted, hits, right


def count(document: dict[str, Any]) -> tuple[int, int, int, int]:
    gold = {(p["start"], p["end"]): p for p in document["places"]}
    optional = {span for span, place in gold.items() if place.get("optional")}
    resolutions = find_places(document["text"]).resolutions
    found = {(r.mention.start, r.mention.end): r for r in resolutions if r.mention and r.mention.kind != "demonym"}
    wanted, named = gold.keys() - optional, found.keys() - optional
    hits = wanted & named
    return len(wanted), len(named), len(hits), sum(is_right(found[span], gold[span]) for span in hits)


def is_right(resolution: Resolution, wanted: dict[str, Any]) -> bool:
    place = resolution.place
    if place is None or (wanted["countries"] and place.country and place.country not in wanted["countries"]):
        return False
    lon, lat = wanted.get("point", (place.lon, place.lat))
    return distance_km(lon, lat, place.lon, place.lat) <= 161


def test_names_in_news_of_the_world_are_recognised() -> None:
    gold, predicted, hits, _ = counted()
    assert gold > 450
    assert 2 * hits / (gold + predicted) >= 0.92


def test_names_in_news_of_the_world_are_placed() -> None:
    gold, _, _, right = counted()
    assert right / gold >= 0.88
