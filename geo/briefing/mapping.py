"""The map panel: base map, layers, labels, scale bar and north arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.labels import Label, Placed, country_labels, layer_labels, place_labels, symbol_boxes, write_label
from geo.briefing.layout import INK, NOTE, PANEL_EDGE, PLATE, SEA
from geo.briefing.placing import Box
from geo.briefing.projection import Frame
from geo.briefing.words import Words
from geo.model import Layer, Symbol

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_BAR = 190.0
_SLIVER = 0.02
"""Share of an area that may stick out of another that is said to hold it."""
_STAMP_INK = Ink(15, INK, "bold")
_STAMP = Symbol("", fill="#ffffff", stroke=INK, fill_opacity=0.86, width=1.4, dash=(6, 3.5))
_SCALE_INK = Ink(14, INK, halo="#ffffff", halo_width=2)


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
    _draw_sea(canvas, frame)
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


def _draw_sea(canvas: Canvas, frame: Frame) -> None:
    """Fill the panel; on a world map the globe alone is sea."""
    from shapely import box, segmentize

    globe = segmentize(box(-180, -90, 180, 90), 1.0)
    if frame.is_world:
        canvas.draw(frame.pixels(globe), SEA)
    else:
        canvas.box(*frame.panel, SEA)


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
            canvas.draw(frame.pixels(geometry), symbol, radius)


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


def round_length(limit: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, 50 … that is not above a limit."""
    steps = [digit * 10.0**power for power in range(-3, 6) for digit in (1, 2, 5)]
    return max(step for step in steps if step <= limit)


def scale_km(frame: Frame, unit: float) -> tuple[float, float]:
    """Return the length of the scale bar in kilometres and in pixels.

    It is the geodesic length along the middle of the map, from west to east.
    """
    km = round_length(frame.km_across(_BAR * unit))
    return km, km / frame.km_across(_BAR * unit) * _BAR * unit


def scale_box(canvas: Canvas, frame: Frame) -> Box:
    """Return what scale bar and north arrow cover."""
    unit = canvas.unit
    left, top, _, height = frame.panel
    low = top + height - 14 * unit
    return left + 14 * unit, low - 54 * unit, left + 14 * unit + scale_km(frame, unit)[1] + 104 * unit, low


def draw_scale(canvas: Canvas, frame: Frame, words: Words) -> None:
    """Draw scale bar and north arrow into the lower left corner."""
    unit = canvas.unit
    left, top, right, bottom = scale_box(canvas, frame)
    km, length = scale_km(frame, unit)
    canvas.box(left, top, right - left, bottom - top, PLATE)
    x, y = left + 48 * unit, top + 34 * unit
    _draw_bar(canvas, x, y, length)
    for share, label in ((0.0, "0"), (0.5, f"{km / 2:g}"), (1.0, f"{km:g} {words.say('km')}")):
        canvas.text(x + share * length, y - 8 * unit, label, _SCALE_INK, "center")
    _draw_north(canvas, left + 21 * unit, top + 8 * unit, words)


def stamp_box(canvas: Canvas, frame: Frame, words: Words) -> Box:
    """Return what the stamp covers."""
    unit = canvas.unit
    left, top, width, _ = frame.panel
    right = left + width - 14 * unit
    wide = canvas.text_width(words.say("approximate"), _STAMP_INK) + 28 * unit
    return right - wide, top + 14 * unit, right, top + 46 * unit


def draw_stamp(canvas: Canvas, frame: Frame, words: Words) -> None:
    """Write the word *approximate* into the upper right corner, dashed as what it speaks of."""
    unit = canvas.unit
    left, top, right, bottom = stamp_box(canvas, frame, words)
    canvas.box(left, top, right - left, bottom - top, _STAMP)
    canvas.text((left + right) / 2, top + 21.5 * unit, words.say("approximate"), _STAMP_INK, "center")


def _draw_bar(canvas: Canvas, x: float, y: float, length: float) -> None:
    height = 6 * canvas.unit
    canvas.box(x, y, length / 2, height, Symbol("", fill=INK, stroke=INK, width=1))
    canvas.box(x + length / 2, y, length / 2, height, Symbol("", fill="#ffffff", stroke=INK, width=1))


def _draw_north(canvas: Canvas, x: float, y: float, words: Words) -> None:
    from shapely import Polygon

    unit = canvas.unit
    arrow = [(0, 0), (7, 22), (0, 17), (-7, 22)]
    canvas.draw(Polygon([(x + dx * unit, y + dy * unit) for dx, dy in arrow]), Symbol("", fill=INK))
    canvas.text(x, y + 36 * unit, words.say("north"), Ink(12.5, NOTE.colour, "bold"), "center")
