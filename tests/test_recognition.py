"""Tokens, sentences and segments, then mentions of whole texts."""

from __future__ import annotations

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from geo.gazetteer.index import Index, open_index
from geo.model import Article
from geo.recognition.features import Sheet, lay_out
from geo.recognition.lexicon import Lexicon
from geo.recognition.recognise import recognise, recognise_all
from geo.recognition.tokens import Tokens, parts_of, tokenise
from geo.settings import load_settings


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in tokenise(text).sentences]


def test_tokens_keep_exact_offsets() -> None:
    text = "Syria’s talks in Deir ez-Zor, U.S. says."
    tokens = tokenise(text)
    assert [text[a:b] for a, b in zip(tokens.starts, tokens.ends, strict=True)] == tokens.words
    assert tokens.words == ["Syria", "’s", "talks", "in", "Deir", "ez", "-", "Zor", ",", "U.S.", "says", "."]


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (100, ["One two. Three four. Five."]),
        (7, ["One two. Three four.", "Five."]),
        (2, ["One two", ".", "Three four"]),
    ],
)
def test_long_texts_are_parted_between_sentences_but_where_one_is_longer(most: int, expected: list[str]) -> None:
    text = "One two. Three four. Five."
    parts = parts_of(tokenise(text), most)
    assert [text[part.starts[0] : part.ends[-1]] for part in parts][:3] == expected
    assert [word for part in parts for word in part.words] == tokenise(text).words
    assert all(part.first[-1] == len(part.words) <= most for part in parts)


def test_a_very_long_article_is_read_in_parts(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["He went to Homs.", "They met in Damascus. Talks began in Aleppo."]
    articles = [Article(text, text) for text in texts]
    expected, laid_out = recognise_all(articles, index), []

    def lay_out_some(parts: Sequence[Tokens], lexicon: Lexicon) -> Sheet:
        laid_out.append([len(part.words) for part in parts])
        return lay_out(parts, lexicon)

    monkeypatch.setattr("geo.recognition.recognise.lay_out", lay_out_some)
    monkeypatch.setattr("geo.recognition.recognise._MOST_TOKENS", 5)
    found = recognise_all(articles, index)
    assert laid_out == [[5], [5], [5]]
    assert [[m.text for m in of_article] for of_article in found] == [["Homs"], ["Damascus", "Aleppo"]]
    assert [[(m.start, m.sentence) for m in one] for one in found] == [
        [(m.start, m.sentence) for m in one] for one in expected
    ]


def test_no_text_has_no_tokens() -> None:
    tokens = tokenise("  \n ")
    assert tokens.words == []
    assert tokens.sentences == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He met Mr. Smith. They left.", ["He met Mr. Smith.", "They left."]),
        ("A headline\nThe text.", ["A headline", "The text."]),
        ("The U.S. Army left the U.S. The end.", ["The U.S. Army left the U.S.", "The end."]),
        ("", []),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_a_long_run_of_marks_takes_no_longer_than_its_length() -> None:
    text = "." * 300_000 + "x"  # hours where each mark is followed to the end of the run
    assert sentences(text) == [text]


def test_nothing_is_read_in_boilerplate(index: Index) -> None:
    text = "Talks were held in Damascus.\n\nRead also: Aleppo"
    article = Article("a", text, boilerplate=((30, len(text)),))
    assert [m.text for m in recognise(article, index)] == ["Damascus"]


def test_mentions_of_a_report(index: Index) -> None:
    article = Article(
        "a", "Syrian officials flew from Damascus to Astana, the capital of Kazakhstan, for talks with Iran."
    )
    actual = [(m.text, m.kind) for m in recognise(article, index)]
    assert actual == [
        ("Syrian", "demonym"), ("Damascus", "name"), ("Astana", "name"), ("Kazakhstan", "name"), ("Iran", "name"),
    ]  # fmt: skip


def test_text_without_places_has_no_mentions(index: Index) -> None:
    assert recognise(Article("a", "They agreed to meet again next week."), index) == ()


@pytest.mark.parametrize(
    ("text", "name"), [("Troops stay in Gao. Attacks spread.", "Gao"), ("He is from Mobile, Ala.", "Ala.")]
)
def test_a_stop_belongs_to_an_abbreviation_but_not_to_a_name_that_ends_its_sentence(
    text: str, name: str, index: Index
) -> None:
    assert name in [mention.text for mention in recognise(Article("a", text), index)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The carmaker, based in Boulogne-Billancourt outside Paris, is to cut jobs.", "Boulogne-Billancourt"),
        ("In Iran, the town of Sarpol-e Zahab was worst hit.", "Sarpol-e Zahab"),
        ("Syrian troops hold Raqqa. Deir al-Zor is next.", "Deir al-Zor"),
    ],
)
def test_a_compound_that_is_a_name_stays_whole(text: str, name: str, index: Index) -> None:
    assert name in [mention.text for mention in recognise(Article("a", text), index)]


@pytest.mark.parametrize("odd", ["\ud800", "a\0b"])
def test_what_is_no_character_is_no_hindrance(odd: str, index: Index) -> None:
    found = recognise(Article("a", f"{odd} Xyzzal was said to be near Homs on Monday."), index)
    assert "Homs" in [mention.text for mention in found]


def test_threads_take_turns_with_what_is_known_of_words(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    within: list[int] = []
    met: list[int] = []

    def slowly(texts: Sequence[Tokens], lexicon: Lexicon) -> Sheet:
        met.append(len(within))
        within.append(1)
        time.sleep(0.01)
        within.pop()
        return lay_out(texts, lexicon)

    monkeypatch.setattr("geo.recognition.recognise.lay_out", slowly)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: recognise(Article(str(number), "It fell near Homs."), index), range(8)))
    assert met == [0] * 8
