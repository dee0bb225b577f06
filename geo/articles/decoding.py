"""From bytes to text, whatever encoding they came in."""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Callable, Iterator
from typing import IO, AnyStr

from geo.articles.streams import peek
from geo.errors import InputError

LARGEST_ARTICLE = 1_000_000
"""Characters of one article at most, as many as a long book has: all that is read in it is held at once."""

LARGEST_FILE = 20_000_000
"""Bytes of one page, document, feed or line of a corpus at most: beside an article it may hold much else."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The encodings that the web's older pages are in (WHATWG Encoding Standard), single-byte Cyrillic and Arabic first.
_LEGACY = [
    "cp1251", "koi8_r", "cp866", "cp1256", "iso8859_6", "cp1252", "cp1250", "cp1254", "cp1253", "cp1255",
    "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "utf_16_le", "utf_16_be",
]  # fmt: skip
# What is written in the Central European code page; other languages are in the Western one where either would do.
_CENTRAL = {"Polish", "Czech", "Slovak", "Slovene", "Hungarian", "Romanian", "Croatian"}
# Labels of pages for encodings that hold more letters than their names say (WHATWG Encoding Standard).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
}
_DECLARED = re.compile(
    r"cp(?:866|874|932|949|125\d)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|gb18030|big5(?:hkscs)?|euc_jp|iso2022_jp"
)
_SAMPLE = 20_000
_DAMAGE = 20
"""Letters of several bytes for each that is none, in a text that is damaged UTF-8: other encodings have hardly any."""

_BLANKS = 20
"""Characters for each blank at most, in UTF-16 without its mark: half of a blank is a NUL."""

# Signatures of files that are often taken for text.
_KINDS = {
    b"%PDF": "a PDF",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an old office document",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"\x1f\x8b": "gzip-compressed",
    b"SQLite format 3": "a SQLite database",
    b"7z\xbc\xaf\x27\x1c": "a 7-Zip archive",
    b"Rar!\x1a\x07": "a RAR archive",
    b"\x28\xb5\x2f\xfd": "Zstandard-compressed",
}
_CONTROLS = re.compile("[\0-\x08\x0e-\x1f]")
_HALVES = re.compile("[\ud800-\udfff]")
_TEXT_REMEDY = "Give text, HTML, PDF, DOCX, JSONL, CSV or a feed; save other documents as one of these."


def read_whole(stream: IO[bytes], name: str, largest: int = LARGEST_FILE) -> bytes:
    """Read a stream to its end.

    Raises
    ------
    InputError
        It holds more than ``largest`` bytes, or nothing.
    """
    data = stream.read(largest + 1)
    if len(data) > largest:
        remedy = "Split it, or give many articles as JSONL, one a line."
        raise InputError(f"{name} is larger than {largest // 1_000_000} MB.", remedy)
    if not data.strip():
        raise _empty(name)
    return data


def _empty(name: str) -> InputError:
    return InputError(f"{name} is empty.", "Give a file that holds a report.")


def decode(data: bytes, name: str) -> str:
    """Decode bytes: by their byte order mark, else as UTF-8 or UTF-16, else in the likeliest older encoding.

    A byte order mark is not part of the text; everything else is kept as it is, line ends included, but for what is
    damaged, which becomes U+FFFD.

    Raises
    ------
    InputError
        They are not text, or a byte order mark and blanks alone.
    """
    text = next((text for way in _WAYS if (text := way(data)) is not None), None)
    if text is None or not is_text(text):
        kind = next((kind for start, kind in _KINDS.items() if data.startswith(start)), "binary, not text")
        raise InputError(f"{name} is {kind}.", _TEXT_REMEDY)
    if not text.strip():
        raise _empty(name)
    return text


def decode_declared(data: bytes, label: str) -> str | None:
    """Decode bytes as a page or its server says; None where that cannot be.

    What is UTF-8 is nothing else, whatever it is said to be.
    """
    if not data.isascii() and _as_utf8(data) is not None:
        return None
    try:
        name = codecs.lookup(label).name
        name = _WIDER.get(name, name)
        return data.decode(name) if _DECLARED.fullmatch(name) else None
    except (LookupError, ValueError):
        return None


def text_lines(stream: IO[bytes]) -> Iterator[str | None]:
    """Yield a stream's lines with their ends, decoded as `decode` does; None for one longer than `LARGEST_FILE`.

    A file of any size may be read: no more than a line of it is held.
    """
    head, stream = peek(stream)
    mark = next(((mark, encoding) for mark, encoding in _BOMS if head.startswith(mark)), None)
    stream.read(len(mark[0]) if mark else 0)
    if mark and mark[1] != "utf-8":  # ends of lines are found in characters only
        yield from _bounded(io.TextIOWrapper(stream, mark[1], "replace", newline="").readline, "\n")
        return
    decoded = _line_decoder(head)
    for line in _bounded(stream.readline, b"\n"):
        yield None if line is None else decoded(line)


def _bounded(readline: Callable[[int], AnyStr], end: AnyStr) -> Iterator[AnyStr | None]:
    while line := readline(LARGEST_FILE):
        whole = len(line) < LARGEST_FILE or line.endswith(end)
        yield line if whole else None
        while not whole:
            rest = readline(LARGEST_FILE)
            whole = not rest or rest.endswith(end)


def _line_decoder(head: bytes) -> Callable[[bytes], str]:
    """Return what decodes one line after the other; an older encoding is guessed once, from all that is seen first."""
    guessed: list[str] = []

    def decoded(line: bytes) -> str:
        text = _as_utf8(line)
        if text is None:
            text = _as_damaged_utf8(line)
        if text is None:
            if not guessed:
                guessed.append(_guess(head if _as_utf8(head) is None else line) or "utf-8")
            text = line.decode(guessed[0], "replace")
        return text

    return decoded


def is_text(text: str) -> bool:
    """Tell whether a string is text: it has no NULs, as decoded binaries do, and no halves of characters."""
    return "\0" not in text and not _HALVES.search(text)


def _by_mark(data: bytes) -> str | None:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    return None


def _by_blanks(data: bytes) -> str | None:
    """Decode UTF-16 without a byte order mark, which is known by the NULs in its blanks and Latin letters."""
    for encoding, high, low in (("utf-16-le", data[1::2], data[::2]), ("utf-16-be", data[::2], data[1::2])):
        if high.count(0) * _BLANKS > len(high) and not low.count(0):
            try:
                text = data.decode(encoding)
            except UnicodeDecodeError:
                return None
            return None if _CONTROLS.search(text) else text
    return None


def _as_utf8(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _as_damaged_utf8(data: bytes) -> str | None:
    text = data.decode("utf-8", "replace")
    others = len(text) - len(text.encode("ascii", "ignore"))
    return text if others > _DAMAGE * text.count("\ufffd") else None


def _guessed(data: bytes) -> str | None:
    encoding = None if any(data.startswith(start) for start in _KINDS) else _guess(data)
    return data.decode(encoding, "replace") if encoding else None


_WAYS = (_by_mark, _by_blanks, _as_utf8, _as_damaged_utf8, _guessed)


def _guess(data: bytes) -> str | None:
    """Return the likeliest older encoding of a text, None where it seems to be none."""
    from charset_normalizer import from_bytes

    matches = from_bytes(data[:_SAMPLE], cp_isolation=_LEGACY, explain=False)
    best = matches.best()
    if best and best.encoding == "cp1250" and best.language not in _CENTRAL:
        best = next((match for match in matches if match.encoding == "cp1252" and match.chaos <= best.chaos), best)
    return best.encoding if best else None
