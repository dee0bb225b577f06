"""Layers as the page's scripts want them: GeoJSON, symbols, popups and labels as plain JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from geo.model import Layer, Source, Symbol
from geo.webmap.popups import PLAIN, POPUPS

if TYPE_CHECKING:
    import geopandas as gpd

BASE_DIGITS = 3
"""Decimals of the base map's coordinates, about 100 m."""
PAGE_DIGITS = 4
"""Decimals of coordinates on a page, about 10 m."""

SKETCHED = ("footprints",)
SKETCH_DIGITS = 3
SKETCH_TOLERANCE = 1 / 200
"""What outlines of footprints may be off on a page, as a part of their size: they stand for words."""

ARTICLE_FACTS = ("title", "source", "date", "url")
"""What a quote says of its article; a page says it once for all quotes of an article."""

OWN_QUOTE = {"sentence", "article"}
"""Properties of a feature whose only quote is its own sentence."""

FITTED_LABELS = ("governorates", "countries")
"""Layers whose labels are shown only where their area is as wide as the label."""

PANES = {"places": "points", "mentions": "points", "posts": "points", "footprints": "footprints", "zones": "zones"}
"""Stacking of the layers on the page; others are areas that lie below."""

GROUPS = {
    **dict.fromkeys(("places", "mentions", "footprints"), "From the articles"),
    **dict.fromkeys(("zones", "posts"), "Zones"),
    **dict.fromkeys(("governorates", "countries"), "Boundaries"),
}
"""Headings of the layer control."""

SHOWN = ("places", "zones", "governorates")
"""Layers that are switched on at first."""

LABELS = {"zones": (0.0, 6.0), "places": (200.0, 0.0), "governorates": (3350.0, 6.0), "countries": (1800.0, 2.0)}
"""Priority of a layer's labels (the least wins the room) and the zoom from which they are shown."""

_UNSAFE = re.compile(r"[<>&`$\u2028\u2029\ud800-\udfff]|\{(?=[{%#])")
"""What may not stand in a script of a page: characters of markup and templates, line ends, halves of characters."""


def script_json(value: object) -> str:
    """Return a value as JSON that may stand inside a script of a page.

    No text in it can end the script, and none can be read as a template: folium renders its scripts as Jinja templates
    a second time, where an article's ``{{`` would be executed.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match.group()):04x}", text)


def feature_collection(layer: Layer, digits: int = 5, properties: Iterable[str] | None = None) -> dict[str, Any]:
    """Return a layer as GeoJSON with coordinates rounded to ``digits`` decimals (5 is about 1 m)."""
    import shapely

    frame = layer.features
    columns = [c for c in frame.columns if c != "geometry" and (properties is None or c in set(properties))]
    shapes = shapely.transform(frame.geometry.values, lambda xy: xy.round(digits))
    records = frame[columns].to_dict("records")
    return {
        "type": "FeatureCollection",
        "features": [_feature(record, shape) for record, shape in zip(records, shapes, strict=True)],
    }


def _feature(record: Mapping[Any, Any], shape: Any) -> dict[str, Any]:
    from shapely.geometry import mapping

    geometry = mapping(shape) if shape is not None else None
    return {"type": "Feature", "properties": _known(record), "geometry": geometry}


def _is_missing(value: Any) -> bool:
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def symbols_of(symbols: Mapping[str, Symbol]) -> dict[str, dict[str, Any]]:
    """Return symbols as JSON, by key."""
    return {key: {**asdict(symbol), "dash": list(symbol.dash)} for key, symbol in symbols.items()}


def describe(layer: Layer, addresses: Mapping[str, str] = MappingProxyType({})) -> dict[str, Any]:
    """Return all that the page's scripts need to draw a layer.

    Parameters
    ----------
    addresses
        ``url``: where the page fetches the features by bbox and zoom, as `view_data` gives them; without it they come
        with the description. With ``{id}`` for a feature's id: ``details``, where the page fetches what a feature
        without quotes has to say, and ``search``, a page that lists the articles about it.
    """
    popup = POPUPS.get(layer.name, PLAIN)
    priority, first_zoom = LABELS.get(layer.name, (1000.0, 0.0))
    return {
        "name": layer.name,
        "title": layer.title,
        "group": GROUPS.get(layer.name, "Layers"),
        "pane": PANES.get(layer.name, "areas"),
        "approximate": layer.approximate,
        "on": layer.on.isoformat() if layer.on else None,
        "symbols": symbols_of(layer.style.symbols),
        "legend": [asdict(symbol) for symbol in layer.style.legend_symbols()],
        "size": layer.style.size_property,
        "shrink": layer.radius_scale(),
        "popup": asdict(popup),
        "label": layer.style.label_property,
        "labels": area_labels(layer),
        "labelsFit": layer.name in FITTED_LABELS,
        "labelPriority": priority,
        "labelsFrom": first_zoom,
        **addresses,
        **({} if "url" in addresses else {"data": page_data(layer)}),
    }


def view_data(layer: Layer, notice: str = "") -> dict[str, Any]:
    """Return what a page that fetches a layer by bbox and zoom draws: GeoJSON with symbols, legend and scale beside it.

    Parameters
    ----------
    notice
        What the view was cut to, in words to show; empty where all of it is there.
    """
    named = [*_shown(layer), *ARTICLE_FACTS]
    frame = _sketches(layer, _ringed(layer.features))
    return {
        **feature_collection(replace(layer, features=frame), _digits(layer), named),
        "symbols": symbols_of(layer.style.symbols),
        "legend": [asdict(symbol) for symbol in layer.style.legend_symbols()],
        "shrink": layer.radius_scale(),
        "notice": notice,
    }


def article_facts(layers: Iterable[Layer]) -> dict[str, dict[str, Any]]:
    """Return title, source, date and address of every article that features quote, by its id."""
    quotes = [quote for layer in layers for quote in _quotes(layer)]
    return {str(quote["article"]): _known({name: quote.get(name) for name in ARTICLE_FACTS}) for quote in quotes}


def _quotes(layer: Layer) -> list[Mapping[Any, Any]]:
    """Return the quotes of a layer's features, or the features themselves where each is its own quote."""
    column = POPUPS.get(layer.name, PLAIN).quotes
    if column in layer.features:
        return [quote for quotes in layer.features[column] for quote in quotes or () if "article" in quote]
    if "article" not in layer.features:
        return []
    present = [name for name in ("article", *ARTICLE_FACTS) if name in layer.features]
    return list(layer.features[present].to_dict("records"))


def _known(record: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in record.items() if not _is_missing(value)}


def page_data(layer: Layer) -> dict[str, Any]:
    """Return a layer's features with the properties that the page shows."""
    frame = _sketches(layer, _ringed(_without_article_facts(layer)))
    return feature_collection(replace(layer, features=frame), _digits(layer), _shown(layer))


def _digits(layer: Layer) -> int:
    return SKETCH_DIGITS if layer.name in SKETCHED else PAGE_DIGITS


def _sketches(layer: Layer, frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    if layer.name not in SKETCHED:
        return frame
    return frame.set_geometry([_sketched(shape) for shape in frame.geometry], crs=frame.crs)


def _without_article_facts(layer: Layer) -> gpd.GeoDataFrame:
    """Return the features with quotes that name their article only by its id."""
    import pandas as pd

    column = POPUPS.get(layer.name, PLAIN).quotes
    if column not in layer.features:
        return layer.features
    brief = [[_brief(quote) for quote in quotes or ()] for quotes in layer.features[column]]
    frame = layer.features.copy()
    frame[column] = pd.Series(brief, index=frame.index, dtype=object)
    return frame


def _brief(quote: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in quote.items() if key not in ARTICLE_FACTS}


def _shown(layer: Layer) -> set[str]:
    """Return the properties that popups, labels and symbols of a layer are made of."""
    popup = POPUPS.get(layer.name, PLAIN)
    rows = {name for name, _, _ in popup.rows}
    own_quote = set() if popup.quotes else OWN_QUOTE
    named = {popup.title, *popup.subtitle, popup.quotes, popup.sources}
    drawn = {
        "id",
        "symbol",
        "extent",
        "note",
        "zoom",
        layer.style.size_property or "",
        layer.style.label_property or "",
    }
    return rows | own_quote | named | drawn


def _sketched(shape: Any) -> Any:
    """Thin a shape that is a sketch anyway: what is lost is a small part of its size."""
    if shape is None or shape.is_empty:
        return shape
    west, south, east, north = shape.bounds
    return shape.simplify(max(east - west, north - south) * SKETCH_TOLERANCE)


def _ringed(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut the best estimate out of what is merely not excluded, lest one texture show through another."""
    if "extent" not in frame or frame.empty:
        return frame
    shapes = list(frame.geometry)
    by_id = dict(zip(frame["id"], shapes, strict=True))
    for position, (key, extent) in enumerate(zip(frame["id"], frame["extent"], strict=True)):
        inner = by_id.get(f"{str(key).removesuffix('possible')}zone") if extent == "possible" else None
        if inner is not None:
            shapes[position] = shapes[position].difference(inner)
    return frame.set_geometry(shapes, crs=frame.crs)


def base_layer(layer: Layer) -> dict[str, Any]:
    """Return a layer of the base map: areas and lines as GeoJSON, points as rows for the labels.

    A row is longitude, latitude, name, rank, symbol and, for a town, the id it has in the gazetteer.
    """
    frame = layer.features
    described = {"name": layer.name, "symbols": symbols_of(layer.style.symbols)}
    if layer.style.label_property is None:
        return described | {"data": feature_collection(layer, BASE_DIGITS, ("symbol",))}
    points = zip(frame.geometry, frame["name"], frame["rank"], frame["symbol"], frame["id"], strict=True)
    return described | {"points": [[*_lonlat(point), name, rank, key, id_] for point, name, rank, key, id_ in points]}


def _lonlat(point: Any) -> tuple[float, float]:
    return round(point.x, BASE_DIGITS), round(point.y, BASE_DIGITS)


def area_labels(layer: Layer) -> list[list[Any]]:
    """Return longitude, latitude, text, colour and room in degrees of each area's label, inside the largest part."""
    import shapely

    name = layer.style.label_property
    if name is None or layer.features.empty:
        return []
    frame = layer.features
    if "extent" in frame:  # nested shapes of one thing have one label
        frame = frame[frame["extent"] == "zone"]
    frame = frame[[name, "symbol", "geometry"]]
    labels = []
    for text, symbol, shape in frame.itertuples(index=False, name=None):
        if shape is None or shape.geom_type not in ("Polygon", "MultiPolygon") or not isinstance(text, str):
            continue
        largest = max(shapely.get_parts(shape), key=lambda part: part.area)
        centre = shapely.get_point(shapely.maximum_inscribed_circle(largest, tolerance=0.01), 0)
        west, _, east, _ = largest.bounds
        colour = layer.style.symbols[symbol].stroke
        labels.append([round(centre.x, 4), round(centre.y, 4), text, colour, round(east - west, 3)])
    return labels


def attribution(sources: Iterable[Source]) -> str:
    """Return the sources whose licence is to be named, each site once, as markup for the map's corner."""
    sites: dict[str, Source] = {}
    for source in sources:
        if source.licence:
            sites.setdefault((source.url or source.title).rstrip("/"), source)
    return ", ".join(_credit(source) for source in sites.values())


def _credit(source: Source) -> str:
    """Return a source's short name and licence, linked where it has an address."""
    text = html.escape(f"{source.title.split(',')[0]} ({source.licence})")
    if not source.url or not source.url.startswith(("https://", "http://")):
        return text
    return f'<a href="{html.escape(source.url)}" target="_blank" rel="noopener noreferrer">{text}</a>'
