from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from geo.articles.reader import Unreadable, read_article, read_articles
from geo.errors import InputError, InputNotFoundError
from geo.model import Article

KAZINFORM, RIA = "000_8b481cedfd2cfc75.txt", "004_53005bc26618d816.txt"


def _articles(*sources: str | Path) -> list[Article]:
    return [item for item in read_articles(sources) if isinstance(item, Article)]


def _failures(*sources: str | Path) -> list[Unreadable]:
    return [item for item in read_articles(sources) if isinstance(item, Unreadable)]


def test_the_first_seed_report_is_kazinform_s(shared: Path) -> None:
    article = read_article(shared / "articles" / KAZINFORM)
    assert (article.date, article.time) == (dt.date(2017, 1, 20), None)
    assert (article.source, article.source_role, article.language) == ("Kazinform", "publisher", "en")
    assert article.dateline == (17, 23)


def test_a_report_without_a_headline_is_called_by_its_first_words(shared: Path) -> None:
    article = read_article(shared / "articles" / KAZINFORM)
    assert article.title is not None
    assert article.title.startswith("The negotiations on regulation of the Syrian crisis")
    assert len(article.title) <= 110


def test_the_second_seed_report_cites_ria_novosti(shared: Path) -> None:
    article = read_article(shared / "articles" / RIA)
    assert (article.date, article.time) == (dt.date(2017, 6, 23), dt.time(10, 32))
    assert (article.source, article.source_role, article.language) == ("RIA Novosti", "cited", "en")
    assert article.title == article.text.splitlines()[0]


def test_the_second_seed_report_ends_in_boilerplate(shared: Path) -> None:
    article = read_article(shared / "articles" / RIA)
    (span,) = article.boilerplate
    assert article.text[slice(*span)].startswith("#Kazakhstan")
    assert span[1] == len(article.text.rstrip())


def test_a_corpus_keeps_its_ids_and_texts(shared: Path) -> None:
    lines = (shared / "corpora" / "lgl.jsonl").read_text(encoding="utf-8").strip().split("\n")
    expected = [(row["id"], row["text"]) for row in map(json.loads, lines)]
    assert [(a.id, a.text) for a in _articles(shared / "corpora" / "lgl.jsonl")] == expected


def test_text_is_read_as_it_is() -> None:
    article = read_article("Talks resume\r\n\r\nThe guarantors met in Geneva.\r\n")
    assert article.text == "Talks resume\r\n\r\nThe guarantors met in Geneva.\r\n"
    assert article.title == "Talks resume"


def test_an_article_s_id_is_made_from_its_text() -> None:
    assert read_article("Talks resume").id == read_article("Talks resume").id
    assert read_article("Talks resume").id != read_article("Talks end").id


def test_a_given_id_is_kept() -> None:
    assert read_article("Talks resume", id="a1").id == "a1"


def test_paths_and_open_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text("The guarantors met in Geneva.", encoding="utf-8")
    expected = read_article("The guarantors met in Geneva.")
    with path.open("rb") as binary, path.open(encoding="utf-8") as text:
        assert [read_article(path), read_article(str(path)), read_article(binary), read_article(text)] == [expected] * 4


@pytest.mark.parametrize("path", ["nowhere.txt", "no/such/place", Path("nowhere")])
def test_a_missing_file_says_so(path: str | Path) -> None:
    with pytest.raises(InputNotFoundError, match="There is no file"):
        read_article(path)


@pytest.mark.parametrize("text", ["", "  \n "])
def test_an_empty_text_says_so(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        read_article(text)


def test_a_text_with_a_slash_is_no_path() -> None:
    assert read_article("Fighters left Zamalka/Arbin on Monday").text.startswith("Fighters")


def test_one_article_is_not_read_from_many(tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text('{"text": "One."}\n{"text": "Two."}\n', encoding="utf-8")
    with pytest.raises(InputError, match="more than one article"):
        read_article(path)


def test_unreadable_sources_do_not_stop_the_others(tmp_path: Path) -> None:
    good = tmp_path / "good.txt"
    good.write_text("The guarantors met in Geneva.", encoding="utf-8")
    found = list(read_articles(["missing.txt", good, tmp_path / "missing.csv"]))
    assert [isinstance(item, Article) for item in found] == [False, True, False]


def test_no_sources_give_no_articles() -> None:
    assert list(read_articles([])) == []
