"""docs/web.md says what the app does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from geo.exports import FORMATS
from geo.settings import Settings
from webapp import MAX_POST_BYTES, create_app
from webapp.errors import STATUS
from webapp.pages.maps import MOST_HIDDEN_VERTICES, MOST_VERTICES
from webapp.parameters import MAX_CHARACTERS, Query
from webapp.service import MOST_ARTICLES

UNTOLD = ("/static/", "/favicon.ico")


@pytest.fixture(scope="module")
def page() -> str:
    return (Path(__file__).parents[1] / "docs" / "web.md").read_text("utf-8")


def test_every_route_has_its_line(page: str, session_settings: Settings) -> None:
    rules = {rule.rule for rule in create_app(session_settings).url_map.iter_rules()}
    told = {re.split(r"[<.]", rule)[0] for rule in rules if not rule.startswith(UNTOLD)}
    assert [start for start in sorted(told) if f"`{start}" not in page] == []


def test_every_export_format_is_named(page: str) -> None:
    line = next(line for line in page.splitlines() if "/exports/" in line)
    assert all(f" {suffix}" in line for suffix in FORMATS)


def test_every_parameter_and_status_is_named(page: str) -> None:
    assert all(f"`{name}`" in page for name in Query.__dataclass_fields__)
    assert all(f"| {status.value} |" in page for status in set(STATUS.values()))


def test_limits_are_those_of_the_code(page: str) -> None:
    assert f"{MAX_CHARACTERS} characters" in page
    assert f"{MAX_POST_BYTES // 1_000_000} MB" in page
    assert f"{MOST_ARTICLES:,} newest articles" in page
    assert f"{MOST_VERTICES:,} vertices ({MOST_HIDDEN_VERTICES:,} where" in page
