"""Where articles come from: files, folders, standard input, and which format each is in."""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from geo.articles.decoding import decode, read_whole
from geo.articles.document import Document, Unreadable
from geo.articles.pages import read_feed, read_html
from geo.articles.tables import read_csv, read_json, read_jsonl
from geo.errors import InputError, InputNotFoundError

Format = Callable[[IO[bytes], str], Iterator[Document | Unreadable]]

STDIN = "-"
_WEB = re.compile(r"https?://", re.IGNORECASE)
_HEAD = 1024


def read_text(stream: IO[bytes], name: str) -> Iterator[Document]:
    """Yield a plain text as one document."""
    yield Document(decode(read_whole(stream, name), name))


FORMATS: dict[str, Format] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}
"""What reads a file, by its suffix; a file with another suffix is looked into."""


def documents_in(source: str | Path) -> Iterator[Document | Unreadable]:
    """Yield the documents of a file, of every known file in a folder, or of standard input (``-``).

    Raises
    ------
    InputNotFoundError
        There is no such file or folder.
    InputError
        It cannot be read, or a folder holds no file of a known format.
    """
    if str(source) == STDIN:
        yield from documents_of(sys.stdin.buffer, "standard input")
    elif _WEB.match(str(source)):
        raise InputError(f"{source} is on the web, which is not read.", "Save the page as .html and give that file.")
    elif (path := Path(source)).is_dir():
        yield from _in_folder(path)
    else:
        yield from _in_file(path)


def documents_of(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield the documents of an open binary file, in the format of its name's suffix or else of its first bytes."""
    reader = FORMATS.get(Path(name).suffix.casefold())
    if reader is None:
        head, stream = _peek(stream)
        reader = _format_of(head)
    yield from reader(stream, name)


def _in_file(path: Path) -> Iterator[Document | Unreadable]:
    try:
        with path.open("rb") as stream:
            yield from documents_of(stream, str(path))
    except FileNotFoundError as error:
        raise InputNotFoundError(f"There is no file {path}.", "Check the path; quote it if it holds spaces.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.", "Check the path and its permissions.") from error


def _in_folder(folder: Path) -> Iterator[Document | Unreadable]:
    """Read all files in order of their paths; one that cannot be read does not stop the others."""
    paths = sorted(path for path in _files_under(folder) if path.suffix.casefold() in FORMATS)
    if not paths:
        suffixes = ", ".join(sorted(FORMATS))
        raise InputError(f"The folder {folder} holds no articles.", f"Put files in it with one of {suffixes}.")
    for path in paths:
        try:
            yield from _in_file(path)
        except InputError as error:
            yield Unreadable(str(path), error)


def _files_under(folder: Path) -> Iterator[Path]:
    # Links to folders are not followed: they may lead in a circle. Hidden files are not meant to be read.
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def _peek(stream: IO[bytes]) -> tuple[bytes, IO[bytes]]:
    """Return a stream's first bytes, and the stream with them still to be read."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(io.BytesIO(stream.read()))
    return buffered.peek(_HEAD)[:_HEAD], buffered


def _format_of(head: bytes) -> Format:
    """Tell a format by a file's first bytes; what looks like no other is plain text."""
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")) and b"<html" not in start:
        return read_feed
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return read_html
    if re.match(rb"\{\s*\"", start):
        return read_json if b"\n" in start[:3] else read_jsonl
    return read_json if re.match(rb"\[\s*\{", start) else read_text
