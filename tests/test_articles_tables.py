"""Corpora as they come: JSON under any of its names, damaged CSV, fields that hold what they should not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from geo.articles.reader import Unreadable, read_articles
from geo.model import Article

FEED = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "Wire",
    "items": [{"content_html": "<p>One.</p>", "date_published": "2017-08-03T10:00:00Z"}, {"content_text": "Two."}],
}


def _read(folder: Path, name: str, content: str) -> list[Article | Unreadable]:
    path = folder / name
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    return list(read_articles([path]))


def _told(items: list[Article | Unreadable]) -> list[str]:
    """Return texts, and of what could not be read the place."""
    return [item.text if isinstance(item, Article) else item.source.rpartition("/")[2] for item in items]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.ndjson", "a"])
@pytest.mark.parametrize(
    "content",
    [
        '{"text": "One."}\n{"text": "Two."}\n',
        '[{"text": "One."},\n{"text": "Two."}]',
        json.dumps({"articles": [{"text": "One."}, {"text": "Two."}]}),
        json.dumps({"articles": [{"text": "One."}, {"text": "Two."}]}, indent=2),
        json.dumps(FEED),
        json.dumps(FEED, indent=2),
    ],
)
def test_json_is_read_whatever_it_is_called(name: str, content: str, tmp_path: Path) -> None:
    assert _told(_read(tmp_path, name, content)) == ["One.", "Two."]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_list_behind_a_byte_order_mark_is_one(name: str, tmp_path: Path) -> None:
    assert _told(_read(tmp_path, name, '\ufeff[{"text": "One."}, {"text": "Two."}]')) == ["One.", "Two."]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_a_broken_first_line_stops_no_other(name: str, tmp_path: Path) -> None:
    assert _told(_read(tmp_path, name, '{"text": "On\n\n{"text": "Two."}\n')) == [f"{name}, line 1", "Two."]


def test_what_is_broken_at_the_end_of_a_line_is_broken_on_that_line(tmp_path: Path) -> None:
    broken, _ = _read(tmp_path, "a.jsonl", '{"text": "On"\n{"text": "Two."}\n')
    assert isinstance(broken, Unreadable)
    assert "a.jsonl, line 1 is not JSON (column 14)" in broken.reason


def test_what_stands_behind_a_list_is_told(tmp_path: Path) -> None:
    assert _told(_read(tmp_path, "a.json", '[{"text": "One."}][{"text": "Two."}]'))[0] == "One."
    assert len(_read(tmp_path, "a.json", '[{"text": "One."}][{"text": "Two."}]')) == 2


@pytest.mark.parametrize("name", ["title", "source", "id", "url"])
@pytest.mark.parametrize("damage", ["\\ud800", "\\u0000"])
def test_what_is_no_text_in_a_field_is_replaced(name: str, damage: str, tmp_path: Path) -> None:
    (article,) = _read(tmp_path, "a.jsonl", f'{{"text": "One.", "{name}": "https://a.org/a{damage}b"}}')
    assert "a\N{REPLACEMENT CHARACTER}b" in str(getattr(article, name))


@pytest.mark.parametrize("row", ['"text": "", "content": "One."', '"text": null, "body": "One."', '"TEXT": "One."'])
def test_an_empty_text_does_not_hide_another(row: str, tmp_path: Path) -> None:
    assert _told(_read(tmp_path, "a.jsonl", f"{{{row}}}")) == ["One."]


@pytest.mark.parametrize("value", ["true", "[]", '["One."]', '{"a": "One."}', "NaN"])
def test_a_text_that_is_no_string_is_told(value: str, tmp_path: Path) -> None:
    assert _told(_read(tmp_path, "a.jsonl", f'{{"text": {value}}}')) == ["a.jsonl, line 1"]


@pytest.mark.parametrize(
    "damaged",
    ['2,"he said \\"truce\\""', '2,"x" y', "2,too,many", '2,"never closed', "2,N\0L", f'2,"{"x" * 20_000_001}"'],
)
def test_a_damaged_row_of_csv_stops_no_other(damaged: str, tmp_path: Path) -> None:
    found = _told(_read(tmp_path, "a.csv", f"id,text\n1,One.\n{damaged}\n3,Three.\n4,Four.\n"))
    assert found == ["One.", "a.csv, line 3", "Three.", "Four."]


def test_what_is_left_of_a_damaged_row_is_no_article(tmp_path: Path) -> None:
    found = _told(_read(tmp_path, "a.csv", 'text,id\n"a ""b" c\nthe rest\nof it",1\n\nTwo.,2\n'))
    assert found == ["a.csv, line 2", "a.csv, line 3", "a.csv, line 4", "Two."]


@pytest.mark.parametrize("heading", ["\n\nid,text", "sep=,\nid,text", "\ufeffid,text", "sep=;\r\nid;text"])
def test_what_stands_above_the_headings_is_passed_over(heading: str, tmp_path: Path) -> None:
    delimiter = heading[-5]
    assert _told(_read(tmp_path, "a.csv", f"{heading}\n1{delimiter}One.\n")) == ["One."]


def test_lines_of_csv_may_end_as_on_old_computers(tmp_path: Path) -> None:
    assert _told(_read(tmp_path, "a.csv", 'id,text\r1,One.\r2,"Two\rlines."\r')) == ["One.", "Two\rlines."]
