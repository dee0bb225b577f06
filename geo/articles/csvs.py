"""CSV: one article a row. A damaged row is reported, and reading goes on at the line after its first one."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from itertools import chain
from typing import IO

from geo.articles.decoding import LARGEST_FILE, text_lines
from geo.articles.document import Document, Unreadable
from geo.articles.tables import document_of, require_text_column
from geo.errors import InputError

_DELIMITERS = ",;\t|"
_DELIMITER_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)  # as Excel writes it above the headings
_LINE_ENDS = re.compile(r"(?<=\r)(?!\n)(?!$)")


def read_csv(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield one document a row; the columns are known by their headings.

    Raises
    ------
    InputError
        There is no column with the articles' text, or the first line is too long.
    """
    csv.field_size_limit(LARGEST_FILE)
    lines = _Lines(text_lines(stream))
    rows = _rows(lines, _delimiter(lines))
    number, headings = next(rows, (0, []))
    if isinstance(headings, csv.Error):
        raise InputError(f"{name}, line {number} is not CSV ({headings}).", "Check its quotes.")
    require_text_column(headings, name)
    for number, row in rows:
        where = f"{name}, line {number}"
        if isinstance(row, csv.Error):
            yield Unreadable(where, InputError(f"{where} is not CSV ({row}).", "Check its quotes."))
        elif len(row) > len(headings):
            remedy = "Put quotes around fields that hold the delimiter."
            yield Unreadable(where, InputError(f"{where} has more fields than there are headings.", remedy))
        else:
            yield document_of(dict(zip(headings, row, strict=False)), where)


class _Lines:
    """Lines with their numbers, of which some may be given back."""

    def __init__(self, lines: Iterator[str | None]) -> None:
        pieces = chain.from_iterable([None] if line is None else _LINE_ENDS.split(line) for line in lines)
        self._source = enumerate(pieces, start=1)
        self._ready: deque[tuple[int, str | None]] = deque()
        self.taken: list[tuple[int, str | None]] = []

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        number, line = self._ready.popleft() if self._ready else next(self._source)
        self.taken.append((number, line))
        if line is None:
            raise csv.Error(f"it is longer than {LARGEST_FILE // 1_000_000} MB")
        return line

    @property
    def quotes(self) -> int:
        """How many quotes there are in the lines that were taken."""
        return sum((line or "").count('"') for _, line in self.taken)

    def give_back(self, kept: int) -> None:
        """Give back all lines that were taken but the first ones."""
        self._ready.extendleft(reversed(self.taken[kept:]))
        self.taken.clear()


def _delimiter(lines: _Lines) -> str:
    """Return what stands between fields, as the first line that is not blank shows; lines above it are taken."""
    heading = next((line for line in lines if line.strip()), "")
    told = _DELIMITER_LINE.fullmatch(heading)
    lines.give_back(len(lines.taken) - (not told))
    return told[1] if told else max(_DELIMITERS, key=heading.count)


def _rows(lines: _Lines, delimiter: str) -> Iterator[tuple[int, list[str] | csv.Error]]:
    """Yield rows, or what is wrong with them, with the number of the line where each begins.

    Below a damaged row may stand what is left of it.
    """
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    width = 0
    is_damaged = False
    while True:
        lines.taken.clear()
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number = lines.taken[0][0]
            lines.give_back(1)
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
            is_damaged = True
            yield number, error
        else:
            width = width or len(row)
            number = lines.taken[0][0]
            if is_damaged and row and (len(row) < width or lines.quotes % 2):
                yield number, csv.Error("it may be the rest of a row above")
            elif row:
                yield number, row
