"""KML 2.2 for Google Earth and its kin, styled; KML has no dashes and no hatching, so the text says *approximate*."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from geo.exports.base import (
    DIGITS,
    Format,
    abstract,
    caption,
    cell,
    credit,
    feature_title,
    rows,
    shapes,
    solid_opacity,
    symbols,
)
from geo.model import Layer, Symbol

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

ICON_RADIUS = 16.0
"""Half the size of an icon at scale 1, in pixels."""


def encode(layer: Layer) -> bytes:
    """Return a layer as KML. Points look like the reader's own pin, coloured and sized."""
    return document(layer)


def document(layer: Layer, icon: str | None = None) -> bytes:
    """Return a layer as KML whose points use the picture at ``icon``, or the reader's own pin where that is None."""
    root = ET.Element("kml", xmlns="http://www.opengis.net/kml/2.2")
    body = ET.SubElement(root, "Document", id=layer.name)
    _add(body, "name", layer.title)
    _add(body, "description", _about(layer))
    for key, symbol in layer.style.symbols.items():
        body.append(_style(_id(layer, key), symbol, icon))
    _add_placemarks(body, layer)
    ET.indent(root, " ")
    content: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return content + b"\n"


FORMAT = Format("kml", "KML", "application/vnd.google-earth.kml+xml", encode)


def _add(parent: ET.Element, tag: str, text: object, **attributes: str) -> ET.Element:
    element = ET.SubElement(parent, tag, attributes)
    element.text = str(text)
    return element


def _id(layer: Layer, key: str) -> str:
    """Return an identifier that XML allows (NCName): no colons, no blanks."""
    return re.sub(r"[^\w.-]", "-", f"{layer.name}-{key}")


def _about(layer: Layer) -> str:
    """Return the balloon of the whole layer, as HTML."""
    sources = "".join(f"<li>{escaped(credit(source))}</li>" for source in layer.sources)
    return f"<p>{escaped(abstract(layer))}</p>" + (f"<ol>{sources}</ol>" if sources else "")


def escaped(text: object) -> str:
    """Return text for a balloon, where readers run HTML and replace ``$[name]``."""
    return html.escape(str(text)).replace("$", "&#36;")


def colour(rgb: str | None, opacity: float = 1.0) -> str:
    """Return ``#rrggbb`` in KML's order: alpha, blue, green, red; wholly transparent for None.

    >>> colour("#ff8000", 0.5)
    '800080ff'
    """
    if rgb is None:
        return "00ffffff"
    return f"{round(255 * opacity):02x}{rgb[5:7]}{rgb[3:5]}{rgb[1:3]}".lower()


def _style(name: str, symbol: Symbol, icon: str | None) -> ET.Element:
    style = ET.Element("Style", id=name)
    point = ET.SubElement(style, "IconStyle")
    _add(point, "color", colour(symbol.fill or symbol.stroke))
    _add(point, "scale", _scale(symbol.radius))
    if icon is not None:
        _add(ET.SubElement(point, "Icon"), "href", icon)
    line = ET.SubElement(style, "LineStyle")
    _add(line, "color", colour(symbol.stroke))
    _add(line, "width", symbol.width)
    area = ET.SubElement(style, "PolyStyle")
    _add(area, "color", colour(symbol.fill, solid_opacity(symbol)))
    _add(area, "outline", int(symbol.stroke is not None))
    return style


def _scale(radius: float | None) -> float:
    return round((radius or ICON_RADIUS / 2) / ICON_RADIUS, 2)


def _add_placemarks(body: ET.Element, layer: Layer) -> None:
    features = zip(rows(layer), shapes(layer), symbols(layer), layer.radii(), strict=True)
    for row, geometry, symbol, radius in features:
        mark = ET.SubElement(body, "Placemark", id=_id(layer, f"feature-{row['id']}"))
        _add(mark, "name", feature_title(layer, row))
        _add(mark, "description", _balloon(row, caption(layer, symbol)))
        _add_time(mark, row)
        _add(mark, "styleUrl", f"#{_id(layer, row['symbol'])}")
        if layer.style.size_property and radius is not None:
            _add(ET.SubElement(ET.SubElement(mark, "Style"), "IconStyle"), "scale", _scale(radius))
        _add_data(mark, row)
        mark.extend(_geometry(geometry))


def _balloon(row: Mapping[str, Any], look: str) -> str:
    """Return a feature's balloon as HTML: what it is, then its attributes."""
    told = ((name, value) for name, value in row.items() if value not in (None, "", []) and name != "symbol")
    table = "".join(f"<tr><th>{escaped(name)}</th><td>{_html(value)}</td></tr>" for name, value in told)
    return f"<p>{escaped(look)}</p><table>{table}</table>"


def _html(value: Any) -> str:
    """Return a plain value as HTML: lists as lists, objects as their texts and numbers side by side."""
    if isinstance(value, list):
        return "<ul>" + "".join(f"<li>{_html(item)}</li>" for item in value) + "</ul>"
    if isinstance(value, dict):
        return " · ".join(escaped(item) for item in value.values() if isinstance(item, str | int | float))
    return escaped(value)


def _add_time(mark: ET.Element, row: Mapping[str, Any]) -> None:
    """Add the days from which and to which a feature holds, where its row tells them."""
    span = {"begin": row.get("valid_from"), "end": row.get("valid_to")}
    if any(span.values()):
        element = ET.SubElement(mark, "TimeSpan")
        for tag, day in span.items():
            if day:
                _add(element, tag, day)


def _add_data(mark: ET.Element, row: Mapping[str, Any]) -> None:
    data = ET.SubElement(mark, "ExtendedData")
    for name, value in row.items():
        if value is not None:
            _add(ET.SubElement(data, "Data", name=name), "value", cell(value))


def _geometry(geometry: BaseGeometry | None) -> Iterable[ET.Element]:
    if geometry is None:
        return
    kind = geometry.geom_type
    if kind == "Point":
        yield _coordinates("Point", geometry)
    elif kind == "LineString":
        yield _coordinates("LineString", geometry)
    elif kind == "Polygon":
        yield _polygon(geometry)
    else:
        many = ET.Element("MultiGeometry")
        many.extend(element for part in geometry.geoms for element in _geometry(part))  # type: ignore[attr-defined]
        yield many


def _coordinates(tag: str, geometry: BaseGeometry) -> ET.Element:
    element = ET.Element(tag)
    if tag == "LineString":
        _add(element, "tessellate", 1)
    pairs = (f"{round(x, DIGITS)},{round(y, DIGITS)}" for x, y in geometry.coords)
    _add(element, "coordinates", " ".join(pairs))
    return element


def _polygon(geometry: Any) -> ET.Element:
    polygon = ET.Element("Polygon")
    _add(polygon, "tessellate", 1)
    ET.SubElement(polygon, "outerBoundaryIs").append(_coordinates("LinearRing", geometry.exterior))
    for hole in geometry.interiors:
        ET.SubElement(polygon, "innerBoundaryIs").append(_coordinates("LinearRing", hole))
    return polygon
