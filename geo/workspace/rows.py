"""From the tables' rows back to the model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.model import EXTENTS, Article, Footprint, Mention, Place, Resolution, Review, Span
from geo.workspace.details import Detail
from geo.workspace.packing import PLACE_FIELDS
from geo.workspace.tables import places

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Row = Mapping[Any, Any]

PLACE = tuple(places.c[name] for name in PLACE_FIELDS)
"""The columns that `place_of` takes."""


def article_from(row: Row) -> Article:
    """Return the article of a row of articles, origins and contents joined."""
    texts = {name: row[name] for name in ("id", "text", "title", "url")}
    if not all(isinstance(value, str | None) for value in texts.values()):
        raise TypeError("a text is none")  # SQLite takes bytes for one
    return Article(
        dateline=_span(row["dateline_start"], row["dateline_end"]),
        boilerplate=tuple((start, end) for start, end in row["boilerplate"]),
        source=row["source"] or None,
        source_role=row["source_role"] or None,
        language=row["language"] or None,
        date=row["date"],
        time=row["time"],
        **texts,
    )


def _span(start: int | None, end: int | None) -> Span | None:
    return None if start is None or end is None else (start, end)


def place_from(row: Row) -> Place:
    """Return the place of a row."""
    return Place(**{name: row[name] for name in PLACE_FIELDS})


def place_of(values: Sequence[Any]) -> Place:
    """Return the place of a row's values of `PLACE`: quicker for many than by their names."""
    return Place(**dict(zip(PLACE_FIELDS, values, strict=True)))


def mention_from(row: Row, text: str) -> Mention:
    """Return the mention of a row, in an article's text."""
    start, end = row["start"], row["end"]
    sentence = (row["sentence_start"], row["sentence_end"])
    return Mention(start, end, text[start:end], row["kind"], sentence, row["probability"])


def resolution_from(
    row: Row, mention: Mention, detail: Detail, review: Review | None, places: Mapping[Any, Place]
) -> Resolution:
    """Return the resolution of a mention's row; places by number and by id."""
    return Resolution(
        query=mention.text if row["query"] is None else row["query"],
        place=review.place if review else places.get(row["place"]),
        confidence=row["confidence"],
        evidence=detail.evidence,
        alternatives=detail.candidates(places),
        mention=mention,
        review=review,
    )


def footprint_from(row: Row, shapes: Mapping[int, BaseGeometry], places: Mapping[Any, Place]) -> Footprint:
    """Return the footprint of a row; shapes by number, places by id."""
    core, zone, possible = (shapes[row[extent]] for extent in EXTENTS)
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
