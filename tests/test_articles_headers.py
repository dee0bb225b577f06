from __future__ import annotations

import datetime as dt

import pytest

from geo.articles.reader import read_article
from geo.model import Article

BODY = (
    "The delegations met for a second day and agreed to go on with the talks, a diplomat said on Monday evening.\n\n"
    "Nobody expects the truce to be prolonged before the end of the month, he added."
)


def _read(header: str, body: str = BODY) -> Article:
    return read_article(header + body)


@pytest.mark.parametrize(
    ("header", "title", "date", "time"),
    [
        ("Talks go on\n\n3 August 2017\n\n", "Talks go on", dt.date(2017, 8, 3), None),
        (
            "Talks go on\n\n3 August, 2017, 10:32 1224\nTalks go on\n\n",
            "Talks go on",
            dt.date(2017, 8, 3),
            dt.time(10, 32),
        ),
        (" date 2017-08-03 Talks go on in the capital\n\n", "Talks go on in the capital", dt.date(2017, 8, 3), None),
        (" date 2017-08-03 Talks go on\n\n", "Talks go on", dt.date(2017, 8, 3), None),
        (
            "Published: Thu, May 17, 2018\nWorld | By Jane Doe\n\nTalks go on today\n\n",
            "Talks go on today",
            dt.date(2018, 5, 17),
            None,
        ),
        ("PRESS RELEASE\nTalks go on today\nJuly 22, 2017 (EIRNS)—", "Talks go on today", dt.date(2017, 7, 22), None),
        (
            "Sunday, 20 January 2019\nTalks go on today\n17 May 2018\n\n",
            "Talks go on today",
            dt.date(2018, 5, 17),
            None,
        ),
        (
            "Переговоры продолжаются\n\n23 июня 2017, 10:32\n\n",
            "Переговоры продолжаются",
            dt.date(2017, 6, 23),
            dt.time(10, 32),
        ),
        ("تتواصل المحادثات\n\n03/08/2017\n", "تتواصل المحادثات", dt.date(2017, 8, 3), None),
        ("Talks go on\nJohn Doe\nReuters, 3 August 2017\n", "Talks go on", dt.date(2017, 8, 3), None),
        (
            "World\nTalks go on today\nSource: Xinhua| 2017-08-03 18:35:53|Editor: J. Doe\n\n",
            "Talks go on today",
            dt.date(2017, 8, 3),
            dt.time(18, 35),
        ),
        (
            "Talks go on today\n\n(Xinhua)    14:54, August 3, 2017\n\n",
            "Talks go on today",
            dt.date(2017, 8, 3),
            dt.time(14, 54),
        ),
        (" date 2017-08 ", None, None, None),
        ("", None, None, None),
    ],
)
def test_headline_and_date_are_found(
    header: str, title: str | None, date: dt.date | None, time: dt.time | None
) -> None:
    article = _read(header)
    expected = (
        title
        or "The delegations met for a second day and agreed to go on with the talks, a diplomat said on Monday evening."
    )
    assert (article.title, article.date, article.time) == (expected, date, time)


def test_a_date_in_the_report_is_not_its_own() -> None:
    article = _read("Talks go on\n\n", "Written on 4 May 2017 in Astana, the paper was signed by three states. " + BODY)
    assert article.date is None


def test_a_headline_that_begins_with_a_date_stays_a_headline() -> None:
    assert _read("4 May 2017: the day that four zones were drawn in Astana\n\n").title is not None


def test_front_matter_is_read() -> None:
    article = _read(
        "---\ntitle: Talks go on\ndate: 2017-08-03\nsource: SANA\nurl: https://sana.example/1\nlang: en\n---\n"
    )
    assert (article.title, article.date, article.source) == ("Talks go on", dt.date(2017, 8, 3), "SANA")
    assert (article.url, article.language) == ("https://sana.example/1", "en")
    assert article.text[slice(*article.boilerplate[0])].endswith("---\n")


@pytest.mark.parametrize("block", ["---\n: : :\n---\n", "---\n- a list\n---\n", "---\ntitle: never closed\n"])
def test_what_is_no_front_matter_is_text(block: str) -> None:
    assert _read(block).text.startswith("---")


def test_an_impossible_date_in_front_matter_is_no_date() -> None:
    article = _read("---\ntitle: Talks go on\ndate: 2017-02-30\nid: " + "9" * 5000 + "\n---\n")
    assert (article.title, article.date) == ("Talks go on", None)


def test_header_lines_are_read() -> None:
    article = _read(
        "Headline: Talks go on\nDate: 3 August 2017\nTime: 10:32\nAgency: TASS\nLink: https://tass.example/1\n\n"
    )
    assert (article.title, article.date, article.time) == ("Talks go on", dt.date(2017, 8, 3), dt.time(10, 32))
    assert (article.source, article.source_role, article.url) == ("TASS", "publisher", "https://tass.example/1")


def test_header_lines_are_boilerplate() -> None:
    article = _read("Talks go on\nDate: 3 August 2017\nSource: The Astana Times\n\n")
    assert [article.text[slice(*span)] for span in article.boilerplate] == [
        "Date: 3 August 2017",
        "Source: The Astana Times",
    ]


@pytest.mark.parametrize(
    ("line", "source", "role"),
    [
        ("Source: Kazinform, 3 August 2017, https://inform.example/1 (retold in our own words)", "Kazinform", "retold"),
        ("Source: based on reporting by AFP", "AFP", "cited"),
        ("Источник: ТАСС", "TASS", "publisher"),
        ("المصدر: وكالة سانا، دمشق", "SANA", "publisher"),
        ("Source: The Village Voice", "The Village Voice", "publisher"),
    ],
)
def test_a_source_line_names_source_and_role(line: str, source: str, role: str) -> None:
    article = _read(f"Talks go on\n{line}\n\n")
    assert (article.source, article.source_role) == (source, role)


@pytest.mark.parametrize(
    ("header", "end", "source", "role"),
    [
        ("BEIRUT (Reuters) - ", "", "Reuters", "publisher"),
        ("Talks go on\nBy REUTERS\n\n", "", "Reuters", "publisher"),
        ("By JANE DOE, Associated Press\n\nBEIRUT (AP) — ", "", "AP", "publisher"),
        ("", " — AFP", "AFP", "publisher"),
        ("", "\n\nReuters", "Reuters", "publisher"),
        ("", " This was reported by Interfax.", "Interfax", "cited"),
        ("", "", None, None),
    ],
)
def test_the_source_is_who_signs_or_else_who_is_cited(
    header: str, end: str, source: str | None, role: str | None
) -> None:
    article = _read(header, BODY + end)
    assert (article.source, article.source_role) == (source, role)


def test_a_dateline_below_a_caption_counts() -> None:
    article = _read("© Photo: a ministry\n\nMOSCOW (Sputnik) — ")
    assert article.dateline is not None
    assert article.text[slice(*article.dateline)] == "MOSCOW"
    assert article.title is not None
    assert article.title.startswith("The delegations")


def test_a_long_first_sentence_is_cut_at_a_word() -> None:
    title = read_article("word " * 100).title
    assert title is not None
    assert title.endswith("word…")
    assert len(title) <= 110


def test_a_caption_that_ends_with_its_agency_stays_in_the_report() -> None:
    article = _read("Talks go on today\n\nSoldiers on patrol in the streets of Gao on Monday. Jane Doe, AFP\n\n")
    assert article.boilerplate == ()


def test_a_headline_alone_is_the_report() -> None:
    assert read_article("Talks go on").title == "Talks go on"
