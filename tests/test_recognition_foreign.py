"""Well-known names in French, German, Spanish, Turkish and other reports that no weights were learnt for."""

from __future__ import annotations

import pytest

from geo.gazetteer.index import Index, open_index
from geo.model import Article, Mention
from geo.recognition.foreign import with_sure_names
from geo.recognition.tokens import tokenise
from geo.settings import load_settings


@pytest.fixture(scope="module")
def index() -> Index:
    return open_index(load_settings())


def names(text: str, language: str, index: Index, *found: Mention) -> list[str]:
    article = Article("report", text, language=language)
    return [m.text for m in with_sure_names(article, tokenise(text), index, found)]


def mention(text: str, name: str, probability: float) -> Mention:
    start = text.index(name)
    return Mention(start, start + len(name), name, "name", (0, len(text)), probability)


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("fr", "L'Algérie et les autorités d'Arménie", ["Algérie", "Arménie"]),
        ("fr", "la police de Côte d'Ivoire", ["Côte d'Ivoire"]),
        ("it", "il presidente dell'Ucraina", ["Ucraina"]),
        ("tr", "Bakan dün Ankara'da konuştu", ["Ankara"]),
        ("de", "die Regierung Syriens", ["Syriens"]),
        ("es", "el gobierno de Estados Unidos.", ["Estados Unidos"]),
        ("es", "habló Victoria Abril", []),
        ("fr", "une mine de charbon", []),
    ],
)
def test_countries_and_great_towns_are_found(language: str, text: str, expected: list[str], index: Index) -> None:
    assert names(text, language, index) == expected


def test_what_holds_a_well_known_name_and_more_stays(index: Index) -> None:
    text = "en el Golfo de México"
    assert names(text, "es", index, mention(text, "Golfo de México", 0.5)) == ["Golfo de México"]


def test_what_is_written_as_one_with_a_well_known_name_goes(index: Index) -> None:
    text = "Bakan dün Almanya'dan geldi"
    assert names(text, "tr", index, mention(text, "Almanya'dan", 0.5)) == ["Almanya"]


@pytest.mark.parametrize(("believed", "kept"), [(0.4, 0.9), (0.97, 0.97)])
def test_the_surer_belief_stays(believed: float, kept: float, index: Index) -> None:
    text = "en Argentina"
    article = Article("report", text, language="es")
    (found,) = with_sure_names(article, tokenise(text), index, [mention(text, "Argentina", believed)])
    assert found.probability == kept
