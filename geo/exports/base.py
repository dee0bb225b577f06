"""What all export formats share: rows of plain values, the choice by bbox, and what is said about a layer."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.geometry import Bbox, bbox_polygon, rounded, within_world
from geo.model import HATCH_SPACING, HATCH_WIDTH, Layer, Source, Symbol

if TYPE_CHECKING:
    from shapely import Polygon
    from shapely.geometry.base import BaseGeometry

DIGITS = 6
"""Decimals of a degree in text formats: about 0.1 m, finer than anything known here (RFC 7946, section 11.2)."""

# Characters that XML 1.0 cannot hold, lone surrogates among them; no format is given any.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

APPROXIMATE = (
    "Shapes are approximate. Boundaries and designations do not imply any opinion on the legal status of any territory."
)


@dataclass(frozen=True, slots=True)
class Format:
    """One way to write a layer.

    Attributes
    ----------
    suffix
        Of file names and URLs, without the leading dot.
    encode
        Returns the whole file.
    """

    suffix: str
    title: str
    media_type: str
    encode: Callable[[Layer], bytes]


def within_bbox(layer: Layer, bbox: Bbox | None) -> Layer:
    """Return the layer with the features that touch a bbox, whole; those without a geometry lie in no bbox."""
    if bbox is None:
        return layer
    return replace(layer, features=layer.features[layer.features.intersects(bbox_polygon(bbox))])


def plain(value: Any) -> Any:
    """Return a value as JSON knows it: what is missing as None, dates as ISO 8601, arrays and tuples as lists."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, str):
        return _UNWRITABLE.sub("\ufffd", value)
    if isinstance(value, Mapping):
        return {str(plain(key)): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in (sorted(value) if isinstance(value, set | frozenset) else value)]
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    import pandas as pd

    if value is None or pd.isna(value) or value in (float("inf"), float("-inf")):
        return None
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return value if isinstance(value, bool | int | float) else plain(str(value))


def cell(value: Any) -> Any:
    """Return a value as a table's cell: lists and objects as JSON text."""
    value = plain(value)
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def attribute_names(layer: Layer) -> list[str]:
    """Return the names of the layer's columns, in order, without the geometry."""
    return [str(name) for name in layer.features.columns if name != layer.features.geometry.name]


def rows(layer: Layer) -> Iterator[dict[str, Any]]:
    """Yield each feature's plain attributes."""
    names = attribute_names(layer)
    for values in zip(*(layer.features[name] for name in names), strict=True):
        yield dict(zip(names, map(plain, values), strict=True))


def shape(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return a geometry as text formats write it: `DIGITS` decimals, right-handed rings, cut at the antimeridian."""
    import numpy as np
    from shapely import force_2d, orient_polygons, transform

    if geometry is None or geometry.is_empty:
        return None
    whole = within_world(force_2d(geometry))
    # Rounding each vertex keeps shared borders shared; the slower grid is for what that breaks.
    short = transform(whole, lambda xy: np.round(xy, DIGITS))
    short = short if short.is_valid else rounded(whole, DIGITS)
    return None if short.is_empty else orient_polygons(short, exterior_cw=False)


def geojson_of(geometry: BaseGeometry) -> dict[str, Any]:
    """Return a geometry as GeoJSON; for areas much faster than Shapely's own way, which goes point by point."""
    from shapely import MultiPolygon, Polygon
    from shapely.geometry import mapping

    if isinstance(geometry, Polygon):
        return {"type": "Polygon", "coordinates": _rings(geometry)}
    if isinstance(geometry, MultiPolygon):
        return {"type": "MultiPolygon", "coordinates": [_rings(part) for part in geometry.geoms]}
    return dict(mapping(geometry))


def _rings(polygon: Polygon) -> list[list[list[float]]]:
    from shapely import get_coordinates

    return [get_coordinates(ring).tolist() for ring in (polygon.exterior, *polygon.interiors)]


def shapes(layer: Layer) -> list[BaseGeometry | None]:
    """Return each feature's geometry as `shape` gives it."""
    return [shape(geometry) for geometry in layer.features.geometry]


def solid_opacity(symbol: Symbol) -> float:
    """Return the opacity that fills an area as dark as its hatching would, for formats without hatching."""
    return round(symbol.fill_opacity * (HATCH_WIDTH / HATCH_SPACING if symbol.hatch else 1), 3)


def symbols(layer: Layer) -> list[Symbol]:
    """Return how each feature looks."""
    return [layer.style.symbols[key] for key in layer.features["symbol"]]


def feature_title(layer: Layer, row: Mapping[str, Any]) -> str:
    """Return what a feature is called: its label, else its name, else its id."""
    keys = (layer.style.label_property, "name", "id")
    return next((str(row[key]) for key in keys if key and row.get(key) not in (None, "")), "")


def caption(layer: Layer, symbol: Symbol) -> str:
    """Return what a feature's look means, for formats that cannot draw dashes or hatching."""
    told = "approximate" in symbol.label.lower() or not layer.approximate
    return plain(symbol.label if told else f"{symbol.label} (approximate)")  # type: ignore[no-any-return]


def licences(sources: Sequence[Source]) -> list[str]:
    """Return the licences of the sources, each once."""
    return list(dict.fromkeys(source.licence for source in sources if source.licence))


def about(layer: Layer) -> dict[str, Any]:
    """Return what is said of a layer beside its features, ready for JSON."""
    return {
        "name": layer.name,
        "title": plain(layer.title),
        "description": plain(layer.description),
        "on": layer.on.isoformat() if layer.on else None,
        "approximate": layer.approximate,
        "licence": "; ".join(licences(layer.sources)) or None,
        "sources": [_source(source) for source in layer.sources],
    }


def _source(source: Source) -> dict[str, Any]:
    fields = ("title", "url", "publisher", "date", "licence", "note")
    return {name: plain(value) for name in fields if (value := getattr(source, name)) is not None}


def credit(source: Source) -> str:
    """Return a source as one line: title, publisher, date, licence, link."""
    parts = (source.title, source.publisher, source.date and source.date.isoformat(), source.licence, source.url)
    return plain(", ".join(dict.fromkeys(part for part in parts if part)))  # type: ignore[no-any-return]


def abstract(layer: Layer) -> str:
    """Return what the layer shows, as of when, and how sure: the text for formats with room for one."""
    as_of = f"As of {layer.on.isoformat()}." if layer.on else ""
    caution = APPROXIMATE if layer.approximate else ""
    return plain(" ".join(part for part in (layer.description, as_of, caution) if part))  # type: ignore[no-any-return]
