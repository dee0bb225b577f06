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

_REMEDY = 'An article is an object or row with "text", and "id", "title", "date", "source" and "url" if known.'

_TEXT_REMEDY = "Take out NUL characters and halves of surrogate pairs."


def read_jsonl(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield one document a line; a broken line is reported and the next ones are read.

    Raises
    ------
    InputError
        There are no lines but blank ones.
    """
    lines = enumerate(iter(lambda: stream.readline(LARGEST_LINE), b""), start=1)
    number = 0
    for number, line in ((number, line) for number, line in lines if line.strip()):
        where = f"{name}, line {number}"
        try:
            yield document_of(_parsed(line, where), where)
        except InputError as error:
            yield Unreadable(where, error)
    if not number:
        raise InputError(f"{name} is empty.", _REMEDY)


def read_json(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield the documents of one object, a list of them, or a list under ``articles``.

    Raises
    ------
    InputError
        It is not JSON.
    """
    value = _parsed(decode(read_whole(stream, name), name), name)
    if isinstance(value, dict) and isinstance(value.get("articles"), list):
        value = value["articles"]
    items = value if isinstance(value, list) else [value]
    for number, item in enumerate(items, start=1):
        yield document_of(item, f"{name}, item {number}" if len(items) > 1 else name)


def _parsed(content: bytes | str, where: str) -> Any:
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
    text = decode(read_whole(stream, name), name)
    csv.field_size_limit(LARGEST_LINE)
    heading = text.partition("\n")[0]
    delimiter = max(",;\t|", key=heading.count)
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
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
        return Unreadable(where, InputError(f"{where} is not an object.", _REMEDY))
    values = _known(item)
    text = values.pop("text", "")
    if not text.strip():
        return Unreadable(where, InputError(f'{where} has no "text".', _REMEDY))
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
