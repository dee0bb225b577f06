"""Web pages and feeds."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import IO

from geo.articles.decoding import decode, read_whole
from geo.articles.document import Document, Unreadable
from geo.errors import InputError

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_TAG_WITH_MUCH = re.compile(r"<([a-zA-Z][\w:-]*)\s[^<>]{10000,}>")  # parsers take long for thousands of attributes
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
_OTHER_CHARSETS = re.compile(
    r"cp(?:866|874|932|949|125\d)|iso8859-\d+|koi8-[ru]|mac-(?:roman|cyrillic)|gb18030|big5(?:hkscs)?|euc_jp|iso2022_jp"
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # no characters of HTML
# When it was published, as the page itself says: years that are anywhere in its text are no dates.
_DATES = {"extensive_search": False, "original_date": True}
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
    yield Document(
        _below_title(page.title, text), None, page.title, page.date, page.sitename or page.hostname, None, page.url
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
    """Decode a page: what is UTF-8 is nothing else, whatever it says; other pages as they say, else as any text."""
    declared = _META_CHARSET.search(data[:4096])
    if declared and (data.isascii() or not _is_utf8(data)):
        try:
            return data.decode(_charset(declared[1].decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data, name)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _charset(label: str) -> str:
    """Return the codec for a page's encoding; a LookupError says that it is none of those that pages are in."""
    name = codecs.lookup(label).name
    name = _WIDER.get(name, name)
    if not _OTHER_CHARSETS.fullmatch(name):
        raise LookupError(label)
    return name
