"""What one view of the map shows: as much as can be told apart on it, however large the workspace is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from geo import pipeline
from geo.layers.build import Counted, Heap, counted_places_layer, heaps_layer
from geo.webmap.describe import view_data
from webapp.service import COUNTED_LAYERS

if TYPE_CHECKING:
    from geo.geometry import Bbox
    from geo.model import Layer, Reading
    from geo.workspace.results import Cell
    from webapp.parameters import Query
    from webapp.service import Service

MOST_APART = 300
"""Places that one view tells apart; where there are more, those close together are added up by the workspace."""

MOST_READ = 200
"""Articles whose mentions and footprints one view shows: the newest with a place in it."""

MOST_FEATURES = 2000
"""Features of articles in one view."""

TILE = 256
"""Pixels of a tile, of which one shows the world at zoom 0."""

FARTHEST, CLOSEST = 0, 18
"""Zooms of a web map: the whole world on one tile, and single houses."""


def view_of(service: Service, name: str, query: Query, zoom: int) -> dict[str, Any]:
    """Return a layer's features for one view, with what the page needs to draw them.

    Parameters
    ----------
    query
        What is looked for; its bbox is the view.
    zoom
        Of the web map.
    """
    if name == "places":
        return view_data(_places(service, query, zoom))
    if name not in pipeline.REPORT_LAYERS:
        layer = _clipped(service.layers([name], query)[name], query.bbox)
        return view_data(_thinned(layer, zoom) if name in COUNTED_LAYERS else layer)
    readings = service.readings(query, MOST_READ)
    articles = service.count(query) if len(readings) == MOST_READ else len(readings)
    layer = _clipped(pipeline.build_layers(readings, None, [name], service.settings)[name], query.bbox)
    return view_data(_cut(layer), _notice(articles, len(layer.features)))


def _places(service: Service, query: Query, zoom: int) -> Layer:
    cells = service.cells(query, zoom)
    if sum(cell.places for cell in cells) <= MOST_APART:
        return counted_places_layer(service.counted(query, MOST_APART), _told(service, query))
    apart = [Counted(cell.place, cell.mentions, None, bool(cell.unsure)) for cell in cells if cell.places == 1]
    return heaps_layer(apart, [_heap(cell) for cell in cells if cell.places > 1], zoom)


def _told(service: Service, query: Query) -> Sequence[Reading]:
    """Return what all articles found say, where they are few: then places come with their quotes and how sure they are.

    Of many articles only the counts are known here; a popup asks for the rest of its place.
    """
    everywhere = replace(query, bbox=None)
    few = service.totals(everywhere).articles <= MOST_READ
    return service.readings(everywhere, MOST_READ) if few else ()


def _heap(cell: Cell) -> Heap:
    return Heap(cell.lon, cell.lat, cell.places, cell.mentions, cell.unsure, cell.place)


def _clipped(layer: Layer, bbox: Bbox | None) -> Layer:
    """Return the features that touch the view; those that lie nowhere are in lists, not on the map."""
    from geo.geometry import bbox_polygon

    frame = layer.features
    if bbox is None:
        return layer
    return replace(layer, features=frame[frame.geometry.notna() & frame.intersects(bbox_polygon(bbox))])


def _thinned(layer: Layer, zoom: int) -> Layer:
    """Return the outlines with as many corners as can be seen at a zoom; what is smaller than that is left out."""
    frame = layer.features
    pixel = 360 / (TILE * 2**zoom)
    thin = frame.set_geometry(frame.geometry.simplify(pixel / 2, preserve_topology=False))
    return replace(layer, features=thin[~thin.geometry.is_empty])


def _cut(layer: Layer) -> Layer:
    return replace(layer, features=layer.features.head(MOST_FEATURES))


def _notice(articles: int, features: int) -> str:
    """Say what is left out; empty where nothing is."""
    if articles > MOST_READ:
        return f"Showing what the newest {MOST_READ:,} of {articles:,} articles say here."
    return f"Showing {MOST_FEATURES:,} of {features:,}: zoom in for all." if features > MOST_FEATURES else ""
