"""PDF and DOCX: the text of a document, its lines joined to paragraphs.

Their properties (title, author, dates) are not used: they tell of the file and of the template it was made from.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import IO, Any

from geo.articles.archives import DAMAGED
from geo.articles.decoding import LARGEST_FILE, read_whole
from geo.articles.document import Document
from geo.articles.rightleft import page_text
from geo.articles.streams import seekable
from geo.errors import InputError

LARGEST_PDF = 100_000_000
"""Bytes of a PDF at most: one with pictures is far larger than its text."""

_MOST_PAGES = 2_000
_DIGITS = re.compile(r"\d+")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BLANKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
# What was deleted or moved away under tracked changes, and second copies for older programs.
_LEFT_OUT = (f"{_W}del", f"{_W}moveFrom", "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback")
_TEXT_PARTS = (f"{_W}t", *_BLANKS)


def read_pdf(stream: IO[bytes], name: str) -> Iterator[Document]:
    """Yield the text of a PDF as one document.

    Raises
    ------
    InputError
        It is damaged, locked, too large, or holds pictures of pages and no text.
    """
    import pypdfium2

    data = read_whole(stream, name, LARGEST_PDF)
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).casefold()
        reason, remedy = ("locked", "Save it without its password.") if locked else ("damaged", "Print it to PDF anew.")
        raise InputError(f"{name} is a {reason} PDF.", remedy) from error
    with pdf:
        if len(pdf) > _MOST_PAGES:
            raise InputError(f"{name} has more than {_MOST_PAGES} pages.", "Split it.")
        try:
            pages = [page_text(pdf[number]).splitlines() for number in range(len(pdf))]
        except pypdfium2.PdfiumError as error:
            raise InputError(f"{name} has a damaged page.", "Print it to PDF anew.") from error
    text = paragraphs([line for page in _without_running_lines(pages) for line in page])
    if not text:
        raise InputError(
            f"{name} holds pictures of pages, no text.", "Have a program for text recognition (OCR) add it."
        )
    yield Document(text)


def _without_running_lines(pages: Sequence[list[str]]) -> Iterator[list[str]]:
    """Yield pages without the first and last lines that most of them share but for numbers: titles and page numbers."""
    edges = Counter(key for page in pages for key in {_edge(line) for line in (*page[:1], *page[-1:])})
    often = max(2, len(pages) // 2)
    for page in pages:
        start = int(bool(page) and edges[_edge(page[0])] > often)
        end = len(page) - int(len(page) > start and edges[_edge(page[-1])] > often)
        yield page[start:end]


def _edge(line: str) -> str:
    return _DIGITS.sub("0", line.strip())


def paragraphs(lines: Sequence[str]) -> str:
    """Join the lines of printed text: a line that reaches the margin goes on in the next one.

    A word divided at the end of a line is put together; its hyphen stays before a capital.
    """
    kept = [" ".join(line.split()) for line in lines]
    margin = _margin(kept)
    text = ""
    goes_on = False
    for line in kept:
        if goes_on and line:
            text = _continued(text, line)
        elif line:
            text += f"\n\n{line}" if text else line
        goes_on = bool(line) and len(line) >= margin
    return text


def _margin(lines: Sequence[str]) -> float:
    """Return the least length of a line that is full: three quarters of what a tenth of the lines reach."""
    lengths = sorted((len(line) for line in lines if line), reverse=True)
    return 0.75 * lengths[len(lengths) // 10] if lengths else 0


def _continued(text: str, line: str) -> str:
    if not (text.endswith(("-", "\u00ad")) and text[-2:-1].isalpha()):
        return f"{text} {line}"
    return (text[:-1] if line[0].islower() else text) + line


def read_docx(stream: IO[bytes], name: str) -> Iterator[Document]:
    """Yield the text of a Word document as one document: paragraphs and tables in their order, as last changed.

    Raises
    ------
    InputError
        It is damaged, locked, too large, empty, or no Word document.
    """
    body = _docx_body(seekable(stream, name), name)
    lines = ("".join(_paragraph_parts(paragraph)).strip() for paragraph in body.iter(f"{_W}p"))
    text = "\n\n".join(line for line in lines if line)
    if not text:
        raise InputError(f"{name} holds no text.", "Give a file that holds a report.")
    yield Document(text)


def _docx_body(stream: IO[bytes], name: str) -> Any:
    from lxml import etree

    remedy = "Open it in a word processor and save it anew as .docx."
    try:
        with zipfile.ZipFile(stream) as package, package.open("word/document.xml") as part:
            content = part.read(LARGEST_FILE + 1)
    except KeyError as error:
        raise InputError(f"{name} is no Word document.", "Save it as .docx, .pdf or .txt.") from error
    except DAMAGED as error:
        raise InputError(f"{name} is damaged or locked.", remedy) from error
    if len(content) > LARGEST_FILE:
        raise InputError(f"{name} is larger than {LARGEST_FILE // 1_000_000} MB.", "Split it.")
    try:
        body = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        raise InputError(f"{name} is damaged.", remedy) from error
    etree.strip_elements(body, *_LEFT_OUT, with_tail=False)
    return body


def _paragraph_parts(paragraph: Any) -> Iterator[str]:
    """Yield a paragraph's text without that of text boxes in it, which have paragraphs of their own."""
    for element in paragraph.iter(*_TEXT_PARTS):
        if next(element.iterancestors(f"{_W}p")) is paragraph:
            yield _BLANKS.get(element.tag) or element.text or ""
