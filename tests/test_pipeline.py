"""Articles read together: the same as one by one, whatever the batches."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo import pipeline
from geo.model import Article, Reading
from geo.pipeline import find_places, find_places_all, geoparse, geoparse_all

TEXTS = (
    "Syrian officials flew from Damascus to Astana, the capital of Kazakhstan, for talks with Iran.",
    "They agreed to meet again next week.",
    "-, Homs",
    "Shelling hit Kuneytra and al-Bukamal in Syria. Damascus, Homs and Aleppo stayed calm",
    "HOMS, SYRIA — ROADS CLOSED\n\nThe roads from Homs to Hama, Latakia, and Idlib Province are closed. Al",
    "- Tanf is a base; Mr. Paris Smith of Paris, Texas, left the U.S. Army.",
    "Paris",
    "В Астане прошли переговоры по Сирии.",
    " ",
    "And Aleppo, and Springfield, Ohio. Springfield police say Springfield is safe, Ohio too.",
)


def articles(numbers: list[int]) -> list[Article]:
    return [Article(f"a{n}", TEXTS[n], language="ru" if n == 7 else "en") for n in numbers]


@pytest.fixture(scope="module")
def alone() -> list[Reading]:
    return [find_places(article) for article in articles(list(range(len(TEXTS))))]


@settings(max_examples=25, deadline=None)
@given(numbers=st.lists(st.integers(0, len(TEXTS) - 1), max_size=12))
def test_articles_read_together_say_what_each_says_alone(numbers: list[int], alone: list[Reading]) -> None:
    assert list(find_places_all(articles(numbers))) == [alone[n] for n in numbers]


def test_batches_are_cut_by_number_and_by_length(monkeypatch: pytest.MonkeyPatch, alone: list[Reading]) -> None:
    monkeypatch.setattr(pipeline, "_MOST_ARTICLES", 3)
    monkeypatch.setattr(pipeline, "_MOST_CHARACTERS", 120)
    assert list(find_places_all(articles(list(range(len(TEXTS)))))) == alone


def test_articles_are_taken_as_they_are_needed() -> None:
    taken = []

    def stream() -> Iterator[Article]:
        for n in range(100):
            taken.append(n)
            yield Article(f"a{n}", TEXTS[n % 3])

    next(find_places_all(stream()))
    assert len(taken) <= pipeline._MOST_ARTICLES


def test_footprints_come_with_their_article() -> None:
    texts = ["The north of the province of Homs is calm.", "Nothing."]
    assert list(geoparse_all(texts)) == [geoparse(text) for text in texts]


def test_reading_together_is_faster_than_one_by_one() -> None:
    reports = [Article(f"a{n}", TEXTS[n % 5], language="en") for n in range(32)]
    seconds: dict[str, list[float]] = {"together": [], "apart": []}
    for _ in range(4):
        seconds["together"].append(_processor_time(lambda: list(find_places_all(reports))))
        seconds["apart"].append(_processor_time(lambda: [find_places(report) for report in reports]))
    assert 2 * min(seconds["together"]) < min(seconds["apart"])


def _processor_time(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def test_no_articles() -> None:
    assert list(geoparse_all([])) == []


def test_a_text_with_null_characters_is_read() -> None:
    reading = geoparse("Rain fell near Homs \x00 and a\x00 Hama.")

    assert {r.place.name for r in reading.resolutions if r.place} == {"Homs", "Hama"}


def test_of_a_time_its_day_is_taken() -> None:
    assert pipeline.parse_day(dt.datetime(2017, 8, 1, 23, 59, tzinfo=dt.UTC)) == dt.date(2017, 8, 1)
