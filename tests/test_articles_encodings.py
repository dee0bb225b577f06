"""Texts and pages in every encoding, with damage, and pages made to take long."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.articles.reader import read_article
from geo.errors import InputError

ENGLISH = "HOMS, 3 August 2017 - A truce in Rastan was holding on Thursday, officers said.\n"
RUSSIAN = "ДАМАСК, 3 августа - Перемирие в провинции Хомс соблюдается, сообщили в четверг военные.\n"
ARABIC = "دمشق - قال مسؤولون يوم الخميس إن الهدنة صامدة في الرستن بريف حمص الشمالي.\n"
FRENCH = "Le cessez-le-feu à Homs a été respecté jeudi, ont déclaré des officiers à l’AFP à Genève.\n"
CZECH = "Příměří v provincii Homs ve čtvrtek platilo, řekli důstojníci. Obyvatelé se vrátili do města.\n"
PARAGRAPHS = "".join(f"<p>A truce north of Homs was holding on day {n}, said officers in Rastan.</p>" for n in range(5))


def _article(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return read_article(path).text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (ENGLISH, "utf-16-le"),
        (RUSSIAN, "utf-16-be"),
        (ARABIC, "utf-16-le"),
        (FRENCH, "cp1252"),
        (CZECH, "cp1250"),
        (RUSSIAN, "cp866"),
    ],
)
def test_an_encoding_that_nothing_declares_is_found(text: str, encoding: str, tmp_path: Path) -> None:
    assert _article(tmp_path, "a.txt", text.encode(encoding)) == text


@pytest.mark.parametrize("name", ["a.txt", "a.jsonl"])
def test_a_damaged_byte_spoils_no_other(name: str, tmp_path: Path) -> None:
    text = ARABIC.strip()
    before, after = ('{"text": "', '"}') if name == "a.jsonl" else ("", "")
    content = before.encode() + text.encode() + b"\xff" + text.encode() + after.encode()
    assert _article(tmp_path, name, content) == f"{text}\N{REPLACEMENT CHARACTER}{text}"


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\xff\xfe", b"\xff\xfe\x20\x00"])
def test_a_mark_alone_is_an_empty_file(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is empty"):
        _article(tmp_path, "a.txt", content)


@pytest.mark.parametrize("content", [b"\x00\x01\x00\x02\x00\x03" * 50, bytes(range(256)) * 8, b"\x00" * 600])
def test_binaries_are_not_taken_for_utf_16(content: bytes, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        _article(tmp_path, "a.txt", content)


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("iso-8859-1", "utf-8"),
        ("iso-8859-1", "cp1252"),
        ("windows-1252", "cp1252"),
        ("made-up", "utf-8"),
        ("punycode", "utf-8"),
        ("unicode_escape", "utf-8"),
    ],
)
def test_a_page_that_declares_a_wrong_encoding_is_read(declared: str, encoding: str, tmp_path: Path) -> None:
    page = f'<html><head><meta charset="{declared}"></head><body><p>{FRENCH}</p><p>{FRENCH}</p></body></html>'
    assert "à l’AFP à Genève" in _article(tmp_path, "a.html", page.encode(encoding))


def test_a_page_of_seven_bits_is_decoded_as_it_declares(tmp_path: Path) -> None:
    japanese = "シリアのホムス県で停戦が維持されている。住民はラスタンに戻った。" * 3
    page = f'<html><head><meta charset="iso-2022-jp"></head><body><p>{japanese}</p></body></html>'
    assert japanese in _article(tmp_path, "a.html", page.encode("iso2022_jp"))


@pytest.mark.parametrize("said", ["© 2015 Wire", "Losses since 2011 were high, said officers in Homs."])
def test_a_year_in_a_page_is_no_date(said: str, tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(f"<html><body>{PARAGRAPHS}<p>{said}</p></body></html>", encoding="utf-8")
    assert read_article(path).date is None


def test_thousands_of_attributes_are_not_looked_at(tmp_path: Path) -> None:
    # Parsers compare each attribute of a tag with all others: this page would take minutes.
    many = " ".join(f"a{n}=1" for n in range(100_000))
    assert "day 4" in _article(tmp_path, "a.html", f"<html><body {many}>{PARAGRAPHS}</body></html>".encode())
