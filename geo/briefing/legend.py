"""The legend: each layer's symbols under its title, as the layer's one style has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from geo.briefing.canvas import Canvas
from geo.briefing.layout import HEADING, KEY, NOTE, Rect
from geo.briefing.words import Words
from geo.model import Layer, Symbol

_SWATCH = (34.0, 20.0)
_WIDE_SWATCH = 54.0
_LABEL_GAP = 13.0
_SMALLEST = 12.0
"""Size of the letters below which labels are cut rather than made smaller."""
_ROW, _HEAD, _BETWEEN = 28.0, 29.0, 13.0
_TIGHTEST = 0.78
"""Rows are not moved nearer than this share of their usual distance."""


@dataclass(frozen=True, slots=True)
class Group:
    """A heading, the numbers of its sources, and its symbols in one column or two."""

    title: str
    numbers: str
    keys: tuple[Symbol, ...]
    columns: int = 1

    def height(self) -> float:
        """Return the height in pixels of the reference sheet."""
        return _HEAD + sum(map(row_height, self.keys[:: self.columns])) + _BETWEEN


def row_height(symbol: Symbol) -> float:
    """Return the height of a key: large circles need more."""
    return max(_ROW, 2 * (symbol.radius or 0) + 6)


def groups_of(layers: Sequence[Layer], numbers: Mapping[str, str], words: Words) -> Iterator[Group]:
    """Yield one group for each layer that shows something."""
    for layer in layers:
        if len(layer.features) and layer.style.legend_symbols():
            yield Group(words.term(layer.title), numbers.get(layer.name, ""), layer.style.legend_symbols())


def base_group(canvas: Canvas, basemap: Sequence[Layer], width: float, words: Words) -> Iterator[Group]:
    """Yield the group of the base map's lines that are drawn: land and water speak for themselves.

    It has two columns where the labels are short enough for the width (pixels).
    """
    drawn = [layer.style.symbols[key] for layer in basemap for key in sorted(set(layer.features["symbol"]))]
    lines = tuple(symbol for symbol in drawn if symbol.stroke and not symbol.fill and symbol.radius is None)
    room = width / 2 - (_SWATCH[0] + 2 * _LABEL_GAP) * canvas.unit
    if lines:
        fits = all(canvas.text_width(words.term(line.label), KEY) <= room for line in lines)
        yield Group(words.say("basemap"), "", lines, columns=2 if fits else 1)


def fitted(groups: Sequence[Group], room: float) -> tuple[list[Group], float]:
    """Return the groups that a height holds, and what their distances are multiplied with so that it does.

    Groups are dropped from the end, as the most important layer is first.
    """
    kept = list(groups)
    while len(kept) > 1 and sum(group.height() for group in kept) * _TIGHTEST > room:
        kept.pop()
    return kept, max(_TIGHTEST, min(1.0, room / max(sum(group.height() for group in kept), 1.0)))


def draw_group(canvas: Canvas, group: Group, column: Rect, words: Words) -> float:
    """Draw a group and return where it ends, in pixels.

    Parameters
    ----------
    column
        Left, top and width in pixels; what distances are multiplied with.
    """
    left, y, width, squeeze = column
    unit = canvas.unit * squeeze
    _draw_heading(canvas, group, (left, y + 17 * unit, width, 0), words)
    y += _HEAD * unit
    share = width / group.columns
    for number, symbol in enumerate(group.keys):
        place = number % group.columns
        across = (group.columns - 1 - place if words.rtl else place) * share
        height = row_height(symbol) * unit
        _draw_key(canvas, symbol, (left + across, y, share, height), words)
        if place == group.columns - 1 or number == len(group.keys) - 1:
            y += height
    return y + _BETWEEN * unit


def _draw_heading(canvas: Canvas, group: Group, line: Rect, words: Words) -> None:
    left, baseline, width, _ = line
    start, gap = left + width if words.rtl else left, 8 * canvas.unit
    title, ink = canvas.fitted(group.title, HEADING, width - canvas.text_width(group.numbers, NOTE) - gap, _SMALLEST)
    canvas.text(start, baseline, title, ink, words.align)
    shift = canvas.text_width(title, ink) + gap
    canvas.text(start - shift if words.rtl else start + shift, baseline, group.numbers, NOTE, words.align)


def _draw_key(canvas: Canvas, symbol: Symbol, row: Rect, words: Words) -> None:
    unit = canvas.unit
    left, top, width, height = row
    swatch = (_WIDE_SWATCH if (symbol.radius or 0) > _SWATCH[0] / 2 else _SWATCH[0]) * unit
    middle, gap = top + height / 2, swatch + _LABEL_GAP * unit
    draw_swatch(canvas, symbol, (left + width - swatch if words.rtl else left, middle, swatch))
    x = left + width - gap if words.rtl else left + gap
    label, ink = canvas.fitted(words.term(symbol.label), KEY, width - gap, _SMALLEST)
    canvas.text(x, middle + 0.36 * KEY.size * unit, label, ink, words.align)


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
        canvas.draw(box(left, middle - half, left + width, middle + half), symbol)
    else:
        canvas.draw(LineString([(left, middle), (left + width, middle)]), symbol)
