"""Corpora: JSON and Parquet with one article a line, object or row."""

from __future__ import annotations

import datetime as dt
import io
import json
import math
import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from textwrap import shorten
from typing import IO, Any

from geo.articles.decoding import LARGEST_FILE, is_text, text_lines
from geo.articles.document import Document, Unreadable
from geo.articles.headers import field_names
from geo.articles.streams import peek, seekable
from geo.errors import InputError

_REMEDY = 'An article is an object or row with "text", and "id", "title", "date", "source" and "url" if known.'

_FIELDS = ("id", "title", "date", "source", "language", "url")
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_JSON_FEED = "https://jsonfeed.org/version/"
_GOES_ON = ("{", "[", ",", ":")
"""How the first line of JSON ends that is printed over several lines."""

_SHOWN_COLUMNS = 12
_CHUNK = 1 << 18
_BETWEEN = re.compile(r"[\s,]*")
_ROWS, _BYTES = 200, 8_000_000
"""Rows of Parquet decoded at a time at most, and how many bytes of them."""

_TEXT_REMEDY = "Take out NUL characters and halves of surrogate pairs."


def read_json(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield the documents of JSON: one a line, or those of a list, of one object, or of its list of articles.

    Lines and lists may be of any number; they are read one by one. A broken line is reported and the next ones are
    read.

    Raises
    ------
    InputError
        It is empty, or not JSON.
    """
    head, stream = peek(stream)
    if head.removeprefix(BOM_UTF8).lstrip().startswith(b"["):
        yield from _listed(stream, name)
        return
    lines = enumerate(text_lines(stream), start=1)
    number, first = next(((number, line) for number, line in lines if not _is_blank(line)), (0, ""))
    if not number:
        raise InputError(f"{name} is empty.", _REMEDY)
    if first and (first.rstrip().endswith(_GOES_ON) or first.lstrip().startswith("[")):
        yield from _whole(chain([first], (line for _, line in lines)), name)
    else:
        yield from _in_lines(chain([(number, first)], lines), name)


def _in_lines(lines: Iterable[tuple[int, str | None]], name: str) -> Iterator[Document | Unreadable]:
    for number, line in lines:
        if _is_blank(line):
            continue
        where = f"{name}, line {number}"
        try:
            yield from _documents_in(_parsed(line, where), where)
        except InputError as error:
            yield Unreadable(where, error)


def _whole(lines: Iterable[str | None], name: str) -> Iterator[Document | Unreadable]:
    """Read JSON that is printed over several lines."""
    content, size = [], 0
    for line in lines:
        size += len(line or "")
        content.append(line)
        if line is None or size > LARGEST_FILE:
            remedy = "Give many articles as a list, or as JSONL, one a line."
            raise InputError(f"{name} is larger than {LARGEST_FILE // 1_000_000} MB.", remedy)
    value = _parsed("".join(line or "" for line in content), name)
    yield from _documents_in({"articles": value} if isinstance(value, list) else value, name)


def _documents_in(value: object, where: str) -> Iterator[Document | Unreadable]:
    """Yield the document of an object, or those of its list of articles."""
    if isinstance(value, dict) and str(value.get("version", "")).startswith(_JSON_FEED):
        value = {"articles": [_entry_of_feed(item, value.get("title")) for item in value.get("items") or ()]}
    articles = value.get("articles") if isinstance(value, dict) else None
    items = articles if isinstance(articles, list) else [value]
    for number, item in enumerate(items, start=1):
        yield document_of(item, f"{where}, item {number}" if len(items) > 1 else where)


def _entry_of_feed(item: object, title: object) -> object:
    """Return an entry of a JSON Feed (jsonfeed.org, version 1.1) with the names that are known here."""
    from geo.articles.pages import plain_text

    if not isinstance(item, dict):
        return item
    text = item.get("content_text") or plain_text(str(item.get("content_html") or item.get("summary") or ""))
    date = item.get("date_published") or item.get("date_modified")
    return {"text": text, "source": title, "date": date} | {key: item.get(key) for key in ("title", "url", "language")}


def _is_blank(line: str | None) -> bool:
    return line is not None and not line.strip()


def _listed(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    number = 0
    try:
        for number, item in enumerate(_items(io.TextIOWrapper(stream, "utf-8-sig")), start=1):
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
                if (held[at + 1 :] + text.read(_CHUNK)).strip():
                    raise
                return
            # Twice as much each time, so that a long item is not tried at every byte.
            more = text.read(max(_CHUNK, len(held) - at))
            if not more or len(held) - at > LARGEST_FILE:
                raise
            held, at = held[at:] + more, 0
        else:
            yield item


def _parsed(content: str | None, where: str) -> Any:
    if content is None:
        raise InputError(f"{where} is longer than {LARGEST_FILE // 1_000_000} MB.", "Split the article.")
    try:
        # Without the end of a line of JSONL: what is missing before it is missing on that line.
        return json.loads(content.rstrip())
    except json.JSONDecodeError as error:
        place = f"column {error.colno}" if error.lineno == 1 else f"line {error.lineno}"
        raise InputError(f"{where} is not JSON ({place}).", _REMEDY) from error
    except (ValueError, RecursionError) as error:
        remedy = "It is not UTF-8, is nested too deep, or holds a number of thousands of digits."
        raise InputError(f"{where} is not JSON.", remedy) from error


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
        require_text_column(table.schema_arrow.names, name)
        known = [column for column in table.schema_arrow.names if column.strip().casefold() in field_names()]
        for batch in table.iter_batches(_rows_at_a_time(table.metadata), columns=known):
            for number, row in enumerate(_rows_of(batch), start=number + 1):  # noqa: B020 - goes on counting
                yield document_of({key: _text_of(value) for key, value in row.items()}, f"{name}, row {number}")
    except (ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise InputError(f"{name} cannot be read as Parquet after row {number}: {reason}.", "Write it anew.") from error


def _rows_at_a_time(metadata: Any) -> int:
    """Return how many rows of a Parquet file to decode at a time, by how large those of its largest group are."""
    groups = (metadata.row_group(number) for number in range(metadata.num_row_groups))
    largest = max((group.total_byte_size / max(1, group.num_rows) for group in groups), default=1)
    return int(min(_ROWS, max(1, _BYTES // max(1, largest))))


def _rows_of(batch: Any) -> Iterator[dict[str, Any]]:
    """Yield rows of Parquet; a value that Python has none for, as a day after the year 9999, is given as text."""
    from pyarrow import ArrowException

    try:
        yield from batch.to_pylist()
    except (ArrowException, ValueError, OverflowError):
        names = batch.schema.names
        yield from ({name: _value_of(batch.column(name)[row]) for name in names} for row in range(batch.num_rows))


def _value_of(cell: Any) -> Any:
    try:
        return cell.as_py()
    except (ValueError, OverflowError):
        return str(cell.cast("string"))


def _text_of(value: object) -> object:
    """Return bytes as text: programs older than Parquet's strings write these so."""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value


def require_text_column(columns: Sequence[str | None], name: str) -> None:
    """Make sure that a table has a column with the articles' text.

    Raises
    ------
    InputError
        It has none.
    """
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
    unread = tuple(_not_plain(item))
    if "text" not in values:
        reason = f'{where} has no "text".'
        for name, _ in unread:
            if _field(name) == "text":
                reason = f'The "{name}" of {where} is no string.'
        return Unreadable(where, InputError(reason, _REMEDY))
    if not is_text(values["text"]):
        return Unreadable(where, InputError(f'The "text" of {where} holds characters that are no text.', _TEXT_REMEDY))
    kept = {name: _NO_TEXT.sub("\ufffd", values[name]) for name in _FIELDS if name in values}
    return Document(values["text"], **kept, unread=unread)


def _known(item: Mapping[Any, Any]) -> dict[str, str]:
    """Return the plain values under their usual names; the usual name itself outranks another for the same."""
    values: dict[str, str] = {}
    for key, value in item.items():
        name = _field(key)
        if name and _is_plain(value) and str(value).strip() and (name not in values or name == key):
            values[name] = str(value)
    return values


def _not_plain(item: Mapping[Any, Any]) -> Iterator[tuple[str, str]]:
    """Yield the fields, by their names as given, whose values are lists or objects, and these values."""
    for key, value in item.items():
        if value and not _is_nan(value) and not _is_plain(value) and _field(key) in ("text", *_FIELDS):
            yield str(key), json.dumps(value, ensure_ascii=False, default=str)


def _is_plain(value: object) -> bool:
    """Tell whether a value is a string, a number or a day."""
    return isinstance(value, str | int | float | dt.date) and not (isinstance(value, bool) or _is_nan(value))


def _is_nan(value: object) -> bool:
    """Tell whether a value is missing, as tables of numbers say it."""
    return isinstance(value, float) and math.isnan(value)


def _field(key: object) -> str | None:
    return field_names().get(str(key or "").strip().casefold())
