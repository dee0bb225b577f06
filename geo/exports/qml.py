"""A layer's style as QGIS keeps it (QML): hue, dash, hatch, circles by count, labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

from geo.exports.base import solid_opacity
from geo.model import HATCH_SPACING, HATCH_WIDTH, SMALLEST_RADIUS, Layer, Symbol

MM = 25.4 / 96
"""Millimetres in a CSS pixel."""

Kind = str
"""``marker``, ``line`` or ``fill``: what QGIS calls points, lines and areas."""


def style(layer: Layer, kind: Kind) -> str:
    """Return the QML document of a layer whose features are all of one kind."""
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology|Labeling")
    renderer = ET.SubElement(root, "renderer-v2", type="categorizedSymbol", attr="symbol", enableorderby="0")
    categories, symbols = ET.SubElement(renderer, "categories"), ET.SubElement(renderer, "symbols")
    for number, (key, symbol) in enumerate(layer.style.symbols.items()):
        label = symbol.label or key
        ET.SubElement(categories, "category", value=key, symbol=str(number), label=label, render="true", type="string")
        symbols.append(_symbol(str(number), symbol, kind, layer))
    if layer.style.label_property:
        _add_labels(root, layer.style.label_property, kind)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(root, encoding="unicode")


def _symbol(name: str, symbol: Symbol, kind: Kind, layer: Layer) -> ET.Element:
    element = ET.Element("symbol", name=name, type=kind, alpha="1", clip_to_extent="1", force_rhr="0")
    if kind == "marker":
        element.append(_marker(symbol, layer))
    elif kind == "line":
        element.append(_line(symbol))
    else:
        element.extend(_fills(name, symbol))
    return element


def _fills(name: str, symbol: Symbol) -> list[ET.Element]:
    layers = []
    if symbol.fill and symbol.hatch:
        layers.append(_hatch(name, symbol))
    elif symbol.fill:
        look = {"color": rgba(symbol.fill, solid_opacity(symbol)), "style": "solid", "outline_style": "no"}
        layers.append(_layer("SimpleFill", look))
    if symbol.stroke or not layers:
        layers.append(_line(symbol))
    return layers


def _hatch(name: str, symbol: Symbol) -> ET.Element:
    spacing = {"angle": 45, "distance": round(HATCH_SPACING * MM, 3), "distance_unit": "MM"}
    layer = _layer("LinePatternFill", spacing)
    lines = ET.SubElement(layer, "symbol", name=f"@{name}@0", type="line", alpha="1", clip_to_extent="1", force_rhr="0")
    lines.append(_line(Symbol("", stroke=symbol.fill, width=HATCH_WIDTH), symbol.fill_opacity))
    return layer


def _line(symbol: Symbol, opacity: float = 1.0) -> ET.Element:
    look: dict[str, Any] = {
        "line_color": rgba(symbol.stroke, opacity),
        "line_style": "solid" if symbol.stroke else "no",
        "line_width": round(symbol.width * MM, 3),
        "line_width_unit": "MM",
        "joinstyle": "round",
        "capstyle": "flat",
    }
    if symbol.dash:
        lengths = ";".join(str(round(length * MM, 3)) for length in symbol.dash)
        look |= {"use_custom_dash": 1, "customdash": lengths, "customdash_unit": "MM"}
    return _layer("SimpleLine", look)


def _marker(symbol: Symbol, layer: Layer) -> ET.Element:
    radius = (symbol.radius or SMALLEST_RADIUS) * layer.radius_scale()
    look = {
        "name": "circle",
        "color": rgba(symbol.fill, symbol.fill_opacity if symbol.fill else 0),
        "outline_color": rgba(symbol.stroke),
        "outline_style": "no" if symbol.stroke is None else "dash" if symbol.dash else "solid",
        "outline_width": round(symbol.width * MM, 3),
        "outline_width_unit": "MM",
        "size": round(2 * max(radius, SMALLEST_RADIUS) * MM, 3),
        "size_unit": "MM",
    }
    marker = _layer("SimpleMarker", look)
    if layer.style.size_property:
        marker.append(_size_by(layer.style.size_property, radius))
    return marker


def _size_by(column: str, radius: float) -> ET.Element:
    """Return the rule that a circle's area stands for a count, as `Layer.radii` has it."""
    one, least = round(2 * radius * MM, 4), round(2 * SMALLEST_RADIUS * MM, 4)
    count = 'max(1, coalesce("' + column.replace('"', '""') + '", 1))'
    rule = {"active": "true", "expression": f"max({least}, {one} * sqrt({count}))", "type": 3}
    outer = ET.Element("data_defined_properties")
    top = ET.SubElement(outer, "Option", type="Map")
    ET.SubElement(top, "Option", type="QString", name="name", value="")
    size = ET.SubElement(ET.SubElement(top, "Option", type="Map", name="properties"), "Option", type="Map", name="size")
    for key, value in rule.items():
        kind = {"active": "bool", "type": "int"}.get(key, "QString")
        ET.SubElement(size, "Option", type=kind, name=key, value=str(value))
    ET.SubElement(top, "Option", type="QString", name="type", value="collection")
    return outer


def _layer(kind: str, look: Mapping[str, Any]) -> ET.Element:
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    for key, value in look.items():
        ET.SubElement(options, "Option", type="QString", name=key, value=str(value))
    return layer


def rgba(colour: str | None, opacity: float = 1.0) -> str:
    """Return ``#rrggbb`` as QGIS writes colours; wholly transparent for None.

    >>> rgba("#ff8000", 0.5)
    '255,128,0,128'
    """
    if colour is None:
        return "0,0,0,0"
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return ",".join(map(str, (*parts, round(255 * opacity))))


def _add_labels(root: ET.Element, column: str, kind: Kind) -> None:
    labeling = ET.SubElement(root, "labeling", type="simple")
    settings = ET.SubElement(labeling, "settings", calloutType="simple")
    text = {
        "fieldName": column,
        "isExpression": "0",
        "fontSize": "9",
        "fontSizeUnit": "Point",
        "fontWeight": "50",  # regular; QGIS takes none for 0, which is hairline
        "textColor": "29,39,48,255",
    }
    words = ET.SubElement(settings, "text-style", text)
    halo = {"bufferDraw": "1", "bufferSize": "0.5", "bufferSizeUnits": "MM", "bufferColor": "255,255,255,255"}
    ET.SubElement(words, "text-buffer", halo)
    # QGIS's numbers: 6 puts names beside points, 1 over areas and lines.
    places = {"placement": "6" if kind == "marker" else "1", "dist": "0.8", "distUnits": "MM", "offsetType": "1"}
    ET.SubElement(settings, "placement", {**places, "priority": "7", "centroidInside": "1", "quadOffset": "4"})
    ET.SubElement(settings, "rendering", labelPerPart="0", obstacle="1", obstacleFactor="0.3", drawLabels="1")
