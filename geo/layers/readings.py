"""Layers of what articles say: places, mentions and the footprints of locative expressions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from geo.geometry import area_km2
from geo.layers.frame import NATURAL_EARTH, article_source, features, gazetteer_sources, gazetteers, licence_of, unique
from geo.layers.styles import EXTENT_LABELS, footprints_style, mentions_style, places_style
from geo.model import (
    UNSURE_BELOW,
    Article,
    Extent,
    Footprint,
    Layer,
    Mention,
    MentionKind,
    Place,
    Reading,
    Resolution,
    Source,
    Span,
    mention_row,
)

NAMES_ONLY: tuple[MentionKind, ...] = ("name",)
AREA_FEATURES = {"continent", "country", "admin1", "admin2", "region", "water"}
PAINTED: tuple[Extent, ...] = ("possible", "zone", "core")
"""Extents in painting order: the widest first, so that the surest lies on top."""

MOST_QUOTES = 5
LONGEST_QUOTE = 400
MOST_ARTICLE_SOURCES = 20

PLACE_COLUMNS = (
    *("id", "symbol", "name", "feature", "country", "admin1", "admin2", "lat", "lon", "population"),
    *("mentions", "articles", "confidence", "spellings", "first_date", "last_date", "quotes"),
    *("source", "method", "accuracy_m", "licence"),
)
MENTION_COLUMNS = (
    *("id", "symbol", "article", "start", "end", "text", "kind", "sentence", "place", "name", "feature", "country"),
    *("admin1", "confidence", "title", "source", "date", "url", "method", "accuracy_m", "licence"),
)
FOOTPRINT_COLUMNS = (
    *("id", "symbol", "extent", "certainty", "phrase", "relation", "places", "area_km2", "article", "start", "end"),
    *("sentence", "title", "source", "date", "url", "method", "licence"),
)
RESOLVED = "toponym recognition and resolution against the gazetteer"


@dataclass(slots=True)
class _Gathered:
    """A place with all the mentions that resolved to it."""

    place: Place
    found: list[tuple[Article, Resolution, Mention]] = field(default_factory=list)


def places_layer(readings: Iterable[Reading], kinds: Collection[MentionKind] = NAMES_ONLY) -> Layer:
    """Return one feature a place, those with most mentions first.

    Parameters
    ----------
    readings
        What was read; mentions that resolved to nothing are in the mentions layer, not here.
    kinds
        Which kinds of mention count.
    """
    readings = tuple(readings)
    gathered = _gather(readings, kinds)
    rows = sorted((_place_row(g) for g in gathered), key=lambda row: (-row["mentions"], row["id"]))
    return Layer(
        name="places",
        title="Places mentioned",
        description="One feature a place that the articles name; the circle's area stands for the number of mentions.",
        features=features(rows, PLACE_COLUMNS),
        style=places_style([row["mentions"] for row in rows]),
        sources=unique([*gazetteers(g.place.source for g in gathered), *_article_sources(readings)]),
    )


def _gather(readings: Sequence[Reading], kinds: Collection[MentionKind]) -> list[_Gathered]:
    places: dict[str, _Gathered] = {}
    for reading in readings:
        for resolution, mention in _counted(reading, kinds):
            if resolution.place is not None:
                gathered = places.setdefault(resolution.place.id, _Gathered(resolution.place))
                gathered.found.append((reading.article, resolution, mention))
    return list(places.values())


def _counted(reading: Reading, kinds: Collection[MentionKind]) -> list[tuple[Resolution, Mention]]:
    return [(r, r.mention) for r in reading.resolutions if r.mention is not None and r.mention.kind in kinds]


def _place_row(gathered: _Gathered) -> dict[str, Any]:
    from shapely.geometry import Point

    place = gathered.place
    confidence = max(resolution.confidence for _, resolution, _ in gathered.found)
    dates = sorted(article.date for article, _, _ in gathered.found if article.date)
    return {
        **place_facts(place),
        # What a person has looked at is no longer drawn as uncertain; the confidence stays the machine's.
        "symbol": place_symbol(place, 1.0 if any(r.review for _, r, _ in gathered.found) else confidence),
        "mentions": len(gathered.found),
        "articles": len({article.id for article, _, _ in gathered.found}),
        "confidence": round(confidence, 4),
        "spellings": "; ".join(sorted({mention.text for _, _, mention in gathered.found})),
        "first_date": _iso(dates[0] if dates else None),
        "last_date": _iso(dates[-1] if dates else None),
        "quotes": _quotes(gathered),
        "geometry": Point(place.lon, place.lat),
    }


def place_facts(place: Place) -> dict[str, Any]:
    """Return what a feature says of its place, whoever names it."""
    return {
        "id": place.id,
        "name": place.name,
        "feature": place.feature,
        "country": place.country,
        "admin1": place.admin1,
        "admin2": place.admin2,
        "lat": place.lat,
        "lon": place.lon,
        "population": place.population or None,
        "source": place.source,
        "method": RESOLVED,
        "accuracy_m": round(place.uncertainty_km * 1000) or None,
        "licence": licence_of(gazetteer_sources(place.source)),
    }


def place_symbol(place: Place, confidence: float) -> str:
    """Return how a place is drawn that was resolved with this confidence, from 0 to 1."""
    shape = "area" if place.feature in AREA_FEATURES else "point"
    return shape if confidence >= UNSURE_BELOW else f"{shape}-unsure"


def _quotes(gathered: _Gathered) -> list[dict[str, Any]]:
    """Return at most `MOST_QUOTES` sentences, one from each article before a second from any."""
    per_article: dict[str, int] = {}
    ranked: list[tuple[int, int, dict[str, Any]]] = []
    for position, (article, _, mention) in enumerate(gathered.found):
        turn = per_article[article.id] = per_article.get(article.id, -1) + 1
        ranked.append((turn, position, quote(article, mention)))
    distinct = {(q["article"], q["sentence"]): q for _, _, q in sorted(ranked, key=lambda item: item[:2], reverse=True)}
    return list(reversed(distinct.values()))[:MOST_QUOTES]


def quote(article: Article, mention: Mention) -> dict[str, Any]:
    """Return the sentence around a mention with where it is from; ``mark`` is the mention's span within it."""
    start, end = _excerpt(mention)
    before, after = "…" * (start > mention.sentence[0]), "…" * (end < mention.sentence[1])
    shift = start - len(before)
    return {
        "sentence": before + article.text[start:end] + after,
        "mark": [mention.start - shift, mention.end - shift],
        **_provenance(article),
    }


def _excerpt(mention: Mention) -> Span:
    """Return the span of the mention's sentence, shortened around the mention where it is very long."""
    start, end = mention.sentence
    if end - start <= LONGEST_QUOTE:
        return start, end
    reach = max(LONGEST_QUOTE - (mention.end - mention.start), 0) // 2
    return max(start, mention.start - reach), min(end, mention.end + reach)


def _provenance(article: Article) -> dict[str, Any]:
    return {
        "article": article.id,
        "title": article.title,
        "source": article.credit,
        "date": _iso(article.date),
        "url": article.url,
    }


def _iso(date: dt.date | None) -> str | None:
    return date.isoformat() if date else None


def _article_sources(readings: Sequence[Reading]) -> list[Source]:
    return [article_source(reading.article) for reading in readings[:MOST_ARTICLE_SOURCES]]


def mentions_layer(readings: Iterable[Reading], kinds: Collection[MentionKind] = NAMES_ONLY) -> Layer:
    """Return one feature a mention, in text order; the geometry of unresolved ones is None."""
    readings = tuple(readings)
    counted = [(reading.article, *found) for reading in readings for found in _counted(reading, kinds)]
    places = [resolution.place for _, resolution, _ in counted if resolution.place is not None]
    rows = [_mention_row(*found) for found in counted]
    return Layer(
        name="mentions",
        title="Mentions",
        description="One feature a mention; those that resolved to no place are kept without a location.",
        features=features(rows, MENTION_COLUMNS),
        style=mentions_style(),
        sources=unique([*gazetteers(place.source for place in places), *_article_sources(readings)]),
    )


def _mention_row(article: Article, resolution: Resolution, mention: Mention) -> dict[str, Any]:
    from shapely.geometry import Point

    place = resolution.place
    return {
        **mention_row(article, resolution),
        **_provenance(article),
        "id": f"{article.id}:{mention.start}-{mention.end}",
        "symbol": "mention" if place else "unresolved",
        "method": RESOLVED,
        "accuracy_m": (round(place.uncertainty_km * 1000) or None) if place else None,
        "licence": licence_of(gazetteer_sources(place.source)) if place else None,
        "geometry": Point(place.lon, place.lat) if place else None,
    }


def footprints_layer(readings: Iterable[Reading]) -> Layer:
    """Return the extents of every locative expression, widest first; an empty extent has no feature."""
    readings = tuple(readings)
    footprints = [footprint for reading in readings for footprint in reading.footprints]
    rows = [
        _footprint_row(reading.article, footprint, extent)
        for extent in PAINTED
        for reading in readings
        for footprint in reading.footprints
        if not footprint.extent(extent).is_empty
    ]
    return Layer(
        name="footprints",
        title="Areas described in words",
        description="Approximate areas that stand for phrases such as “the north of the province”.",
        features=features(rows, FOOTPRINT_COLUMNS),
        style=footprints_style(),
        sources=unique([*_drawn_from(footprints), *_article_sources(readings)]),
        approximate=True,
    )


def _drawn_from(footprints: Iterable[Footprint]) -> tuple[Source, ...]:
    """Return what footprints are drawn from: gazetteer entries, and Natural Earth's boundaries and coasts."""
    entries = gazetteers(place.source for footprint in footprints for place in footprint.places)
    return unique([*entries, NATURAL_EARTH]) if entries else ()


def _footprint_row(article: Article, footprint: Footprint, extent: Extent) -> dict[str, Any]:
    geometry = footprint.extent(extent)
    sentence = article.text[slice(*footprint.sentence)] if footprint.sentence else None
    return {
        **_provenance(article),
        "id": f"{article.id}:{footprint.start}-{footprint.end}:{extent}",
        "symbol": extent,
        "extent": extent,
        "certainty": EXTENT_LABELS[extent],
        "phrase": footprint.phrase,
        "relation": footprint.relation,
        "places": "; ".join(place.name for place in footprint.places),
        "area_km2": round(area_km2(geometry), 1),
        "start": footprint.start,
        "end": footprint.end,
        "sentence": sentence,
        "method": f"locative expression, rule {footprint.relation}",
        "licence": licence_of(_drawn_from([footprint])),
        "geometry": geometry,
    }
