"""The column beside the map: legend, what lies outside the map, and where on Earth it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.briefing.blocks import NOTE_LEADING
from geo.briefing.canvas import Canvas
from geo.briefing.labels import localised
from geo.briefing.layout import COLUMN, GAP, MARGIN, NOTE, Rect, is_narrow
from geo.briefing.legend import Group, base_group, draw_group, fitted, groups_of
from geo.briefing.locator import draw_globe
from geo.briefing.projection import Frame
from geo.briefing.sheet import Sheet
from geo.briefing.texts import Texts
from geo.briefing.words import Words
from geo.model import Layer

_GLOBE, _SMALLEST_GLOBE = 96.0, 56.0
_MOST_NAMES = 8


@dataclass(frozen=True, slots=True)
class Column:
    """What stands beside the map, or below it in several slots side by side.

    Attributes
    ----------
    slots
        The groups of the legend in each slot.
    outside
        Lines on what lies beyond the map's edge, below the last slot's groups.
    """

    slots: tuple[tuple[Group, ...], ...]
    outside: tuple[str, ...]

    def height(self) -> float:
        """Return the pixels of the reference sheet that the highest slot needs."""
        heights = [sum(group.height() for group in slot) for slot in self.slots]
        return max([*heights[:-1], heights[-1] + self.outside_height()])

    def outside_height(self) -> float:
        """Return the pixels of the reference sheet that the lines need, with what letters reach below them."""
        return (len(self.outside) + 0.4 * bool(self.outside)) * NOTE_LEADING


def column_of(canvas: Canvas, sheet: Sheet, frame: Frame, texts: Texts, words: Words) -> Column:
    """Return what the column has to hold; the frame need not be final."""
    width = (canvas.width - 2 * MARGIN * canvas.unit) if is_narrow(sheet.size) else COLUMN * canvas.unit
    count = max(1, int(width // (COLUMN * canvas.unit)))
    share = width / count
    groups = [*groups_of(sheet.layers, texts.numbers, words), *base_group(canvas, sheet.basemap, share, words)]
    outside = _outside_lines(canvas, sheet.layers, frame, share, words)
    return Column(dealt(groups, count), tuple(outside))


def dealt(groups: Sequence[Group], count: int) -> tuple[tuple[Group, ...], ...]:
    """Return the groups in so many slots, each in the one that is lowest when its turn comes; the lowest is last."""
    slots: list[list[Group]] = [[] for _ in range(count)]
    for group in groups:
        min(slots, key=_height).append(group)
    slots.append(slots.pop(min(range(count), key=lambda number: _height(slots[number]))))
    return tuple(map(tuple, slots))


def _height(groups: Sequence[Group]) -> float:
    return sum(group.height() for group in groups)


def draw_column(canvas: Canvas, rect: Rect, column: Column, frame: Frame, words: Words) -> None:
    """Draw the column; a globe stands at its foot where room is left."""
    left, top, width, height = rect
    share = width / len(column.slots)
    y = top
    for number, groups in enumerate(column.slots):
        place = len(column.slots) - 1 - number if words.rtl else number
        below = column.outside_height() * canvas.unit if number == len(column.slots) - 1 else 0.0
        slot = (left + place * share, top, share - GAP * canvas.unit * (len(column.slots) > 1), height - below)
        y = _draw_groups(canvas, groups, slot, words)
    for line in column.outside:
        y += NOTE_LEADING * canvas.unit
        canvas.text(slot[0] + slot[2] if words.rtl else slot[0], y, line, NOTE, words.align)
    if not frame.is_world:
        _draw_globe(canvas, (slot[0], y, slot[2], top + height - y), frame, words)


def _draw_globe(canvas: Canvas, room: Rect, frame: Frame, words: Words) -> None:
    """Draw the globe at the foot of a room, unless it would be too small there."""
    left, top, width, height = room
    radius = min(_GLOBE * canvas.unit, height / 2 - 10 * canvas.unit)
    if radius >= _SMALLEST_GLOBE * canvas.unit:
        x = left + width - radius if words.rtl else left + radius
        draw_globe(canvas, frame, x, top + height - radius - 1, radius)


def _draw_groups(canvas: Canvas, wanted: Sequence[Group], slot: Rect, words: Words) -> float:
    """Draw the groups that a slot holds and return where they end."""
    left, y, width, height = slot
    groups, squeeze = fitted(wanted, height / canvas.unit)
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
