"""Readings as lines of JSON that hold all that is kept of an article: what workspaces are exchanged by.

One line is one article with its text, everything read in it and every place named, by itself. Numbers are written so
that they come back the same to the last bit, areas as well-known binary in hex. The same content gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from geo.errors import InputError
from geo.geometry import valid
from geo.model import (
    EXTENTS,
    Article,
    Candidate,
    Evidence,
    Footprint,
    Mention,
    Place,
    Reading,
    Resolution,
    Review,
    Span,
)
from geo.workspace.appearances import Appearance
from geo.workspace.outlines import FARTHEST, geometry_of
from geo.workspace.packing import PLACE_FIELDS, check_article, check_names, check_text, content_hash, places_in
from geo.workspace.plain import number, span, whole, words, words_or_none
from geo.workspace.reviews import check_review

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Reviews = tuple[tuple[Span, Review], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What a workspace keeps of a text: its reading and the version that made it, and what people decided.

    ``reading`` is None where only decisions are left, of an article that was deleted. ``appearances`` are those beside
    the reading's own, in order.
    """

    content_hash: str
    made_by: str
    reading: Reading | None
    reviews: Reviews = ()
    appearances: tuple[Appearance, ...] = ()


def line_of(kept: Kept) -> bytes:
    """Return what is kept as one line."""
    reviews = {"content_hash": kept.content_hash, "reviews": [_review_record(*review) for review in kept.reviews]}
    if kept.reading is None:
        return json_line(reviews)
    return json_line(
        {
            **reviews,
            "article": _article_record(kept.reading.article),
            "made_by": kept.made_by,
            "appearances": [_appearance_record(item) for item in kept.appearances],
            "places": {place.id: _place_record(place) for place in places_in(kept.reading)},
            "mentions": [_mention_record(resolution) for resolution in kept.reading.resolutions],
            "footprints": [_footprint_record(footprint) for footprint in kept.reading.footprints],
        }
    )


def json_line(record: Mapping[str, Any]) -> bytes:
    """Return a record as one line: ASCII, for texts may hold halves of characters."""
    return json.dumps(record, allow_nan=False, separators=(",", ":"), sort_keys=True).encode("ascii") + b"\n"


def kept_of(line: bytes) -> Kept:
    """Return what a line keeps.

    Raises
    ------
    InputError
        The line is none of ours.
    """
    try:
        record = json.loads(line)
        key, reviews = str(record["content_hash"]), tuple(_review(*values) for values in record["reviews"])
        if "article" not in record:
            return Kept(key, "", None, reviews)
        places = {id: _place(id, **values) for id, values in record["places"].items()}
        article = _article(record["article"])
        mentions = tuple(_resolution(values, article.text, places) for values in record["mentions"])
        footprints = tuple(_footprint(values, places) for values in record["footprints"])
        check_article(article)
        _check_hash(article, key)
        besides = tuple(_appearance(values) for values in record["appearances"])
        return Kept(key, words(record["made_by"]), Reading(article, mentions, footprints), reviews, besides)
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError, RecursionError) as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError(f"It is no line of an exported workspace ({reason[:200]}).", "Export it again.") from error


def _article_record(article: Article) -> dict[str, Any]:
    record = asdict(article)
    record["date"] = article.date.isoformat() if article.date else None
    record["time"] = article.time.isoformat() if article.time else None
    return record


def _article(record: dict[str, Any]) -> Article:
    said = {name: words_or_none(record[name]) for name in ("source_role", "language")} | {"text": words(record["text"])}
    return Article(
        **record
        | said
        | {
            "date": dt.date.fromisoformat(record["date"]) if record["date"] else None,
            "time": dt.time.fromisoformat(record["time"]) if record["time"] else None,
            "dateline": _span(record["dateline"]),
            "boilerplate": tuple(span(each) for each in record["boilerplate"]),
        }
    )


def _appearance_record(item: Appearance) -> dict[str, Any]:
    return {**asdict(item), "date": item.date.isoformat() if item.date else None}


def _appearance(record: dict[str, Any]) -> Appearance:
    date = dt.date.fromisoformat(record["date"]) if record["date"] else None
    item = Appearance(**record | {"date": date})
    check_text("An appearance", (item.source, item.source_role, item.title, item.url))
    check_names("An appearance", {"source": item.source})
    return item


def _span(values: Sequence[int] | None) -> Span | None:
    return None if values is None else span(values)


def _check_hash(article: Article, key: str) -> None:
    if content_hash(article) != key:
        raise ValueError("the text is not that of the hash")


def _review_record(span: Span, review: Review) -> list[Any]:
    place = {"id": review.place.id, **_place_record(review.place)} if review.place else None
    return [*span, review.verdict, place, review.reviewer, review.time.isoformat(), review.note]


def _review(start: int, end: int, verdict: Any, place: dict[str, Any] | None, *said: str) -> tuple[Span, Review]:
    reviewer, time, note = map(words, said)
    review = Review(verdict, _place(**place) if place else None, reviewer, dt.datetime.fromisoformat(time), note)
    check_review(review)
    return span((start, end)), review


def _place_record(place: Place) -> dict[str, Any]:
    return {name: getattr(place, name) for name in PLACE_FIELDS if name != "id"}


def _place(id: str, **record: Any) -> Place:
    for name, kind in _PLACE_KINDS.items():
        record[name] = kind(record[name])
    return Place(id=words(id), **record)


_PLACE_KINDS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("name", "feature", "source"), words),
    **dict.fromkeys(("country", "admin1", "admin2"), words_or_none),
    "lat": partial(number, least=-90, largest=90),
    "lon": partial(number, least=-180, largest=180),
    "population": partial(whole, largest=2**63 - 1),
    "uncertainty_km": partial(number, least=0),
}


def _mention_record(resolution: Resolution) -> dict[str, Any]:
    mention = resolution.mention
    assert mention is not None, "a reading's resolutions are of mentions"
    return {
        **asdict(mention),
        "query": resolution.query,
        "place": resolution.place.id if resolution.place else None,
        "confidence": resolution.confidence,
        "evidence": _evidence_record(resolution.evidence),
        "alternatives": [[c.place.id, c.confidence, _evidence_record(c.evidence)] for c in resolution.alternatives],
    }


def _resolution(record: dict[str, Any], text: str, places: Mapping[str, Place]) -> Resolution:
    start, end = span((record["start"], record["end"]))
    if record["text"] != text[start:end]:
        raise ValueError(f"{record['text']!r} is not what the text says there")
    sentence, probability = span(record["sentence"]), number(record["probability"])
    alternatives = ((places[id], number(sure), _evidence(parts)) for id, sure, parts in record["alternatives"])
    return Resolution(
        query=words(record["query"]),
        place=places[record["place"]] if record["place"] is not None else None,
        confidence=number(record["confidence"]),
        evidence=_evidence(record["evidence"]),
        alternatives=tuple(Candidate(*each) for each in alternatives),
        mention=Mention(start, end, text[start:end], words(record["kind"]), sentence, probability),  # type: ignore[arg-type]
    )


def _evidence_record(evidence: Sequence[Evidence]) -> list[list[Any]]:
    return [[part.feature, part.value, part.weight] for part in evidence]


def _evidence(parts: Sequence[Sequence[Any]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(words(feature), number(value), number(weight)) for feature, value, weight in parts)


def _footprint_record(footprint: Footprint) -> dict[str, Any]:
    from shapely import to_wkb

    return {
        "start": footprint.start,
        "end": footprint.end,
        "phrase": footprint.phrase,
        "relation": footprint.relation,
        "sentence": footprint.sentence,
        "places": [place.id for place in footprint.places],
        **{extent: to_wkb(footprint.extent(extent), hex=True, byte_order=1) for extent in EXTENTS},
    }


def _area(value: Any) -> BaseGeometry:
    """Return an area; one that reaches many times around the globe would take for ever to draw.

    One that crosses itself is mended: nothing can be drawn of it as it is.
    """
    import numpy as np
    from shapely import get_coordinates

    area = geometry_of(value)
    if not (np.abs(get_coordinates(area)) <= FARTHEST).all():
        raise ValueError(f"an area reaches beyond {FARTHEST:.0f} degrees")
    return valid(area)


def _footprint(record: dict[str, Any], places: Mapping[str, Place]) -> Footprint:
    core, zone, possible = (_area(record[extent]) for extent in EXTENTS)
    start, end = span((record["start"], record["end"]))
    return Footprint(
        start=start,
        end=end,
        phrase=words(record["phrase"]),
        relation=words(record["relation"]),
        core=core,
        zone=zone,
        possible=possible,
        places=tuple(places[id] for id in record["places"]),
        sentence=_span(record["sentence"]),
    )
