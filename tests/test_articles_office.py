from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence

import pytest
from archive_cast import zip_of

from geo.articles.document import Document
from geo.articles.formats import documents_of
from geo.articles.office import paragraphs
from geo.articles.rightleft import line_text
from geo.errors import InputError

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_MC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def _pdf(pages: Sequence[Sequence[str]]) -> bytes:
    from matplotlib.backends.backend_pdf import PdfPages
    from matplotlib.figure import Figure

    out = io.BytesIO()
    with PdfPages(out) as pdf:
        for lines in pages:
            figure = Figure(figsize=(8, 10))
            for number, line in enumerate(lines):
                figure.text(0.05, 0.95 - number / 40, line)
            pdf.savefig(figure)
    return out.getvalue()


def _docx(body: str) -> bytes:
    document = f"<w:document {_W} {_MC}><w:body>{body}</w:body></w:document>"
    return zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": document.encode()}, zipfile.ZIP_STORED)


def _text(content: bytes, name: str) -> str:
    (document,) = documents_of(io.BytesIO(content), name)
    assert isinstance(document, Document)
    return document.text


def _reason(content: bytes, name: str) -> str:
    with pytest.raises(InputError) as caught:
        _text(content, name)
    return str(caught.value)


def test_a_pdf_gives_its_paragraphs() -> None:
    lines = [
        "Truce holds",
        "",
        "A truce in the north of the province was hold-",
        "ing on Thursday, said officers in Homs.",
    ]
    assert _text(_pdf([lines]), "a.pdf") == (
        "Truce holds\n\nA truce in the north of the province was holding on Thursday, said officers in Homs."
    )


def test_a_pdf_without_a_suffix_is_known_by_its_first_bytes() -> None:
    assert _text(_pdf([["Рим, 3 августа"]]), "standard input") == "Рим, 3 августа"


def test_lines_that_most_pages_share_are_no_part_of_the_report() -> None:
    pages = [["Example News", f"This is what page {n} says about Homs, and more", f"Page {n} of 4"] for n in range(4)]
    text = _text(_pdf(pages), "a.pdf")
    assert "Example News" not in text
    assert "Page 2" not in text
    assert "page 3 says" in text


def test_a_scanned_pdf_says_what_is_missing() -> None:
    assert "holds pictures of pages, no text" in _reason(_pdf([[]]), "a.pdf")


def test_a_damaged_pdf_says_so() -> None:
    assert _reason(_pdf([["Truce"]])[:200], "a.pdf").startswith("a.pdf is a damaged PDF.")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], ""),
        (["", " "], ""),
        (["Title", "", "One."], "Title\n\nOne."),
        (["A full line that", "goes on so."], "A full line that goes on so."),
        (["A full line.", "Short", "A full line."], "A full line. Short\n\nA full line."),
        (["A full line to Tell-", "Bisa and from there"], "A full line to Tell-Bisa and from there"),
        (["A full line of a re-", "port that goes on"], "A full line of a report that goes on"),
        (["A full line with a -", "and what comes after"], "A full line with a - and what comes after"),
    ],
)
def test_lines_are_joined_to_paragraphs(lines: list[str], expected: str) -> None:
    assert paragraphs(lines) == expected


@pytest.mark.parametrize(
    ("right_to_left", "expected"),
    [
        ("هدنة في حمص", "هدنة في حمص"),
        ("في 7102/8/3 بحمص", "في 3/8/2017 بحمص"),
        ("وقال المراسل namO ribaJ إن هدنة", "وقال المراسل Jabir Oman إن هدنة"),
        ("(حمص) ساكنة", "(حمص) ساكنة"),
    ],
)
def test_a_line_from_right_to_left_is_put_in_reading_order(right_to_left: str, expected: str) -> None:
    mirrored = right_to_left.translate(str.maketrans("()", ")("))  # as they look
    placed = [(float(-at), letter) for at, letter in enumerate(mirrored)]
    assert line_text(placed) == expected
    assert line_text(_turned_words(placed)) == expected


def _turned_words(placed: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """Give the letters of each word in the opposite order, as PDFium does with some."""
    words: list[list[tuple[float, str]]] = [[]]
    for letter in placed:
        if letter[1] == " ":
            words += [[letter], []]
        else:
            words[-1].insert(0, letter)
    return [letter for word in words for letter in word]


def test_a_line_from_left_to_right_stays_as_it_is() -> None:
    assert line_text([(0.0, letter) for letter in "Homs (حمص) is quiet"]) == "Homs (حمص) is quiet"


def test_a_document_gives_its_text_as_last_changed() -> None:
    body = (
        "<w:p><w:r><w:t>Truce</w:t></w:r></w:p>"
        "<w:p><w:r><w:t xml:space='preserve'>In </w:t></w:r><w:del><w:r><w:delText>Hama</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Homs</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>gone</w:t></w:r></w:moveFrom>"
        "<w:r><w:tab/><w:t>quiet.</w:t></w:r></w:p>"
        "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>"
    )
    assert _text(_docx(body), "a.docx") == "Truce\n\nIn Homs\tquiet.\n\nCell"


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Box</w:t></w:r></w:p></w:txbxContent>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert _text(_docx(f"<w:p><w:r><w:t>Around</w:t>{both}</w:r></w:p>"), "a.docx") == "Around\n\nBox"


@pytest.mark.parametrize("name", ["a.docx", "standard input"])
def test_a_document_is_known_by_its_first_bytes(name: str) -> None:
    assert _text(_docx("<w:p><w:r><w:t>Truce</w:t></w:r></w:p>"), name) == "Truce"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (_docx(""), "holds no text"),
        (zip_of({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "is no Word document"),
        (zip_of({"word/document.xml": b"<w:document"}), "is damaged"),
        (zip_of({"word/document.xml": b" " * 25_000_000}), "is larger than 20 MB"),
    ],
)
def test_what_is_no_document_says_why(content: bytes, reason: str) -> None:
    assert reason in _reason(content, "a.docx")


def test_entities_are_not_expanded() -> None:
    bomb = f'<!DOCTYPE d [<!ENTITY a "lol"><!ENTITY f SYSTEM "file:///etc/passwd">]><w:document {_W}><w:body><w:p><w:r>'
    bomb += "<w:t>Truce&a;&f;</w:t></w:r></w:p></w:body></w:document>"
    assert _text(zip_of({"word/document.xml": bomb.encode()}), "a.docx") == "Truce"
