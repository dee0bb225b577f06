"""The routes of the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, render_template, request

from geo.briefing.sheet import SUFFIXES as SHEETS
from geo.exports import FORMATS
from geo.model import Resolution
from geo.zones.zones import timeline
from webapp.answers import tagged
from webapp.api.counts import each_zone, read_period
from webapp.pages import charts, parts, rows, segments
from webapp.pages.maps import bare_page, page_map
from webapp.parameters import Query, offset, read_query, text
from webapp.searching import places_of
from webapp.service import MOST_ARTICLES, MOST_PLACES, PAGE, service

if TYPE_CHECKING:
    from geo.workspace.results import Period, Trend

blueprint = Blueprint("pages", __name__)

MOST_TRENDS = 3
"""Places that have a chart of their own."""

MOST_PAIRS = 15
"""Pairs of places in the list of those named together."""

blueprint.add_app_template_filter(rows.day_text, "day")
blueprint.add_app_template_filter(parts.figure, "figure")
blueprint.add_app_template_filter(rows.zoom_of, "zoom")
blueprint.add_app_template_filter("{:,}".format, "thousands")


@blueprint.app_template_filter("resolved")
def resolved(resolution: Resolution) -> str:
    """Say what a mention was resolved to, with the name of its country."""
    return rows.resolved_text(resolution, service().country_name)


@blueprint.get("/")
def viewer() -> str:
    """Show the articles, places and zones beside their map."""
    query = read_query(request.args)
    return render_template("viewer.html", **_lists(query), **_around(query), area=parts.shapes(query))


@blueprint.get("/lists")
def lists() -> Response:
    """Return the viewer's lists alone: what its page replaces when the workspace has changed."""
    query = read_query(request.args)

    def make() -> Response:
        return Response(render_template("_lists.html", **_lists(query), **_days(query)))

    return tagged(service().version(), make)


def _lists(query: Query) -> dict[str, Any]:
    """Return a page of the articles found and the places mentioned most in them."""
    first = offset(request.args)
    articles = service().articles(query, first)
    carried = service().workspace.carried_by([article.id for article in articles])
    return {
        "articles": articles,
        "carried": {article.id: carried.get(article.id, ()) for article in articles},
        "totals": service().totals(query),
        "all": service().totals(Query()).articles,
        "whole": {"places": MOST_PLACES, "articles": MOST_ARTICLES},
        "first": first,
        "page": PAGE,
        "places": rows.place_rows(service().places(query), service().country_name),
        "args": query.as_args(),
        "chips": rows.chips(query, _described),
    }


@blueprint.get("/trends")
def trends() -> Response:
    """Show how often places are named over time and which together, as a page or as the part that the viewer shows."""
    query, by, zones = read_query(request.args), text(request.args, "by"), each_zone(text(request.args, "each"))
    template = "_trends.html" if text(request.args, "part") else "trends.html"

    def make() -> Response:
        page = render_template(template, **_trends(query, by, zones), **_days(query), args=query.as_args())
        return Response(page)

    return tagged(service().version(), make)


def _trends(query: Query, by: str, zones: bool) -> dict[str, Any]:
    workspace, search = service().workspace, service().search(query)
    period = read_period(by)
    if not by:
        period = charts.period_for(workspace.trend(search, period)[0].points)
    [whole] = workspace.trend(search, period)
    span = charts.span_of(whole.points, period)
    together = workspace.together(search, MOST_PAIRS)
    return {
        "whole": charts.columns(whole, period, span),
        "charts": [(name, charts.columns(trend, period, span)) for name, trend in _compared(query, period, zones)],
        "each": "zone" if zones else None,
        "period": period,
        "bars": charts.bars(together),
        "of": together.of,
        "chips": rows.chips(query, _described),
        "totals": service().totals(query),
    }


def _compared(query: Query, period: Period, zones: bool) -> list[tuple[str, Trend]]:
    """Return the trends set beside each other, by name: of the zones, or of the places mentioned most."""
    if zones:
        return [(f"places in {zone.names['en']}", trend) for zone, trend in service().zone_trends(query, period)]
    found = service().workspace.trend(service().search(query), period, MOST_TRENDS)
    return [(trend.place.name, trend) for trend in found if trend.place]


@blueprint.get("/favicon.ico")
def icon() -> Response:
    """Return the icon that browsers ask for where a page names none."""
    return current_app.send_static_file("icon.svg")


@blueprint.get("/map")
def bare_map() -> str:
    """Show the map alone, for a frame in another page."""
    return bare_page(read_query(request.args))


@blueprint.get("/articles/<id:article_id>")
def article(article_id: str) -> str:
    """Show an article with its mentions marked, beside the map of them."""
    query = read_query(request.args).of_article(article_id)
    reading = service().reading(article_id)
    query = query.as_of(reading.article.date, timeline(service().settings))
    return render_template(
        "article.html",
        article=reading.article,
        facts=rows.article_facts(reading.article),
        shown=segments.shown(reading),
        marks=rows.marks(reading),
        footprints=rows.footprint_rows(service().layers(["footprints"], query)["footprints"]),
        args=query.as_args(),
        reviews=rows.review_rows(service().reviews(article_id), service().country_name),
        carriers=rows.carrier_rows(service().workspace.carried_by([article_id]).get(article_id, ())),
        may_review=service().settings.reviews,
        **_around(query),
    )


def _around(query: Query) -> dict[str, Any]:
    """Return what both pages with lists show around them: the map, the zones and their day, the ways out."""
    return {"map": page_map(query), "formats": FORMATS.values(), "sheets": SHEETS, **_days(query)}


def _described(name: str) -> str:
    """Say which places an id or a name stands for."""
    found = places_of(name, service().settings)
    told = [f"{place.name} ({rows.place_text(place, service().country_name)})" for place in found]
    return " and ".join(told) or name


def _days(query: Query) -> dict[str, Any]:
    """Return the zones of the day asked for, and the days they are described for."""
    days = timeline(service().settings)
    return {
        "query": query,
        "zones": rows.zone_rows(service().layers(["zones"], query)["zones"]),
        "axis": rows.TimeAxis(days.first_day, days.last_day, rows.periods(days.zones)),
        "day": query.on or days.default_day,
    }
