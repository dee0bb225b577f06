from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.gazetteer.names import normalise
from geo.model import Article, Reading
from geo.workspace.search import Search
from geo.workspace.words import LONGEST_TEXT, Term, for_postgresql, for_sqlite, normal_words, parse, vector
from geo.workspace.workspace import open_workspace


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", ""),
        ("Idlib’s «truce», e.g. 3.5", "idlib s truce e g 3 5"),
        ("Ma‘arrat an-Nu'man", "ma arrat an nu man"),
        ("إِدْلِب، المعبر", "ادلب المعبر"),
        ("Алёппо — ПЕРЕМИРИЕ", "алеппо перемирие"),
        ("Çanakkale Straße\0\n\t", "canakkale strasse"),
        ("a_b'; DROP", "a b drop"),
        ("x" * 500, "x" * 100),
        ("停戦は2017年、シリアで", "停 戦 は 2017 年 シ リ ア で"),
        ("ดินแดน กรุงเทพ", "ด ิ น แ ด น ก ร ุ ง เ ท พ"),
    ],
)
def test_words_are_brought_into_one_form(text: str, words: str) -> None:
    assert normal_words(text) == words


@given(st.text(st.sampled_from("aé’.،-_ \n\u00a0\u2028\x1cЙи\u0306\u0301ßİ´¨إ‘")))
def test_words_by_themselves_have_the_form_that_they_have_in_a_text(text: str) -> None:
    apart = text.translate(dict.fromkeys(map(ord, "'’‘`´.،·"), " "))
    assert normal_words(text) == normalise(apart)


def test_very_long_texts_are_searched_up_to_a_limit() -> None:
    assert len(normal_words("word " * LONGEST_TEXT)) <= LONGEST_TEXT


@pytest.mark.parametrize(
    ("q", "terms"),
    [
        ("", None),
        ("  ", None),
        ("— «", ()),
        ("Rastan", (Term(("rastan",)),)),
        ("rast*", (Term(("rast",), begins=True),)),
        ('"cease fire', (Term(("cease", "fire")),)),
        ('"cease fire" Homs', (Term(("cease", "fire")), Term(("homs",)))),
        ("Idlib’s", (Term(("idlib", "s")),)),
        ('""', ()),
        ("北京", (Term(("北", "京")),)),
    ],
)
def test_what_is_asked_for_is_read(q: str, terms: tuple[Term, ...] | None) -> None:
    assert parse(q) == terms


def test_terms_are_written_as_each_store_reads_them() -> None:
    terms = (Term(("cease", "fire")), Term(("ras",), begins=True))
    assert for_sqlite(terms) == '"cease fire" AND "ras" *'
    assert for_postgresql(terms) == "('cease' <-> 'fire') & ('ras':*)"


def test_a_vector_has_the_places_of_each_word() -> None:
    assert vector("one two one") == "'one':1,3 'two':2"
    assert vector("") == ""
    assert vector(" ".join(["same"] * 1000)).count(",") == 254


def test_a_vector_is_no_larger_than_postgresql_takes() -> None:
    words = " ".join(f"{number:09}" for number in range(90_000)).translate(_CYRILLIC)
    found = vector(words).split(" ")
    assert len(found) == (2**20 - 1) // (2 * 9 + 3 + 2)
    assert found[-1].endswith(":16383")


_CYRILLIC = str.maketrans("0123456789", "абвгдежзик")


def test_a_text_of_nothing_but_different_words_is_found_by_its_first_ones(store: str) -> None:
    text = " ".join(f"{number:09}" for number in range(60_000)).translate(_CYRILLIC)
    with open_workspace(store) as workspace:
        workspace.add(Reading(Article("a", text), ()))
        assert workspace.count(Search(q=text[:9])) == 1
        workspace.delete("a")
        assert workspace.count(Search(q=text[:9])) == 0
