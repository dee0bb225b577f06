"""Russian and Arabic reports, read by dictionary and rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.evaluation.evaluate import evaluate
from geo.evaluation.scoring import Report
from geo.gazetteer.index import Index, open_index
from geo.model import Article, Reading
from geo.recognition.recognise import recognise
from geo.resolution.resolve import resolve_mentions
from geo.settings import load_settings

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def read(text: str, language: str, index: Index, id: str = "a") -> Reading:
    article = Article(id, text, language=language)
    return Reading(article, resolve_mentions(article, recognise(article, index), index))


def report(language: str, index: Index) -> Report:
    path = DATA / f"development_{language}.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return evaluate(path, [read(d["text"], language, index, d["id"]) for d in lines], index)


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_development_paragraphs(language: str, index: Index) -> None:
    figures = report(language, index).figures
    assert figures.gold > 40
    assert figures.f1 >= 0.9
    assert figures.end_to_end_161 >= 0.9


def test_russian_cases(index: Index) -> None:
    found = read("Переговоры в Астане и в Восточной Гуте", "ru", index).resolutions
    assert [(r.query, r.place.name if r.place else None) for r in found] == [
        ("Астане", "Astana"),
        ("Восточной Гуте", "Eastern Ghouta"),
    ]


def test_russian_persons_are_no_places(index: Index) -> None:
    assert read("Об этом сказал Владимир Петров, а Роман Иванов согласился", "ru", index).mentions == ()


def test_russian_towns_without_context_are_places_unless_named_like_persons(index: Index) -> None:
    found = read("Армия заняла Авдеевку, а Чехов промолчал", "ru", index).mentions
    assert [m.text for m in found] == ["Авдеевку"]


def test_short_words_of_longer_arabic_names_have_clitics_too(index: Index) -> None:
    found = read("في الخرطوم وأم درمان", "ar", index).mentions
    assert [m.text for m in found] == ["الخرطوم", "أم درمان"]


def test_arabic_clitics_are_not_part_of_the_name(index: Index) -> None:
    found = read("بين روسيا وإيران", "ar", index).mentions
    assert [m.text for m in found] == ["روسيا", "إيران"]


@pytest.mark.parametrize("text", ["وصل إلى المدينة ثم إلى مركز الشرطة", "اجتمع سكان الحي يوم الخميس"])
def test_arabic_words_that_towns_are_called_too_are_no_places(index: Index, text: str) -> None:
    assert read(text, "ar", index).mentions == ()


@pytest.mark.parametrize("language", ["ru", "ar"])
def test_no_text(language: str, index: Index) -> None:
    assert read(" ", language, index).mentions == ()
