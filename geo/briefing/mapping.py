"""The map panel: base map, layers, labels, scale bar and north arrow."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.labels import layer_labels, symbol_boxes, write_labels
from geo.briefing.layout import INK, NOTE, PANEL_EDGE, PLATE, SEA
from geo.briefing.placing import Box
from geo.briefing.projection import Frame
from geo.briefing.words import Words
from geo.model import Layer, Symbol

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_BAR = 190.0
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
    canvas.box(*frame.panel, SEA)
    painted = _painting_order(layers)
    for layer in (*basemap, *painted):
        _draw_layer(canvas, frame, layer)
    furniture = [] if frame.is_world else [draw_scale(canvas, frame, words)]
    labels = [
        *(label for layer in reversed(painted) for label in layer_labels(layer, frame, words.language, base=False)),
        *(label for layer in basemap for label in layer_labels(layer, frame, words.language, base=True)),
    ]
    left, top, width, height = frame.panel
    inner = (left + 4, top + 4, left + width - 4, top + height - 4)
    symbols = [box for layer in layers for box in symbol_boxes(layer, frame, canvas.unit)]
    write_labels(canvas, labels, inner, symbols, furniture)
    canvas.box(*frame.panel, PANEL_EDGE)


def _painting_order(layers: Sequence[Layer]) -> list[Layer]:
    lowest_first = list(reversed(layers))
    return sorted(lowest_first, key=_has_points)


def _has_points(layer: Layer) -> bool:
    return any(symbol.radius is not None for symbol in layer.style.symbols.values())


def _draw_layer(canvas: Canvas, frame: Frame, layer: Layer) -> None:
    drawn = zip(layer.features.geometry, layer.features["symbol"], layer.radii(), strict=True)
    # Large circles first: small ones stay visible on them.
    for geometry, key, radius in sorted(drawn, key=lambda item: -(item[2] or 0)):
        symbol = layer.style.symbols[key]
        if geometry is not None and _shows(symbol, geometry, radius):
            canvas.draw(frame.pixels(geometry), symbol, radius)


def _shows(symbol: Symbol, geometry: BaseGeometry, radius: float | None) -> bool:
    """Return whether there is something to draw: points without a radius are for their labels alone."""
    is_anchor = geometry.geom_type.endswith("Point") and radius is None
    return not is_anchor and bool(symbol.fill or symbol.stroke)


def round_length(limit: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20, 50 … that is not above a limit."""
    steps = [digit * 10.0**power for power in range(-3, 6) for digit in (1, 2, 5)]
    return max(step for step in steps if step <= limit)


def draw_scale(canvas: Canvas, frame: Frame, words: Words) -> Box:
    """Draw scale bar and north arrow into the lower left corner; return what they cover.

    The bar's length is the geodesic one along the parallel through the middle of the map.
    """
    unit = canvas.unit
    left, top, _, height = frame.panel
    km = round_length(frame.km_across(_BAR * unit))
    length = km / frame.km_across(100 * unit) * 100 * unit
    plate = (left + 14 * unit, top + height - 66 * unit, length + 96 * unit, 52 * unit)
    canvas.box(*plate, PLATE)
    x, y = plate[0] + 44 * unit, plate[1] + 36 * unit
    _draw_bar(canvas, x, y, length)
    for share, label in ((0.0, "0"), (0.5, f"{km / 2:g}"), (1.0, f"{km:g} {words.say('km')}")):
        canvas.text(x + share * length, y - 7 * unit, label, _SCALE_INK, "center")
    _draw_north(canvas, plate[0] + 20 * unit, plate[1] + 8 * unit, words)
    return plate[0], plate[1], plate[0] + plate[2], plate[1] + plate[3]


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
