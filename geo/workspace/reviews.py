"""What people decide about mentions: kept by text and span, so that it outlives every reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, case, delete, func, insert, select, update

from geo.errors import InputError, UnknownNameError
from geo.model import UNSURE_BELOW, Review, Span
from geo.workspace.counting import count_in, count_out
from geo.workspace.database import decoding
from geo.workspace.packing import check_text
from geo.workspace.rows import place_from
from geo.workspace.tables import article_places, articles, contents, mentions, places, reviews

_WITH_PLACE = {"accepted", "corrected"}
_VERDICTS = _WITH_PLACE | {"rejected", "unresolved"}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A review with the span it is about.

    ``text`` is the span's own; ``orphaned`` tells that the article as last read has no mention there.
    """

    span: Span
    text: str
    review: Review
    orphaned: bool


def check_review(review: Review) -> None:
    """Raise InputError where a review contradicts itself, or holds what no database takes."""
    check_text("The review", (review.reviewer, review.note))
    if review.verdict not in _VERDICTS:
        raise InputError(f"{review.verdict!r} is no verdict.", f"Give one of {', '.join(sorted(_VERDICTS))}.")
    if (review.place is not None) != (review.verdict in _WITH_PLACE):
        needed = "needs a place" if review.place is None else "has no place"
        raise InputError(f"The verdict {review.verdict!r} {needed}.", "Give a place with accepted and corrected only.")
    if not review.reviewer.strip():
        raise InputError("The review has no reviewer.", "Say who decided.")
    if review.time.tzinfo is None:
        raise InputError("The review's time has no time zone.", "Give it as 2017-08-03T10:32:00+00:00.")


def keep_review(connection: Connection, key: str, span: Span, review: Review, place: int | None) -> None:
    """Write a review in the place of an earlier one of the same text (by its hash) and span."""
    drop_review(connection, key, span)
    time = review.time.astimezone(dt.UTC).isoformat()
    values = {"content_hash": key, "start": span[0], "end": span[1], "place": place, "time": time}
    values |= {"verdict": review.verdict, "reviewer": review.reviewer, "note": review.note}
    connection.execute(insert(reviews).values(values))


def drop_review(connection: Connection, key: str, span: Span) -> bool:
    """Remove a review; tell whether there was one."""
    same = (reviews.c.content_hash == key, reviews.c.start == span[0], reviews.c.end == span[1])
    return bool(connection.execute(delete(reviews).where(*same)).rowcount)


def check_mention(connection: Connection, number: int, span: Span) -> None:
    """Raise UnknownNameError where an article has no mention at a span."""
    there = (mentions.c.article == number, mentions.c.start == span[0], mentions.c.end == span[1])
    if connection.execute(select(mentions.c.position).where(*there)).first() is None:
        raise UnknownNameError(f"There is no mention from {span[0]} to {span[1]}.", "Give the span of a mention.")


def reviews_by_span(connection: Connection, keys: Sequence[str]) -> dict[str, dict[Span, Review]]:
    """Return the reviews of texts, by hash and span; ``machine`` is not filled in."""
    query = select(reviews, places).join_from(reviews, places, isouter=True).where(reviews.c.content_hash.in_(keys))
    found: dict[str, dict[Span, Review]] = {}
    with decoding(connection.engine):
        for row in connection.execute(query.order_by(reviews.c.start, reviews.c.end)).mappings():
            span = (row[reviews.c.start], row[reviews.c.end])
            found.setdefault(row[reviews.c.content_hash], {})[span] = _review_from(row)
    return found


def _review_from(row: Mapping[Any, Any]) -> Review:
    return Review(
        verdict=row[reviews.c.verdict],
        place=None if row[reviews.c.place] is None else place_from({c.name: row[c] for c in places.c}),
        reviewer=row[reviews.c.reviewer],
        time=dt.datetime.fromisoformat(row[reviews.c.time]),
        note=row[reviews.c.note],
    )


def reviews_of(connection: Connection, number: int, key: str) -> list[Reviewed]:
    """Return the reviews of an article, by its number and its text's hash, in text order."""
    with decoding(connection.engine):
        text = connection.execute(select(contents.c.text).where(contents.c.article == number)).scalar_one()
    spans = select(mentions.c.start, mentions.c.end).where(mentions.c.article == number)
    there = {(start, end) for start, end in connection.execute(spans)}
    found = reviews_by_span(connection, [key]).get(key, {})
    return [Reviewed(span, text[slice(*span)], review, span not in there) for span, review in found.items()]


def recount_reviewed(connection: Connection, numbers: Mapping[str, int]) -> None:
    """Work out anew what articles name, by their texts' hashes, where a person has decided anything about them."""
    reviewed = select(reviews.c.content_hash).where(reviews.c.content_hash.in_(numbers)).distinct()
    for key in connection.execute(reviewed).scalars().all():
        _recount(connection, numbers[key])


def count_anew(connection: Connection, number: int) -> None:
    """Bring what is counted in step with what was decided about an article."""
    count_out(connection, [number])
    _recount(connection, number)
    count_in(connection, [number])


def _recount(connection: Connection, number: int) -> None:
    """Work out anew what an article names, machine and reviewers taken together."""
    connection.execute(delete(article_places).where(article_places.c.article == number))
    decided = and_(
        reviews.c.content_hash == articles.c.content_hash,
        reviews.c.start == mentions.c.start,
        reviews.c.end == mentions.c.end,
    )
    place = case((reviews.c.verdict.is_(None), mentions.c.place), else_=reviews.c.place)
    day = articles.c.moment // 100_000
    sure = case((reviews.c.verdict.is_not(None) | (mentions.c.confidence >= UNSURE_BELOW), 1), else_=0)
    named = (
        select(articles.c.number, place, day, articles.c.origin, func.count(), func.sum(sure))
        .select_from(articles.join(mentions).outerjoin(reviews, decided))
        .where(articles.c.number == number, mentions.c.kind == "name", place.is_not(None))
        .group_by(articles.c.number, place, day, articles.c.origin)
    )
    connection.execute(insert(article_places).from_select([c.name for c in article_places.c], named))
    own = article_places.c.article == number
    resolved = select(func.coalesce(func.sum(article_places.c.mentions), 0)).where(own).scalar_subquery()
    different = select(func.count()).select_from(article_places).where(own).scalar_subquery()
    changed = update(articles).where(articles.c.number == number).values(resolved=resolved, places=different)
    connection.execute(changed)
