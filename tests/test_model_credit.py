from __future__ import annotations

import pytest

from geo.model import Article, SourceRole


@pytest.mark.parametrize(
    ("source", "role", "credit"),
    [
        ("TASS", "publisher", "TASS"),
        ("RIA Novosti", "cited", "RIA Novosti, by way of the publishing site"),
        ("TASS", "retold", "TASS, retold in other words"),
        ("TASS", None, "TASS"),
        (None, None, None),
    ],
)
def test_nobody_is_credited_with_another_s_words(
    source: str | None, role: SourceRole | None, credit: str | None
) -> None:
    assert Article("a", "Text.", source=source, source_role=role).credit == credit
