"""The Folium map of a page: its files linked from this site, its script under the answer's own nonce."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, g, send_file, url_for

from geo import pipeline
from geo.pipeline import MAP_LAYERS, MAP_TITLE
from geo.webmap.assets import asset_files
from webapp.parameters import Query
from webapp.service import IN_FOCUS, Service, service

if TYPE_CHECKING:
    from geo.geometry import Bbox
    from geo.model import Layer
    from geo.webmap.build import DatelineMap
    from geo.webmap.page import Assets, MapParts

assets_blueprint = Blueprint("assets", __name__, url_prefix="/static/map")

SHOWN = ("places", "zones", "governorates")
"""Layers switched on at first; what articles say in words covers much, and is for whoever asks for it."""

MOST_VERTICES = 20_000
"""A layer with more is fetched by the page, for what it shows, rather than put into it: about 400 KB."""

MOST_HIDDEN_VERTICES = 1_000
"""The same for a layer that is not shown at first: most who open the page will never ask for it."""

_KEPT = 16
"""Maps kept: a megabyte or two each."""

_rendering = Lock()  # Folium's elements write into each other while they render


@assets_blueprint.get("/<path:name>")
def asset(name: str) -> Response:
    """Return one of the map's scripts, style sheets or images."""
    path = asset_files().get(name) or abort(404)
    return send_file(path)


def page_map(query: Query) -> MapParts:
    """Return the markup of the map that a query asks for."""
    from geo.webmap.page import map_parts

    made = build(query)
    with _rendering:
        return map_parts(made, assets())


def bare_page(query: Query) -> str:
    """Return the map alone as a page of its own."""
    from geo.webmap.page import PageOptions, render_page

    made, options = build(query), PageOptions(title=MAP_TITLE, bare=True, assets=assets())
    with _rendering:
        return render_page(made, options)


def assets() -> Assets:
    """Return where the page of this answer finds the map's files, with the answer's nonce."""
    from geo.webmap.page import Assets

    return Assets(base_url=url_for("assets.asset", name="").rstrip("/"), nonce=g.nonce)


def build(query: Query) -> DatelineMap:
    """Return the map of the layers that a query asks for, kept while it stays the same.

    What articles say is fetched by the page for what it shows, so that no page grows with the workspace; a single
    article's page carries it.
    """
    from geo.layers.areas import countries_in_focus
    from geo.webmap.extent import focus_bounds

    found, names = service(), query.layers or MAP_LAYERS
    if query.article:
        layers = list(found.layers(names, query).values())
        return _build(found, tuple(names), focus_bounds(layers), replace(query, lang="en"), found.version())
    counted = found.counted(query, IN_FOCUS)
    placed = pipeline.build_layers((), None, ["places"], found.settings, counted)
    bounds = query.bbox or focus_bounds([*placed.values(), *found.layers(["zones"], query).values()])
    # Not the version: a map of the same places in the same countries is the same map.
    countries = tuple(countries_in_focus([item.place for item in counted]))
    return _build(found, tuple(names), bounds, replace(query, lang="en"), repr(countries))


@lru_cache(maxsize=_KEPT)
def _build(service: Service, names: Sequence[str], bounds: Bbox, query: Query, _made_of: str) -> DatelineMap:
    from geo.webmap.build import MapOptions, build_map
    from geo.webmap.extent import region_around

    fetched = frozenset() if query.article else pipeline.REPORT_LAYERS
    empty = pipeline.build_layers((), None, [name for name in names if name in fetched], service.settings)
    whole = service.layers([name for name in names if name not in fetched], query)
    layers = [(empty | whole)[name] for name in names]
    args = query.in_view().as_args()
    options = MapOptions(
        shown=query.layers or SHOWN,
        urls=_urls(layers, args, fetched),
        details={} if query.article else {"places": _details_url(args)},
        searches={"places": _search_url(query)},
        online_tiles=service.settings.online_tiles,
        article_url=url_for("pages.article", article_id=""),
        bounds=bounds,
    )
    return build_map(layers, _base(region_around(bounds)), options)


def _urls(layers: Sequence[Layer], args: Mapping[str, Any], fetched: Collection[str]) -> Mapping[str, str]:
    """Return the addresses of the layers that are not put into the page."""
    names = [layer.name for layer in layers if layer.name in fetched or _is_large(layer)]
    return {name: url_for("exports.layer_geojson", layer=name, **args) for name in names}


def _details_url(args: Mapping[str, Any]) -> str:
    """Return where a page asks what is said of a place, with ``{id}`` for its id."""
    return url_for("counts.place", place_id="ID", **args).replace("/ID", "/{id}", 1)


def _search_url(query: Query) -> str:
    """Return the page of the articles that name a place besides what was asked for, with ``{id}`` for its id."""
    asked = Query(on=query.on) if query.article else query.in_view().about("")
    url = url_for("pages.viewer", **asked.without("place"))
    return f"{url}{'&' if '?' in url else '?'}place={{id}}"


def _is_large(layer: Layer) -> bool:
    hidden = layer.name not in SHOWN
    return bool(layer.features.count_coordinates().sum() > (MOST_HIDDEN_VERTICES if hidden else MOST_VERTICES))


@lru_cache(maxsize=8)
def _base(bounds: Bbox) -> tuple[Layer, ...]:
    from geo.layers.basemap import web_base_layers

    return web_base_layers(bounds)
