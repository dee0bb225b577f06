"""Query parameters: the same name means the same thing on every route."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.geometry import Bbox, parse_bbox
from geo.pipeline import parse_day

if TYPE_CHECKING:
    from werkzeug.datastructures import MultiDict

    from geo.zones.timeline import Timeline

MAX_CHARACTERS = 500
"""Longest value of a parameter: longer than any name or phrase, too short to keep the server busy."""


@dataclass(frozen=True, slots=True)
class Query:
    """What a request asks for.

    Attributes
    ----------
    on
        Day that zones are drawn for; None for the day most of them held.
    bbox
        West, south, east, north in degrees; None for everywhere.
    layers
        Names of layers; None for the route's own choice.
    article
        Only this article's features; None for all articles.
    q
        Only articles with these words; empty for all.
    lang
        Language of titles and names, ISO 639-1.
    """

    on: dt.date | None = None
    bbox: Bbox | None = None
    layers: tuple[str, ...] | None = None
    article: str | None = None
    q: str = ""
    lang: str = "en"

    def of_article(self, article_id: str) -> Query:
        """Return the same query about one article."""
        return replace(self, article=article_id, q="")

    def as_of(self, day: dt.date | None, days: Timeline) -> Query:
        """Return the same query for a day, where it names none and the zones of that day are described."""
        known = day is not None and days.first_day <= day <= days.last_day
        return replace(self, on=day) if known and self.on is None else self

    def as_args(self) -> dict[str, Any]:
        """Return what layers are made of as parameters of an address."""
        on = self.on.isoformat() if self.on else None
        found = {"on": on, "article": self.article, "q": self.q}
        return {name: value for name, value in found.items() if value}


def read_query(args: MultiDict[str, str]) -> Query:
    """Read the parameters that routes share; unknown ones are ignored, empty ones count as absent.

    Raises
    ------
    InputError
        A value is too long, or is no date or bbox.
    """
    bbox, layers = text(args, "bbox"), text(args, "layers")
    return Query(
        on=parse_day(text(args, "on") or None),
        bbox=parse_bbox(bbox) if bbox else None,
        layers=tuple(name.strip() for name in layers.split(",")) if layers else None,
        article=text(args, "article") or None,
        q=text(args, "q"),
        lang=text(args, "lang") or "en",
    )


def text(args: MultiDict[str, str], name: str) -> str:
    """Return a parameter without outer blanks, empty where absent.

    Raises
    ------
    InputError
        It is longer than any sensible value.
    """
    value = args.get(name, "").strip()
    if len(value) > MAX_CHARACTERS:
        raise InputError(f"The parameter {name} is {len(value)} characters long.", f"Give at most {MAX_CHARACTERS}.")
    return value


def required(args: MultiDict[str, str], name: str) -> str:
    """Return a parameter that must be there.

    Raises
    ------
    InputError
        It is absent or empty.
    """
    if not (value := text(args, name)):
        raise InputError(f"The parameter {name} is missing.", f"Add ?{name}=… to the address.")
    return value


def count(args: MultiDict[str, str], name: str, default: int, largest: int) -> int:
    """Return a whole number from 1 to ``largest``.

    Raises
    ------
    InputError
        It is no such number.
    """
    value = text(args, name) or str(default)
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= largest:
        raise InputError(f"The parameter {name} is {value!r}.", f"Give a whole number from 1 to {largest}.")
    return int(value)


def offset(args: MultiDict[str, str]) -> int:
    """Return how many articles to pass over, 0 by default.

    Raises
    ------
    InputError
        It is no whole number.
    """
    return count(args, "offset", 1, 10**9) if text(args, "offset") not in ("", "0") else 0
