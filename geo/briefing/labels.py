"""Which labels a map wants, in order of importance, and how each looks."""

from __future__ import annotations

import colorsys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.countries import country_name, world
from geo.briefing.placing import Box, Spot, Wish, around, beside, overlap, place
from geo.briefing.projection import Frame
from geo.briefing.words import clean
from geo.geometry import polygons_of
from geo.model import Layer, Symbol

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

AREA_INK = Ink(19, "#1d2730", "bold", halo="#ffffff", halo_width=3.0)
PLACE_INK = Ink(15, "#1d2730", halo="#ffffff")
COUNTRY_INK = Ink(17, "#857d70", halo="#fbfaf6", halo_width=2.2)
UNIT_INK = Ink(13, "#8a8478", halo="#fbfaf6", halo_width=2.0)
TOWN_INK = Ink(13, "#5d666e", halo="#fbfaf6", halo_width=2.2)

_LEADING = 1.2
_POINT_GAP = 3.5
_LEADER_GAP = 18.0
_ONE_LINE = 14
"""Characters above which the name of an area is set in two lines."""
_HAIR_SPACE = "\u200a"
_SAME_NAME = 240.0
"""Pixels within which the base map does not write again what is already written."""
_TOWN_ROOM = 13.0
"""Pixels that the names of the base map's towns keep from other names: they are there for orientation, not to be read
one after the other."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name to be written.

    Attributes
    ----------
    shape
        What it names, in pixels of the sheet.
    gap
        Pixels of the reference sheet from a point to its label; 0 for a label that stands on its point.
    leader
        Whether it may stand outside its area, joined to it by a line.
    dot
        For towns of the base map, which show only with their name: what marks them.
    importance
        Among the labels of its layer; more comes first.
    """

    lines: tuple[str, ...]
    ink: Ink
    shape: BaseGeometry
    gap: float = 0.0
    leader: bool = False
    dot: Symbol | None = None
    importance: float = 0.0

    def size(self, canvas: Canvas) -> tuple[float, float]:
        """Return width and height in pixels."""
        width = max(canvas.text_width(line, self.ink) for line in self.lines)
        return width, self.leading * len(self.lines) * canvas.unit

    @property
    def is_base(self) -> bool:
        """Whether it is there for orientation: a town or country of the base map."""
        return self.dot is not None or self.ink == COUNTRY_INK

    @property
    def leading(self) -> float:
        """Pixels of the reference sheet from line to line."""
        return self.ink.size * _LEADING

    @property
    def name(self) -> str:
        """The words, to be compared."""
        return " ".join(self.lines).replace(_HAIR_SPACE, "").casefold()


Placed = tuple[Label, Spot]


def localised(layer: Layer, row: dict[str, Any], language: str) -> str | None:
    """Return a feature's label in a language where the layer knows it, else as it is; None for no label.

    The label property itself may have a sibling (``label_ar``), else the feature's name may (``name_ar``); countries
    are known in all languages.
    """
    key = layer.style.label_property
    plain = _word(row.get(key)) if key else None
    if plain is None:
        return None
    if row.get("feature") == "country" and isinstance(row.get("country"), str):
        return country_name(str(row["country"]), plain, language)
    return _word(row.get(f"{key}_{language}")) or _word(row.get(f"name_{language}")) or plain


def _word(value: object) -> str | None:
    """Return a cell as a name, None where it holds none."""
    return clean(value) or None if isinstance(value, str) else None


def spaced(words: str) -> str:
    """Return capitals set wide, as names of large areas are; scripts without capitals stay as they are."""
    upper = words.upper()
    return words if upper == words.lower() else _HAIR_SPACE.join(upper)


def balanced(words: str) -> tuple[str, ...]:
    """Return words in one line, or in two as alike as can be where they are long.

    >>> balanced("Idlib de-escalation zone")
    ('Idlib', 'de-escalation zone')
    """
    parts = words.split()
    if len(words) <= _ONE_LINE or len(parts) == 1:
        return (words,)
    breaks = [(" ".join(parts[:n]), " ".join(parts[n:])) for n in range(1, len(parts))]
    return min(breaks, key=lambda pair: max(map(len, pair)))


def layer_labels(layer: Layer, frame: Frame, language: str, *, base: bool) -> list[Label]:
    """Return the labels of the features that the map shows, most important first; areas of one name have one label."""
    if layer.style.label_property is None:
        return []
    found: dict[object, Label] = {}
    rows = layer.features.drop(columns="geometry").to_dict("records")
    for row, geometry, radius in zip(rows, layer.features.geometry, layer.radii(), strict=True):
        words = localised(layer, {str(key): value for key, value in row.items()}, language)
        if words is None or geometry is None or geometry.is_empty or (base and radius is None):
            continue
        shape = frame.pixels(geometry)
        if not shape.is_empty:
            key = words if shape.geom_type.endswith("Polygon") else (words, row["id"])
            found.setdefault(key, _label(words, layer, row, (shape, radius), base))
    return sorted(found.values(), key=lambda label: -label.importance)


def _label(words: str, layer: Layer, row: Any, drawn: tuple[BaseGeometry, float | None], base: bool) -> Label:
    shape, radius = drawn
    symbol = layer.style.symbols[row["symbol"]]
    if shape.geom_type.endswith("Polygon"):
        if not layer.approximate:
            return Label((spaced(words),), UNIT_INK, shape, importance=shape.area)
        ink = replace(AREA_INK, colour=darker(symbol.stroke or symbol.fill))
        return Label(balanced(words), ink, shape, leader=True, importance=shape.area)
    count = row.get(layer.style.size_property) if layer.style.size_property else None
    importance = float(count or 0) or -float(row.get("rank") or 0)
    gap = (radius or 0.0) + _POINT_GAP
    if base:
        return Label((words,), TOWN_INK, shape, gap, dot=symbol, importance=importance)
    return Label((words,), PLACE_INK, shape, gap, importance=importance)


def country_labels(frame: Frame, language: str, covered: BaseGeometry) -> list[Label]:
    """Return the names of the countries that the map shows, each to stand in the part that is shown and not covered."""
    named = ((country_name(code, name, language), frame.pixels(shape)) for code, name, shape in world())
    shown = ((name, polygons_of(shape.difference(covered))) for name, shape in named)
    largest_last = sorted(((name, shape) for name, shape in shown if not shape.is_empty), key=lambda item: item[1].area)
    labels = [
        Label(tuple(map(spaced, balanced(name))), COUNTRY_INK, shape) for name, shape in dict(largest_last).items()
    ]
    return sorted(labels, key=lambda label: -label.shape.area)


def darker(colour: str | None) -> str:
    """Return a colour dark enough to read as text, of the same hue."""
    if colour is None:
        return AREA_INK.colour
    hue, light, saturation = colorsys.rgb_to_hls(*(int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)))
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, min(light, 0.27), saturation))


def place_labels(
    canvas: Canvas, labels: Sequence[Label], panel: Box, symbols: Sequence[Box], taken: Sequence[Box]
) -> list[Placed]:
    """Return the labels that have a place, and where, the most important first."""
    spots = place([_wish(canvas, label, symbols) for label in labels], panel, symbols, taken)
    placed: list[Placed] = []
    for label, spot in zip(labels, spots, strict=True):
        if spot is not None and not _repeats(label, spot, placed, canvas.unit):
            placed.append((label, spot))
    return placed


def _wish(canvas: Canvas, label: Label, symbols: Sequence[Box]) -> Wish:
    unit, size = canvas.unit, label.size(canvas)
    if label.dot is None:
        return Wish(*size, tuple(_spots(label, size, unit)))
    hidden = any(overlap(_reach(label, unit), box) for box in symbols)
    spots = () if hidden else tuple(_spots(label, size, unit))
    return Wish(*size, spots, room=_TOWN_ROOM * unit, limit=1.0)


def _reach(label: Label, unit: float) -> Box:
    """Return what the dot of a town and the room around it cover."""
    point, reach = label.shape.representative_point(), label.gap * unit
    return point.x - reach, point.y - reach, point.x + reach, point.y + reach


def _repeats(label: Label, spot: Spot, placed: Sequence[Placed], unit: float) -> bool:
    """Return whether a name of the base map says again what is written nearby."""
    near = _SAME_NAME * unit
    return label.is_base and any(
        other.name == label.name and abs(there.x - spot.x) < near and abs(there.y - spot.y) < near
        for other, there in placed
    )


def _spots(label: Label, size: tuple[float, float], unit: float) -> Iterator[Spot]:
    if not label.shape.geom_type.endswith("Polygon"):
        point = label.shape.representative_point()
        yield from around(point.x, point.y, label.gap * unit, size)
        return
    yield from _inside(label.shape, size)
    if label.leader:
        middle = label.shape.representative_point()
        yield from beside(label.shape.bounds, _LEADER_GAP * unit, size, (middle.x, middle.y))


def _inside(shape: BaseGeometry, size: tuple[float, float]) -> Iterator[Spot]:
    """Yield the spots of a grid at which a label lies wholly inside an area; the middle is best."""
    import numpy as np
    from shapely import box, get_parts, maximum_inscribed_circle, prepare

    largest = max(get_parts([shape]), key=lambda part: part.area)
    left, top, right, bottom = largest.bounds
    if right - left < size[0] or bottom - top < size[1]:
        return
    centre = maximum_inscribed_circle(largest, tolerance=2.0).coords[0]
    prepare(largest)
    xs, ys = np.linspace(left, right, 15)[1:-1], np.linspace(top, bottom, 15)[1:-1]
    reach = max(right - left, bottom - top)
    for x, y in [centre, *((float(x), float(y)) for y in ys for x in xs)]:
        if largest.contains(box(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)):
            yield Spot(x, y, 0.8 * ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) ** 0.5 / reach)


def write_label(canvas: Canvas, label: Label, spot: Spot) -> None:
    """Write a label at its spot, with its leader."""
    unit, size = canvas.unit, label.size(canvas)
    if spot.leader:
        canvas.line([_edge(spot, size), spot.leader], label.ink.colour, 1.1)
        canvas.dot(*spot.leader, 2.6, label.ink.colour)
    top = spot.y - size[1] / 2
    for number, line in enumerate(label.lines):
        baseline = top + (number * label.leading + 0.96 * label.ink.size) * unit
        canvas.text(spot.x, baseline, line, label.ink, "center")


def _edge(spot: Spot, size: tuple[float, float]) -> tuple[float, float]:
    """Return where the line from a label's middle to its feature leaves the label."""
    assert spot.leader is not None
    across, down = spot.leader[0] - spot.x, spot.leader[1] - spot.y
    share = min(size[0] / 2 / abs(across) if across else 1.0, size[1] / 2 / abs(down) if down else 1.0, 1.0)
    return spot.x + share * across, spot.y + share * down


def symbol_boxes(layer: Layer, frame: Frame, unit: float) -> list[Box]:
    """Return what the layer's points cover on the sheet."""
    from shapely import get_coordinates

    boxes = []
    for geometry, radius in zip(layer.features.geometry, layer.radii(), strict=True):
        if geometry is not None and radius is not None:
            reach = radius * unit
            boxes += [(x - reach, y - reach, x + reach, y + reach) for x, y in get_coordinates(frame.pixels(geometry))]
    return boxes
