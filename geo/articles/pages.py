"""Web pages and feeds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from geo.articles.decoding import decode, decode_declared, read_whole
from geo.articles.document import Document, Unreadable
from geo.errors import InputError

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_TAG_WITH_MUCH = re.compile(r"<([a-zA-Z][\w:-]*)\s[^<>]{10000,}>")  # parsers take long for thousands of attributes
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no characters of HTML
# When it was published, as the page itself says: years that are anywhere in its text are no dates.
_DATES = {"extensive_search": False, "original_date": True, "outputformat": "%Y-%m-%dT%H:%M"}
_NO_TIME = "T00:00"  # what a day alone becomes so
_SHORT = 300  # a page that its script would fill says so in a sentence or two
_BLOCKS = ("p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "blockquote")


def read_html(stream: IO[bytes], name: str) -> Iterator[Document]:
    """Yield the main text of a web page, below its headline, with what its metadata says.

    Raises
    ------
    InputError
        There is no main text to be found.
    """
    from trafilatura import bare_extraction

    markup = _TAG_WITH_MUCH.sub(r"<\1>", _markup(read_whole(stream, name), name))
    page = bare_extraction(
        markup, with_metadata=True, include_comments=False, include_tables=True, date_extraction_params=_DATES
    )
    text = (page.text or "").strip() if page and not isinstance(page, dict) else ""
    if not page or isinstance(page, dict) or not text:
        raise InputError(f"{name} has no article text.", "Copy the report's text into a .txt file.")
    if len(text) < _SHORT and "javascript" in text.casefold():
        raise InputError(f"{name} holds no report, only a call for JavaScript.", "Save it anew from a browser.")
    date = page.date.removesuffix(_NO_TIME) if page.date else None
    yield Document(
        _below_title(page.title, text), None, page.title, date, page.sitename or page.hostname, None, page.url
    )


def read_feed(stream: IO[bytes], name: str) -> Iterator[Document | Unreadable]:
    """Yield the entries of an RSS or Atom feed.

    Raises
    ------
    InputError
        It is not a feed, or has no entries.
    """
    import feedparser

    feed = feedparser.parse(read_whole(stream, name))
    if not feed.entries:
        raise InputError(f"{name} is not a feed with entries.", "Give an RSS or Atom file, or the articles' pages.")
    for number, entry in enumerate(feed.entries, start=1):
        yield _entry(entry, feed.feed.get("title"), f"{name}, entry {number}")


def _entry(entry: dict[str, object], feed_title: str | None, where: str) -> Document | Unreadable:
    contents = entry.get("content") or [{"value": entry.get("summary", "")}]
    assert isinstance(contents, list), "feedparser gives contents as a list"
    title = plain_text(str(entry.get("title") or "")) or None
    text = plain_text(max((str(content.get("value", "")) for content in contents), key=len))
    if not text and not title:
        return Unreadable(where, InputError(f"{where} has no text.", "Give the article's page instead."))
    date = entry.get("published") or entry.get("updated")
    source = entry.get("source")
    publisher = source.get("title") if isinstance(source, dict) else None
    link = entry.get("link")
    return Document(
        _below_title(title, text),
        title=title,
        date=str(date) if date else None,
        source=str(publisher or feed_title or "") or None,
        url=str(link) if link else None,
    )


def plain_text(markup: str) -> str:
    """Return the text of a piece of HTML, its blocks on lines of their own."""
    import lxml.html

    markup = _CONTROLS.sub(" ", markup)
    if not markup.strip():
        return ""
    tree = lxml.html.fragment_fromstring(markup, create_parent="div")
    for element in tree.iter(*_BLOCKS):
        element.tail = "\n" + (element.tail or "")
    lines = (" ".join(line.split()) for line in str(tree.text_content()).splitlines())
    return "\n".join(line for line in lines if line)


def _below_title(title: str | None, text: str) -> str:
    """Return the text with its headline on top: places are named there too."""
    return text if not title or text.startswith(title) else f"{title}\n\n{text}".rstrip()


def _markup(data: bytes, name: str) -> str:
    """Decode a page as it says, else as any text."""
    label = _META_CHARSET.search(data[:4096])
    declared = decode_declared(data, label[1].decode("ascii")) if label else None
    return decode(data, name) if declared is None else declared
