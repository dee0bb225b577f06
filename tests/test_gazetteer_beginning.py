"""Places by the beginning of a name, as a search field suggests them."""

from __future__ import annotations

import pytest

from geo.gazetteer.index import open_index
from geo.settings import Settings


def names(settings: Settings, text: str, limit: int = 8) -> list[str]:
    index = open_index(settings)
    return [index.label(row) for row in index.find_beginning(text, limit).tolist()]


@pytest.mark.parametrize(
    ("text", "name"), [("hom", "Homs"), ("HOMS", "Homs"), ("eastern gh", "Eastern Ghouta"), ("Дамас", "Damascus")]
)
def test_the_most_prominent_places_come_first(session_settings: Settings, text: str, name: str) -> None:
    assert name in names(session_settings, text)


def test_a_letter_has_many_and_only_some_are_given(session_settings: Settings) -> None:
    assert len(names(session_settings, "h", 5)) == 5


@pytest.mark.parametrize("text", ["", "  ", "xqzqx", "\0"])
def test_nothing_begins_so(session_settings: Settings, text: str) -> None:
    assert names(session_settings, text) == []
