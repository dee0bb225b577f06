"""Values out of JSON, each checked to be of the kind that is kept: what others wrote may hold anything."""

from __future__ import annotations

from math import isfinite
from typing import Any

from geo.model import Span
from geo.workspace.packing import check_text

_LARGEST = 2**31 - 1
"""What a column of whole numbers holds in both stores."""


def whole(value: Any, largest: int = _LARGEST) -> int:
    """Return a whole number, 0 or more.

    Raises
    ------
    ValueError
        It is none, or too large to be kept; the others here raise likewise.
    """
    if type(value) is not int or not 0 <= value <= largest:
        raise ValueError(f"{value!r} is no whole number of 0 to {largest}")
    return value


def number(value: Any, least: float = float("-inf"), largest: float = float("inf")) -> float:
    """Return a finite number, which may be whole, within limits."""
    if type(value) not in {int, float} or not isfinite(value) or not least <= value <= largest:
        raise ValueError(f"{value!r} is no number of {least} to {largest}")
    return float(value) + 0.0  # which makes 0 of -0, as SQLite does


def words(value: Any) -> str:
    """Return a text that both stores take."""
    if not isinstance(value, str):
        raise ValueError(f"{value!r} is no text")  # noqa: TRY004 - all that is wrong with a line is one kind of error
    check_text("A value", (value,))
    return value


def words_or_none(value: Any) -> str | None:
    """Return a text, or None."""
    return None if value is None else words(value)


def span(value: Any) -> Span:
    """Return a span."""
    start, end = value
    if not whole(start) <= whole(end):
        raise ValueError(f"{value!r} is no span")
    return start, end
