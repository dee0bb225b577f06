from __future__ import annotations

import datetime as dt

import pytest

from geo.articles.datelines import dateline_at

REPORT = "The delegations met for a second day and agreed to go on."


@pytest.mark.parametrize(
    ("opening", "place", "agency"),
    [
        ("ASTANA. KAZINFORM ", "ASTANA", "Kazinform"),
        ("BEIRUT (Reuters) - ", "BEIRUT", "Reuters"),
        ("BEIRUT (AP) \ufffd ", "BEIRUT", "AP"),
        ("MOSCOW, July 22. /TASS/. ", "MOSCOW", "TASS"),
        ("Moscow. May 5. INTERFAX.RU — ", "Moscow", "Interfax"),
        ("GREENWICH, Conn. (WTNH) — ", "GREENWICH", "WTNH"),
        ("WASHINGTON, D.C. (AP) — ", "WASHINGTON", "AP"),
        ("AMMAN/BEIRUT (Reuters) - ", "AMMAN", "Reuters"),
        ("(ANSA) - MOSCA, 22 LUG - ", "MOSCA", "ANSA"),
        ("Homs, Aug. 3 (SANA)- ", "Homs", "SANA"),
        ("АСТАНА, 20 янв — РИА Новости. ", "АСТАНА", "RIA Novosti"),
        ("МОСКВА, 5 мая. /ТАСС/. ", "МОСКВА", "TASS"),
        ("دمشق-سانا ", "دمشق", "SANA"),
        ("موسكو - (أ ف ب): ", "موسكو", "AFP"),
        ("بيروت/ الأناضول/ ", "بيروت", "Anadolu Agency"),
        ("BEIRUT, Lebanon — ", "BEIRUT", None),
        ("SHARAN, Afghanistan, July 23 (Xinhua) -- ", "SHARAN", "Xinhua"),
        ("МОСКВА, 23 янв - РИА Новости. ", "МОСКВА", "RIA Novosti"),
        ("Beirut – ", "Beirut", None),
        ("NUR-SULTAN — ", "NUR-SULTAN", None),
        ("St. Louis — ", "St. Louis", None),
        ("DAMASCUS: ", "DAMASCUS", None),
        ("MOSCOW, Aug 3 — ", "MOSCOW", None),
    ],
)
def test_a_dateline_gives_place_and_agency(opening: str, place: str, agency: str | None) -> None:
    text = opening + REPORT
    found = dateline_at(text, 0, len(text))
    assert found is not None
    assert found.place is not None
    assert (text[slice(*found.place)], found.agency, text[found.end :]) == (place, agency, REPORT)


@pytest.mark.parametrize("opening", ["(EIRNS)—", "PanARMENIAN.Net - ", "Reuters: "])
def test_an_agency_alone_has_no_place(opening: str) -> None:
    text = opening + REPORT
    found = dateline_at(text, 0, len(text))
    assert found is not None
    assert found.place is None
    assert found.agency is not None


@pytest.mark.parametrize(
    "opening",
    [
        "",
        "Analysis – ",
        "Putin: ",
        "Ouest-France - ",
        "Sheriff Smith (D-Conn.) ",
        "In January. Reuters said ",
        "However - then ",
        "Deputies arrest - ",
    ],
)
def test_other_openings_are_no_datelines(opening: str) -> None:
    text = opening + REPORT
    assert dateline_at(text, 0, len(text)) is None


def test_a_headline_in_capitals_is_no_dateline() -> None:
    text = "SYRIA - FOUR ZONES AGREED UPON IN ASTANA AFTER TWO DAYS OF TALKS"
    assert dateline_at(text, 0, len(text)) is None


def test_the_day_counts_where_it_has_a_year() -> None:
    text = "ANKARA, Jan. 20, 2017 (Xinhua) -- " + REPORT
    found = dateline_at(text, 0, len(text))
    assert found is not None
    assert found.dated is not None
    assert found.dated.date == dt.date(2017, 1, 20)


def test_spans_count_from_the_text_s_start() -> None:
    text = "Talks\n\nBEIRUT (Reuters) - " + REPORT
    found = dateline_at(text, 7, len(text))
    assert found is not None
    assert found.place == (7, 13)
