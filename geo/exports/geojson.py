"""GeoJSON as RFC 7946 has it, with the layer's title, sources and date as foreign members."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from geo.exports.base import (
    DIGITS,
    Format,
    about,
    caption,
    feature_title,
    geojson_of,
    rows,
    shapes,
    solid_opacity,
    symbols,
)
from geo.geometry import bbox_of
from geo.model import Layer, Symbol

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def feature_collection(layer: Layer) -> dict[str, Any]:
    """Return a layer as a GeoJSON FeatureCollection, ready for `json.dumps`.

    The properties of a feature tell its look too (simplestyle-spec 1.1), which knows no dashes and no hatching: the
    ``description`` says what is approximate. ``bbox`` is left out where no feature has a geometry.
    """
    geometries = shapes(layer)
    bounds = bbox_of(geometries)
    collection: dict[str, Any] = {"type": "FeatureCollection"}
    if bounds is not None:
        collection["bbox"] = [round(degrees, DIGITS) for degrees in bounds]
    return collection | about(layer) | {"features": list(_features(layer, geometries))}


def encode(layer: Layer) -> bytes:
    """Return a layer as UTF-8 GeoJSON, one feature a line."""
    collection = feature_collection(layer)
    features = ",\n".join(_compact(feature) for feature in collection.pop("features"))
    return f'{_compact(collection)[:-1]},"features":[\n{features}\n]}}\n'.encode()


FORMAT = Format("geojson", "GeoJSON", "application/geo+json", encode)


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _features(layer: Layer, geometries: list[BaseGeometry | None]) -> Iterator[dict[str, Any]]:
    looks = zip(symbols(layer), layer.radii(), strict=True)
    for row, geometry, (symbol, radius) in zip(rows(layer), geometries, looks, strict=True):
        style = _simplestyle(symbol, radius, geometry) | _words(layer, row, symbol)
        yield {
            "type": "Feature",
            "id": row["id"],
            "geometry": geometry if geometry is None else geojson_of(geometry),
            "properties": row | {name: value for name, value in style.items() if name not in row},
        }


def _words(layer: Layer, row: Mapping[str, Any], symbol: Symbol) -> dict[str, Any]:
    return {"title": feature_title(layer, row), "description": caption(layer, symbol)}


def _simplestyle(symbol: Symbol, radius: float | None, geometry: BaseGeometry | None) -> dict[str, Any]:
    if geometry is None:
        return {}
    if geometry.geom_type.endswith("Point"):
        return {"marker-color": symbol.fill or symbol.stroke, "marker-size": _marker_size(radius or 0)}
    area = {"fill": symbol.fill, "fill-opacity": solid_opacity(symbol) if symbol.fill else 0}
    line = {"stroke": symbol.stroke, "stroke-width": symbol.width, "stroke-opacity": 1 if symbol.stroke else 0}
    return line | (area if geometry.geom_type.endswith("Polygon") else {})


def _marker_size(radius: float) -> str:
    """Return the nearest of simplestyle's three sizes for a radius in CSS pixels."""
    return "small" if radius < 6 else "medium" if radius < 12 else "large"
