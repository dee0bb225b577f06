"""Mentions and bare names to places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from geo.errors import UnknownNameError
from geo.gazetteer.index import Index, open_index
from geo.model import Article, Candidate, Mention, Resolution
from geo.pipeline import find_places
from geo.resolution.resolve import Named, candidates_of, resolve_all, resolve_mentions, resolve_name
from geo.resolution.surroundings import container_of, enumerated, kinds_asked
from geo.settings import load_settings


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def mentions_of(text: str, *names: str) -> list[Mention]:
    found, at = [], 0
    for name in names:
        at = text.index(name, at)
        found.append(Mention(at, at + len(name), name, "name", (0, len(text))))
        at += len(name)
    return found


def resolved(text: str, *names: str, index: Index) -> tuple[Resolution, ...]:
    return resolve_mentions(Article("a", text), mentions_of(text, *names), index)


def test_type_words_hold_for_lists() -> None:
    text = "the provinces Latakia, Hama and Aleppo; the city of Homs; Daraa and Quneitra governorates"
    names = mentions_of(text, "Latakia", "Hama", "Aleppo", "Homs", "Daraa", "Quneitra")
    assert kinds_asked(text, names) == ["admin1", "admin1", "admin1", "city", "admin1", "admin1"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Latakia, Hama and Aleppo, the provinces beside it", ["admin1", "admin1", "admin1"]),
        ("Latakia, Hama and Aleppo, the three neighbouring provinces", ["admin1", "admin1", "admin1"]),
        ("Latakia, Hama and Aleppo, the provinces of the north", ["", "", ""]),
        ("Aleppo, the provinces", [""]),
        ("the provinces beside it, Latakia, Hama and Aleppo", ["admin1", "admin1", "admin1"]),
        ("three provinces: Hama and Aleppo", ["admin1", "admin1"]),
        ("two provinces, Aleppo", [""]),
        ("troops left on buses, Hama and Aleppo said", ["", ""]),
    ],
)
def test_a_type_word_may_stand_beside_a_list(text: str, kinds: list[str]) -> None:
    names = ["Latakia", "Hama", "Aleppo"][-len(kinds) :]
    assert kinds_asked(text, mentions_of(text, *names)) == kinds


def test_containers() -> None:
    text = "Hama, Syria, and France's Lyon"
    assert container_of(text, mentions_of(text, "Hama", "Syria", "France", "Lyon")) == [1, -1, -1, 2]


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("Homs, Hama and Idlib", [(0, 1), (1, 2)]),
        ("Homs and Hama. Idlib", [(0, 1)]),
        ("Homs et Hama, Idlib", [(0, 1), (1, 2)]),
        ("Homs, Hama. Idlib", []),
        ("Homs in Hama. Idlib", []),
    ],
)
def test_enumerations(text: str, pairs: list[tuple[int, int]]) -> None:
    assert enumerated(text, mentions_of(text, "Homs", "Hama", "Idlib")) == pairs


@pytest.mark.parametrize(("other", "feature"), [("Russia", "country"), ("Armenia", "country"), ("Alabama", "admin1")])
def test_what_stands_side_by_side_is_of_one_kind(other: str, feature: str, index: Index) -> None:
    georgia, _ = find_places(f"Georgia and {other} agreed.").resolutions
    assert georgia.place is not None
    assert (georgia.place.name, georgia.place.feature) == ("Georgia", feature)


def test_no_mentions_resolve_to_nothing(index: Index) -> None:
    assert resolve_mentions(Article("a", "Nothing."), [], index) == ()


def test_a_town_follows_the_place_it_is_said_to_lie_in(index: Index) -> None:
    first, second = (
        resolved(text, *names, index=index)[0].place
        for text, *names in (("in Paris, Texas", "Paris", "Texas"), ("in Paris, France", "Paris", "France"))
    )
    assert first is not None
    assert second is not None
    assert (first.country, second.country) == ("US", "FR")


def test_what_is_listed_as_provinces_is_a_province(index: Index) -> None:
    found = resolved("in Syria: the provinces Hama and Aleppo", "Syria", "Hama", "Aleppo", index=index)
    assert [r.place.feature for r in found if r.place] == ["country", "admin1", "admin1"]


def test_an_unknown_name_is_placed_beside_the_nearest_and_says_how_uncertain(index: Index) -> None:
    found = resolved("on Xyzzyqqow Street in Damascus", "Xyzzyqqow Street", "Damascus", index=index)
    place = found[0].place
    assert place is not None
    assert place.id.startswith("dateline:derived:")
    assert (place.feature, place.country) == ("road", "SY")
    assert place.uncertainty_km >= 10


def test_an_unknown_name_alone_stays_unresolved(index: Index) -> None:
    assert [r.place for r in resolved("in Xyzzyqqow", "Xyzzyqqow", index=index)] == [None]


def test_an_inflected_name_is_a_citys_before_a_villages_that_is_called_so(index: Index) -> None:
    text = "Во Львове простились с погибшими."
    found = resolve_mentions(Article("a", text, language="ru"), mentions_of(text, "Львове"), index)
    assert [r.place.name for r in found if r.place] == ["Lviv"]


def test_every_resolution_says_why(index: Index) -> None:
    best = resolve_name("Koneitrah", index, near="Syria")[0]
    assert best.place is not None
    assert best.place.country == "SY"
    assert "spelling" in {e.feature for e in best.evidence}


def test_names_resolve_within_a_country(index: Index) -> None:
    assert {r.place.country for r in resolve_name("Paris", index, country="US") if r.place} == {"US"}


@pytest.mark.parametrize("code", ["Syria", "XX", ""])
def test_an_unknown_country_is_refused(code: str, index: Index) -> None:
    with pytest.raises(UnknownNameError, match="No country has the code"):
        resolve_name("Homs", index, country=code)


def test_a_name_that_has_bearers_is_no_other_spelling_without_context(index: Index) -> None:
    bearers = {index.place(int(row)).id for row in index.find("Golan")}
    assert {r.place.id for r in resolve_name("Golan", index) if r.place} <= bearers


@pytest.mark.parametrize("query", ["", "Xyzzyqqow", "   "])
def test_a_name_that_is_no_place(query: str, index: Index) -> None:
    assert resolve_name(query, index) == []


def test_an_unknown_context_is_an_error(index: Index) -> None:
    with pytest.raises(UnknownNameError, match="No place is called"):
        resolve_name("Homs", index, near="Xyzzyqqow")


def test_the_candidates_of_few_mentions_are_held_at_a_time(index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    articles = [(Article(name, f"In {name}."), mentions_of(f"In {name}.", name)) for name in ("Homs", "Idlib", "Hama")]
    expected, held = resolve_all(articles, index), []

    def candidates(some: Sequence[Named], *others: Any) -> list[list[tuple[Candidate, ...]]]:
        held.append(sum(len(mentions) for _, mentions in some))
        return candidates_of(some, *others)

    monkeypatch.setattr("geo.resolution.resolve.candidates_of", candidates)
    monkeypatch.setattr("geo.resolution.resolve._AT_ONCE", 2)
    assert (resolve_all(articles, index), held) == (expected, [2, 1])


def test_very_long_articles_are_resolved_in_parts(index: Index) -> None:
    text = "Homs, Hama; " * 400
    found = resolved(text, *["Homs", "Hama"] * 400, index=index)
    assert len(found) == 800
    assert {r.place.country for r in found if r.place} == {"SY"}


@pytest.mark.parametrize(
    ("text", "name", "feature", "country"),
    [
        ("Talks in Washington, Moscow and Riga ended.", "Washington", "city", "US"),
        ("Police in Valencia, Madrid and Barcelona, in Spain, were on alert.", "Valencia", "city", "ES"),
        ("Moscow and Paris agreed. Aleppo and Homs were shelled.", "Aleppo", "city", "SY"),
        ("Oregon, Idaho and Washington share the river; Seattle and Spokane pay.", "Washington", "admin1", "US"),
        ("Shares fell in New York, London and Tokyo.", "New York", "city", "US"),
        ("The EU and France agreed in Paris.", "EU", "region", None),
        ("Germany trades with Asia and Europe.", "Asia", "continent", None),
        ("Migrants drowned in the Rio Grande near Laredo, Texas.", "Rio Grande", "water", None),
        ("Iran and Israel spoke of the Golan.", "Golan", "region", "SY"),
        ("Rockets from southern Gaza hit Sderot and Ashkelon in Israel.", "Gaza", None, "PS"),
        ("Fighting resumed in Palmira, Homs and Raqqa in Syria.", "Palmira", "city", "SY"),
    ],
)
def test_well_known_bearers_of_a_name(text: str, name: str, feature: str | None, country: str | None) -> None:
    reading = find_places(text)
    place = next(r.place for r in reading.resolutions if r.query == name)
    assert place is not None
    assert place.feature == (feature or place.feature)
    assert place.country == country
