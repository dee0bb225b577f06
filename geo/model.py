"""The data that flows through Dateline, in flow order.

Article, Mention, Place, Candidate, Resolution, Footprint, Reading, Zone, Layer. Every class is frozen: a step takes
some of them and returns new ones. Coordinates are longitude, latitude in EPSG:4326; a bbox is west, south, east, north.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import geopandas as gpd
    from shapely.geometry.base import BaseGeometry

Span = tuple[int, int]
"""Start and end character offsets into an article's text, end exclusive."""

MentionKind = Literal["name", "demonym", "embedded"]
FeatureKind = Literal["continent", "country", "admin1", "admin2", "city", "region", "facility", "water", "road", "line"]
Extent = Literal["core", "zone", "possible"]
EXTENTS: tuple[Extent, ...] = ("core", "zone", "possible")
LARGEST_RADIUS = 26.0
"""Of a point on a map, in CSS pixels: larger ones would hide their surroundings."""
SMALLEST_RADIUS = 2.5
"""Of a point on a map, in CSS pixels: smaller ones could not be seen or clicked."""
HATCH_SPACING, HATCH_WIDTH = 7.0, 1.3
"""CSS pixels from one line of a hatched area to the next, and across a line."""
UNSURE_BELOW = 0.5
"""Places resolved with less confidence than this are drawn as uncertain. Workspaces count with it: another value
needs a revision of their tables."""
SourceRole = Literal["publisher", "cited", "retold"]
Verdict = Literal["accepted", "corrected", "rejected", "unresolved"]


@dataclass(frozen=True, slots=True)
class Article:
    """A report as it was read.

    Attributes
    ----------
    id
        Stable identifier: the one given, or the first 16 hex digits of the text's SHA-256.
    text
        The text as given; all offsets count its characters.
    title, date, time, source, language
        None where the report does not say. ``language`` is an ISO 639-1 code.
    source_role
        ``publisher`` where the source published the report itself, ``cited`` where the report passes on what the source
        said and the publishing site is not named, ``retold`` where it tells the source's report in other words.
    dateline
        The span of the place name that opens the report ("ASTANA. KAZINFORM …"), or None.
    boilerplate
        Spans that are not part of the report (menus, "read also" links): no mentions are looked for in them.
    url
        Where the report was published, or None.
    """

    id: str
    text: str
    title: str | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    source: str | None = None
    source_role: SourceRole | None = None
    language: str | None = None
    dateline: Span | None = None
    boilerplate: tuple[Span, ...] = ()
    url: str | None = None

    @property
    def credit(self) -> str | None:
        """Who says it and by what way, in words to show; None where the source is not known."""
        return credit_of(self.source, self.source_role)


def credit_of(source: str | None, role: SourceRole | None) -> str | None:
    """Return a source in words to show: nobody is credited with words that are another's."""
    ways = {"cited": "by way of the publishing site", "retold": "retold in other words"}
    return f"{source}, {ways[role]}" if source and role in ways else source


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of an article's text that names a place.

    Attributes
    ----------
    start, end
        Character offsets into the article's text, end exclusive.
    text
        The characters of the span.
    kind
        ``name``; ``demonym`` ("Syrian", stands for its country); ``embedded`` (a place inside another name, as Moscow
        in "Moscow State Institute").
    sentence
        Span of the sentence around it.
    probability
        How sure recognition is that the span is a place, 0 to 1.
    """

    start: int
    end: int
    text: str
    kind: MentionKind
    sentence: Span
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """A gazetteer entry.

    Attributes
    ----------
    id
        Identifier with its scheme: ``geonames:173334``, ``dateline:eastern-ghouta``.
    country
        ISO 3166-1 alpha-2 code; None for what lies in no single country (continents, seas).
    admin1, admin2
        Names of the first- and second-level units it lies in (an admin1 unit names itself); None where unknown.
    lat, lon
        Representative point in degrees, EPSG:4326.
    population
        0 where unknown.
    uncertainty_km
        How far the true place may be from the point, by the gazetteer's own precision; 0 where taken as exact.
    source
        Where the entry comes from, for attribution.
    """

    id: str
    name: str
    feature: FeatureKind
    country: str | None
    admin1: str | None
    lat: float
    lon: float
    population: int = 0
    admin2: str | None = None
    uncertainty_km: float = 0.0
    source: str = "GeoNames"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One named feature of a score: its value, and the weight it is multiplied with."""

    feature: str
    value: float
    weight: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a name may stand for, with the share of belief it got (0 to 1) and why."""

    place: Place
    confidence: float
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided about a mention; it outranks what the machine found.

    Attributes
    ----------
    verdict
        ``accepted`` (it is the place found), ``corrected`` (it is another one), ``rejected`` (it is no place at all),
        ``unresolved`` (it is a place, but nobody can tell which).
    place
        What the mention stands for; None where rejected or unresolved.
    reviewer
        Who decided.
    time
        When, with its time zone.
    machine
        What the machine had resolved the mention to when it last read the article; None for nothing.
    """

    verdict: Verdict
    place: Place | None
    reviewer: str
    time: dt.datetime
    note: str = ""
    machine: Place | None = None


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a mention, or a bare query, was resolved to.

    Attributes
    ----------
    query
        The name as written.
    place
        None where nothing fits well enough: unresolved, but kept. Where there is a review it is the reviewer's.
    confidence
        0 to 1; the belief that the span is a place and that it is this place. It stays the machine's.
    mention
        None for a bare query.
    alternatives
        Other candidates, best first.
    review
        What a person decided; None where nobody did.
    """

    query: str
    place: Place | None
    confidence: float
    evidence: tuple[Evidence, ...] = ()
    alternatives: tuple[Candidate, ...] = ()
    mention: Mention | None = None
    review: Review | None = None


@dataclass(frozen=True, slots=True)
class Footprint:
    """A geometry that stands for a locative expression ("the north of the province Homs").

    Attributes
    ----------
    start, end
        Offsets of the phrase in the article; 0 and the phrase's length for a bare phrase.
    relation
        Name of the rule that made it, as ``north_of_part``.
    core, zone, possible
        Nested extents: surely inside, best estimate, not excluded (Cohn & Gotts 1996). ``core`` may be empty.
    places
        The places the expression is built on.
    """

    start: int
    end: int
    phrase: str
    relation: str
    core: BaseGeometry
    zone: BaseGeometry
    possible: BaseGeometry
    places: tuple[Place, ...] = ()
    sentence: Span | None = None

    def extent(self, name: Extent) -> BaseGeometry:
        """Return the extent of that name."""
        geometry: BaseGeometry = getattr(self, name)
        return geometry


@dataclass(frozen=True, slots=True)
class Reading:
    """An article with everything that was read in it.

    ``resolutions`` holds one entry a mention, in text order, unresolved ones included.
    """

    article: Article
    resolutions: tuple[Resolution, ...]
    footprints: tuple[Footprint, ...] = ()

    @property
    def mentions(self) -> tuple[Mention, ...]:
        """The mentions, in text order."""
        return tuple(r.mention for r in self.resolutions if r.mention is not None)

    @property
    def places(self) -> tuple[Place, ...]:
        """The places that names resolved to, each once, in the order of their first mention."""
        seen = {r.place.id: r.place for r in self.resolutions if r.place is not None}
        return tuple(seen.values())

    def to_geodataframe(self) -> gpd.GeoDataFrame:
        """Return one point a mention (EPSG:4326); the geometry of unresolved mentions is None."""
        from geo.geometry import points_frame

        return points_frame([mention_row(self.article, r) for r in self.resolutions if r.mention is not None])


def mention_row(article: Article, resolution: Resolution) -> dict[str, Any]:
    """Return a mention as one flat row; ``lon`` and ``lat`` are None where it is unresolved."""
    mention, place = resolution.mention, resolution.place
    assert mention is not None, "only resolutions of mentions have rows"
    return {
        "article": article.id,
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "kind": mention.kind,
        "sentence": article.text[slice(*mention.sentence)],
        "place": place.id if place else None,
        "name": place.name if place else None,
        "feature": place.feature if place else None,
        "country": place.country if place else None,
        "admin1": place.admin1 if place else None,
        "confidence": round(resolution.confidence, 4),
        "lon": place.lon if place else None,
        "lat": place.lat if place else None,
    }


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement or shape comes from: a title, and a link, publisher, date and licence where known."""

    title: str
    url: str | None = None
    publisher: str | None = None
    date: dt.date | None = None
    licence: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Zone:
    """A named area with dates and sources, as it stood on one day.

    Attributes
    ----------
    id
        As ``idlib``; file name of its data file.
    names
        By ISO 639-1 language code; ``en`` is always there.
    on
        The day the extents stand for.
    status
        ``agreed`` (all parties), ``claimed`` (reported by one side), ``derived`` (follows from an agreement's text).
    accuracy_km
        How far the drawn boundary may be from the true one.
    core, zone, possible
        Nested extents, EPSG:4326.
    properties
        What else the data file says, ready to be shown: population, members, posts, notes.
    """

    id: str
    names: Mapping[str, str]
    on: dt.date
    status: str
    valid_from: dt.date
    valid_to: dt.date | None
    accuracy_km: float
    core: BaseGeometry
    zone: BaseGeometry
    possible: BaseGeometry
    sources: tuple[Source, ...] = ()
    properties: Mapping[str, Any] = field(default_factory=dict)

    def extent(self, name: Extent) -> BaseGeometry:
        """Return the extent of that name."""
        geometry: BaseGeometry = getattr(self, name)
        return geometry


@dataclass(frozen=True, slots=True)
class Symbol:
    """How one class of features looks, on every output.

    Attributes
    ----------
    label
        Words for the legend.
    fill, stroke
        ``#rrggbb``, or None for none.
    fill_opacity
        0 to 1.
    width
        Of the stroke, in CSS pixels (1/96 inch).
    dash
        Lengths of dash and gap in CSS pixels; empty for a solid line. Dashed means approximate (WHO map SOP).
    hatch
        Whether the fill is hatched: texture says how certain.
    radius
        Of a point, in CSS pixels; None for lines and areas.
    """

    label: str
    fill: str | None = None
    stroke: str | None = None
    fill_opacity: float = 1.0
    width: float = 1.0
    dash: tuple[float, ...] = ()
    hatch: bool = False
    radius: float | None = None


@dataclass(frozen=True, slots=True)
class Style:
    """The one style of a layer.

    ``symbols`` maps the value of each feature's ``symbol`` property to how it looks, in legend order.
    ``label_property`` names the property drawn beside a feature, None for no labels.
    ``size_property`` names a count: a point's radius grows with its square root, so that area stands for the count.
    ``legend`` is what a legend shows, in order: hues and textures once each rather than every combination of them.
    Empty where the symbols themselves are short enough.
    """

    symbols: Mapping[str, Symbol]
    label_property: str | None = None
    size_property: str | None = None
    legend: tuple[Symbol, ...] = ()

    def legend_symbols(self) -> tuple[Symbol, ...]:
        """Return what a legend shows, in order."""
        return self.legend or tuple(self.symbols.values())


@dataclass(frozen=True, slots=True)
class Layer:
    """Features of one kind: titled, attributed and styled once for every output.

    Attributes
    ----------
    name
        As ``places``; part of URLs and file names.
    features
        GeoDataFrame in EPSG:4326, in a stable order. Columns: ``id`` (stable), ``symbol`` (key into the style),
        ``geometry``, and the layer's own.
    approximate
        True where the shapes are estimates: every output then carries the word.
    """

    name: str
    title: str
    description: str
    features: gpd.GeoDataFrame
    style: Style
    sources: tuple[Source, ...] = ()
    approximate: bool = False
    on: dt.date | None = None

    def radii(self) -> list[float | None]:
        """Return the radius of each feature's point in CSS pixels, in the order of the features; None for other shapes.

        A symbol's radius is that of the count 1, and areas stand for counts. Where the largest would be wider than
        `LARGEST_RADIUS`, all shrink alike, but none below `SMALLEST_RADIUS`.
        """
        scale = self.radius_scale()
        return [None if r is None else round(max(r * scale, SMALLEST_RADIUS), 2) for r in self._full_radii()]

    def radius_scale(self) -> float:
        """Return what all radii are multiplied with so that the largest is not too large; 1 where it is not."""
        return min(1.0, LARGEST_RADIUS / max((r for r in self._full_radii() if r), default=1.0))

    def _full_radii(self) -> list[float | None]:
        by, frame = self.style.size_property, self.features
        counts = frame[by].astype(float).fillna(1).clip(lower=1) if by in frame else [1.0] * len(frame)
        bases = [self.style.symbols[key].radius for key in frame["symbol"]]
        return [None if r is None else r * n**0.5 for r, n in zip(bases, counts, strict=True)]
