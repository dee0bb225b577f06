"""The column beside the map: legend, what lies outside the map, and where on Earth it is."""

from __future__ import annotations

from collections.abc import Sequence

from geo.briefing.blocks import NOTE_LEADING
from geo.briefing.canvas import Canvas
from geo.briefing.labels import localised
from geo.briefing.layout import NOTE, Rect
from geo.briefing.legend import Group, base_group, draw_group, fitted, groups_of
from geo.briefing.locator import draw_globe
from geo.briefing.projection import Frame
from geo.briefing.sheet import Sheet
from geo.briefing.texts import Texts
from geo.briefing.words import Words
from geo.model import Layer

_GLOBE, _SMALLEST_GLOBE = 96.0, 56.0
_MOST_NAMES = 8


def draw_column(canvas: Canvas, column: Rect, sheet: Sheet, frame: Frame, texts: Texts, words: Words) -> None:
    """Draw the column from its top; the globe stands at its foot where room is left."""
    unit = canvas.unit
    left, top, width, height = column
    outside = _outside_lines(canvas, sheet.layers, frame, width, words)
    room = height / unit - len(outside) * NOTE_LEADING
    wanted = [*groups_of(sheet.layers, texts.numbers, words), *base_group(sheet.basemap, words)]
    y = _draw_groups(canvas, wanted, (left, top, width, room), words)
    for line in outside:
        y += NOTE_LEADING * unit
        canvas.text(left + width if words.rtl else left, y, line, NOTE, words.align)
    radius = min(_GLOBE * unit, (top + height - y) / 2 - 10 * unit)
    if radius >= _SMALLEST_GLOBE * unit and not frame.is_world:
        draw_globe(
            canvas, frame, left + width - radius if words.rtl else left + radius, top + height - radius - 1, radius
        )


def _draw_groups(canvas: Canvas, wanted: Sequence[Group], column: Rect, words: Words) -> float:
    """Draw the groups that a column holds (its height in pixels of the reference sheet); return where they end."""
    left, y, width, room = column
    groups, squeeze = fitted(wanted, room)
    for group in groups:
        y = draw_group(canvas, group, (left, y, width, squeeze), words)
    return y


def _outside_lines(canvas: Canvas, layers: Sequence[Layer], frame: Frame, width: float, words: Words) -> list[str]:
    """Return the names of what the layers have beyond the map's edge, as lines."""
    names = outside_names(layers, frame, words.language)
    if not names:
        return []
    shown = words.say("separator").join(names[:_MOST_NAMES])
    more = len(names) - _MOST_NAMES
    text = words.say("off_map_more", names=shown, count=more) if more > 0 else words.say("off_map", names=shown)
    return canvas.wrap(text, NOTE, width)


def outside_names(layers: Sequence[Layer], frame: Frame, language: str) -> list[str]:
    """Return the names of the points that the map does not show, those with the highest counts first."""
    found: dict[str, float] = {}
    for layer in layers:
        rows = layer.features.drop(columns="geometry").to_dict("records")
        for row, geometry in zip(rows, layer.features.geometry, strict=True):
            name = localised(layer, {str(key): value for key, value in row.items()}, language)
            is_point = geometry is not None and geometry.geom_type == "Point"
            if name and is_point and frame.pixels(geometry).is_empty:
                count = float(row.get(layer.style.size_property or "") or 0)
                found[name] = max(count, found.get(name, 0))
    return sorted(found, key=lambda name: -found[name])
