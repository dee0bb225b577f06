"""Readings that tests of the workspace share."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from shapely.geometry import Point, Polygon

from geo.model import Article, Candidate, Evidence, Footprint, Mention, Place, Reading, Resolution

HOMS = Place("geonames:169575", "Homs", "admin1", "SY", "Homs", 34.4, 38.0, 1_803_000)
RASTAN = Place("geonames:171193", "Ar Rastān", "city", "SY", "Homs", 34.92, 36.73, 39_834, "Ar-Rastan District")
HOLED = Polygon([(36, 34), (38, 34), (38, 36), (36, 36)], [[(36.5, 34.5), (37, 34.5), (37, 35)]])


def reading_of(text: str, id: str = "") -> Reading:
    """A reading with one of everything where the text names Rastan, of nothing otherwise."""
    article = Article(
        id or f"id of {text}"[:24], text, "Truce", dt.date(2017, 8, 3), dt.time(10, 32), "SANA", "publisher"
    )
    start = text.find("Rastan")
    if start < 0:
        return Reading(article, ())
    mention = Mention(start, start + 6, "Rastan", "name", (0, len(text)), 0.97)
    evidence = (Evidence("exact name", 1.0, 0.3), Evidence("population", 0.1, -1.5))
    resolution = Resolution("Rastan", RASTAN, 0.91, evidence, (Candidate(HOMS, 0.05, evidence),), mention)
    unresolved = replace(resolution, place=None, confidence=0.0, evidence=(), alternatives=())
    footprint = Footprint(0, 9, "the north", "north_of", Polygon(), HOLED, Point(37, 35).buffer(2), (HOMS,), (0, 20))
    return Reading(replace(article, boilerplate=((0, 1),)), (resolution, unresolved), (footprint,))


SOME = [reading_of(f"Item {number} from Rastan — الرستن.") for number in range(30)] + [reading_of("Nothing at all.")]
