from __future__ import annotations

from pathlib import Path

import pytest

from geo.articles.archives import LARGEST_RATIO, LAYERS, Allowance, is_archive
from geo.articles.dates import find_date
from geo.articles.decoding import LARGEST_ARTICLE, LARGEST_FILE
from geo.articles.fetching import Limits
from geo.articles.formats import FORMATS
from geo.articles.office import LARGEST_PDF

DOCS, INGEST = (
    (Path(__file__).parents[1] / "docs" / name).read_text(encoding="utf-8") for name in ("articles.md", "ingest.md")
)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_documented(suffix: str) -> None:
    assert f"`{suffix}`" in DOCS


@pytest.mark.parametrize("suffix", [".zip", ".tar", ".gz", ".tgz", ".bz2", ".tbz2", ".xz", ".txz"])
def test_every_archive_is_documented(suffix: str) -> None:
    assert is_archive(suffix)
    assert f"`{suffix}`" in DOCS


def test_documented_limits_hold() -> None:
    assert f"| the text of one article | {LARGEST_ARTICLE // 10**6} million characters |" in INGEST
    assert f"| one page, feed, DOCX text, line or object of a corpus | {LARGEST_FILE // 10**6} MB |" in INGEST
    assert f"| {LARGEST_PDF // 10**6} MB, 2,000 pages |" in INGEST
    assert f"| {Allowance().bytes // 10**9} GB, {Allowance().members:,} files |" in INGEST
    assert f"| {LARGEST_RATIO} times its packed size" in INGEST
    assert f"| archives and compressions inside each other | {LAYERS} |" in INGEST
    assert f"at most {Limits().redirects} redirects" in INGEST
    assert f"{Limits().bytes // 10**6} MB and {Limits().seconds:.0f} seconds at most" in INGEST


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
