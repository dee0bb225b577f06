"""Locative expressions in Russian and Arabic: the same grammar as data."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from footprint_cases import place, point, resolutions_of

from geo.footprints.footprints import footprint_of
from geo.footprints.grammar import LANGUAGES, load_grammar
from geo.footprints.tokens import tokens_of
from geo.gazetteer.boundaries import open_boundaries
from geo.gazetteer.index import Index, open_index
from geo.model import Mention, Place, Resolution
from geo.settings import load_settings

DATA: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parent / "data" / "footprints_languages.yaml").read_text(encoding="utf-8")
)
CASES = [(language, case) for language, data in DATA.items() for case in data["expressions"]]


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


@pytest.mark.parametrize(("language", "case"), CASES, ids=[case["phrase"] for _, case in CASES])
def test_an_expression_of_another_language_is_understood(language: str, case: dict[str, Any], index: Index) -> None:
    names = {word: place(name) for word, name in DATA[language]["names"].items()}
    demonyms = {word: place(name) for word, name in DATA[language]["demonyms"].items()}

    actual = footprint_of(case["phrase"], resolutions_of(case["phrase"], names, demonyms), open_boundaries(), index)

    assert actual.relation == case["relation"]
    assert [where for where in case.get("core", ()) if not actual.core.contains(point(where))] == []
    assert [where for where in case.get("possible", ()) if not actual.possible.contains(point(where))] == []
    assert [where for where in case.get("outside", ()) if actual.possible.contains(point(where))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_relation_of_a_grammar_has_a_rule(language: str) -> None:
    from geo.footprints.makers import MAKERS
    from geo.footprints.rules import EACH, TOGETHER

    made = {relation for pattern in load_grammar(language).patterns for relation in pattern.make}

    assert made - set(MAKERS) - set(EACH) - set(TOGETHER) == set()


@pytest.mark.parametrize(("name", "classes"), [("Homs", ["AND", "PLACE"]), ("Washington", ["PLACE"])])
def test_an_arabic_and_is_told_from_the_name_it_is_written_with(name: str, classes: list[str]) -> None:
    text = {"Homs": "وحمص", "Washington": "واشنطن"}[name]
    town = Place("x", name, "city", "SY", None, 0, 0)
    found = Resolution(text, town, 1.0, mention=Mention(0, len(text), text, "name", (0, len(text))))

    tokens = tokens_of(text, (0, len(text)), [found], load_grammar("ar"))

    assert [token.cls for token in tokens] == classes
