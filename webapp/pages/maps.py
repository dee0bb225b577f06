"""The Folium map of a page: its files linked from this site, its script under the answer's own nonce."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from secrets import token_urlsafe
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple

from flask import g, url_for
from markupsafe import Markup

from geo import pipeline
from geo.pipeline import MAP_LAYERS, MAP_TITLE
from webapp.parameters import Query
from webapp.service import IN_FOCUS, Service, service

if TYPE_CHECKING:
    from geo.geometry import Bbox
    from geo.model import Layer
    from geo.webmap.build import DatelineMap
    from geo.webmap.page import Assets, MapParts

SHOWN = ("places", "zones", "governorates")
"""Layers switched on at first; what articles say in words covers much, and is for whoever asks for it."""

MOST_VERTICES = 20_000
"""A layer with more is fetched by the page, for what it shows, rather than put into it: about 400 KB."""

MOST_HIDDEN_VERTICES = 1_000
"""The same for a layer that is not shown at first: most who open the page will never ask for it."""

_KEPT = 16
"""Maps kept, as markup: half a megabyte each."""

_HOLE = token_urlsafe(24)
"""What stands for an answer's nonce in markup that is kept: nobody can guess it and put it into a text."""

_rendering = Lock()  # Folium's elements write into each other while they render


def page_map(query: Query) -> MapParts:
    """Return the markup of the map that a query asks for."""
    from geo.webmap.page import MapParts

    head, body, script = (part.replace(_HOLE, g.nonce) for part in _parts(_asked(query)))
    return MapParts(head, body, script)


def bare_page(query: Query) -> str:
    """Return the map alone as a page of its own."""
    return _bare(_asked(query)).replace(_HOLE, g.nonce)


class _Asked(NamedTuple):
    """What decides how a map comes out; ``made_of`` changes when anything else does that decides it."""

    service: Service
    names: tuple[str, ...]
    bounds: Bbox
    query: Query
    made_of: str


def _asked(query: Query) -> _Asked:
    found, query = service(), replace(query, lang="en")
    bounds, made_of = _about(found, query, found.version_of(query))
    return _Asked(found, tuple(query.layers or MAP_LAYERS), bounds, query, made_of)


@lru_cache(maxsize=4 * _KEPT)
def _about(found: Service, query: Query, version: str) -> tuple[Bbox, str]:
    """Return a map's first view, and a text that changes when the map does."""
    from geo.layers.areas import countries_in_focus
    from geo.webmap.extent import focus_bounds

    if query.article:
        return focus_bounds(list(found.layers(query.layers or MAP_LAYERS, query).values())), version
    counted = found.counted(query, IN_FOCUS)
    placed = pipeline.build_layers((), None, ["places"], found.settings, counted)
    bounds = _searched(query) or focus_bounds([*placed.values(), *found.layers(["zones"], query).values()])
    # Not the version: a map of the same places in the same countries is the same map.
    return bounds, repr(tuple(countries_in_focus([item.place for item in counted])))


def _searched(query: Query) -> Bbox | None:
    """Return the part of the map that a query asks for; None where that is all of it."""
    from geo.geometry import bbox_of, circle_bbox

    if query.bbox:
        return query.bbox
    return circle_bbox(*query.near) if query.near else bbox_of([query.within])


@lru_cache(maxsize=_KEPT)
def _parts(asked: _Asked) -> tuple[Markup, Markup, Markup]:
    from geo.webmap.page import map_parts

    made = _build(asked)
    with _rendering:
        parts = map_parts(made, _assets())
    return parts.head, parts.body, parts.script


@lru_cache(maxsize=_KEPT)
def _bare(asked: _Asked) -> str:
    from geo.webmap.page import PageOptions, render_page

    made = _build(asked)
    with _rendering:
        return render_page(made, PageOptions(title=MAP_TITLE, bare=True, assets=_assets()))


def _assets() -> Assets:
    """Return where pages find the map's files; what stands for an answer's nonce is put in with each answer."""
    from geo.webmap.page import Assets

    return Assets(base_url=url_for("assets.asset", name="").rstrip("/"), nonce=_HOLE)


def _build(asked: _Asked) -> DatelineMap:
    """Return the map of the layers that a query asks for.

    What articles say is fetched by the page for what it shows, so that no page grows with the workspace; a single
    article's page carries it.
    """
    from geo.webmap.build import MapOptions, build_map
    from geo.webmap.extent import region_around

    service, names, bounds, query, _ = asked
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
