"""Locative expressions to nested extents."""

from __future__ import annotations

from typing import Any

import pytest
from footprint_cases import CASES, point, resolved

from geo.errors import InputError
from geo.footprints.footprints import find_footprints, footprint_of
from geo.gazetteer.boundaries import open_boundaries
from geo.gazetteer.index import Index, open_index
from geo.model import EXTENTS, Article, Footprint
from geo.settings import load_settings


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def _footprint(phrase: str, index: Index | None = None, names: dict[str, str] | None = None) -> Footprint:
    return footprint_of(phrase, resolved(phrase, names), open_boundaries(), index)


@pytest.fixture(params=CASES, ids=lambda case: case["phrase"])
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = request.param
    return found


def test_an_expression_holds_what_it_must_and_leaves_out_what_it_must_not(case: dict[str, Any], index: Index) -> None:
    footprint = _footprint(case["phrase"], index, case.get("as"))

    missing = [where for where in case.get("core", ()) if not footprint.core.contains(point(where))]
    excluded = [where for where in case.get("possible", ()) if not footprint.possible.contains(point(where))]
    wrong = [where for where in case.get("outside", ()) if footprint.possible.contains(point(where))]
    assert (missing, excluded, wrong) == ([], [], [])
    assert footprint.relation == case.get("relation", footprint.relation)


def test_the_extents_are_valid_and_nested(case: dict[str, Any], index: Index) -> None:
    footprint = _footprint(case["phrase"], index, case.get("as"))

    assert all(footprint.extent(extent).is_valid for extent in EXTENTS)
    assert footprint.core.is_empty or footprint.core.within(footprint.zone)
    assert footprint.zone.within(footprint.possible)


def test_a_phrase_without_a_place_says_what_to_do() -> None:
    with pytest.raises(InputError, match="Name a known place"):
        _footprint("the north of Nowhere")


def test_an_empty_phrase_is_refused() -> None:
    with pytest.raises(InputError, match="No name"):
        _footprint("")


def test_an_article_without_places_has_no_footprints() -> None:
    assert find_footprints(Article("a", "Nothing happened anywhere."), (), open_boundaries()) == ()


def test_the_phrase_and_its_offsets_are_the_articles_own() -> None:
    text = "Fighting broke out in northern Nigeria on Monday."

    (actual,) = find_footprints(Article("a", text, language="en"), resolved(text), open_boundaries())

    assert (actual.phrase, text[actual.start : actual.end]) == ("northern Nigeria", "northern Nigeria")
    assert actual.sentence == (0, len(text))


def test_a_town_that_stands_alone_has_no_footprint_in_an_article() -> None:
    text = "Talks went on in Damascus."

    assert find_footprints(Article("a", text), resolved(text), open_boundaries()) == ()


def test_a_border_of_countries_that_do_not_touch_has_no_shape() -> None:
    with pytest.raises(InputError, match="has no shape"):
        _footprint("the border between Kenya and Norway")
