"""Corpora: JSONL, JSON and CSV with one article a line, object or row."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from geo.articles.decoding import decode, is_text, read_whole
from geo.articles.document import Document, Unreadable
from geo.articles.headers import field_names
from geo.errors import InputError

LARGEST_LINE = 20_000_000
"""Bytes of one line of a corpus at most."""

_LINE_REMEDY = 'Each line is one JSON object with "text", and "id", "title", "date", "source", "url" if known.'

_TEXT_REMEDY = "Take out NUL characters and halves of surrogate pairs."


def read_jsonl(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield one document a line; a broken line is reported and the next ones are read."""
    number = 0
    for number, line in enumerate(iter(lambda: stream.readline(LARGEST_LINE), b""), start=1):
        if line.strip():
            yield _from_line(line, f"{name}, line {number}")
    if not number:
        yield Unreadable(name, InputError(f"{name} is empty.", _LINE_REMEDY))


def _from_line(line: bytes, where: str) -> Document | Unreadable:
    try:
        return document_of(json.loads(line.decode("utf-8-sig")), where)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        wrong = (
            f"column {error.colno}" if isinstance(error, json.JSONDecodeError) else "not UTF-8 text or nested too deep"
        )
        return Unreadable(where, InputError(f"{where} is not JSON ({wrong}).", _LINE_REMEDY))


def read_json(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield the documents of one object, a list of them, or a list under ``articles``."""
    try:
        value = json.loads(decode(read_whole(stream, name), name))
    except (json.JSONDecodeError, RecursionError) as error:
        wrong = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "nested too deep"
        raise InputError(
            f"{name} is not JSON ({wrong}).", "Check the file, or give one object a line as .jsonl."
        ) from error
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    items = value if isinstance(value, list) else [value]
    for number, item in enumerate(items, start=1):
        yield document_of(item, f"{name}, item {number}" if len(items) > 1 else name)


def read_csv(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield one document a row; the columns are known by their headings.

    Raises
    ------
    InputError
        There is no column with the articles' text, or the file is not text.
    """
    text = decode(read_whole(stream, name), name)
    csv.field_size_limit(LARGEST_LINE)
    heading = text.partition("\n")[0]
    delimiter = max(",;\t|", key=heading.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    if not any(field_names().get((column or "").strip().casefold()) == "text" for column in rows.fieldnames or ()):
        remedy = (
            'Name the column with the articles "text"; "id", "title", "date", "source" and "url" are used if there.'
        )
        raise InputError(f"{name} has no column with text.", remedy)
    try:
        for row in rows:
            yield document_of(row, f"{name}, line {rows.line_num}")
    except csv.Error as error:
        where = f"{name}, line {rows.line_num}"
        yield Unreadable(where, InputError(f"{where} is not CSV ({error}).", "Check its quotes."))


def document_of(item: object, where: str) -> Document | Unreadable:
    """Return one object or row as a document; `Unreadable` where it has no text."""
    if not isinstance(item, Mapping):
        return Unreadable(where, InputError(f"{where} is not an object.", _LINE_REMEDY))
    values = _known(item)
    text = values.pop("text", "")
    if not text.strip():
        return Unreadable(where, InputError(f'{where} has no "text".', _LINE_REMEDY))
    if not is_text(text):
        return Unreadable(where, InputError(f'The "text" of {where} holds characters that are no text.', _TEXT_REMEDY))
    kept = {key: values[key] for key in ("id", "title", "date", "source", "language", "url") if values.get(key)}
    return Document(text, **kept)


def _known(item: Mapping[Any, Any]) -> dict[str, str]:
    """Return the plain values under their usual names; the usual name itself outranks another for the same."""
    values: dict[str, str] = {}
    for key, value in item.items():
        name = field_names().get(str(key or "").strip().casefold())
        if name and isinstance(value, str | int | float) and (name not in values or name == key):
            values[name] = str(value)
    return values
