"""Names in bare phrases."""

from __future__ import annotations

import pytest
from footprint_cases import resolved

import geo
from geo.errors import InputError
from geo.footprints.phrases import names_left
from geo.gazetteer.index import Index, open_index
from geo.settings import load_settings


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def test_what_recognition_passed_over_is_offered_as_names() -> None:
    assert [name[:2] for name in names_left("the north of Ruritania", [])] == [(13, 22)]
    assert names_left("near Mosul", resolved("near Mosul")) == ()


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("the Carpathian mountains", "carpathian mountains"),
        ("Sistan and Baluchestan province", "sistan and baluchestan province"),
        ("ساحل البحر الأحمر", "البحر الاحمر"),
        ("побережье Чёрного моря", "черное море"),
    ],
)
def test_a_name_that_the_gazetteer_has_is_taken_whole(phrase: str, name: str, index: Index) -> None:
    assert [left.name for left in names_left(phrase, [], index)] == [name]


def test_words_that_happen_to_be_a_name_are_none(index: Index) -> None:
    phrase = "the Nile's west bank"

    assert names_left(phrase, resolved(phrase), index) == ()


@pytest.mark.parametrize(
    ("phrase", "country"),
    [("the northern half of Gaza", "PS"), ("the Kurdistan Region of Iraq", "IQ"), ("northern Idlib", "SY")],
)
def test_a_phrase_without_context_means_the_best_known_place(phrase: str, country: str) -> None:
    assert [place.country for place in geo.footprint(phrase).places] == [country]


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("  ", "empty"),
        ("north of " * 200 + "Homs", "at most 1,000 characters"),
        ("the north of Ruritania", "could be resolved"),
        ("all of Italy except for xyzzy", "leaves out"),
        ("between Homs and Homs", "has no shape"),
        ("99999999999999 km north of Homs", "has no shape"),
        ("all but Germany", "has no shape"),
        ("regions bordering Australia", "has no shape"),
        ("north of Antarctica", "has no shape"),
        ("\x00\x1b(((", "could be resolved"),
        ("northern " * 100 + "Syria", "has no shape"),
    ],
)
def test_what_cannot_be_drawn_says_so(phrase: str, problem: str) -> None:
    with pytest.raises(InputError, match=problem) as caught:
        geo.footprint(phrase)

    assert caught.value.remedy
