"""What the pages list: articles, places, zones and the time they held, as rows ready for the templates."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from geo.layers.styles import GREY
from geo.model import Article, Layer, Place, Reading, Resolution, Review
from webapp.pages import parts
from webapp.parameters import CONDITIONS, Query

if TYPE_CHECKING:
    from geo.workspace.results import Carrier, PlaceCount
    from geo.workspace.reviews import Reviewed
    from geo.zones.definition import ZoneDefinition

MARKS = {
    "name": ("place name", "place names"),
    "demonym": ("word such as Syrian", "words such as Syrian"),
    "embedded": ("inside another name", "inside other names"),
    "unresolved": ("unresolved", "unresolved"),
}
"""Kinds of mention as the key above an article words one and several of them, in its order."""

LONGEST_CHIP = 100
"""Characters of a condition that are shown: an area's outline tells nobody anything."""

FEATURES = {"admin1": "province or state", "admin2": "district or county"}
"""Words for kinds of place that are not words themselves."""


def article_facts(article: Article) -> list[str]:
    """Return what is known of an article, in the words of a byline."""
    when = article.date and day_text(article.date) + (article.time.strftime(", %H:%M") if article.time else "")
    dateline = article.dateline and f"dateline {article.text[slice(*article.dateline)]}"
    return [fact for fact in (article.credit, when, dateline) if fact]


def place_rows(counted: Iterable[PlaceCount], country_name: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return places with their counts, in the order given; ``country_name`` knows the names of ISO 3166-1 codes."""
    return [
        {
            "id": item.place.id,
            "name": item.place.name,
            "where": place_text(item.place, country_name),
            "lon": item.place.lon,
            "lat": item.place.lat,
            "zoom": zoom_of(item.place),
            "mentions": item.mentions,
            "articles": item.articles,
        }
        for item in counted
    ]


def place_text(place: Place, country_name: Callable[[str], str]) -> str:
    """Say what a place is and where it lies."""
    return where(place.feature, place.admin1, place.country and country_name(place.country), place.name)


def zoom_of(place: Place) -> int:
    """Return the zoom of a web map at which a place of its kind is seen among its neighbours."""
    return {"continent": 3, "country": 5, "water": 6}.get(place.feature, 7)


def chips(query: Query, describe: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return the conditions of a query, each with its words and the parameters of an address without it.

    Parameters
    ----------
    describe
        Says which places an id or a name stands for.
    """
    args = query.as_args()
    args |= {name: [describe(place) for place in args[name]] for name in ("place", "also") if name in args}
    args |= parts.words(query)
    return [
        {"label": label, "text": _shown(args[name]), "without": query.without(name)}
        for name, label in CONDITIONS.items()
        if name in args
    ]


def _shown(value: str | list[str]) -> str:
    text = value if isinstance(value, str) else " or ".join(value)
    return text if len(text) <= LONGEST_CHIP else f"{text[:LONGEST_CHIP]}…"


def where(feature: str, admin1: str | None, country: str | None, name: str) -> str:
    """Say what a place is and where it lies, as ``city in Homs, Syria``."""
    inside = [part for part in (admin1, country) if part and part != name]
    kind = FEATURES.get(feature, feature)
    return f"{kind} in {', '.join(inside)}" if inside and feature != "country" else kind


def zone_rows(layer: Layer) -> list[dict[str, Any]]:
    """Return the zones of a layer, one row a zone."""
    return [
        {
            "id": row["id"],
            "zone": row["zone"],
            "name": row["name"],
            "status": row["status"],
            "since": dt.date.fromisoformat(row["valid_from"]),
            "until": dt.date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
            "area_km2": row["area_km2"],
            "accuracy_km": row["accuracy_km"],
            "hue": layer.style.symbols[row["symbol"]].fill,
        }
        for row in records(layer)
        if row["extent"] == "zone"
    ]


def footprint_rows(layer: Layer) -> list[dict[str, Any]]:
    """Return the areas that phrases stand for, one row a phrase."""
    return [
        {"id": row["id"], "phrase": row["phrase"], "relation": row["relation"].replace("_", " ")}
        for row in records(layer)
        if row["extent"] == "zone"
    ]


def records(layer: Layer) -> list[dict[str, Any]]:
    """Return a layer's features as plain rows, without their geometry."""
    columns = layer.features.drop(columns="geometry")
    return [{str(key): value for key, value in row.items()} for row in columns.to_dict("records")]


def carrier_rows(carriers: Iterable[Carrier]) -> list[dict[str, Any]]:
    """Return who else carries a report: another article, or the same text at an address of its own."""
    return [
        {
            "id": carrier.id,
            "name": carrier.source or carrier.title or carrier.url or carrier.id or "a source not named",
            "address": carrier.url if carrier.url and carrier.url.startswith(("https://", "http://")) else None,
            "how": f"the same text, {day_text(carrier.date)}" if carrier.date else "the same text",
        }
        for carrier in carriers
    ]


def marks(reading: Reading) -> list[dict[str, Any]]:
    """Return the kinds of mention that an article has, with their counts."""
    counts = Counter(mark_of(resolution) for resolution in reading.resolutions)
    return [
        {"css": css, "label": one if counts[css] == 1 else several, "count": counts[css]}
        for css, (one, several) in MARKS.items()
        if counts[css]
    ]


def mark_of(resolution: Resolution) -> str:
    """Return how a mention is marked: by its kind, or as unresolved."""
    return resolution.mention.kind if resolution.place and resolution.mention else "unresolved"


def resolved_text(resolution: Resolution, country_name: Callable[[str], str]) -> str:
    """Say what a mention was resolved to and how surely."""
    place, review = resolution.place, resolution.review
    known = f"{place.name}, {place_text(place, country_name)}" if place else "no place is known for it"
    if review:
        return f"{VERDICTS[review.verdict]} by {review.reviewer}: {known}"
    return f"{known}; {round(100 * resolution.confidence)}% sure" if place else "unresolved"


def review_rows(reviewed: Iterable[Reviewed], country_name: Callable[[str], str]) -> list[dict[str, Any]]:
    """Return what people decided about an article's mentions, apart from what the machine had found."""
    return [
        {
            "start": item.span[0],
            "text": item.text,
            "verdict": _verdict(item.review, country_name),
            "reviewer": item.review.reviewer,
            "time": item.review.time.isoformat(),
            "when": f"{day_text(item.review.time.date())}, {item.review.time:%H:%M} UTC",
            "note": item.review.note,
            "machine": _described(item.review.machine, country_name),
            "orphaned": item.orphaned,
        }
        for item in reviewed
    ]


def _verdict(review: Review, country_name: Callable[[str], str]) -> str:
    words = VERDICTS[review.verdict]
    return f"{words} {_described(review.place, country_name)}" if review.place else words.rstrip(",")


def _described(place: Place | None, country_name: Callable[[str], str]) -> str:
    return f"{place.name}, {place_text(place, country_name)}" if place else "unresolved"


VERDICTS = {
    "accepted": "accepted as",
    "corrected": "corrected to",
    "rejected": "rejected as no place",
    "unresolved": "left open: a place, but nobody can tell which,",
}
"""Verdicts of people, in words."""


def day_text(day: dt.date) -> str:
    """Return a day as ``3 August 2017``, whatever the machine's locale."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """When a zone held; ``until`` is None where it outlasts what is described."""

    name: str
    since: dt.date
    until: dt.date | None
    hue: str


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """The days that zones are described for, first and last included, and where a day lies between them."""

    first_day: dt.date
    last_day: dt.date
    periods: Sequence[Period] = ()

    @property
    def days(self) -> int:
        """Number of the last day, counted from 0."""
        return (self.last_day - self.first_day).days

    def number(self, day: dt.date) -> int:
        """Return a day's number, counted from 0; days outside count as the nearest one inside."""
        return min(max((day - self.first_day).days, 0), self.days)

    def share(self, day: dt.date) -> float:
        """Return where a day lies, from 0 (first) to 1 (last)."""
        return round(self.number(day) / max(self.days, 1), 4)

    @property
    def years(self) -> Iterable[dt.date]:
        """The first days of the years that begin inside."""
        return [dt.date(year, 1, 1) for year in range(self.first_day.year + 1, self.last_day.year + 1)]


def periods(zones: Iterable[ZoneDefinition]) -> tuple[Period, ...]:
    """Return when each zone held, those that began first on top."""
    found = [Period(zone.names["en"], zone.since, zone.until, zone.colour or GREY) for zone in zones]
    return tuple(sorted(found, key=lambda period: (period.since, period.name)))
