"""Words and patterns of locative expressions, before anything is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from footprint_cases import resolved
from shapely import box

from geo.errors import DataFileError
from geo.footprints.expressions import Expression
from geo.footprints.footprints import find_footprints
from geo.footprints.grammar import LANGUAGES, language_of, load_grammar, parse_grammar
from geo.footprints.parse import parse
from geo.footprints.tokens import number_of, tokens_of
from geo.gazetteer.boundaries import open_boundaries
from geo.model import Article, Candidate, Footprint, Mention, Place, Resolution

PATH = Path("xx.yaml")


def _expressions(text: str) -> list[Expression]:
    grammar = load_grammar("en")
    tokens = parse(tokens_of(text, (0, len(text)), resolved(text), grammar), grammar)
    return [token.value for token in tokens if token.cls in {"UNITS", "REGION"}]


def _found(text: str) -> list[Footprint]:
    return list(find_footprints(Article("a", text, language="en"), resolved(text), open_boundaries()))


@pytest.mark.parametrize(
    ("phrase", "km", "tolerance"),
    [
        ("20 km north of Hama", 20, 4),
        ("twenty-five kilometres from Hama", 25, 3.75),
        ("two hundred km from Hama", 200, 40),
        ("10 miles from Hama", 16.09344, 3.218688),
        ("a mile from Hama", 1.609344, 0.2414016),
        ("half a kilometre from Hama", 0.5, 0.075),
        ("1,200 metres from Hama", 1.2, 0.24),
        ("10-15 km from Hama", 12.5, 5),
        ("around 20 km (12 miles) from Hama", 20, 4),
        ("13 km from Hama", 13, 1.3),
        ("two hours north of Hama", 100, 50),
        ("half an hour's drive from Hama", 25, 12.5),
        ("a three-hour walk from Hama", 12, 6),
        ("two dozen kilometres from Hama", 24, 2.4),
    ],
)
def test_a_distance_knows_how_exact_it_is(phrase: str, km: float, tolerance: float) -> None:
    distance = _expressions(phrase)[0].distance

    assert distance is not None
    assert (distance.km, distance.tolerance_km) == pytest.approx((km, tolerance))


@pytest.mark.parametrize(
    ("text", "value"), [("1,200", 1200), ("20.5", 20.5), ("20,5", 20.5), ("1.200.000", 1200000), ("٢٠", 20)]
)
def test_numbers_in_digits(text: str, value: float) -> None:
    assert number_of(text) == value


@pytest.mark.parametrize("phrase", ["1.2.3 km north of Hama", "² km north of Hama"])
def test_digits_that_are_no_number_are_no_distance(phrase: str) -> None:
    assert [expression.distance for expression in _expressions(phrase)] == [None]


@pytest.mark.parametrize(
    "text",
    [
        "Relations between Kenya and Somalia improved.",
        "Talks were held between Kenya and Uganda.",
        "He works at the Nairobi Area Arts Council.",
        "The Turkish Interior Ministry said so.",
        "The Nigerian Coast Guard was called.",
        "In Nairobi, near the school, rain fell.",
        "It rained in Chicago.",
        "They walked along Nairobi.",
        "The upper house in Nairobi met for two hours.",
        "It left Nairobi, where the bank of the year is, for good.",
        "She waited two days in Mosul.",
        "",
    ],
)
def test_what_says_no_place_has_no_footprint(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Fighting in northern Mali and near Mosul went on.", ["northern Mali", "near Mosul"]),
        ("A village 20 km (12 miles) north of Hama fell.", ["20 km (12 miles) north of Hama"]),
        ("It struck Houston, Texas, and west Texas too.", ["west Texas"]),
        ("He lives in Bavaria. Later he left Bavaria.", ["Bavaria"]),
        ("The town lies along Kenya's border with Somalia.", ["along Kenya's border with Somalia"]),
    ],
)
def test_the_phrases_found_in_a_text(text: str, phrases: list[str]) -> None:
    actual = _found(text)

    assert [footprint.phrase for footprint in actual] == phrases
    assert [text[footprint.start : footprint.end] for footprint in actual] == phrases


def test_words_in_a_mention_are_left_to_the_patterns() -> None:
    grammar, text = load_grammar("en"), "the Idlib province"
    (resolution,) = resolved(text)
    mention = resolution.mention
    assert mention is not None
    wide = type(mention)(4, len(text), text[4:], "name", mention.sentence)

    tokens = tokens_of(text, (0, len(text)), [type(resolution)("Idlib", resolution.place, 1.0, mention=wide)], grammar)

    assert [token.cls for token in tokens] == ["THE", "PLACE", "TYPE"]


@pytest.mark.parametrize(
    ("text", "classes"),
    [
        ("It rained, they said so, in the north of Hama.", "OTHER COMMA IN THE DIRECTION OF PLACE OTHER"),
        ("Hama, in the rain, saw Homs", "PLACE COMMA IN THE OTHER PLACE"),
        ("Talks last week between Hama and Homs", "ABSTRACT OTHER BETWEEN PLACE AND PLACE"),
        ("From Hama\nto Homs", "FROM PLACE TO PLACE"),
    ],
)
def test_only_the_known_words_around_places_are_tokens(text: str, classes: str) -> None:
    grammar = load_grammar("en")
    tokens = tokens_of(text, (0, len(text)), resolved(text), grammar)
    assert " ".join(token.cls for token in tokens) == classes


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grammar_knows_every_word_of_its_phrases(language: str) -> None:
    grammar = load_grammar(language)
    phrases = [phrase for group in (*grammar.lexicon.values(), *grammar.stems.values()) for phrase in group]
    words = {word.replace("*", "x") for phrase in phrases for word in phrase.words}
    assert {word for word in words if not grammar.knows(word)} == set()
    assert not grammar.knows("qwertz")


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("Ships left the Red Sea.", "water"),
        ("The south of the Red Sea, he said, is deep.", "water"),
        ("The Red Sea state is poor.", "admin1"),
        ("He works for the Red Sea governor.", "admin1"),
        ("Red Sea is a state.", "admin1"),
    ],
)
def test_an_article_tells_a_sea_from_a_province_of_its_name(text: str, feature: str) -> None:
    at, sentence = text.index("Red Sea"), (0, len(text))
    state = Place("geonames:408646", "Red Sea", "admin1", "SD", "Red Sea", 20, 36)
    sea = Place("dateline:red-sea", "Red Sea", "water", None, None, 20, 38.5)
    mention = Mention(at, at + 7, "Red Sea", "name", sentence)
    found = Resolution("Red Sea", state, 0.8, mention=mention, alternatives=(Candidate(sea, 0.1),))

    (token,) = [t for t in tokens_of(text, sentence, [found], load_grammar("en")) if t.cls == "PLACE"]

    assert token.value.place.feature == feature


def test_a_border_with_one_side_named_is_the_country_the_text_is_about() -> None:
    about_syria = "Rebels in Hama, Homs and Idlib moved along the border with Turkey."

    (actual,) = [f for f in _found(about_syria) if f.relation == "along_border"]

    assert box(35, 32, 43, 38).contains(actual.zone)


@pytest.mark.parametrize(
    ("text", "language"), [("north of Homs", "en"), ("север Сирии", "ru"), ("شمال حمص", "ar"), ("", "en"), ("42", "en")]
)
def test_a_phrase_without_a_language_is_read_by_its_script(text: str, language: str) -> None:
    assert language_of(text) == language


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_grammar_loads(language: str) -> None:
    grammar = load_grammar(language)

    assert len(grammar.patterns) > 40


def test_a_language_without_a_grammar_is_read_as_english() -> None:
    assert load_grammar("de").patterns == load_grammar("en").patterns


def _data(**changes: Any) -> dict[str, Any]:
    return {"words": {"NEAR": ["near"]}, "patterns": [{"make": "near", "match": "NEAR PLACE"}]} | changes


def test_a_phrase_in_two_classes_is_refused() -> None:
    with pytest.raises(DataFileError, match="both NEAR and AT"):
        parse_grammar(_data(words={"NEAR": ["near"], "AT": ["near"]}), PATH)


def test_a_pattern_with_an_unknown_class_is_refused() -> None:
    with pytest.raises(DataFileError, match="names FAR, which is no class"):
        parse_grammar(_data(patterns=[{"make": "near", "match": "FAR PLACE"}]), PATH)


@pytest.mark.parametrize(
    ("match", "needs"),
    [
        ("NEAR PLACE", [{"NEAR"}, {"PLACE"}]),
        ("NEAR? PLACE", [{"PLACE"}]),
        ("(?<!NEAR) PLACE", [{"PLACE"}]),
        ("NEAR (PLACE|UNITS NEAR?|(PLACE REGION)*)", [{"NEAR"}, {"PLACE", "UNITS"}]),
    ],
)
def test_a_pattern_knows_what_it_cannot_do_without(match: str, needs: list[set[str]]) -> None:
    grammar = parse_grammar(_data(patterns=[{"make": "near", "match": match}]), PATH)
    classes = {letter: name for name, letter in grammar.letters.items()}
    actual = [{classes[letter] for letter in need} for need in grammar.patterns[0].needs]
    assert sorted(actual, key=sorted) == sorted(needs, key=sorted)


def test_a_pattern_that_needs_no_words_is_refused() -> None:
    with pytest.raises(DataFileError, match="matches no words at all"):
        parse_grammar(_data(patterns=[{"make": "near", "match": "NEAR? PLACE*"}]), PATH)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_pattern_is_tried_where_all_it_names_is_there(language: str) -> None:
    grammar = load_grammar(language)
    everything = frozenset(grammar.letters.values())
    assert grammar.fitting(everything) == list(range(len(grammar.patterns)))
    assert grammar.fitting(frozenset()) == []
