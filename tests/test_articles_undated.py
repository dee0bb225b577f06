"""Dates of records that cannot be understood: the article is kept, and the loss is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.articles.compose import articles_in
from geo.articles.document import Document, Unreadable
from geo.articles.omissions import told_together
from geo.articles.reader import read_articles
from geo.batch import Options, ingest_into
from geo.errors import InputError
from geo.model import Article, Reading
from geo.workspace.workspace import open_workspace

FEED = """<rss version="2.0"><channel><title>Wire</title><item><title>Truce</title>
<description>A truce in Homs was holding.</description><pubDate>notadate</pubDate></item></channel></rss>"""
CSV = "text,date\nA truce in Homs.,notadate\n"


def _notices(*documents: Document) -> list[str]:
    found = told_together(articles_in(documents, "corpus"))
    return [item.reason for item in found if isinstance(item, Unreadable) and item.is_notice]


def test_one_notice_tells_of_all_with_an_example() -> None:
    rows = [
        Document(f"Truce {n}.", id=f"id{n}", date=date) for n, date in enumerate(["2017-06-23", "bad", "2017-13-45"])
    ]
    assert _notices(*rows) == [
        'corpus: 2 article(s) kept without their dates, which are no full dates, such as "bad" of id1. '
        "Write a date as 2017-06-23."
    ]


@pytest.mark.parametrize(
    "document",
    [
        Document("A truce."),
        Document("A truce.", date=" "),
        Document("Date: 3 August 2017\n\nA truce.", date="notadate"),
    ],
)
def test_nothing_is_told_where_nothing_is_lost(document: Document) -> None:
    assert _notices(document) == []


def test_what_is_long_is_cut() -> None:
    (notice,) = _notices(Document("A truce.", id="i" * 500, date="d" * 500))
    assert len(notice) < 250


def test_articles_before_an_error_are_told_of_too() -> None:
    def damaged() -> object:
        yield Document("A truce.", date="notadate")
        raise InputError("It is damaged.")

    found = list(told_together(articles_in(damaged(), "corpus")))  # type: ignore[arg-type]
    assert [isinstance(item, Unreadable) and item.is_notice for item in found] == [False, False, True]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", CSV), ("a.jsonl", json.dumps({"text": "A truce.", "date": "notadate"})), ("a.xml", FEED)],
)
def test_records_of_every_kind_keep_their_articles(name: str, content: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    article, notice = read_articles([tmp_path])
    assert isinstance(article, Article)
    assert article.date is None
    assert isinstance(notice, Unreadable)
    assert notice.is_notice


@pytest.mark.parametrize("value", [["2017-06-23"], {"day": "2017-06-23"}, 20170600, 1.5, True])
def test_a_date_of_any_other_kind_is_told(value: object, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "A truce.", "date": value}), encoding="utf-8")
    article, notice = read_articles([path])
    assert isinstance(article, Article)
    assert article.date is None
    assert isinstance(notice, Unreadable)
    assert "1 article(s) kept without their" in notice.reason


def test_a_source_that_is_an_object_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(
        json.dumps({"text": "A truce.", "source": {"name": "Wire"}, "id": 7, "tags": [1]}), encoding="utf-8"
    )
    _, notice = read_articles([path])
    assert isinstance(notice, Unreadable)
    assert notice.reason == (
        f'{path}: 1 article(s) kept without their "source", which is no plain value, such as {{"name": "Wire"}} of 7. '
        "Write it as a string."
    )


@pytest.mark.parametrize("options", [Options(), Options(dry_run=True)])
def test_an_ingest_tells_of_them_and_fails_nothing(options: Options, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(CSV, encoding="utf-8")
    with open_workspace("sqlite://") as workspace:
        report = ingest_into(workspace, [path], lambda articles: [Reading(a, ()) for a in articles], options=options)
    assert (report.new, report.failed, len(report.notices)) == (1, 0, 1)
