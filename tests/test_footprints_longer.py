"""Names that go on past what is resolved of them."""

from __future__ import annotations

import pytest

import geo
from geo.footprints.longer import goes_on


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("A crash off the Massachusetts Turnpike closed a lane.", "Massachusetts", True),
        ("People walked around the Walker County Fairgrounds all day.", "Walker County", True),
        ("Shelling in northern Syria went on.", "Syria", False),
        ("Shelling in northern Syria Monday killed two people.", "Syria", False),
        ("Troops left northern Syria ISIS had held for years.", "Syria", False),
        ("Troops left northern Syria. Nobody came.", "Syria", False),
        ("Shelling Hits Northern Syria Towns Again", "Syria", False),
        ("A fire near Morecambe's Arndale Centre was put out.", "Morecambe", False),
    ],
)
def test_capitals_after_a_name_belong_to_it(text: str, name: str, expected: bool) -> None:
    end = text.index(name) + len(name)

    actual = goes_on(text, end, frozenset(), (0, len(text)))

    assert actual is expected


def test_what_belongs_to_a_name_counts_where_asked() -> None:
    text = "A fire near Morecambe's Arndale Centre was put out."

    assert goes_on(text, text.index("'s"), frozenset(), (0, len(text)), possessive=True)


def test_mentions_after_a_name_are_names_of_their_own() -> None:
    text = "The road from northern Syria Turkish soldiers took was open."
    start = text.index("Turkish")

    assert not goes_on(text, start - 1, {start}, (0, len(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The crash was off the Massachusetts Turnpike on Monday.", []),
        ("Productive sectors of Mexico were hit.", []),
        ("Flooding hit towns around Ohio on Monday.", [("towns around Ohio", "whole_unit")]),
        ("They drove to the B.C. border.", [("the B.C. border", "border")]),
        ("All the EU member states agreed.", [("All the EU member states", "whole_unit")]),
    ],
)
def test_an_article_says_what_its_words_mean(text: str, expected: list[tuple[str, str]]) -> None:
    actual = [(found.phrase, found.relation) for found in geo.geoparse(text).footprints]

    assert actual == expected
