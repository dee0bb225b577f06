"""Query parameters: the same name means the same thing on every route."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from werkzeug.routing import PathConverter

from geo.errors import InputError
from geo.geometry import Bbox, parse_bbox
from geo.pipeline import parse_day
from webapp.areas import MAX_AREA_CHARACTERS, parse_area, parse_circle

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from werkzeug.datastructures import MultiDict

    from geo.workspace.search import Circle
    from geo.zones.timeline import Timeline

MAX_CHARACTERS = 500
"""Longest value of a parameter: longer than any name or phrase, too short to keep the server busy."""

MOST_VALUES = 20
"""How often a parameter that may be repeated may be given."""


class IdConverter(PathConverter):
    """An id in an address: any text, as articles come with it, one that begins with slashes or has several lines."""

    regex = r"[\s\S]+?"
    part_isolating = False  # it may hold slashes


@dataclass(frozen=True, slots=True)
class Query:
    """What a request asks for; conditions on articles all hold together.

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
    place, also
        Ids or names of places: any of the first will do, all of the second must be named besides.
    zone
        Id of a zone, as of the day: only places in it count.
    near, within
        A circle and an area; only places in them count.
    source
        Names of sources, any of which will do.
    since, until
        Days of the articles, both inclusive.
    language
        Language of the articles, ISO 639-1.
    """

    on: dt.date | None = None
    bbox: Bbox | None = None
    layers: tuple[str, ...] | None = None
    article: str | None = None
    q: str = ""
    lang: str = "en"
    place: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    zone: str = ""
    near: Circle | None = None
    within: BaseGeometry | None = None
    source: tuple[str, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    language: str = ""

    def of_article(self, article_id: str) -> Query:
        """Return a query about one article, for the same day and in the same language."""
        return Query(on=self.on, bbox=self.bbox, layers=self.layers, lang=self.lang, article=article_id)

    def as_of(self, day: dt.date | None, days: Timeline) -> Query:
        """Return the same query for a day, where it names none and the zones of that day are described."""
        known = day is not None and days.first_day <= day <= days.last_day
        return replace(self, on=day) if known and self.on is None else self

    def of_articles(self) -> Query:
        """Return the part that decides which articles and places are found."""
        return replace(self, on=self.on if self.zone else None, layers=None, lang="en")

    def about(self, place_id: str) -> Query:
        """Return the same query about one place, in the whole of what it asks for."""
        return replace(self, place=(place_id,), also=(*self.also, *self.place))

    def in_view(self) -> Query:
        """Return the same query with its bbox as an area: for addresses whose bbox is that of a view."""
        if self.bbox is None:
            return self
        from geo.geometry import bbox_polygon

        box = bbox_polygon(self.bbox)
        return replace(self, bbox=None, within=box if self.within is None else self.within.intersection(box))

    def without(self, name: str) -> dict[str, Any]:
        """Return what an address that drops one condition has as parameters."""
        return {key: value for key, value in self.as_args().items() if key != name}

    def as_args(self) -> dict[str, Any]:
        """Return what layers are made of as parameters of an address."""
        chosen = {field.name: getattr(self, field.name) for field in fields(self) if field.name in ADDRESSED}
        return {name: _written(value) for name, value in chosen.items() if value}


ADDRESSED = (
    *("on", "bbox", "article", "q", "place", "also", "zone", "near", "within"),
    *("source", "since", "until", "language"),
)
"""Parameters that decide what layers are made of."""

CONDITIONS: Mapping[str, str] = {
    "q": "Words",
    "place": "Place",
    "also": "and also",
    "zone": "Zone",
    "near": "Within",
    "within": "Area",
    "bbox": "Part of the map",
    "source": "Source",
    "since": "From",
    "until": "To",
    "language": "Language",
    "article": "Article",
}
"""Parameters that say which articles are found, in words to show."""


def _written(value: Any) -> Any:
    """Return a value as its parameter is written."""
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple):
        numbers = all(isinstance(part, float | int) for part in value)
        return ",".join(f"{part:g}" for part in value) if numbers else list(value)
    return value.wkt if hasattr(value, "wkt") else value


def read_query(args: MultiDict[str, str]) -> Query:
    """Read the parameters that routes share; unknown ones are ignored, empty ones count as absent.

    Raises
    ------
    InputError
        A value is too long, or is no date, bbox, circle or area; the days are in the wrong order.
    """
    bbox, layers, near = text(args, "bbox"), text(args, "layers"), text(args, "near")
    within = text(args, "within", MAX_AREA_CHARACTERS)
    query = Query(
        on=parse_day(text(args, "on") or None),
        bbox=parse_bbox(bbox) if bbox else None,
        layers=tuple(name.strip() for name in layers.split(",")) if layers else None,
        article=text(args, "article") or None,
        q=text(args, "q"),
        lang=text(args, "lang") or "en",
        place=texts(args, "place"),
        also=texts(args, "also"),
        zone=text(args, "zone"),
        near=parse_circle(near) if near else None,
        within=parse_area(within) if within else None,
        source=texts(args, "source"),
        since=parse_day(text(args, "since") or None),
        until=parse_day(text(args, "until") or None),
        language=text(args, "language"),
    )
    if query.since and query.until and query.since > query.until:
        raise InputError(f"The days from {query.since} to {query.until} are none.", "Give since before until.")
    return query


def texts(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Return the values of a parameter that may be repeated, without outer blanks and empty ones.

    Raises
    ------
    InputError
        There are too many, or one is longer than any sensible value.
    """
    values = args.getlist(name)
    if len(values) > MOST_VALUES:
        raise InputError(f"The parameter {name} is given {len(values)} times.", f"Give it at most {MOST_VALUES} times.")
    return tuple(value for value in (_checked(name, value, MAX_CHARACTERS) for value in values) if value)


def text(args: MultiDict[str, str], name: str, longest: int = MAX_CHARACTERS) -> str:
    """Return a parameter without outer blanks, empty where absent.

    Raises
    ------
    InputError
        It is longer than any sensible value.
    """
    return _checked(name, args.get(name, ""), longest)


def _checked(name: str, value: str, longest: int) -> str:
    value = value.strip()
    if len(value) > longest:
        raise InputError(f"The parameter {name} is {len(value)} characters long.", f"Give at most {longest}.")
    if "\0" in value:
        raise InputError(f"The parameter {name} holds a character that is no text (U+0000).", "Leave it out.")
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
    return whole(args, name, 1, largest) if text(args, name) else default


def whole(args: MultiDict[str, str], name: str, least: int, largest: int) -> int:
    """Return a whole number between two, both included.

    Raises
    ------
    InputError
        It is no such number.
    """
    value = text(args, name)
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= largest:
        raise InputError(f"The parameter {name} is {value!r}.", f"Give a whole number from {least} to {largest}.")
    return int(value)


def offset(args: MultiDict[str, str]) -> int:
    """Return how many rows of a list to pass over, 0 by default.

    Raises
    ------
    InputError
        It is no whole number.
    """
    return whole(args, "offset", 0, 10**9) if text(args, "offset") else 0
