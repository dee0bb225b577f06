"""The legend: each layer's symbols under its title, as the layer's one style has them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from geo.briefing.canvas import Canvas
from geo.briefing.layout import HEADING, KEY, NOTE, Rect
from geo.briefing.words import Words
from geo.model import Layer, Symbol

_SWATCH = (34.0, 20.0)
_ROW, _HEAD, _BETWEEN = 28.0, 30.0, 14.0


@dataclass(frozen=True, slots=True)
class Group:
    """A heading, the numbers of its sources, and its symbols."""

    title: str
    numbers: str
    keys: tuple[Symbol, ...]

    def height(self) -> float:
        """Return the height in pixels of the reference sheet."""
        return _HEAD + sum(map(row_height, self.keys)) + _BETWEEN


def row_height(symbol: Symbol) -> float:
    """Return the height of a key: large circles need more."""
    return max(_ROW, 2 * (symbol.radius or 0) + 6)


def groups_of(layers: Sequence[Layer], numbers: dict[str, str], words: Words) -> Iterator[Group]:
    """Yield one group for each layer that shows something."""
    for layer in layers:
        if len(layer.features) and layer.style.legend_symbols():
            yield Group(words.term(layer.title), numbers.get(layer.name, ""), layer.style.legend_symbols())


def draw_legend(canvas: Canvas, groups: Sequence[Group], column: Rect, words: Words) -> float:
    """Draw the groups into a column, from its top; return where they end, in pixels."""
    left, top, width, _ = column
    y = top
    for group in groups:
        y = _draw_group(canvas, group, (left, y, width, 0), words)
    return y


def _draw_group(canvas: Canvas, group: Group, column: Rect, words: Words) -> float:
    unit = canvas.unit
    left, y, width, _ = column
    start = left + width if words.rtl else left
    baseline = y + 17 * unit
    canvas.text(start, baseline, group.title, HEADING, "right" if words.rtl else "left")
    if group.numbers:
        shift = canvas.text_width(group.title, HEADING) + 8 * unit
        x = start - shift if words.rtl else start + shift
        canvas.text(x, baseline, group.numbers, NOTE, "right" if words.rtl else "left")
    y += _HEAD * unit
    for symbol in group.keys:
        height = row_height(symbol) * unit
        _draw_key(canvas, symbol, (left, y, width, height), words)
        y += height
    return y + _BETWEEN * unit


def _draw_key(canvas: Canvas, symbol: Symbol, row: Rect, words: Words) -> None:
    unit = canvas.unit
    left, top, width, height = row
    swatch = max(_SWATCH[0], 52.0 if (symbol.radius or 0) > 17 else _SWATCH[0]) * unit
    middle = top + height / 2
    draw_swatch(canvas, symbol, (left + width - swatch if words.rtl else left, middle, swatch))
    label = words.term(symbol.label)
    x = left + width - swatch - 14 * unit if words.rtl else left + swatch + 14 * unit
    canvas.text(x, middle + 0.36 * KEY.size * unit, label, KEY, "right" if words.rtl else "left")


def draw_swatch(canvas: Canvas, symbol: Symbol, place: tuple[float, float, float]) -> None:
    """Draw a sample of a symbol: a disc, an area or a line.

    Parameters
    ----------
    place
        Left edge, middle height and width, in pixels.
    """
    from shapely import LineString, Point, box

    left, middle, width = place
    half = _SWATCH[1] / 2 * canvas.unit
    if symbol.radius is not None:
        canvas.draw(Point(left + width / 2, middle), symbol, symbol.radius)
    elif symbol.fill is not None:
        wide = _SWATCH[0] * canvas.unit
        inset = left + (width - wide) / 2
        canvas.draw(box(inset, middle - half, inset + wide, middle + half), replace(symbol))
    else:
        canvas.draw(LineString([(left, middle), (left + width, middle)]), symbol)
