"""The routes of the pages."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, render_template, request

from geo.briefing.sheet import SUFFIXES as SHEETS
from geo.exports import FORMATS
from geo.model import Resolution
from geo.zones.zones import timeline
from webapp.pages import rows, segments
from webapp.pages.maps import bare_page, page_map
from webapp.parameters import Query, offset, read_query
from webapp.service import PAGE, service

blueprint = Blueprint("pages", __name__)
blueprint.add_app_template_filter(rows.day_text, "day")
blueprint.add_app_template_filter(rows.figure, "figure")


@blueprint.app_template_filter("resolved")
def resolved(resolution: Resolution) -> str:
    """Say what a mention was resolved to, with the name of its country."""
    return rows.resolved_text(resolution, service().country_name)


@blueprint.get("/")
def viewer() -> str:
    """Show the articles, places and zones beside their map."""
    query, first = read_query(request.args), offset(request.args)
    return render_template(
        "viewer.html",
        articles=service().articles(query, first),
        found=service().count(query),
        total=service().count(Query()),
        first=first,
        page=PAGE,
        places=rows.place_rows(service().layers(["places"], query)["places"], service().country_name),
        **_around(query),
    )


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Return the icon that browsers ask for where a page names none."""
    return current_app.send_static_file("icon.svg")


@blueprint.get("/map")
def bare_map() -> str:
    """Show the map alone, for a frame in another page."""
    return bare_page(read_query(request.args))


@blueprint.get("/articles/<path:article_id>")
def article(article_id: str) -> str:
    """Show an article with its mentions marked, beside the map of them."""
    query = read_query(request.args).of_article(article_id)
    reading = service().readings(query)[0]
    query = query.as_of(reading.article.date, timeline(service().settings))
    return render_template(
        "article.html",
        article=reading.article,
        facts=rows.article_facts(reading.article),
        shown=segments.shown(reading),
        marks=rows.marks(reading),
        footprints=rows.footprint_rows(service().layers(["footprints"], query)["footprints"]),
        **_around(query),
    )


def _around(query: Query) -> dict[str, Any]:
    """Return what both pages with lists show around them: the map, the zones and their day, the ways out."""
    days = timeline(service().settings)
    return {
        "query": query,
        "args": query.as_args(),
        "map": page_map(query),
        "zones": rows.zone_rows(service().layers(["zones"], query)["zones"]),
        "axis": rows.TimeAxis(days.first_day, days.last_day, rows.periods(days.zones)),
        "day": query.on or days.default_day,
        "formats": FORMATS.values(),
        "sheets": SHEETS,
    }
