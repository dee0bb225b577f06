"""Which format a file is in, and what reads it; archives give their files one by one."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import IO

from geo.articles.archives import Allowance, is_archive, members_of
from geo.articles.csvs import read_csv
from geo.articles.decoding import LARGEST_ARTICLE, LARGEST_FILE, decode, read_whole
from geo.articles.document import Document, Unreadable
from geo.articles.office import LARGEST_PDF, read_docx, read_pdf
from geo.articles.pages import read_feed, read_html
from geo.articles.streams import peek
from geo.articles.tables import read_json, read_parquet
from geo.errors import DatelineError, InputError

Format = Callable[[IO[bytes], str], Iterator[Document | Unreadable]]


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
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".jsonl": read_json,
    ".ndjson": read_json,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".rss": read_feed,
    ".rdf": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}
"""What reads a file, by its suffix; archives are told by `is_archive`, a file with another suffix is looked into."""

_OF_ONE_REPORT = {read_text, read_html, read_pdf, read_docx}
_UNOPENED = {
    kind: LARGEST_PDF if read is read_pdf else LARGEST_FILE
    for kind, read in FORMATS.items()
    if read in _OF_ONE_REPORT - {read_text}
}
"""What is given unopened where that is asked for, and the most bytes that it may have."""

# First bytes of files that are no text. An office document is a ZIP archive that lists its content types first.
_SIGNATURES = (
    (b"%PDF", ".pdf"),
    (b"PK\x03\x04", ".zip"),
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", ".gz"),
    (b"BZh", ".bz2"),
    (b"\xfd7zXZ\x00", ".xz"),
)
_OFFICE = (b"[Content_Types].xml", b"word/", b"docProps/", b"_rels/")


def is_known(name: str) -> bool:
    """Tell whether a file is of a kind that is read, by its name."""
    suffix = suffix_of(name)
    return suffix in FORMATS or is_archive(suffix)


def holds_one_report(name: str) -> bool:
    """Tell whether a file is of a kind that holds one report, by its name: a page, a document, a plain text."""
    return FORMATS.get(suffix_of(name)) in _OF_ONE_REPORT


def is_plain_text(name: str) -> bool:
    """Tell whether a file is plain text, by its name: nothing that could harm who opens it."""
    return FORMATS.get(suffix_of(name)) is read_text


def suffix_of(name: str) -> str:
    """Return a name's suffix in small letters, empty for none."""
    return PurePath(name).suffix.casefold()


def documents_of(
    stream: IO[bytes], name: str, allowance: Allowance | None = None, kind: str = ""
) -> Iterator[Document | Unreadable]:
    """Yield the documents of an open binary file.

    Parameters
    ----------
    name
        How to call it in messages; its suffix tells the format, or else its first bytes do.
    allowance
        What may still come out of the archive that it is from.
    kind
        A suffix that outranks the name's, empty for none.

    Raises
    ------
    InputError
        It cannot be read.
    """
    stream, kind = _known_kind(stream, kind or suffix_of(name))
    if not is_archive(kind):
        yield from _read(stream, name, kind)
        return
    for part in _unpacked(stream, name, kind, allowance or Allowance()):
        yield from part.documents() if isinstance(part, Unopened) else [part]


def parts_of(
    stream: IO[bytes], name: str, allowance: Allowance | None = None, kind: str = ""
) -> Iterator[Document | Unreadable | Unopened]:
    """Yield what `documents_of` does, but pages and documents unopened: whoever opens them may then be decided."""
    stream, kind = _known_kind(stream, kind or suffix_of(name))
    if is_archive(kind):
        yield from _unpacked(stream, name, kind, allowance or Allowance())
    elif kind in _UNOPENED:
        yield Unopened(name, kind, read_whole(stream, name, _UNOPENED[kind]))
    else:
        yield from _read(stream, name, kind)


@dataclass(frozen=True, slots=True)
class Unopened:
    """A page or document out of an archive or from the web, as bytes: opening it takes long, and may do harm.

    ``kind`` is the suffix that tells its format, ``url`` where it was published if it does not say so itself.
    """

    name: str
    kind: str
    content: bytes = field(repr=False)
    url: str | None = None

    def documents(self) -> Iterator[Document | Unreadable]:
        """Open it; if it cannot be read, that is told in its place."""
        try:
            for document in _read(io.BytesIO(self.content), self.name, self.kind):
                yield document if isinstance(document, Unreadable) else replace(document, url=document.url or self.url)
        except DatelineError as error:
            yield Unreadable(self.name, error)


def _known_kind(stream: IO[bytes], kind: str) -> tuple[IO[bytes], str]:
    """Return a stream with the suffix that tells its format; one that is not known is looked into."""
    if kind in FORMATS or is_archive(kind):
        return stream, kind
    head, stream = peek(stream)
    return stream, _kind_of(head)


def _read(stream: IO[bytes], name: str, kind: str) -> Iterator[Document | Unreadable]:
    try:
        for part in FORMATS[kind](stream, name):
            yield part if isinstance(part, Unreadable) or len(part.text) <= LARGEST_ARTICLE else _too_long(part, name)
    except (DatelineError, OSError):
        raise
    except Exception as error:  # the libraries that read formats fail in many ways on damaged files
        reason = " ".join(f"{type(error).__name__}: {error}".split()).rstrip(".")
        raise InputError(f"{name} is damaged ({reason[:200]}).", "Save it anew, or as plain text.") from error


def _too_long(document: Document, name: str) -> Unreadable:
    called = f"{name}: {document.id or document.title}" if document.id or document.title else name
    error = InputError(f"{called} has more than {LARGEST_ARTICLE:,} characters.", "Split it.")
    return Unreadable(name, error)


def _unpacked(
    stream: IO[bytes], name: str, kind: str, allowance: Allowance
) -> Iterator[Document | Unreadable | Unopened]:
    """Yield what is in an archive's files; one that cannot be read does not stop the others."""
    compressed = kind not in {".zip", ".tar"}  # a single file, whose name may say nothing
    passed_over = PassedOver(name)
    found = False
    for member in members_of(stream, name, kind, allowance):
        if isinstance(member, Unreadable):
            yield member
        elif not compressed and not is_known(member.name):
            passed_over.note(member.name)
            continue
        else:
            yield from _of_member(member.stream, f"{name}: {member.name}", allowance)
        found = True
    yield from passed_over.report()
    if not found:
        raise InputError(f"The archive {name} holds no articles.", _known_suffixes())


def _of_member(stream: IO[bytes], name: str, allowance: Allowance) -> Iterator[Document | Unreadable | Unopened]:
    try:
        yield from parts_of(stream, name, allowance)
    except InputError as error:
        yield Unreadable(name, error)


def _known_suffixes() -> str:
    return f"Files of these kinds are read: {', '.join(sorted(FORMATS))}, and archives of them."


class PassedOver:
    """Files of kinds that are not read, counted by kind: a folder may hold thousands of pictures."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._counts: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def note(self, name: str) -> None:
        """Count a file."""
        suffix = suffix_of(name)
        self._counts[suffix] += 1
        self._examples.setdefault(suffix, name)

    def report(self) -> Iterator[Unreadable]:
        """Yield one notice a kind."""
        for suffix in sorted(self._counts):
            files = (
                f"{self._counts[suffix]} {suffix} file(s)" if suffix else f"{self._counts[suffix]} file(s) of no kind"
            )
            message = f"{self._where}: {files} passed over, such as {self._examples[suffix]}."
            yield Unreadable(self._where, InputError(message, _known_suffixes()), is_notice=True)


def _kind_of(head: bytes) -> str:
    """Tell a format by a file's first bytes; what looks like no other is plain text."""
    if head.startswith(b"PK\x03\x04") and head[30:].startswith(_OFFICE):
        return ".docx"
    if head[257:262] == b"ustar":
        return ".tar"
    packed = next((kind for start, kind in _SIGNATURES if head.startswith(start)), None)
    return packed or _kind_of_text(head.removeprefix(b"\xef\xbb\xbf").lstrip().lower())


def _kind_of_text(start: bytes) -> str:
    if start.startswith((b"<?xml", b"<rss", b"<feed", b"<rdf")) and b"<html" not in start:
        return ".xml"
    if start.startswith((b"<!doctype html", b"<html", b"<?xml")):
        return ".html"
    return ".json" if re.match(rb"\{\s*\"|\[\s*\{", start) else ".txt"
