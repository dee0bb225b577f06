"""A PDF page's text, with lines that run from right to left put into reading order.

A PDF says where each letter stands, and not in which order they are read; PDFium guesses it word by word, and turns
many Arabic words around. Their places tell it surely.
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby
from typing import Any

_RIGHT_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff"
_IS_RIGHT_LEFT = re.compile(f"[{_RIGHT_LEFT}]")
_IS_LETTER = re.compile(r"[^\W\d_]")
_FORMS = re.compile("[\ufb1d-\ufdff\ufe70-\ufeff]+")
# What is read from left to right within such a line: numbers with what divides them, and words of other scripts.
_LEFT_RIGHT = re.compile(
    rf"\d+(?:[.,/:-]\d+)*%?|(?![{_RIGHT_LEFT}])[^\W\d_](?:(?:(?![{_RIGHT_LEFT}])[\w .,'’&/-])*(?![{_RIGHT_LEFT}])\w)?"
)
# What PDFium puts for the hyphen at the end of a line, whose next line it joins.
_DIVIDED = re.compile("[\x02\ufffe](?=(.?))", re.DOTALL)
_LOST_SPACE = re.compile(r"(?<=\w)([(\[«]) ")  # PDFium takes an opening bracket for a closing one
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def page_text(page: Any) -> str:
    """Return the text of a page of a `pypdfium2.PdfDocument`, line by line."""
    content = page.get_textpage()
    text = _DIVIDED.sub(_undivided, content.get_text_bounded())
    if _IS_RIGHT_LEFT.search(text):
        return "\n".join(line_text(line) for line in _placed_lines(content))
    return text


def _undivided(match: re.Match[str]) -> str:
    return "" if match[1].islower() else "-"


def _placed_lines(content: Any) -> Iterator[list[tuple[float, str]]]:
    """Yield the page's lines: characters, each with where its middle is from left to right."""
    from pypdfium2 import raw

    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    line: list[tuple[float, str]] = []
    for number in range(content.count_chars()):
        letter = chr(raw.FPDFText_GetUnicode(content.raw, number))
        if letter == "\n":
            yield line
            line = []
        elif letter != "\r":
            raw.FPDFText_GetCharBox(content.raw, number, left, right, bottom, top)
            line.append(((left.value + right.value) / 2, letter))
    yield line


def line_text(line: list[tuple[float, str]]) -> str:
    """Return a line in reading order: its words, and the letters of each, from the right.

    Spaces have no width in PDFium and so no sure place; which letters make a word it knows.
    """
    as_given = "".join(letter for _, letter in line)
    if 2 * len(_IS_RIGHT_LEFT.findall(as_given)) < len(_IS_LETTER.findall(as_given)):
        return as_given
    words = [
        sorted(word, key=lambda placed: -placed[0])
        for blank, word in groupby(line, lambda placed: placed[1].isspace())
        if not blank
    ]
    words.sort(key=lambda word: -word[0][0])
    letters = " ".join("".join(letter for _, letter in word) for word in words)
    text = _LEFT_RIGHT.sub(lambda match: match[0][::-1].translate(_MIRRORED), letters.translate(_MIRRORED))
    text = _LOST_SPACE.sub(r" \1", text)
    return _FORMS.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
