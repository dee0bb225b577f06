"""``/layers/<layer>.geojson`` and ``/exports/<layer>.<suffix>``: layers as files."""

from __future__ import annotations

from flask import Blueprint, Response, request

from geo.exports import format_of, layer_bytes
from geo.pipeline import check_layer_name
from webapp.answers import compact, tagged
from webapp.mapviews import CLOSEST, FARTHEST, view_of
from webapp.parameters import Query, read_query, text, whole
from webapp.service import service

blueprint = Blueprint("exports", __name__)


@blueprint.get("/layers/<layer>.geojson")
def layer_geojson(layer: str) -> Response:
    """Return what the viewer loads: a whole layer, or with ``zoom`` what one view of the map shows of it."""
    query = read_query(request.args)
    if not text(request.args, "zoom"):
        return layer_answer(layer, "geojson", query)
    check_layer_name(layer)
    zoom = whole(request.args, "zoom", FARTHEST, CLOSEST)
    media_type = format_of("geojson").media_type

    def make() -> Response:
        return Response(compact(view_of(service(), layer, query, zoom)), content_type=media_type)

    return tagged(service().version_of_layer(layer, query), make)


@blueprint.get("/exports/<file>")
def export(file: str) -> Response:
    """Return a layer as a file to keep; the suffix of its name says in which format."""
    layer, _, suffix = file.partition(".")
    answer = layer_answer(layer, suffix, read_query(request.args))
    answer.headers.set("Content-Disposition", "attachment", filename=f"{layer}.{suffix}")
    return answer


def layer_answer(name: str, suffix: str, query: Query) -> Response:
    """Return a layer in the format of that suffix.

    Raises
    ------
    UnknownNameError
        There is no such layer, article or format.
    """
    check_layer_name(name)
    media_type = format_of(suffix).media_type

    def make() -> Response:
        layer = service().layers([name], query)[name]
        return Response(layer_bytes(layer, suffix, query.bbox), content_type=media_type)

    return tagged(service().version_of_layer(name, query), make)
