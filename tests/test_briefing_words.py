import datetime as dt
import string

import pytest

from geo.briefing.texts import reports_line
from geo.briefing.words import clean, words_in
from geo.model import Article

LANGUAGES = ("en", "ar", "ru")


def _fields(text: str) -> set[str | None]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things_with_the_same_values(language: str) -> None:
    english, other = words_in("en").entries, words_in(language).entries
    assert set(other) == set(english)
    phrases = [key for key in english if isinstance(english[key], str)]
    assert {key: _fields(other[key]) for key in phrases} == {key: _fields(english[key]) for key in phrases}
    assert len(other["months"]) == 12


@pytest.mark.parametrize(
    ("language", "expected"), [("en", "3 August 2017"), ("ar", "3 آب/أغسطس 2017"), ("ru", "3 августа 2017 г.")]
)
def test_dates_are_in_words(language: str, expected: str) -> None:
    assert words_in(language).date(dt.date(2017, 8, 3)) == expected


@pytest.mark.parametrize(
    ("language", "english", "expected"),
    [
        ("en", "20 mentions", "20 mentions"),
        ("ru", "1 mention", "1 упоминание"),
        ("ru", "2 mentions", "2 упоминания"),
        ("ru", "20 mentions", "20 упоминаний"),
        ("ru", "2,000 mentions", "2000 упоминаний"),
        ("ar", "1 mention", "ذكر واحد"),
        ("ru", "surely inside", "точно внутри"),
        ("ru", "a term nobody translated", "a term nobody translated"),
    ],
)
def test_terms_and_counts_are_translated(language: str, english: str, expected: str) -> None:
    assert words_in(language).term(english) == expected


def test_terms_of_the_layers_can_be_added() -> None:
    assert words_in("ru").with_terms({"Idlib zone": "Идлибская зона"}).term("Idlib zone") == "Идлибская зона"


@pytest.mark.parametrize("language", ["ar", "ru"])
def test_whatever_the_layers_say_of_themselves_is_translated(language: str) -> None:
    from geo.layers import styles
    from geo.model import Symbol

    symbols = [value for value in vars(styles).values() if isinstance(value, Symbol)]
    said = [symbol.label for symbol in symbols] + list(styles.EXTENT_LABELS.values())
    said += [
        symbol.label
        for style in (styles.places_style([9]), styles.mentions_style())
        for symbol in style.symbols.values()
    ]
    words = words_in(language)
    assert said
    assert [label for label in said if words.term(label) == label] == []


def test_degrees_name_their_side() -> None:
    words = words_in("en")
    assert [words.degrees(34.44, "N", "S"), words.degrees(-0.5, "E", "W")] == ["34.4°\u00a0N", "0.5°\u00a0W"]


def test_clean_text_is_one_line_without_controls() -> None:
    assert clean(" a\n\tb\x00\ud800c \u00a0d ") == "a b c \u00a0d"


def _articles(*days: str | None) -> list[Article]:
    return [Article(str(n), "text", date=dt.date.fromisoformat(day) if day else None) for n, day in enumerate(days)]


@pytest.mark.parametrize(
    ("days", "language", "expected"),
    [
        ([], "en", ""),
        ([None], "en", "From 1 report"),
        (["2017-06-23", None], "en", "From 2 reports, 23 June 2017"),
        (["2017-06-23", "2017-01-20"], "en", "From 2 reports, 20 January 2017 to 23 June 2017"),
        (["2017-06-23"], "ru", "По 1 сообщению, 23 июня 2017 г."),
        ([None, None], "ar", "من تقريرين"),
    ],
)
def test_subtitle_tells_from_how_many_reports_of_which_days(days: list[str], language: str, expected: str) -> None:
    assert reports_line(_articles(*days), language) == expected
