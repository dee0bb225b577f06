"""Readings as records: what ``dateline read``, ``dateline resolve`` and the HTTP API print.

The keys are a contract with other programs; ``DESIGN.md`` shows one whole record.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from geo.exports.table import inert
from geo.model import Article, Candidate, Evidence, Footprint, Place, Reading, Resolution, Review, mention_row

COLUMNS = (
    *("article", "start", "end", "text", "kind", "place", "name", "feature", "country", "admin1"),
    *("confidence", "lon", "lat", "sentence"),
)


def reading_record(reading: Reading) -> dict[str, Any]:
    """Return one article as ``dateline read --format jsonl`` prints it."""
    return {
        **article_record(reading.article),
        "mentions": [_mention_record(resolution) for resolution in reading.resolutions],
        "footprints": [footprint_record(footprint) for footprint in reading.footprints],
    }


def article_record(article: Article) -> dict[str, Any]:
    """Return an article without its text."""
    return {
        "id": article.id,
        "title": article.title,
        "date": article.date.isoformat() if article.date else None,
        "time": article.time.isoformat("minutes") if article.time else None,
        "source": article.source,
        "source_role": article.source_role,
        "dateline": article.text[slice(*article.dateline)] if article.dateline else None,
        "language": article.language,
        "url": article.url,
    }


def _mention_record(resolution: Resolution) -> dict[str, Any]:
    mention = resolution.mention
    assert mention is not None, "a reading's resolutions all have mentions"
    return {
        "start": mention.start,
        "end": mention.end,
        "text": mention.text,
        "kind": mention.kind,
        "sentence": list(mention.sentence),
        **_belief(resolution),
        "alternatives": [_candidate_record(candidate) for candidate in resolution.alternatives],
        **({"review": review_record(resolution.review)} if resolution.review else {}),
    }


def review_record(review: Review) -> dict[str, Any]:
    """Return what a person decided, and apart from it what the machine had found."""
    return {
        "verdict": review.verdict,
        "place": place_record(review.place) if review.place else None,
        "reviewer": review.reviewer,
        "time": review.time.isoformat(),
        "note": review.note,
        "machine": place_record(review.machine) if review.machine else None,
    }


def _belief(belief: Resolution | Candidate) -> dict[str, Any]:
    return {
        "place": place_record(belief.place) if belief.place else None,
        "confidence": round(belief.confidence, 4),
        "evidence": [_evidence_record(evidence) for evidence in belief.evidence],
    }


def _candidate_record(candidate: Candidate) -> dict[str, Any]:
    return {**_identity(candidate.place), "confidence": round(candidate.confidence, 4)}


def _evidence_record(evidence: Evidence) -> dict[str, Any]:
    return {"feature": evidence.feature, "value": evidence.value, "weight": evidence.weight}


def place_record(place: Place) -> dict[str, Any]:
    """Return a place; coordinates are degrees in EPSG:4326, ``uncertainty_km`` is 0 where taken as exact."""
    return {
        **_identity(place),
        "population": place.population,
        "uncertainty_km": place.uncertainty_km,
        "source": place.source,
    }


def _identity(place: Place) -> dict[str, Any]:
    """Return which place it is, and where."""
    return {
        "id": place.id,
        "name": place.name,
        "feature": place.feature,
        "country": place.country,
        "admin1": place.admin1,
        "lat": place.lat,
        "lon": place.lon,
    }


def footprint_record(footprint: Footprint) -> dict[str, Any]:
    """Return a footprint; ``geometry`` is the best estimate (extent ``zone``) as GeoJSON."""
    from geo.exports.base import geojson_of, shape

    area = shape(footprint.zone)
    return {
        "start": footprint.start,
        "end": footprint.end,
        "phrase": footprint.phrase,
        "relation": footprint.relation,
        "places": [place.id for place in footprint.places],
        "geometry": geojson_of(area) if area else None,
    }


def query_record(query: str, resolutions: Sequence[Resolution]) -> dict[str, Any]:
    """Return what ``dateline resolve --format json`` prints for one name; no candidates where nothing fits."""
    return {"query": query, "candidates": [_belief(resolution) for resolution in resolutions]}


def json_lines(readings: Iterable[Reading]) -> Iterator[str]:
    """Return one line of JSON an article."""
    encode = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode  # records hold no cycles
    return (encode(reading_record(reading)) + "\n" for reading in readings)


def json_array(readings: Iterable[Reading]) -> Iterator[str]:
    """Return one JSON array of all articles, indented."""
    yield json.dumps([reading_record(reading) for reading in readings], ensure_ascii=False, indent=1) + "\n"


def csv_lines(readings: Iterable[Reading]) -> Iterator[str]:
    """Return a header and one line a mention; cells that a spreadsheet would run as formulas are made inert."""
    yield _csv_line(COLUMNS)
    for reading in readings:
        for resolution in reading.resolutions:
            row = mention_row(reading.article, resolution)
            yield _csv_line([inert(row[column]) for column in COLUMNS])


def _csv_line(cells: Sequence[Any]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue()


def table_lines(readings: Iterable[Reading]) -> Iterator[str]:
    """Return the articles and their mentions as aligned text for a terminal."""
    for reading in readings:
        yield from _article_lines(reading.article)
        rows = [_table_row(resolution) for resolution in reading.resolutions]
        yield from aligned([("mention", "place", "kind", "lat", "lon", "sure"), *rows]) if rows else ["  no places\n"]
        for footprint in reading.footprints:
            yield f"  area: {footprint.phrase!r} ({footprint.relation.replace('_', ' ')})\n"
        yield "\n"


def _article_lines(article: Article) -> Iterator[str]:
    record = article_record(article)
    yield f"{printable(article.title or article.id)}\n"
    facts = [record["date"], record["time"], article.credit, record["dateline"], record["language"]]
    yield "  " + " · ".join(printable(fact) for fact in facts if fact) + "\n"


def _table_row(resolution: Resolution) -> tuple[str, ...]:
    mention, place = resolution.mention, resolution.place
    assert mention is not None, "a reading's resolutions all have mentions"
    if place is None:
        return mention.text, "unresolved", mention.kind, "", "", ""
    where = ", ".join(part for part in (place.name, place.admin1, place.country) if part)
    kind = place.feature if mention.kind == "name" else f"{place.feature} ({mention.kind})"
    return mention.text, where, kind, f"{place.lat:.3f}", f"{place.lon:.3f}", f"{resolution.confidence:.2f}"


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Return rows as lines with aligned columns, indented by two."""
    cells = [[printable(cell) for cell in row] for row in rows]
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    for row in cells:
        yield "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n"


def printable(text: str) -> str:
    """Return text on one line without control characters: article text must not steer a terminal."""
    return "".join(char if char.isprintable() else " " for char in text)
