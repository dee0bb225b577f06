from __future__ import annotations

import pytest

from geo.articles.agencies import agencies, agency_named, agency_of_url, cited_agency


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("KAZINFORM", "Kazinform"),
        ("/TASS/", "TASS"),
        ("ТАСС", "TASS"),
        ("РИА «Новости»", "RIA Novosti"),
        ("رويترز", "Reuters"),
        ("the Guardian", "The Guardian"),
        ("Associated Press", "AP"),
        ("Anadolu Ajansı", "Anadolu Agency"),
    ],
)
def test_an_agency_is_known_however_it_is_written(written: str, name: str) -> None:
    assert agency_named(written) == name


@pytest.mark.parametrize("written", ["", "Homs", "Reuters said", "the"])
def test_other_words_are_no_agency(written: str) -> None:
    assert agency_named(written) is None


def test_no_spelling_stands_for_two_agencies() -> None:
    spellings = [key for agency in agencies() for key in {spelling.casefold() for spelling in agency.spellings}]
    assert len(spellings) == len(set(spellings))


def test_words_are_spellings() -> None:
    assert all(agency.words <= set(agency.spellings) for agency in agencies())


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("An official told Reuters that the road was open.", "Reuters"),
        (
            "The road is open, a source of RIA Novosti said. TASS reports the same, as RIA Novosti reported.",
            "RIA Novosti",
        ),
        ("TASS reported it, and so did AFP, according to Reuters.", "TASS"),
        ("Об этом сообщили Интерфаксу в министерстве.", "Interfax"),
        ("Дорога открыта, передаёт ТАСС со ссылкой на военных.", "TASS"),
        ("وقال مصدر لرويترز إن الطريق مفتوح، بحسب الوكالة.", "Reuters"),
        ("Officials in Petra, Jordan, said the road was open.", None),
        ("Reuters has an office in Beirut.", None),
        ("The Los Angeles Times reported it, according to the mayor.", None),
        ("He told Reutersberg.", None),
        ("", None),
    ],
)
def test_the_agency_a_report_relies_on(text: str, name: str | None) -> None:
    assert cited_agency(text) == name


def test_a_citation_stands_in_the_same_line() -> None:
    assert cited_agency("Reuters\nThe mayor said so.") is None


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.reuters.com/article/1", "Reuters"),
        ("https://en.inform.kz/news/1", "Kazinform"),
        ("https://www.example.org/2017/1", "example.org"),
        ("https://notreuters.com/1", "notreuters.com"),
        ("no address", None),
    ],
)
def test_a_page_s_host_tells_who_published_it(url: str, name: str | None) -> None:
    assert agency_of_url(url) == name
