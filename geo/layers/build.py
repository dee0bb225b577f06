"""The layers: features of one kind, titled, attributed and styled once for every output.

Every layer's features are a GeoDataFrame in EPSG:4326 with a stable ``id`` and a ``symbol`` (key into the layer's
style), in painting order: what comes later lies on top.
"""

from geo.layers.areas import countries_in_focus, countries_layer, governorates_layer, posts_layer, zones_layer
from geo.layers.counted import Counted, Heap, counted_places_layer, heaps_layer
from geo.layers.readings import footprints_layer, mentions_layer, places_layer

LAYER_NAMES = ("places", "mentions", "footprints", "zones", "posts", "governorates", "countries")
"""Names of the layers, the topmost on the map first for those drawn as points."""

__all__ = [
    "LAYER_NAMES",
    "Counted",
    "Heap",
    "counted_places_layer",
    "countries_in_focus",
    "countries_layer",
    "footprints_layer",
    "governorates_layer",
    "heaps_layer",
    "mentions_layer",
    "places_layer",
    "posts_layer",
    "zones_layer",
]
