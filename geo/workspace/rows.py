"""Between the model and the tables' rows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.model import EXTENTS, Article, Candidate, Evidence, Footprint, Mention, Place, Reading, Resolution, Span

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry
    from sqlalchemy import RowMapping as Row

Places = Mapping[str, Place]


def content_hash(article: Article) -> str:
    """Return the SHA-256 of an article's text, in hex: two articles with the same text are one."""
    return hashlib.sha256(article.text.encode("utf-8", "surrogatepass")).hexdigest()


def article_row(article: Article, id: str, made_by: str) -> dict[str, Any]:
    """Return an article as a row, under the id it is kept by."""
    start, end = article.dateline or (None, None)
    kept = ("text", "title", "date", "time", "source", "source_role", "language", "url")
    return {
        "id": id,
        "content_hash": content_hash(article),
        "dateline_start": start,
        "dateline_end": end,
        "boilerplate": [list(span) for span in article.boilerplate],
        "made_by": made_by,
        **{name: getattr(article, name) for name in kept},
    }


def article_from(row: Row) -> Article:
    """Return the article of a row."""
    kept = ("id", "text", "title", "date", "time", "source", "source_role", "language", "url")
    return Article(
        dateline=_span(row["dateline_start"], row["dateline_end"]),
        boilerplate=tuple((start, end) for start, end in row["boilerplate"]),
        **{name: row[name] for name in kept},
    )


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else (start, end)


_PLACE_FIELDS = (
    "id",
    "name",
    "feature",
    "country",
    "admin1",
    "admin2",
    "lat",
    "lon",
    "population",
    "uncertainty_km",
    "source",
)


def place_row(place: Place) -> dict[str, Any]:
    """Return a place as a row."""
    return {name: getattr(place, name) for name in _PLACE_FIELDS}


def place_from(row: Row) -> Place:
    """Return the place of a row."""
    return Place(**{name: row[name] for name in _PLACE_FIELDS})


def places_in(reading: Reading) -> Iterator[Place]:
    """Yield every place that a reading names: resolved, alternative, or under a footprint."""
    for resolution in reading.resolutions:
        if resolution.place:
            yield resolution.place
        yield from (candidate.place for candidate in resolution.alternatives)
    for footprint in reading.footprints:
        yield from footprint.places


def mention_rows(reading: Reading, article: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a reading's mentions, with what each resolved to."""
    for position, resolution in enumerate(reading.resolutions):
        mention = resolution.mention
        assert mention is not None, "a reading's resolutions are of mentions"
        yield {
            "article": article,
            "position": position,
            "start": mention.start,
            "end": mention.end,
            "text": mention.text,
            "kind": mention.kind,
            "sentence_start": mention.sentence[0],
            "sentence_end": mention.sentence[1],
            "probability": float(mention.probability),
            "query": resolution.query,
            "place": resolution.place.id if resolution.place else None,
            "confidence": float(resolution.confidence),
            "evidence": _plain(resolution.evidence),
            "alternatives": [[c.place.id, float(c.confidence), _plain(c.evidence)] for c in resolution.alternatives],
        }


def _plain(evidence: Sequence[Evidence]) -> list[list[Any]]:
    return [[part.feature, float(part.value), float(part.weight)] for part in evidence]


def _evidence(parts: Sequence[Sequence[Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(feature, value, weight) for feature, value, weight in parts)


def resolution_from(row: Row, places: Places) -> Resolution:
    """Return the resolution of a mention's row."""
    sentence = (row["sentence_start"], row["sentence_end"])
    return Resolution(
        query=row["query"],
        place=places[row["place"]] if row["place"] else None,
        confidence=row["confidence"],
        evidence=_evidence(row["evidence"]),
        alternatives=tuple(Candidate(places[id], sure, _evidence(parts)) for id, sure, parts in row["alternatives"]),
        mention=Mention(row["start"], row["end"], row["text"], row["kind"], sentence, row["probability"]),
    )


def footprint_rows(reading: Reading, article: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a reading's footprints."""
    for position, footprint in enumerate(reading.footprints):
        start, end = footprint.sentence or (None, None)
        yield {
            "article": article,
            "position": position,
            "start": footprint.start,
            "end": footprint.end,
            "phrase": footprint.phrase,
            "relation": footprint.relation,
            "sentence_start": start,
            "sentence_end": end,
            "places": [place.id for place in footprint.places],
            **{extent: _binary(footprint.extent(extent)) for extent in EXTENTS},
        }


def footprint_from(row: Row, places: Places) -> Footprint:
    """Return the footprint of a row."""
    from shapely import from_wkb

    core, zone, possible = (from_wkb(bytes(row[extent])) for extent in EXTENTS)
    return Footprint(
        start=row["start"],
        end=row["end"],
        phrase=row["phrase"],
        relation=row["relation"],
        core=core,
        zone=zone,
        possible=possible,
        places=tuple(places[id] for id in row["places"]),
        sentence=_span(row["sentence_start"], row["sentence_end"]),
    )


def _binary(geometry: BaseGeometry) -> bytes:
    from shapely import to_wkb

    binary: bytes = to_wkb(geometry)
    return binary


def place_ids(mentions: Sequence[Row], footprints: Sequence[Row]) -> set[str]:
    """Return the ids of the places that rows point to."""
    resolved = {row["place"] for row in mentions if row["place"]}
    alternatives = {alternative[0] for row in mentions for alternative in row["alternatives"]}
    return resolved | alternatives | {id for row in footprints for id in row["places"]}
