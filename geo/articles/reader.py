"""Reading articles: the first arrow of the flow."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import IO

from geo.articles.compose import article_of, articles_in
from geo.articles.decoding import is_text
from geo.articles.document import Document, Unreadable
from geo.articles.formats import documents_of, is_known
from geo.articles.omissions import Omission, told_together
from geo.articles.sources import PLAIN, STDIN, Access, documents_in
from geo.errors import InputError
from geo.model import Article

__all__ = ["PLAIN", "Access", "Unreadable", "read_article", "read_articles"]

_LONGEST_PATH = 4096


def read_article(source: str | Path | IO[str] | IO[bytes], *, id: str | None = None, access: Access = PLAIN) -> Article:
    """Read one article.

    Parameters
    ----------
    source
        A path, an address on the web, an open file, or the article's text. A string is a path where it is one that
        exists, and where it is one line that ends like a known kind of file or holds a slash and no space; otherwise
        it is text.
    id
        Identifier to give the article; by default the one its file gives, or one made from its text.
    access
        How sources may be reached: nothing is fetched unless it says so.

    Returns
    -------
    Article
        Offsets in it count the characters of ``text``: a file's decoded content, a JSONL line's ``text``, a page's main
        text below its headline.

    Raises
    ------
    InputNotFoundError
        There is no such file.
    InputError
        It is empty, is not text, cannot be read, or holds several articles.
    """
    found = list(_first_two(item for item in _documents(source, access) if not _is_notice(item)))
    if len(found) > 1:
        raise InputError(f"{_name(source)} holds more than one article.", "Read it with read_articles.")
    if not found:
        raise InputError(f"{_name(source)} holds no article.", "Give a file with one report.")
    if isinstance(found[0], Unreadable):
        raise found[0].error
    return article_of(found[0] if id is None else replace(found[0], id=id))


def read_articles(sources: Sequence[str | Path], access: Access = PLAIN) -> Iterator[Article | Unreadable]:
    """Read the articles of files, folders, patterns, archives, addresses and standard input (``-``), one by one.

    What cannot be read is yielded as `Unreadable` in its place, and the rest is read all the same; so are notices of
    what was left out, at the end of their source. However large a corpus or an archive is, no more than an article of
    it is held.
    """
    found: Iterator[Article | Omission | Unreadable] = (
        item for source in sources for item in articles_in(documents_in(source, access), str(source))
    )
    yield from told_together(found)


def _documents(source: str | Path | IO[str] | IO[bytes], access: Access) -> Iterator[Document | Unreadable]:
    if isinstance(source, Path) or (isinstance(source, str) and _is_path(source)):
        return documents_in(source, access)
    if isinstance(source, str):
        return iter([_document(source)])
    content = source.read()
    return iter([_document(content)]) if isinstance(content, str) else documents_of(io.BytesIO(content), _name(source))


def _document(text: str) -> Document:
    if not text.strip():
        raise InputError("The text is empty.", "Give a report's text, or the path of a file with one.")
    if not is_text(text):
        raise InputError("The text is binary, or holds halves of characters.", "Give the report's text as Unicode.")
    return Document(text)


def _is_path(source: str) -> bool:
    if source == STDIN:
        return True
    if not source.strip() or "\n" in source or "\0" in source or len(source) > _LONGEST_PATH:
        return False
    return is_known(source) or ("/" in source and " " not in source) or _exists(source)


def _exists(source: str) -> bool:
    try:
        return Path(source).exists()
    except OSError:  # a text too long for a file name
        return False


def _name(source: str | Path | IO[str] | IO[bytes]) -> str:
    if isinstance(source, str | Path):
        return str(source)
    return str(getattr(source, "name", "the file"))


def _is_notice(item: Document | Unreadable) -> bool:
    return isinstance(item, Unreadable) and item.is_notice


def _first_two(documents: Iterator[Document | Unreadable]) -> Iterator[Document | Unreadable]:
    for _, document in zip(range(2), documents, strict=False):
        yield document
