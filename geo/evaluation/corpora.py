"""Annotated corpora: texts with the toponyms in them and where those are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.errors import InputError, InputNotFoundError

REMEDY = 'Each line is {"id", "text", "toponyms": [{"start", "end", "lat", "lon"}, …]}.'


@dataclass(frozen=True, slots=True)
class Toponym:
    """An annotated toponym: character offsets, and its point in degrees."""

    start: int
    end: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """An annotated text."""

    id: str
    text: str
    toponyms: tuple[Toponym, ...]


def read_gold(path: Path) -> list[GoldDocument]:
    """Read an annotated corpus of one document or more; see `evaluate`. Blank lines are skipped."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        raise InputNotFoundError(f"There is no file {path}.", "Give the path of an annotated corpus.") from error
    except (UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text.", "Give a JSONL file.") from error
    documents = [_document(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not documents:
        raise InputError(f"{path} holds no annotated document.", REMEDY)
    return documents


def _document(path: Path, number: int, line: str) -> GoldDocument:
    try:
        record: dict[str, Any] = json.loads(line)
        toponyms = [
            Toponym(int(t["start"]), int(t["end"]), float(t["lat"]), float(t["lon"])) for t in record["toponyms"]
        ]
        return GoldDocument(str(record["id"]), str(record["text"]), tuple(toponyms))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}, line {number}, is not an annotated document.", REMEDY) from error
