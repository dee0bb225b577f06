"""The map panel: base map, layers and labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.briefing.canvas import Canvas
from geo.briefing.furniture import draw_scale, draw_stamp, scale_box, stamp_box
from geo.briefing.labels import Label, Placed, country_labels, layer_labels, place_labels, symbol_boxes, write_label
from geo.briefing.layout import PANEL_EDGE, WATER
from geo.briefing.projection import Frame
from geo.briefing.words import Words
from geo.model import Layer, Symbol

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_SLIVER = 0.02
"""Share of an area that may stick out of another that is said to hold it."""


def draw_map(canvas: Canvas, frame: Frame, basemap: Sequence[Layer], layers: Sequence[Layer], words: Words) -> None:
    """Draw the panel.

    Parameters
    ----------
    basemap
        In painting order.
    layers
        The topmost first; points lie above areas whatever the order.
    """
    painted = _painting_order(layers)
    placed = _place(canvas, frame, basemap, painted, words)
    _draw_sea(canvas, frame, basemap)
    for layer in basemap:
        if not _has_points(layer):
            _draw_layer(canvas, frame, layer)
    for label, _ in placed:
        if label.dot is not None:
            canvas.draw(label.shape, label.dot)
    for layer in painted:
        _draw_layer(canvas, frame, layer)
    if not frame.is_world:
        draw_scale(canvas, frame, words)
    if any(layer.approximate for layer in painted):
        draw_stamp(canvas, frame, words)
    for label, spot in placed:
        write_label(canvas, label, spot)
    canvas.box(*frame.panel, PANEL_EDGE)


def _draw_sea(canvas: Canvas, frame: Frame, basemap: Sequence[Layer]) -> None:
    """Fill the panel with the colour of the base map's lakes; on a world map the globe alone is sea."""
    from shapely import box, segmentize

    lakes = (symbol.fill for layer in basemap if layer.name == "lakes" for symbol in layer.style.symbols.values())
    sea = Symbol("", fill=next(lakes, WATER))
    if frame.is_world:
        canvas.draw(frame.pixels(segmentize(box(-180, -90, 180, 90), 1.0)), sea)
    else:
        canvas.box(*frame.panel, sea)


def _place(
    canvas: Canvas, frame: Frame, basemap: Sequence[Layer], painted: Sequence[Layer], words: Words
) -> list[Placed]:
    """Find a place for the labels; towns of the base map show only where their names do."""
    left, top, width, height = frame.panel
    inner = (left + 4, top + 4, left + width - 4, top + height - 4)
    symbols = [box for layer in painted for box in symbol_boxes(layer, frame, canvas.unit)]
    furniture = [] if frame.is_world else [scale_box(canvas, frame)]
    if any(layer.approximate for layer in painted):
        furniture.append(stamp_box(canvas, frame, words))
    return place_labels(canvas, _labels(frame, basemap, painted, words.language), inner, symbols, furniture)


def _painting_order(layers: Sequence[Layer]) -> list[Layer]:
    lowest_first = list(reversed(layers))
    return sorted(lowest_first, key=_has_points)


def _has_points(layer: Layer) -> bool:
    return any(symbol.radius is not None for symbol in layer.style.symbols.values())


def _labels(frame: Frame, basemap: Sequence[Layer], painted: Sequence[Layer], language: str) -> list[Label]:
    """Return all labels: those of areas first, as they are the message, then points, countries and towns."""
    shown = [layer_labels(layer, frame, language, base=False) for layer in reversed(painted)]
    leading = [label for labels in shown for label in labels if label.leader]
    others = [label for labels in shown for label in labels if not label.leader]
    towns = [label for layer in basemap for label in layer_labels(layer, frame, language, base=True)]
    return [*leading, *others, *country_labels(frame, language, _covered(frame, painted)), *towns]


def _covered(frame: Frame, layers: Sequence[Layer]) -> BaseGeometry:
    """Return what the areas of approximate layers cover on the sheet: the names of countries stay clear of it."""
    from shapely import union_all

    shapes = [shape for layer in layers if layer.approximate for shape in layer.features.geometry if shape is not None]
    return union_all([frame.pixels(shape) for shape in shapes if shape.geom_type.endswith("Polygon")])


def _draw_layer(canvas: Canvas, frame: Frame, layer: Layer) -> None:
    shapes = [None if shape is None or shape.is_empty else shape for shape in layer.features.geometry]
    drawn = zip(shapes, uncovered(shapes), layer.features["symbol"], layer.radii(), strict=True)
    # Large circles first: small ones stay visible on them.
    for geometry, bare, key, radius in sorted(drawn, key=lambda item: -(item[3] or 0)):
        symbol = layer.style.symbols[key]
        if geometry is None or not _shows(symbol, geometry, radius):
            continue
        if bare is not None and geometry.geom_type.endswith("Polygon"):
            canvas.fill(frame.pixels(bare), symbol)
            # The boundary is clipped as a line: the panel's edge is no boundary.
            canvas.draw(frame.pixels(geometry.boundary), symbol)
        else:
            canvas.draw(frame.pixels(geometry), symbol, radius, frame.panel_shape)


def uncovered(shapes: Sequence[BaseGeometry | None]) -> list[BaseGeometry | None]:
    """Return of each shape what no later one within it covers.

    Nested extents (core in zone in possible) then show each its own texture, as the legend has it, instead of all of
    those below it as well.
    """
    from shapely import STRtree, union_all

    tree = STRtree(shapes)  # type: ignore[arg-type]
    bare: list[BaseGeometry | None] = []
    for number, shape in enumerate(shapes):
        above = [] if shape is None else [shapes[n] for n in sorted(tree.query(shape).tolist()) if n > number]
        within = [other for other in above if other is not None and shape is not None and _lies_within(other, shape)]
        bare.append(shape.difference(union_all(within)) if shape is not None and within else shape)
    return bare


def _lies_within(inner: BaseGeometry, outer: BaseGeometry) -> bool:
    """Return whether an area lies in another but for slivers, as rounding leaves them."""
    areas = inner.geom_type.endswith("Polygon") and outer.geom_type.endswith("Polygon")
    return areas and inner.area < outer.area and inner.difference(outer).area <= _SLIVER * inner.area


def _shows(symbol: Symbol, geometry: BaseGeometry, radius: float | None) -> bool:
    """Return whether there is something to draw: points without a radius are for their labels alone."""
    is_anchor = geometry.geom_type.endswith("Point") and radius is None
    return not is_anchor and bool(symbol.fill or symbol.stroke)
