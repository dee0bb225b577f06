"""``/api/v1`` on what articles name: places, how often over time, and which together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from flask import Blueprint, Response, jsonify, request

from geo import pipeline
from geo.errors import InputError
from geo.exports.readings import place_record
from geo.gazetteer.index import open_index
from geo.workspace.results import Period
from webapp.answers import page_of, tagged
from webapp.parameters import Query, count, offset, read_query, text
from webapp.service import MOST_PAGE, PAGE, service

if TYPE_CHECKING:
    from geo.model import Zone
    from geo.workspace.results import Trend

blueprint = Blueprint("counts", __name__, url_prefix="/api/v1")

MOST_TRENDS = 20
"""Places whose trends are told at once."""

SUGGESTED = 8
"""Places suggested while a name is typed."""

MOST_TOLD = 40
"""Articles that are looked through for what they say of a place."""

TOLD = ("confidence", "spellings", "first_date", "last_date", "quotes")
"""What a place's details add to its feature on the map."""


@blueprint.get("/places")
def places() -> Response:
    """Return the places that articles name, those mentioned most first."""
    query, first, limit = read_query(request.args), offset(request.args), count(request.args, "limit", PAGE, MOST_PAGE)

    def make() -> Response:
        found = service().places(query, limit, first)
        rows = [{**place_record(f.place), "mentions": f.mentions, "articles": f.articles} for f in found]
        return page_of("places", rows, service().totals(query).places, (first, limit))

    return tagged(service().version(), make)


@blueprint.get("/places/<id:place_id>")
def place(place_id: str) -> Response:
    """Return what the newest articles say of a place itself."""
    query = read_query(request.args)
    return tagged(service().version(), lambda: jsonify(_told(query.about(place_id), place_id)))


def _told(query: Query, place_id: str) -> dict[str, Any]:
    readings = service().readings(query, MOST_TOLD)
    layer = pipeline.build_layers(readings, None, ["places"], service().settings)["places"]
    rows = layer.features[layer.features["id"] == place_id].drop(columns="geometry").to_dict("records")
    return {name: rows[0][name] if rows else None for name in TOLD}


@blueprint.get("/suggest")
def suggest() -> Response:
    """Return the most prominent places of the gazetteer with a name that begins like the text."""
    beginning, limit = text(request.args, "q"), count(request.args, "limit", SUGGESTED, PAGE)
    index = open_index(service().settings)
    found = [index.place(row) for row in index.find_beginning(beginning, limit).tolist()]
    return jsonify(query=beginning, places=[place_record(place) for place in found])


@blueprint.get("/trends")
def trends() -> Response:
    """Return mentions by period, of all that is found, of the places mentioned most or of the zones."""
    query, by = read_query(request.args), read_period(text(request.args, "by"))
    top, zones = count(request.args, "top", 0, MOST_TRENDS), each_zone(text(request.args, "each"))
    if top and zones:
        raise InputError("The parameters top and each both choose the trends.", "Give one of them.")

    def make() -> Response:
        if zones:
            return jsonify(_zone_trends(query, by))
        found = service().workspace.trend(service().search(query), by, top)
        return jsonify(by=by, trends=[_trend_record(trend) for trend in found])

    return tagged(service().version(), make)


def _zone_trends(query: Query, by: Period) -> dict[str, Any]:
    found = [_trend_record(trend, zone) for zone, trend in service().zone_trends(query, by)]
    notice = _notice(query, len(found))
    return {"by": by, "trends": found} | ({"notice": notice} if notice else {})


def _notice(query: Query, told: int) -> str:
    """Say why there are no trends of zones, or of how many there are none; empty where all are there."""
    if not told:
        return pipeline.no_zones_reason(query.on, service().settings)
    zones = len(pipeline.zones_on(query.on, service().settings))
    return f"The first {told} of {zones} zones; zone=… without each gives the trend of any." if zones > told else ""


def each_zone(name: str) -> bool:
    """Tell whether a trend is wanted for each zone.

    Raises
    ------
    InputError
        There is no such choice.
    """
    if name not in {"", "zone"}:
        raise InputError(f"The parameter each is {name!r}.", "Give zone, or leave it out.")
    return name == "zone"


def read_period(name: str) -> Period:
    """Return a period by its name, a month where none is given.

    Raises
    ------
    InputError
        There is no such period.
    """
    for period in get_args(Period):
        if name == period:
            return period  # type: ignore[no-any-return]
    if name:
        raise InputError(f"The parameter by is {name!r}.", f"Give {', '.join(get_args(Period))}.")
    return "month"


def _trend_record(trend: Trend, zone: Zone | None = None) -> dict[str, Any]:
    points = [
        {"start": point.start.isoformat(), "mentions": point.mentions, "articles": point.articles}
        for point in trend.points
    ]
    return {
        "place": place_record(trend.place) if trend.place else None,
        "zone": {"id": zone.id, "name": zone.names["en"]} if zone else None,
        "points": points,
    }


@blueprint.get("/together")
def together() -> Response:
    """Return the pairs of places that most articles name both of."""
    query, limit = read_query(request.args), count(request.args, "limit", PAGE, MOST_PAGE)

    def make() -> Response:
        found = service().workspace.together(service().search(query), limit)
        pairs = [
            {"first": place_record(pair.first), "second": place_record(pair.second), "articles": pair.articles}
            for pair in found.pairs
        ]
        return jsonify(of=found.of, pairs=pairs)

    return tagged(service().version(), make)
