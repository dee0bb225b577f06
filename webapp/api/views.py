"""The routes of ``/api/v1``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, request

from geo import pipeline
from geo.exports import layer_bytes
from geo.exports import readings as records
from webapp.answers import page_of, tagged
from webapp.api.bodies import read_body
from webapp.exports import layer_answer
from webapp.parameters import count, offset, read_query, required, text
from webapp.service import MOST_PAGE, service

if TYPE_CHECKING:
    from geo.workspace.results import Carrier, Summary

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")

GEOJSON = "application/geo+json"
DEFAULT_ARTICLES = 100
MAX_CANDIDATES = 50
DEFAULT_CANDIDATES = 5


@blueprint.post("/geoparse")
def geoparse() -> Response:
    """Read the article in the body."""
    return jsonify(records.reading_record(pipeline.geoparse(read_body(request), service().settings)))


@blueprint.get("/resolve")
def resolve() -> Response:
    """Return the places a name may stand for."""
    name = required(request.args, "q")
    limit = count(request.args, "limit", DEFAULT_CANDIDATES, MAX_CANDIDATES)
    near, country = text(request.args, "near") or None, text(request.args, "country") or None
    found = pipeline.resolve(name, near=near, country=country, limit=limit, settings=service().settings)
    return jsonify(records.query_record(name, found))


@blueprint.get("/footprint")
def footprint() -> Response:
    """Return the footprint of a locative expression, one feature an extent."""
    found = pipeline.footprint(required(request.args, "q"), service().settings)
    return Response(layer_bytes(pipeline.footprint_layer(found), "geojson"), content_type=GEOJSON)


@blueprint.get("/zones")
def zones() -> Response:
    """Return the zones of a day, as the layer has them."""
    return layer_answer("zones", "geojson", read_query(request.args))


@blueprint.get("/articles")
def articles() -> Response:
    """Return what is known of each article, without its text."""
    query, first = read_query(request.args), offset(request.args)
    limit = count(request.args, "limit", DEFAULT_ARTICLES, MOST_PAGE)

    def make() -> Response:
        found, matches = service().articles(query, first, limit), service().totals(query).articles
        carried = service().workspace.carried_by([summary.id for summary in found])
        records = [_summary_record(summary, carried.get(summary.id, ())) for summary in found]
        return page_of("articles", records, matches, (first, limit))

    return tagged(service().version(), make)


def _summary_record(summary: Summary, carriers: Sequence[Carrier]) -> dict[str, Any]:
    date, time = summary.date, summary.time
    days = {"date": date.isoformat() if date else None, "time": time.isoformat("minutes") if time else None}
    return {**asdict(summary), **days, "carried_by": [_carrier_record(carrier) for carrier in carriers]}


def _carrier_record(carrier: Carrier) -> dict[str, Any]:
    return {**asdict(carrier), "date": carrier.date.isoformat() if carrier.date else None}


@blueprint.get("/articles/<id:article_id>")
def article(article_id: str) -> Response:
    """Return an article with everything that was read in it."""
    return tagged(service().version(), lambda: jsonify(_reading_record(article_id)))


def _reading_record(article_id: str) -> dict[str, Any]:
    carriers = service().workspace.carried_by([article_id]).get(article_id, ())
    carried_by = [_carrier_record(carrier) for carrier in carriers]
    return {**records.reading_record(service().reading(article_id)), "carried_by": carried_by}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Return the description of this interface."""
    return jsonify(_openapi())


@lru_cache(maxsize=1)
def _openapi() -> dict[str, Any]:
    import yaml

    description: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("openapi.yaml").read_text("utf-8"))
    return description
