"""What "the province" and "the city" refer to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from footprint_cases import resolved
from shapely.geometry import Point

from geo.footprints.footprints import find_footprints
from geo.gazetteer.boundaries import open_boundaries
from geo.gazetteer.index import Index, open_index
from geo.model import Article, Footprint, Mention, Resolution
from geo.settings import load_settings


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def _resolved(text: str) -> list[Resolution]:
    """Return the names in a text, each in its own sentence."""
    found = [(r, r.mention) for r in resolved(text) if r.mention]
    return [replace(r, mention=_in_its_sentence(text, mention)) for r, mention in found]


def _in_its_sentence(text: str, mention: Mention) -> Mention:
    start = text.rfind(". ", 0, mention.start) + 2 if ". " in text[: mention.start] else 0
    end = text.find(". ", mention.end)
    return Mention(mention.start, mention.end, mention.text, mention.kind, (start, end + 1 if end > 0 else len(text)))


def _found(text: str, index: Index) -> list[Footprint]:
    return list(find_footprints(Article("a", text, language="en"), _resolved(text), open_boundaries(), index))


@pytest.mark.parametrize(
    ("text", "relation", "inside", "outside"),
    [
        ("Rain fell in Kerala. It hit the state's north.", "north_of_part", (75.4, 12), (77, 8.5)),
        ("Rain fell in Kerala. The south of the state is dry.", "south_of_part", (77, 8.5), (75.4, 12)),
        ("Kharkiv was hit. Villages north of the city burned.", "north_of", (36.25, 50.1), (36.25, 49.8)),
        ("He left Nairobi. The city's outskirts were dark.", "outskirts", (36.95, -1.2), (39.66, -4.05)),
        ("Kenya votes. Queues grew 20 km from the capital.", "at_distance", (36.82, -1.1), (39.66, -4.05)),
        ("Mali is calm. The country's north is not.", "north_of_part", (1.4, 18.4), (-8, 12.6)),
    ],
)
def test_a_reference_is_the_place_that_the_text_named(
    text: str, relation: str, inside: tuple[float, float], outside: tuple[float, float], index: Index
) -> None:
    actual = next(footprint for footprint in _found(text, index) if footprint.relation == relation)

    assert actual.possible.contains(Point(inside))
    assert not actual.possible.contains(Point(outside))
    assert actual.sentence == (text.index(". ") + 2, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "Troops left Homs and Hama. They camped outside the city.",
        "He came from Nairobi. The mayor of the city of angels spoke.",
        "He came from Nairobi. He likes the city.",
        "The north of the province is quiet. Kerala is not near.",
        "Kerala voted. The north of the city is quiet.",
        "Kerala voted. The head of the State Department spoke.",
        "Kerala voted. Polls closed across the state, and many towns in the region were calm.",
    ],
)
def test_what_refers_to_nothing_clear_has_no_footprint(text: str, index: Index) -> None:
    assert [f.phrase for f in _found(text, index) if f.relation != "whole_unit"] == []


def test_a_reference_alone_has_no_footprint(index: Index) -> None:
    text = "The north of Kerala flooded. The governor of the state spoke."

    assert [footprint.phrase for footprint in _found(text, index)] == ["The north of Kerala"]
