"""The Folium map of a page: its files linked from this site, its script under the answer's own nonce."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, g, send_file, url_for

from geo.pipeline import MAP_LAYERS, MAP_TITLE
from geo.webmap.assets import asset_files
from webapp.parameters import Query
from webapp.service import Service, service

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
    """Return the map of the layers that a query asks for, kept while the data stays the same."""
    return _build(service(), service().version(), replace(query, lang="en"))


@lru_cache(maxsize=_KEPT)
def _build(service: Service, _version: str, query: Query) -> DatelineMap:
    from geo.webmap.build import MapOptions, build_map
    from geo.webmap.extent import focus_bounds, region_around

    layers = list(service.layers(query.layers or MAP_LAYERS, query).values())
    bounds = query.bbox or focus_bounds(layers)
    options = MapOptions(
        shown=query.layers or SHOWN,
        urls=_urls(layers, query),
        online_tiles=service.settings.online_tiles,
        article_url=url_for("pages.article", article_id=""),
        bounds=bounds,
    )
    return build_map(layers, _base(region_around(bounds)), options)


def _urls(layers: Sequence[Layer], query: Query) -> Mapping[str, str]:
    """Return the addresses of the layers that are too large to put into the page."""
    large = [layer.name for layer in layers if _is_large(layer)]
    return {name: url_for("exports.layer_geojson", layer=name, **query.as_args()) for name in large}


def _is_large(layer: Layer) -> bool:
    hidden = layer.name not in SHOWN
    return bool(layer.features.count_coordinates().sum() > (MOST_HIDDEN_VERTICES if hidden else MOST_VERTICES))


@lru_cache(maxsize=8)
def _base(bounds: Bbox) -> tuple[Layer, ...]:
    from geo.layers.basemap import web_base_layers

    return web_base_layers(bounds)
