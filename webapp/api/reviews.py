"""``/api/v1/reviews``: what people decide about mentions. Only requests of this site's own pages, or of programs."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import Forbidden, UnsupportedMediaType

from geo.errors import InputError, UnknownNameError
from geo.exports.readings import review_record
from geo.model import Review
from webapp.api.bodies import read_json
from webapp.parameters import required, whole
from webapp.searching import places_of
from webapp.service import service

if TYPE_CHECKING:
    from geo.model import Place, Reading, Resolution, Span
    from geo.workspace.reviews import Reviewed

blueprint = Blueprint("reviews", __name__, url_prefix="/api/v1/reviews")

LONGEST_NAME = 100
LONGEST_NOTE = 2000
LARGEST_OFFSET = 10**9

_EXAMPLE = (
    'Send JSON such as {"article": "…", "start": 12, "end": 17, "verdict": "accepted", "reviewer": "A. Reader"}; '
    'with "verdict": "corrected" also the place\'s id under "place".'
)


class _Wanted(NamedTuple):
    """A review as asked for; ``place`` is an id or empty."""

    article: str
    span: Span
    verdict: str
    reviewer: str
    note: str
    place: str


@blueprint.before_request
def _own_pages_only() -> None:
    """Refuse to change anything for another site's page: its forms cannot send JSON, and browsers name the origin."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if not service().settings.reviews:
        raise Forbidden
    origin, fetched_from = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if (origin and urlsplit(origin).netloc != request.host) or fetched_from not in {"same-origin", "none"}:
        raise Forbidden
    if request.method == "POST" and request.mimetype != "application/json":
        raise UnsupportedMediaType


@blueprint.get("")
def reviews() -> Response:
    """Return what was decided about an article's mentions."""
    article = required(request.args, "article")
    return jsonify(article=article, reviews=[_record(item) for item in service().reviews(article)])


def _record(item: Reviewed) -> dict[str, Any]:
    start, end = item.span
    return {"start": start, "end": end, "text": item.text, "orphaned": item.orphaned, **review_record(item.review)}


@blueprint.post("")
def review() -> tuple[Response, HTTPStatus]:
    """Keep what a person decided about a mention, in the place of what was decided before."""
    wanted = _wanted(read_json(request, _EXAMPLE))
    found = _mention(service().reading(wanted.article), wanted.span)
    made = Review(
        verdict=wanted.verdict,  # type: ignore[arg-type]  # the workspace checks it
        place=_place(wanted, found),
        reviewer=wanted.reviewer,
        time=dt.datetime.now(dt.UTC).replace(microsecond=0),
        note=wanted.note,
    )
    service().workspace.review(wanted.article, wanted.span, made)
    kept = next(item for item in service().reviews(wanted.article) if item.span == wanted.span)
    return jsonify(_record(kept)), HTTPStatus.CREATED


@blueprint.delete("")
def unreview() -> tuple[str, HTTPStatus]:
    """Remove a review: the machine's result counts again."""
    start, end = (whole(request.args, name, 0, LARGEST_OFFSET) for name in ("start", "end"))
    service().workspace.unreview(required(request.args, "article"), (start, end))
    return "", HTTPStatus.NO_CONTENT


def _wanted(body: dict[str, Any]) -> _Wanted:
    start, end = body.get("start"), body.get("end")
    if type(start) is not int or type(end) is not int or not 0 <= start < end <= LARGEST_OFFSET:
        raise InputError("The span is no pair of character offsets.", _EXAMPLE)
    return _Wanted(
        article=_text(body, "article", LONGEST_NOTE),
        span=(start, end),
        verdict=_text(body, "verdict", LONGEST_NAME),
        reviewer=_text(body, "reviewer", LONGEST_NAME),
        note=_text(body, "note", LONGEST_NOTE),
        place=_text(body, "place", LONGEST_NOTE),
    )


def _text(body: dict[str, Any], key: str, longest: int) -> str:
    """Return a text of the body, empty where it is not there."""
    value = body.get(key)
    if not isinstance(value, str | None):
        raise InputError(f"The value of {key!r} is not a string.", _EXAMPLE)
    value = (value or "").strip()
    if len(value) > longest or "\0" in value:
        raise InputError(f"The value of {key!r} is too long or no text.", f"Give at most {longest} characters.")
    return value


def _mention(reading: Reading, span: Span) -> Resolution:
    for resolution in reading.resolutions:
        mention = resolution.mention
        if mention and (mention.start, mention.end) == span:
            return resolution
    raise UnknownNameError(f"There is no mention from {span[0]} to {span[1]}.", "Give the span of a mention.")


def _place(wanted: _Wanted, found: Resolution) -> Place | None:
    """Return the place of a verdict: the machine's where it is accepted, the one named where it is corrected."""
    if wanted.verdict == "accepted":
        return found.review.machine if found.review else found.place
    if not wanted.place:
        return None
    known = {candidate.place.id: candidate.place for candidate in found.alternatives}
    place = known.get(wanted.place) or next(iter(places_of(wanted.place, service().settings)), None)
    if place is None:
        raise UnknownNameError(f"There is no place {wanted.place!r}.", "Find its id with /api/v1/suggest or /resolve.")
    return place
