"""Corpora: JSONL, JSON, CSV and Parquet with one article a line, object or row."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from textwrap import shorten
from typing import IO, Any

from geo.articles.decoding import LARGEST_ARTICLE, decode, is_text, read_whole, text_lines
from geo.articles.document import Document, Unreadable
from geo.articles.headers import field_names
from geo.articles.streams import peek, seekable
from geo.errors import InputError

_REMEDY = 'An article is an object or row with "text", and "id", "title", "date", "source" and "url" if known.'

_FIELDS = ("id", "title", "date", "source", "language", "url")
_PLAIN = (str, int, float, dt.date)
_SHOWN_COLUMNS = 12
_CHUNK = 1 << 18
_BETWEEN = re.compile(r"[\s,]*")
_ROWS = 200
"""Rows of Parquet decoded at a time: some megabytes of articles."""

_TEXT_REMEDY = "Take out NUL characters and halves of surrogate pairs."


def read_jsonl(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield one document a line; a broken line is reported and the next ones are read.

    Raises
    ------
    InputError
        There are no lines but blank ones.
    """
    number = 0
    for number, line in ((number, line) for number, line in enumerate(text_lines(stream), 1) if not _is_blank(line)):
        where = f"{name}, line {number}"
        try:
            yield document_of(_parsed(line, where), where)
        except InputError as error:
            yield Unreadable(where, error)
    if not number:
        raise InputError(f"{name} is empty.", _REMEDY)


def _is_blank(line: str | None) -> bool:
    return line is not None and not line.strip()


def read_json(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield the documents of one object, a list of them, or a list under ``articles``.

    A list may be of any size; it is read object by object.

    Raises
    ------
    InputError
        It is not JSON.
    """
    head, stream = peek(stream)
    if head.lstrip().startswith(b"["):
        yield from _listed(stream, name)
        return
    value = _parsed(decode(read_whole(stream, name), name), name)
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    items = value if isinstance(value, list) else [value]
    for number, item in enumerate(items, start=1):
        yield document_of(item, f"{name}, item {number}" if len(items) > 1 else name)


def _listed(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    number = 0
    try:
        for number, item in enumerate(_items(io.TextIOWrapper(stream, "utf-8")), start=1):
            yield document_of(item, f"{name}, item {number}")
    except (ValueError, RecursionError) as error:  # not JSON, not UTF-8, nested too deep
        where = f"{name}, after item {number}," if number else name
        raise InputError(f"{where} is not JSON.", _REMEDY) from error


def _items(text: IO[str]) -> Iterator[Any]:
    """Yield the items of a JSON list one by one; a ValueError says that it is none, or that an item is too large."""
    decoder = json.JSONDecoder()
    held, at = text.read(_CHUNK).lstrip()[1:], 0
    while True:
        between = _BETWEEN.match(held, at)
        at = between.end() if between else at
        try:
            item, at = decoder.raw_decode(held, at)
        except json.JSONDecodeError:
            if held.startswith("]", at):
                return
            # Twice as much each time, so that a long item is not tried at every byte.
            more = text.read(max(_CHUNK, len(held) - at))
            if not more or len(held) - at > LARGEST_ARTICLE:
                raise
            held, at = held[at:] + more, 0
        else:
            yield item


def _parsed(content: str | None, where: str) -> Any:
    if content is None:
        raise InputError(f"{where} is longer than {LARGEST_ARTICLE // 1_000_000} MB.", "Split the article.")
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}"
        raise InputError(f"{where} is not JSON ({place}).", _REMEDY) from error
    except (ValueError, RecursionError) as error:
        remedy = "It is not UTF-8, is nested too deep, or holds a number of thousands of digits."
        raise InputError(f"{where} is not JSON.", remedy) from error


def read_csv(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield one document a row; the columns are known by their headings.

    Raises
    ------
    InputError
        There is no column with the articles' text, or the file is not text.
    """
    csv.field_size_limit(LARGEST_ARTICLE)
    lines = text_lines(stream)
    heading = next(lines, None) or ""
    delimiter = max(",;\t|", key=heading.count)
    rows = csv.DictReader(_whole_lines(chain([heading], lines), name), delimiter=delimiter, strict=True)
    try:
        _require_text_column(rows.fieldnames or (), name)
        for row in rows:
            where = f"{name}, line {rows.line_num}"
            yield _of_row(row, where)
    except csv.Error as error:
        where = f"{name}, line {rows.line_num}"
        yield Unreadable(where, InputError(f"{where} is not CSV ({error}).", "Check its quotes."))


def _of_row(row: Mapping[str | None, Any], where: str) -> Document | Unreadable:
    if None in row:  # what the csv module calls fields without a heading
        remedy = "Put quotes around fields that hold the delimiter."
        return Unreadable(where, InputError(f"{where} has more fields than there are headings.", remedy))
    return document_of(row, where)


def _whole_lines(lines: Iterable[str | None], name: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        if line is None or "\0" in line:
            what = "is not text" if line else f"is longer than {LARGEST_ARTICLE // 1_000_000} MB"
            raise InputError(f"{name}, line {number} {what}.", "Check that it is CSV, and its quotes.")
        yield line


def read_parquet(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield one document a row; the columns are known by their names, and the others are not read.

    Raises
    ------
    InputError
        It is not Parquet, there is no column with the articles' text, or pyarrow is not installed.
    """
    try:
        from pyarrow import ArrowException, parquet
    except ImportError as error:
        raise InputError(f"{name} needs pyarrow to be read.", "Install it: pip install 'dateline[parquet]'.") from error
    number = 0
    try:
        table = parquet.ParquetFile(seekable(stream, name))
        _require_text_column(table.schema_arrow.names, name)
        known = [column for column in table.schema_arrow.names if column.strip().casefold() in field_names()]
        for batch in table.iter_batches(_ROWS, columns=known):
            for number, row in enumerate(batch.to_pylist(), start=number + 1):  # noqa: B020 - goes on counting
                yield document_of(row, f"{name}, row {number}")
    except (ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise InputError(f"{name} cannot be read as Parquet after row {number}: {reason}.", "Write it anew.") from error


def _require_text_column(columns: Sequence[str | None], name: str) -> None:
    if any(field_names().get((column or "").strip().casefold()) == "text" for column in columns):
        return
    seen = ", ".join(shorten(column or "", 40, placeholder="…") for column in columns[:_SHOWN_COLUMNS])
    more = ", …" if len(columns) > _SHOWN_COLUMNS else ""
    remedy = 'Name the column with the articles "text"; "id", "title", "date", "source" and "url" are used if there.'
    raise InputError(f"{name} has no column with text; its columns are: {seen or 'none'}{more}.", remedy)


def document_of(item: object, where: str) -> Document | Unreadable:
    """Return one object or row as a document; `Unreadable` where it has no text."""
    if not isinstance(item, Mapping):
        return Unreadable(where, InputError(f"{where} is not an object.", _REMEDY))
    values = _known(item)
    text = values.pop("text", "")
    if not text.strip():
        return Unreadable(where, InputError(f'{where} has no "text".', _REMEDY))
    if not is_text(text):
        return Unreadable(where, InputError(f'The "text" of {where} holds characters that are no text.', _TEXT_REMEDY))
    kept = {key: values[key] for key in _FIELDS if values.get(key)}
    return Document(text, **kept, unread=tuple(_not_plain(item)))


def _known(item: Mapping[Any, Any]) -> dict[str, str]:
    """Return the plain values under their usual names; the usual name itself outranks another for the same."""
    values: dict[str, str] = {}
    for key, value in item.items():
        name = _field(key)
        if name and isinstance(value, _PLAIN) and (name not in values or name == key):
            values[name] = str(value)
    return values


def _not_plain(item: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields, by their names as given, whose values are lists or objects, and these values."""
    for key, value in item.items():
        if _field(key) in _FIELDS and value and not isinstance(value, _PLAIN):
            yield str(key), json.dumps(value, ensure_ascii=False, default=str)


def _field(key: object) -> str | None:
    return field_names().get(str(key or "").strip().casefold())
