from __future__ import annotations

from pathlib import Path

import pytest

from geo.articles.dates import find_date
from geo.articles.formats import FORMATS

DOCS = (Path(__file__).parents[1] / "docs" / "articles.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_documented(suffix: str) -> None:
    assert f"`{suffix}`" in DOCS


@pytest.mark.parametrize(
    "date",
    [
        "23 June, 2017, 10:32",
        "June 23, 2017",
        "2017-06-23",
        "23.06.2017",
        "23/06/2017",
        "23 июня 2017 г.",
        "23 حزيران/يونيو 2017",
    ],
)
def test_documented_dates_are_read(date: str) -> None:
    assert f'"{date}"' in DOCS
    found = find_date(date)
    assert found is not None
    assert found.date.isoformat() == "2017-06-23"
