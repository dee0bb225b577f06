"""Base forms of names in Russian and Arabic sentences."""

from __future__ import annotations

import pytest

from geo.gazetteer.index import Index, open_index
from geo.gazetteer.inflection import base_forms
from geo.gazetteer.names import normalise
from geo.settings import load_settings


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("Астане", "ru", "астана"),
        ("Сирии", "ru", "сирия"),
        ("Дамаском", "ru", "дамаск"),
        ("Израиля", "ru", "израиль"),
        ("Китае", "ru", "китай"),
        ("Восточной", "ru", "восточная"),
        ("сирийского", "ru", "сирийский"),
        ("бэ", "ru", "бэ"),
        ("بإدلب", "ar", "ادلب"),
        ("والسويداء", "ar", "السويدا"),
        ("للقنيطرة", "ar", "القنيطره"),
        ("وأم", "ar", "ام"),
        ("السوريين", "ar", "سوري"),
        ("Syriens", "de", "syrien"),
        ("Paris", "en", "paris"),
    ],
)
def test_base_forms_hold_the_form_in_the_gazetteer(word: str, language: str, expected: str) -> None:
    actual = base_forms(normalise(word), language)
    assert actual[0] == normalise(word)
    assert expected in actual


@pytest.mark.parametrize(
    ("text", "language", "feature", "place"),
    [
        ("в Астане", "ru", "city", "Astana"),
        ("из Восточной Гуты", "ru", "region", "Eastern Ghouta"),
        ("на Голанских высотах", "ru", "region", "Golan Heights"),
        ("с Саудовской Аравией", "ru", "country", "Saudi Arabia"),
        ("сирийских войск", "ru", "country", "Syria"),
        ("هجوم بإدلب أمس", "ar", "city", "Idlib"),
        ("والغوطة الشرقية", "ar", "region", "Eastern Ghouta"),
        ("بالقنيطرة", "ar", "admin1", "Quneitra"),
        ("وأم درمان", "ar", "city", "Omdurman"),
    ],
)
def test_inflected_names_are_matched(index: Index, text: str, language: str, feature: str, place: str) -> None:
    tokens = [normalise(token) for token in text.split()]
    rows = [row for match in index.matches(tokens, language) for row in index.rows_of(match.name_id).tolist()]
    assert (feature, place) in {(index.feature_of(row), index.label(row)) for row in rows}


def test_no_name_comes_from_words_that_are_none(index: Index) -> None:
    actual = index.matches([normalise(token) for token in ["переговоры", "продолжились"]], "ru")
    assert actual == []
