"""``/briefing.<suffix>``: the map as one sheet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from threading import Lock
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request, url_for

from geo import pipeline
from geo.briefing.sheet import parse_size, sheet_bytes, suffix_of
from webapp.answers import tagged
from webapp.parameters import read_query, text
from webapp.service import service

if TYPE_CHECKING:
    from geo.briefing.sheet import Sheet

blueprint = Blueprint("briefing", __name__)

MEDIA_TYPES: Mapping[str, str] = {
    "png": "image/png",
    "svg": "image/svg+xml",
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""Formats of a sheet, by suffix."""

MOST_TOLD = 100
"""Articles that a sheet names and takes mentions and footprints from: more are no sheet."""

MOST_DRAWN = 500
"""Places on a sheet, those mentioned most."""

_drawing = Lock()  # matplotlib draws one picture at a time


@blueprint.get("/briefing.<suffix>")
def sheet(suffix: str) -> Response:
    """Return one sheet: map, legend, scale bar, sources, dates."""
    media_type = MEDIA_TYPES[suffix_of(suffix)]
    options = _options()

    def make() -> Response:
        with _drawing:
            return Response(sheet_bytes(_sheet(options), suffix), content_type=media_type)

    return tagged(service().version(), make)


def _options() -> pipeline.BriefOptions:
    query, size = read_query(request.args), text(request.args, "size")
    options = pipeline.BriefOptions(
        on=query.on, bbox=query.bbox, layers=query.layers, title=text(request.args, "title") or None, lang=query.lang
    )
    return replace(options, size=parse_size(size)) if size else options


def _sheet(options: pipeline.BriefOptions) -> Sheet:
    query = read_query(request.args)
    readings, counted = service().readings(query, MOST_TOLD), service().counted(query, MOST_DRAWN)
    link = url_for("pages.viewer", on=options.on, _external=True)
    return replace(pipeline.brief(readings, options, service().settings, counted), link=link)
