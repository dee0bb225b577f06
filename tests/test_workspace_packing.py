from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path

import pytest
from search_cast import articles
from shapely.geometry import Point

from geo.errors import InputError
from geo.geometry import rounded
from geo.model import Candidate, Evidence, Footprint, Reading, Resolution
from geo.workspace.details import pack_details, unpack_details
from geo.workspace.packing import day_number, moment, pack, south_of
from geo.workspace.workspace import open_workspace

READING = next(reading for reading in articles() if len(reading.mentions) > 3)


def test_a_packed_reading_can_be_sent_to_another_process() -> None:
    packed = pack(READING, "v1")
    assert pickle.loads(pickle.dumps(packed)) == packed == pack(READING, "v1")


@pytest.mark.parametrize(("text", "words"), [("a\0b", "NUL"), ("half \ud83d", "half a character at 5")])
def test_characters_that_no_database_takes_are_told(text: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        pack(Reading(replace(READING.article, text=text), ()), "v1")


@pytest.mark.parametrize("resolutions", [(), READING.resolutions], ids=["none", "some"])
def test_evidence_comes_back_to_the_last_bit(resolutions: tuple[Resolution, ...]) -> None:
    why = (Evidence("exact name", 1 / 3, -1.5e-300), Evidence("exact name", 0.0, 2.0))
    given = [replace(r, evidence=why, alternatives=(Candidate(READING.places[0], 0.1, why),)) for r in resolutions]
    found = unpack_details(pack_details(given))
    known = {READING.places[0].id: READING.places[0]}
    assert [(d.evidence, d.candidates(known)) for d in found] == [(r.evidence, r.alternatives) for r in given]


def test_days_and_moments_sort_as_articles_do() -> None:
    article = next(reading.article for reading in articles() if reading.article.date)
    assert moment(None, None) == day_number(None) == 0
    assert moment(article.date, None) // 100_000 == day_number(article.date)


@pytest.mark.parametrize(("lat", "south"), [(90, 0), (85.06, 0), (0, 0.5), (-90, 1)])
def test_latitudes_are_placed_as_on_a_web_map(lat: float, south: float) -> None:
    assert south_of(lat) == pytest.approx(south, abs=1e-9)


def test_an_article_takes_few_bytes(tmp_path: Path) -> None:
    """As many mentions, evidence and areas as a news report of two kilobytes has."""
    with open_workspace(f"sqlite:///{tmp_path / 'workspace.db'}") as workspace:
        workspace.add_all([_report(number) for number in range(300)])
    assert (tmp_path / "workspace.db").stat().st_size / 300 < 10_000


def _report(number: int) -> Reading:
    words = " ".join(str(hash((number, at)) % 5000 + 10_000) for at in range(330))
    why = tuple(Evidence(f"feature number {n}", round(n / 7 + number / 11, 3), n / 3) for n in range(14))
    place = replace(READING.places[0], id=f"geonames:{number % 90}")
    resolution = replace(READING.resolutions[0], place=place, evidence=why)
    area = rounded(Point(number % 150, number % 70).buffer(2, quad_segs=32))
    footprint = Footprint(0, 5, "the north", "north_of", area, area, area.buffer(0), (place,))
    return Reading(replace(READING.article, id=str(number), text=f"{number} {words}"), (resolution,) * 8, (footprint,))
