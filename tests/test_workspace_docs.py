"""docs/workspace.md names all that there is, and its example runs."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from geo.workspace.search import Search
from geo.workspace.tables import OWN, metadata

DOCS = (Path(__file__).parents[1] / "docs" / "workspace.md").read_text(encoding="utf-8")


def test_every_table_is_described() -> None:
    tables = {*metadata.tables, *(name for name in OWN if not name.startswith("ix_"))}
    assert {name for name in tables if f"`{name}`" not in DOCS} == set()


def test_every_condition_is_described() -> None:
    filled_in = {"known", "outlines"}
    assert {field.name for field in fields(Search) if f"`{field.name}`" not in DOCS} == filled_in


def test_the_example_runs() -> None:
    example = re.search(r"```python\n(.*?)```", DOCS, re.DOTALL)
    assert example
    names: dict[str, object] = {}
    exec(example[1].replace("sqlite:///reports.db", "sqlite://"), names)
    assert names["workspace"]
