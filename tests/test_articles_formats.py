from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from geo.articles.reader import Unreadable, read_article, read_articles
from geo.errors import InputError
from geo.model import Article

RUSSIAN = "Перемирие соблюдается\n\nМОСКВА, 3 августа. /ТАСС/. Военные сообщили, что в провинции Хомс прекращён огонь."
ARABIC = "هدنة في حمص\n\nبيروت (رويترز) - قال سكان إن وقف إطلاق النار في ريف حمص الشمالي ما زال صامدا منذ ظهر الخميس."
PAGE = """<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Truce holds in Rastan</title>
<meta property="og:site_name" content="Example News"><meta property="article:published_time" content="2017-08-03">
<link rel="canonical" href="https://news.example.org/truce"><script>alert(1)</script></head>
<body><nav><a href="/">Home page</a></nav><article><h1>Truce holds in Rastan</h1>
<p>A truce in the north of the province was holding on Thursday evening, several hours after it began at noon.</p>
<p>Officers visited two checkpoints south of Tell Bisa in the afternoon; they did not say how long they would stay.</p>
</article><footer>Example News, 12 Main Street, London</footer></body></html>"""
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Example Wire</title>
<item><title>Truce holds</title><link>https://wire.example.org/1</link><pubDate>Thu, 03 Aug 2017 12:00:00 GMT</pubDate>
<description>&lt;p&gt;Rastan &amp;amp; Homs are quiet.&lt;/p&gt;&lt;p&gt;So is Hama.&lt;/p&gt;</description></item>
<item><title></title></item></channel></rss>"""


def _read(*sources: str | Path) -> list[Article | Unreadable]:
    return list(read_articles(sources))


def _reasons(*sources: str | Path) -> list[str]:
    return [item.reason for item in _read(*sources) if isinstance(item, Unreadable)]


def _file(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "utf-8"),
        (RUSSIAN, "utf-8-sig"),
        (RUSSIAN, "utf-16"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (ARABIC, "cp1256"),
        (ARABIC, "utf-16"),
        (
            "Waffenruhe hält\n\nBEIRUT (dpa) - Die Waffenruhe in der Region nördlich von Homs hält seit Donnerstag an.",
            "cp1252",
        ),
    ],
)
def test_text_is_read_in_its_encoding(tmp_path: Path, text: str, encoding: str) -> None:
    assert read_article(_file(tmp_path, "report.txt", text.encode(encoding))).text == text


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\n", "is empty"),
        ("report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 binary", "is a damaged PDF"),
        ("report.txt", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3 binary", "is a PDF"),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a PNG image"),
        ("noise.txt", bytes(range(256)) * 8, "binary, not text"),
        ("zip.docx", b"PK\x03\x04\x14\0\x06\0", "is damaged or locked"),
        ("zip.zip", b"PK\x03\x04\x14\0\x06\0", "is damaged (File is not a zip file)"),
        ("a.jsonl.gz", b"\x1f\x8b\x08 broken", "is damaged"),
        ("a.tar", b"no archive", "is damaged"),
        ("a.parquet", b"PAR1 and no more", "cannot be read as Parquet"),
        ("page.html", b"<html><body></body></html>", "has no article text"),
        (
            "page.html",
            b"<h1>News</h1><p>Please enable JavaScript to go on.</p>",
            "only a call for JavaScript",
        ),
        ("feed.rss", b"<?xml version='1.0'?><rss><channel></channel></rss>", "not a feed with entries"),
        ("table.csv", b"when,what\n2017,truce\n", "has no column with text; its columns are: when, what."),
        ("broken.json", b'{"text": "Truce', "is not JSON (column 10)"),
        ("empty.jsonl", b"\n\n", "is empty"),
        ("open.csv", b'text\n"never closed\n', "is not CSV"),
    ],
)
def test_what_cannot_be_read_says_why(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (found,) = _reasons(_file(tmp_path, name, content))
    assert reason in found
    assert name in found
    assert found.endswith(".")


def test_a_broken_line_of_a_corpus_does_not_stop_the_next(tmp_path: Path) -> None:
    lines = ['{"id": 1, "text": "One."}', '{"id": 2, "text"', "[1, 2]", '{"id": 3}', "", '{"id": 4, "text": "Four."}']
    path = _file(tmp_path, "corpus.jsonl", "\n".join(lines))
    assert [item.id for item in _read(path) if isinstance(item, Article)] == ["1", "4"]
    assert [reason.split(" is ")[0].split(" has ")[0] for reason in _reasons(path)] == [
        f"{path}, line {n}" for n in (2, 3, 4)
    ]


def test_a_corpus_s_own_fields_outrank_the_text(tmp_path: Path) -> None:
    row = {
        "id": 7,
        "text": "BEIRUT (Reuters) - Nothing.",
        "title": "News",
        "date": "2017-08-03T10:32:00Z",
        "source": "SANA",
    }
    row |= {"language": "en-GB", "url": "https://sana.example/7", "toponyms": [{"start": 0}]}
    (article,) = _read(_file(tmp_path, "corpus.jsonl", json.dumps(row)))
    assert isinstance(article, Article)
    assert (article.id, article.title, article.source, article.language) == ("7", "News", "SANA", "en")
    assert f"{article.date} {article.time}" == "2017-08-03 10:32:00"


@pytest.mark.parametrize("text", ["NUL \\u0000 inside", "half \\ud800 a character"])
def test_what_is_no_text_inside_json_is_refused(tmp_path: Path, text: str) -> None:
    (reason,) = _reasons(_file(tmp_path, "corpus.jsonl", f'{{"text": "{text}"}}'))
    assert "characters that are no text" in reason


def test_json_nested_without_end_is_refused(tmp_path: Path) -> None:
    files = [_file(tmp_path, name, "[" * 100_000) for name in ("deep.jsonl", "deep.json")]
    assert len(_reasons(*files)) == 2


def test_a_number_without_end_is_refused(tmp_path: Path) -> None:
    content = '{"text": "One.", "id": ' + "9" * 5000 + "}"
    assert len(_reasons(_file(tmp_path, "long.jsonl", content), _file(tmp_path, "long.json", content))) == 2


@pytest.mark.parametrize(
    "content", ['[{"text": "One."}, {"body": "Two."}]', '{"articles": [{"text": "One."}, {"content": "Two."}]}']
)
def test_json_holds_a_list_of_articles(tmp_path: Path, content: str) -> None:
    found = _read(_file(tmp_path, "list.json", content))
    assert [item.text for item in found if isinstance(item, Article)] == ["One.", "Two."]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_is_read_by_its_headings(tmp_path: Path, delimiter: str) -> None:
    rows = [["Headline", "Body", "Published"], ["Truce", '"One,;\nand two."', "3/8/2017"]]
    (article,) = _read(_file(tmp_path, "table.csv", "\n".join(delimiter.join(row) for row in rows)))
    assert isinstance(article, Article)
    assert (article.title, article.text, str(article.date)) == ("Truce", "One,;\nand two.", "2017-08-03")


@pytest.mark.parametrize("name", ["page.html", "page", "page.HTM"])
def test_a_page_gives_its_main_text_below_its_headline(tmp_path: Path, name: str) -> None:
    article = read_article(_file(tmp_path, name, PAGE))
    assert article.text.startswith("Truce holds in Rastan\n")
    assert "Tell Bisa" in article.text
    assert not {"Home page", "Main Street", "alert"} & {
        word for word in ("Home page", "Main Street", "alert") if word in article.text
    }
    assert (article.source, str(article.date), article.url) == (
        "Example News",
        "2017-08-03",
        "https://news.example.org/truce",
    )


@pytest.mark.parametrize(
    ("told", "date", "time"),
    [("2017-06-23T10:32:00+03:00", "2017-06-23", "10:32:00"), ("2017-06-23", "2017-06-23", "None")],
)
def test_a_page_is_dated_by_its_metadata(tmp_path: Path, told: str, date: str, time: str) -> None:
    page = f'<meta property="article:published_time" content="{told}"><h1>Truce</h1><p>Homs is quiet.</p>'
    article = read_article(_file(tmp_path, "page.html", page))
    assert (str(article.date), str(article.time)) == (date, time)


def test_a_page_is_decoded_as_it_declares(tmp_path: Path) -> None:
    page = PAGE.replace("utf-8", "windows-1251").replace("Officers", "Офицеры")
    assert "Офицеры" in read_article(_file(tmp_path, "page.html", page.encode("cp1251"))).text


@pytest.mark.parametrize("name", ["feed.xml", "feed"])
def test_a_feed_gives_its_entries(tmp_path: Path, name: str) -> None:
    article, empty = _read(_file(tmp_path, name, FEED))
    assert isinstance(article, Article)
    assert article.text == "Truce holds\n\nRastan & Homs are quiet.\nSo is Hama."
    assert (article.source, str(article.date), article.url) == (
        "Example Wire",
        "2017-08-03",
        "https://wire.example.org/1",
    )
    assert isinstance(empty, Unreadable)


def test_a_folder_is_read_in_order_of_names(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    for name in ("b.txt", "sub/a.txt", "a.jsonl", ".hidden.txt", "picture.png"):
        _file(tmp_path, name, f'{{"text": "{name}"}}')
    found = _read(tmp_path)
    assert [item.text.split('"')[-2] for item in found if isinstance(item, Article) and "{" in item.text] == [
        "b.txt",
        "sub/a.txt",
    ]
    assert len(found) == 4
    assert [item.reason.split(": ")[1] for item in found if isinstance(item, Unreadable)] == [
        "1 .png file(s) passed over, such as picture.png. Files of these kinds are read"
    ]


def test_a_folder_without_articles_says_so(tmp_path: Path) -> None:
    (reason,) = _reasons(tmp_path)
    assert "holds no articles" in reason


def test_one_bad_file_does_not_stop_a_folder(tmp_path: Path) -> None:
    _file(tmp_path, "a.txt", b"\x89PNG\0")
    _file(tmp_path, "b.txt", "The truce holds.")
    assert [isinstance(item, Article) for item in _read(tmp_path)] == [False, True]


def test_an_address_on_the_web_is_not_fetched() -> None:
    (reason,) = _reasons("https://example.org/report.html")
    assert "on the web" in reason


def test_standard_input_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b'{"id": "a", "text": "One."}\n{"id": "b", "text": "Two."}\n'))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert [item.id for item in _read("-") if isinstance(item, Article)] == ["a", "b"]


def test_one_failed_part_is_an_error_for_a_single_article(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is not JSON"):
        read_article(_file(tmp_path, "broken.jsonl", '{"text"'))
