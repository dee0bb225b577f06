"""From a document to an article: its own fields first, then what its text shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TypeVar

from geo.articles.agencies import agency_named, agency_of_url, cited_agency
from geo.articles.boilerplate import boilerplate_in
from geo.articles.dates import Dated, parse_date
from geo.articles.document import Document, Unreadable
from geo.articles.headers import Header, credit_in, lines_of, read_header
from geo.articles.languages import language_of, phrases
from geo.articles.omissions import Omission, omissions_of
from geo.errors import DatelineError
from geo.model import Article, SourceRole, Span

_Other = TypeVar("_Other")

TITLE_LENGTH = 110
"""Characters of a title made from a report's first sentence."""

_URL = re.compile(r"https?://[^\s<>\"')\]]+")
_SENTENCE_END = re.compile(r"(?<=\w\w)[.!?؟۔…][\"”»’)]*(?=\s|$)|(?<=\S)\s[.!?](?=\s|$)|\n")
_LANGUAGE_CODE = re.compile(r"([A-Za-z]{2,3})(?:[-_]\w+)*$")
_SHORTEST_SENTENCE = 25
_CREDIT_LINES, _CREDIT_REACH = 2, 300
_SIGNED = re.compile(r"[-–—/(\[]\s*([^-–—/()\[\]]{2,40}?)\s*[/)\].]*$")


def articles_in(parts: Iterable[Document | _Other], where: str) -> Iterator[Article | Omission | Unreadable | _Other]:
    """Yield the articles of a source's documents, each with what it is kept without; other parts stay as they are.

    An error in the source ends it, and is yielded as `Unreadable`.
    """
    try:
        for part in parts:
            if not isinstance(part, Document):
                yield part
                continue
            article = article_of(part)
            yield article
            yield from omissions_of(part, article, where)
    except DatelineError as error:
        yield Unreadable(where, error)


def article_of(document: Document) -> Article:
    """Read out of a document what it says about itself.

    Fields of the document outrank the header lines of its text, these the dateline, and that what the report cites.
    """
    text = document.text
    header = read_header(text)
    boilerplate = boilerplate_in(text, header.body)
    report = _report(text, header, boilerplate)
    url = _url(document, header)
    dated = _dated(document, header)
    source, role = _source(document, header, report, url)
    return Article(
        id=document.id or content_id(text),
        text=text,
        title=_title(document, header, report),
        date=dated.date if dated else None,
        time=dated.time if dated else None,
        source=source,
        source_role=role,
        language=_language(document, header, report),
        dateline=header.dateline.place if header.dateline else None,
        boilerplate=_together(header.furniture, boilerplate),
        url=url,
    )


def _together(header: tuple[Span, ...], below: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the spans in order; one that overlaps one of the header's is left out."""
    apart = [span for span in below if all(span[1] <= start or span[0] >= end for start, end in header)]
    return tuple(sorted([*header, *apart]))


def content_id(text: str) -> str:
    """Return the first 16 hex digits of a text's SHA-256 (of its UTF-8 bytes)."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _report(text: str, header: Header, boilerplate: tuple[Span, ...]) -> str:
    """Return the report's own words, from below the header to the block of links at the end."""
    end = boilerplate[-1][0] if boilerplate and not text[boilerplate[-1][1] :].strip() else len(text)
    return text[header.body : end].strip()


def _title(document: Document, header: Header, report: str) -> str | None:
    """Return the headline, or the report's first words where it has none; None for an empty text."""
    given = document.title or header.fields.get("title")
    if not given and header.headline:
        given = document.text[slice(*header.headline)]
    if given and given.strip():
        return " ".join(given.split())
    start = header.dateline.end if header.dateline and header.dateline.end >= header.body else header.body
    return _first_sentence(document.text[start:].strip() if start > header.body else report)


def _first_sentence(report: str) -> str | None:
    ends = (match.end() for match in _SENTENCE_END.finditer(report) if match.start() >= _SHORTEST_SENTENCE)
    sentence = " ".join(report[: next(ends, len(report))].split())
    if len(sentence) <= TITLE_LENGTH:
        return sentence or None
    return sentence[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(" ,;:–—-") + "…"


def _dated(document: Document, header: Header) -> Dated | None:
    fields = header.fields
    field = " ".join(part for part in (fields.get("date"), fields.get("time")) if part)
    given = (parse_date(value) for value in (document.date or "", field) if value)
    found = next((dated for dated in given if dated), None) or header.dated
    if not found and header.dateline:
        found = header.dateline.dated
    return found or parse_date(fields.get("source", ""))


def _source(document: Document, header: Header, report: str, url: str | None) -> tuple[str | None, SourceRole | None]:
    for field in (document.source, header.fields.get("source")):
        if field and field.strip():
            return _source_field(field)
    signed = (header.dateline.agency if header.dateline else None) or header.credit or _last_credit(report)
    signed = signed or _byline(header) or (agency_of_url(url) if url else None)
    if signed:
        return signed, "publisher"
    cited = cited_agency(report)
    return cited, "cited" if cited else None


def _source_field(field: str) -> tuple[str, SourceRole]:
    """Read a source line: "Kazinform, 20 January 2017, https://… (retold)"."""
    name = re.split(r"[,;|(،؛]", _URL.sub("", field))[0].strip(" .–—-|")
    name = " ".join(_first_words("based").sub("", name).split()) or field.strip()
    return agency_named(name) or name, _role(field.casefold())


def _role(field: str) -> SourceRole:
    if any(phrase in field for phrase in phrases("retold")):
        return "retold"
    return "cited" if any(phrase in field for phrase in phrases("based")) else "publisher"


@cache
def _first_words(kind: str) -> re.Pattern[str]:
    """Match phrases of a kind at the start: "based on reporting by AFP" names AFP."""
    alternatives = "|".join(map(re.escape, sorted(phrases(kind))))
    return re.compile(rf"\A(?:(?:{alternatives})\b\s*)+", re.IGNORECASE)


def _byline(header: Header) -> str | None:
    return agency_named(header.fields.get("byline", ""))


def _last_credit(report: str) -> str | None:
    """Return the agency that a report's last lines name alone, or that signs its last sentence ("… said. — AFP")."""
    end = report[-_CREDIT_REACH:]
    last = [end[slice(*line)] for line in lines_of(end)][-_CREDIT_LINES:]
    signed = [match[1] for line in last if (match := _SIGNED.search(line))]
    return next((agency for line in (*last, *signed) if (agency := credit_in(line))), None)


def _url(document: Document, header: Header) -> str | None:
    for field in (document.url, header.fields.get("url"), header.fields.get("source")):
        match = _URL.search(field or "")
        if match:
            return match[0].rstrip(".,;")
    return None


def _language(document: Document, header: Header, report: str) -> str | None:
    given = _LANGUAGE_CODE.match((document.language or header.fields.get("language") or "").strip())
    return given[1].lower() if given else language_of(report)
