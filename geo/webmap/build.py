"""Layers to a Folium map: our own base map below, nothing loaded from another host.

Folium's elements are made by templates; ours hand JSON to the scripts in ``static/``, so that no text of an article is
ever read as markup or code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import folium
from branca.element import MacroElement
from folium.map import Layer as FoliumLayer
from folium.template import Template

from geo.geometry import Bbox
from geo.model import Layer
from geo.webmap.describe import SHOWN, article_facts, attribution, base_layer, describe, script_json
from geo.webmap.extent import all_bounds, focus_bounds, latlon_bounds
from geo.webmap.page import Page

OSM_URL = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
OSM_CREDIT = (
    '© <a href="https://www.openstreetmap.org/copyright" rel="noopener noreferrer">OpenStreetMap</a> contributors'
)

NOTE = "Shapes marked approximate are estimates. Lines and names imply no opinion on the legal status of any territory."

OWN_MAX_ZOOM = 12
"""Our base map has about 1 km of detail; closer there is nothing more to see."""
TILES_MAX_ZOOM = 18


@dataclass(frozen=True, slots=True)
class MapOptions:
    """How a map is made.

    Attributes
    ----------
    shown
        Names of the layers switched on at first.
    urls
        By layer name, where the page fetches the layer by bbox (same origin) instead of carrying it.
    details
        By layer name, where the page fetches what a feature without quotes has to say; ``{id}`` stands for its id.
    searches
        By layer name, the address of a page that lists the articles about a feature; ``{id}`` stands for its id.
    online_tiles
        Offer OpenStreetMap's tiles in the layer control, off until chosen.
    article_url
        What an article's id is put behind to link to it, as ``/articles/``; None where articles have no pages.
    bounds
        The first view; by default what `focus_bounds` finds.
    """

    shown: Sequence[str] = SHOWN
    urls: Mapping[str, str] = field(default_factory=dict)
    details: Mapping[str, str] = field(default_factory=dict)
    searches: Mapping[str, str] = field(default_factory=dict)
    online_tiles: bool = False
    article_url: str | None = None
    bounds: Bbox | None = None


class DatelineMap(folium.Map):
    """A `folium.Map` without tiles, drawn by our scripts; add Folium's own elements to it as to any other."""

    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="dl-map" id="{{ this.get_name() }}" role="application" aria-label="Map"></div>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = Dateline.map("{{ this.get_name() }}", {{ this.settings }});
        Dateline.base({{ this.get_name() }}, {{ this.base }});
        {% endmacro %}
        """
    )

    def __init__(self, settings: Mapping[str, Any], basemap: Sequence[Layer]) -> None:
        super().__init__(tiles=None)
        # Folium's ids are random; a page must come out the same each time.
        self._id = "dateline"
        self.default_js: list[tuple[str, str]] = []
        self.default_css: list[tuple[str, str]] = []
        self.options["max_zoom"] = settings["maxZoom"]
        self.settings = script_json(settings)
        self.base = script_json([base_layer(layer) for layer in basemap])
        self.layers: tuple[Layer, ...] = ()


class DataLayer(FoliumLayer):
    """One of our layers on a map."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        var {{ this.get_name() }} = Dateline.layer({{ this._parent.get_name() }}, {{ this.description }});
        {% endmacro %}
        """
    )

    def __init__(self, layer: Layer, options: MapOptions) -> None:
        show = layer.name in options.shown
        super().__init__(name=layer.title, overlay=True, show=show)
        self._name = "Layer"
        self._id = layer.name
        addresses = {"url": options.urls, "details": options.details, "search": options.searches}
        own = {kind: urls[layer.name] for kind, urls in addresses.items() if layer.name in urls}
        self.description = script_json(describe(layer, own))


class Controls(MacroElement):
    """Layer control, legend, scale bar and buttons; the layers' order on the map is that of the list."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        Dateline.controls({{ this._parent.get_name() }}, [
          {%- for name, layer in this.entries %}
          {name: {{ name }}, layer: {{ layer.get_name() }}},
          {%- endfor %}
        ]);
        Dateline.labels({{ this._parent.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(self, layers: Sequence[FoliumLayer]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Controls"
        self._id = "dateline"
        self.entries = [(script_json(layer.layer_name), layer) for layer in layers]


def build_map(
    layers: Sequence[Layer] | Mapping[str, Layer],
    basemap: Sequence[Layer] = (),
    options: MapOptions | None = None,
) -> DatelineMap:
    """Return layers as a Folium map.

    Parameters
    ----------
    layers
        From the top of the layer control down; those without features are left out, unless the page fetches them.
    basemap
        The base map's layers in painting order, as `geo.layers.basemap.web_base_layers` gives them.
    """
    options = options or MapOptions()
    given = layers.values() if isinstance(layers, Mapping) else layers
    layers = [layer for layer in given if len(layer.features) or layer.name in options.urls]
    made = DatelineMap(_settings(layers, basemap, options), basemap)
    made.layers = tuple(layers)
    elements: list[Any] = [DataLayer(layer, options) for layer in layers]
    if options.online_tiles:
        elements.append(_osm())
    for element in (*elements, Controls(elements)):
        element.add_to(made)
    Page().add_child(made)
    return made


def _settings(layers: Sequence[Layer], basemap: Sequence[Layer], options: MapOptions) -> dict[str, Any]:
    focus = options.bounds or focus_bounds(layers)
    everything = all_bounds(layers)
    sources = [source for layer in (*basemap, *layers) for source in layer.sources]
    return {
        "bounds": latlon_bounds(focus),
        "all": latlon_bounds(everything) if everything and everything != focus else None,
        "minZoom": 2,
        "maxZoom": TILES_MAX_ZOOM if options.online_tiles else OWN_MAX_ZOOM,
        "articleUrl": options.article_url,
        "articles": article_facts([layer for layer in layers if layer.name not in options.urls]),
        "attribution": attribution(sources),
        "note": NOTE,
    }


def _osm() -> folium.TileLayer:
    """Return OpenStreetMap's tiles as a layer that is off until chosen."""
    tiles = folium.TileLayer(
        OSM_URL,
        attr=OSM_CREDIT,
        name="OpenStreetMap (online)",
        overlay=True,
        show=False,
        max_zoom=19,
        group="Background",
    )
    tiles._id = "osm"
    return tiles
