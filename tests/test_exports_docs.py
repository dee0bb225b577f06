"""The documents tell of everything that is there."""

import re
from dataclasses import fields
from pathlib import Path

from geo.briefing.sheet import LARGEST, SMALLEST, SUFFIXES, Sheet
from geo.briefing.words import languages
from geo.exports import FORMATS

DOCS = Path(__file__).parent.parent / "docs"


def test_every_format_has_a_section() -> None:
    sections = re.findall(r"^## `\.(\S+)`$", (DOCS / "exports.md").read_text("utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted(FORMATS)


def test_every_field_format_and_language_of_a_sheet_is_told() -> None:
    text = (DOCS / "briefing.md").read_text("utf-8")
    table = text.split("## Reference")[1]
    assert [field.name for field in fields(Sheet) if f"`{field.name}`" not in table] == []
    assert [suffix for suffix in SUFFIXES if f"| `.{suffix}` |" not in text] == []
    assert [language for language in languages() if f"`{language}`" not in text] == []
    assert f"{SMALLEST} to {LARGEST} pixels a side" in text
