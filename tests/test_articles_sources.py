from __future__ import annotations

import datetime as dt
import io
import itertools
import json
import os
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from archive_cast import zip_of
from pyarrow import parquet

from geo.articles.document import Document, Unreadable
from geo.articles.formats import documents_of
from geo.articles.reader import Access, read_article, read_articles
from geo.articles.sources import files_of, size_of
from geo.errors import InputError
from geo.model import Article

ROW = json.dumps({"text": "A truce in Homs. " * 200, "title": "Truce"}).encode()
MENU = "".join(
    f'<li><a href="/{n}">{name}</a></li>' for n, name in enumerate(["Paris", "Sport in London", "Tokyo"] * 9)
)
PAGE = f"""<!doctype html><html><head><title>Truce holds in Rastan | Example News</title>
<meta property="og:title" content="Truce holds in Rastan"></head><body>
<div id="cookie"><p>We use cookies in Brussels to improve your experience; accept all or manage your choices.</p></div>
<header><nav><ul>{MENU}</ul></nav></header><div class="wrap"><aside><ul>{MENU}</ul></aside>
<div class="story"><h1>Truce holds in Rastan</h1><time datetime="2017-08-03T12:00:00Z">3 August 2017</time>
<p>HOMS, Syria (Reuters) - A truce in the north of the province was holding on Thursday evening, after it began.</p>
<p>Officers visited two checkpoints south of Tell Bisa in the afternoon; they did not say how long they would stay.</p>
<ul><li>Homs: 12 checkpoints</li><li>Hama: 3 checkpoints</li></ul></div>
<section class="related"><h2>Related stories</h2><a href="/x"><h3>Floods hit Jakarta</h3></a>
<a href="/y">Quake in Lima</a></section>
<section id="comments"><p>john: I live in Oslo and I agree.</p></section></div>
<footer><ul>{MENU}</ul><p>Example News, 12 Main Street, Dublin</p></footer></body></html>"""


class _Endless(io.RawIOBase):
    """Rows of a corpus one after the other, never all at once."""

    def __init__(self, rows: Iterator[bytes]) -> None:
        super().__init__()
        self._rows, self._rest = rows, b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while len(self._rest) < len(buffer) and (row := next(self._rows, None)):
            self._rest += row
        taken, self._rest = self._rest[: len(buffer)], self._rest[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)


def _found(content: bytes, name: str) -> list[Document | Unreadable]:
    return list(documents_of(io.BytesIO(content), name))


def _reasons(*sources: str | Path) -> list[str]:
    return [item.reason for item in read_articles(sources) if isinstance(item, Unreadable)]


def _titles(*sources: str | Path) -> list[str | None]:
    return [item.title for item in read_articles(sources) if isinstance(item, Article)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "sub/a.txt", "sub/deep/c.txt", "sub/page.html", ".hidden/d.txt", "sub/.e.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE if name.endswith("html") else name)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("corpus.jsonl", itertools.repeat(ROW + b"\n")),
        ("list.json", itertools.chain([b"[" + ROW], itertools.repeat(b"," + ROW))),
        (
            "table.csv",
            itertools.chain([b"title,text\n"], itertools.repeat(b"Truce," + b"A truce in Homs. " * 200 + b"\n")),
        ),
    ],
)
def test_corpora_without_end_take_no_memory(name: str, rows: Iterator[bytes]) -> None:
    documents = documents_of(io.BufferedReader(_Endless(rows)), name)  # type: ignore[type-var]
    tracemalloc.start()
    assert sum(isinstance(item, Document) for item in itertools.islice(documents, 2000)) == 2000
    assert tracemalloc.get_traced_memory()[1] < 3_000_000  # of about 7 MB
    tracemalloc.stop()


@pytest.mark.parametrize("content", [b'{"text": "%s"}\n{"text": "Two."}\n', b'text\n"%s"\n"Two."\n'])
def test_a_line_that_is_too_long_is_told(content: bytes) -> None:
    name = "a.csv" if content.startswith(b"text") else "a.jsonl"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.articles.decoding.LARGEST_FILE", 1000)
        found = []
        try:
            found += _found(content % (b"x" * 5000), name)
        except InputError as error:
            found.append(Unreadable(name, error))
    assert any("longer than" in item.reason for item in found if isinstance(item, Unreadable))
    assert [item.text for item in found if isinstance(item, Document)] == ["Two."]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b"%s"), ("a.html", b"<p>Talks.</p><p>%s</p>"), ("a.jsonl", b'{"id": "x", "text": "%s"}')],
)
def test_a_text_that_is_too_long_is_told(name: str, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.articles.formats.LARGEST_ARTICLE", 1000)
    (found,) = _found(content % (b"Talks went on. " * 100), name)
    assert isinstance(found, Unreadable)
    assert re.fullmatch(r"a\.(\w+|jsonl: x) has more than 1,000 characters\. Split it\.", found.reason)


def test_an_object_of_a_list_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.articles.tables.LARGEST_FILE", 1000)
    with pytest.raises(InputError, match="after item 1, is not JSON"):
        _found(b'[{"text": "One."}, {"text": "' + b"x" * 2_000_000 + b'"}]', "a.json")


def test_a_row_with_more_fields_than_headings_is_told() -> None:
    (broken, whole) = _found(b"title,text\nTruce,One, two.\nTruce,Three.\n", "a.csv")
    assert isinstance(broken, Unreadable)
    assert "a.csv, line 2 has more fields than there are headings" in broken.reason
    assert isinstance(whole, Document)


def test_what_comes_before_a_broken_object_of_a_list_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('[{"text": "One."}, {"text": "Two."}, {"text"')
    assert _titles(path) == ["One.", "Two."]
    assert "after item 2, is not JSON" in _reasons(path)[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_corpora_are_read_in_their_encoding(name: str, encoding: str) -> None:
    text = "В провинции Хомс прекращён огонь, сообщили военные в четверг."
    content = f'text\n"{text}"\n"{text}"\n' if name == "a.csv" else f'{{"text": "{text}"}}\n' * 2
    assert [item.text for item in _found(content.encode(encoding), name) if isinstance(item, Document)] == [text] * 2


def test_parquet_is_read_by_its_columns(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    columns = {"id": [1, 2], "Body": ["One.", None], "published": [dt.date(2017, 8, 3)] * 2, "vector": [[0.1], [0.2]]}
    parquet.write_table(pyarrow.table(columns), tmp_path / "a.parquet")
    article, empty = read_articles([tmp_path / "a.parquet"])
    assert isinstance(article, Article)
    assert (article.id, article.text, str(article.date)) == ("1", "One.", "2017-08-03")
    assert isinstance(empty, Unreadable)
    assert 'row 2 has no "text"' in empty.reason


def test_a_row_of_parquet_with_a_day_that_is_none_is_read_without_it(tmp_path: Path) -> None:
    days = pa.array([1_498_180_000, 2**43], pa.int64()).cast(pa.timestamp("s"))
    parquet.write_table(pa.table({"text": ["One.", "Two."], "date": days}), tmp_path / "a.parquet")
    one, two, notice = read_articles([tmp_path / "a.parquet"])
    assert [item.date for item in (one, two) if isinstance(item, Article)] == [dt.date(2017, 6, 23), None]
    assert isinstance(notice, Unreadable)
    assert "1 article(s) kept without their dates" in notice.reason


def test_few_large_rows_of_parquet_are_decoded_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("geo.articles.tables._BYTES", 2_000)
    texts = [f"{number} {os.urandom(400).hex()}" for number in range(10)]
    path, asked = tmp_path / "a.parquet", []
    parquet.write_table(pa.table({"text": texts}), path)
    iter_batches = parquet.ParquetFile.iter_batches

    def batches(table: object, rows: int, **how: object) -> Iterator[object]:
        asked.append(rows)
        yield from iter_batches(table, rows, **how)

    monkeypatch.setattr(parquet.ParquetFile, "iter_batches", batches)
    assert [item.text for item in read_articles([path]) if isinstance(item, Article)] == texts
    assert asked == [2]


def test_parquet_names_the_columns_it_has_instead(tmp_path: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    parquet.write_table(pyarrow.table({"when": [1], "what": ["truce"]}), tmp_path / "a.parquet")
    assert "no column with text; its columns are: when, what." in _reasons(tmp_path / "a.parquet")[0]


def test_parquet_without_pyarrow_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"pip install 'dateline\[parquet\]'"):
        _found(b"PAR1", "a.parquet")


def test_a_page_is_read_without_what_is_around_it() -> None:
    (document,) = _found(PAGE.encode(), "page.html")
    assert isinstance(document, Document)
    assert document.text.startswith("Truce holds in Rastan\nHOMS, Syria (Reuters) - A truce")
    assert document.text.endswith("Homs: 12 checkpoints\n- Hama: 3 checkpoints")
    around = ("Paris", "London", "Tokyo", "Brussels", "Jakarta", "Lima", "Oslo", "Dublin")
    assert not [name for name in around if name in document.text]


def test_a_folder_is_read_in_an_order_that_stays(folder: Path) -> None:
    assert [str(path.relative_to(folder)) for path in files_of(folder)] == [
        "b.txt", "sub/a.txt", "sub/page.html", "sub/deep/c.txt",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("**/*.txt", ["b.txt", "sub/a.txt", "sub/deep/c.txt"]),
        ("sub/*.txt", ["sub/a.txt"]),
        ("sub*", ["sub/a.txt", "sub/page.html", "sub/deep/c.txt"]),
        ("sub/**", ["sub/a.txt", "sub/page.html", "sub/deep/c.txt"]),
        ("[bc].txt", ["b.txt"]),
    ],
)
def test_a_pattern_stands_for_files(folder: Path, pattern: str, expected: list[str]) -> None:
    assert [str(path.relative_to(folder)) for path in files_of(str(folder / pattern))] == expected
    assert len(_titles(str(folder / pattern))) == len(expected)


def test_a_pattern_that_nothing_matches_says_so(folder: Path) -> None:
    assert "No file matches" in _reasons(str(folder / "*.pdf"))[0]


def test_a_file_whose_name_looks_like_a_pattern_is_read(tmp_path: Path) -> None:
    (tmp_path / "report[1].txt").write_text("The truce holds.")
    assert _titles(str(tmp_path / "report[1].txt")) == ["The truce holds."]


def test_sizes_of_sources_are_known_where_they_can_be(folder: Path) -> None:
    assert size_of([folder / "b.txt", str(folder / "sub/*.txt")]) == len("b.txt") + len("sub/a.txt")
    assert size_of([folder / "missing.txt"]) == 0
    assert size_of([folder, "-"]) is None
    assert size_of(["https://example.org/"]) is None


def test_bytes_read_are_told(folder: Path) -> None:
    told: list[int] = []
    list(read_articles([folder], Access(consumed=told.append)))
    assert sum(told) == size_of([folder])


def test_an_address_is_no_text(folder: Path) -> None:
    with pytest.raises(InputError, match="nothing is fetched unless you allow it"):
        read_article("https://example.org/report")


@pytest.mark.parametrize("name", ["a" * 5000 + ".txt", "a" * 5000 + ".csv", "a" * 5000 + "*.txt", "", "nothing-*.txt"])
def test_a_name_that_no_file_can_have_stops_no_other(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A truce in Homs.", encoding="utf-8")
    wrong, article = read_articles([name, path])
    assert isinstance(wrong, Unreadable)
    assert isinstance(article, Article)


def test_the_size_of_what_no_file_matches_is_unknown() -> None:
    assert size_of(["nothing-*.txt"]) is None


def test_pictures_beside_the_one_report_of_an_archive_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "reports.zip"
    path.write_bytes(zip_of({"a.txt": b"A truce in Homs.", "b.png": b"no report"}))
    assert read_article(path).text == "A truce in Homs."


@pytest.mark.parametrize("source", [".", "*.txt"])
def test_a_pipe_in_a_folder_is_not_waited_for(source: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A truce in Homs.", encoding="utf-8")
    os.mkfifo(tmp_path / "b.txt")
    article, pipe = read_articles([str(tmp_path / source)])
    assert isinstance(article, Article)
    assert isinstance(pipe, Unreadable)
    assert "b.txt is a pipe, a socket or a device." in pipe.reason
    assert [path.name for path in files_of(tmp_path)] == ["a.txt"]


def test_bytes_in_parquet_are_text(tmp_path: Path) -> None:
    parquet.write_table(pa.table({"text": ["Хомс".encode()], "id": [b"a\xff"]}), tmp_path / "a.parquet")
    (article,) = read_articles([tmp_path / "a.parquet"])
    assert isinstance(article, Article)
    assert (article.text, article.id) == ("Хомс", "a\N{REPLACEMENT CHARACTER}")


def test_a_closed_standard_input_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    (failure,) = read_articles(["-"])
    assert isinstance(failure, Unreadable)
    assert "Standard input is closed" in failure.reason
