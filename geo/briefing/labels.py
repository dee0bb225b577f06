"""Which labels a map wants, in order of importance, and how each looks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.placing import Box, Spot, Wish, around, beside, overlap, place
from geo.briefing.projection import Frame
from geo.model import Layer

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

AREA_INK = Ink(20, "#1d2730", "bold", halo="#ffffff", halo_width=3.2)
PLACE_INK = Ink(15, "#1d2730", halo="#ffffff")
COUNTRY_INK = Ink(17, "#7b7468", halo="#fbfaf6", halo_width=2.4)
UNIT_INK = Ink(13, "#8a8478", halo="#fbfaf6", halo_width=2.2)
TOWN_INK = Ink(13, "#55606a", halo="#fbfaf6", halo_width=2.4)
_LINE = 1.25
_POINT_GAP = 4.0
_LEADER_GAP = 16.0
_HAIR_SPACE = "\u200a"
_SAME_NAME = 120.0
"""Pixels within which a name that is already written is not written again."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name to be written: where its feature is on the sheet, and how it looks."""

    words: str
    ink: Ink
    shape: BaseGeometry
    gap: float
    leader: bool = False
    importance: float = 0.0


@dataclass(frozen=True, slots=True)
class Written:
    """A label with its place."""

    label: Label
    spot: Spot


def localised(layer: Layer, row: dict[str, Any], language: str) -> str | None:
    """Return a feature's label in a language where the layer knows it, else as it is; None for no label.

    The label property itself may have a sibling (``label_ar``), else the feature's name may (``name_ar``).
    """
    key = layer.style.label_property
    plain = row.get(key) if key else None
    if not isinstance(plain, str) or not plain.strip():
        return None
    translated = (row.get(f"{key}_{language}"), row.get(f"name_{language}"), plain)
    return " ".join(next(str(word) for word in translated if isinstance(word, str) and word.strip()).split())


def spaced(words: str) -> str:
    """Return capitals set wide, as names of areas are; scripts without capitals stay as they are, joined up."""
    upper = words.upper()
    return words if upper == words.lower() else _HAIR_SPACE.join(upper)


def layer_labels(layer: Layer, frame: Frame, language: str, *, base: bool) -> Iterator[Label]:
    """Yield the labels of the features that the map shows, most important first."""
    if layer.style.label_property is None:
        return
    found = []
    seen: set[str] = set()
    rows = layer.features.drop(columns="geometry").to_dict("records")
    for row, geometry, radius in zip(rows, layer.features.geometry, layer.radii(), strict=True):
        words = localised(layer, {str(key): value for key, value in row.items()}, language)
        if words and words not in seen and geometry is not None and not geometry.is_empty:
            shape = frame.pixels(geometry)
            if not shape.is_empty:
                seen.add(words)
                found.append(_label(words, layer, row, shape, radius, base))
    yield from sorted(found, key=lambda label: -label.importance)


def _label(words: str, layer: Layer, row: Any, shape: BaseGeometry, radius: float | None, base: bool) -> Label:
    is_area = shape.geom_type.endswith("Polygon")
    if base and (is_area or radius is None):
        ink = COUNTRY_INK if layer.name == "countries" else UNIT_INK
        return Label(spaced(words), ink, shape, 0.0, importance=shape.area)
    if is_area:
        symbol = layer.style.symbols[row["symbol"]]
        return Label(
            words, replace(AREA_INK, colour=darker(symbol.stroke or symbol.fill)), shape, 0.0, True, shape.area
        )
    importance = (
        float(row.get(layer.style.size_property) or 0) if layer.style.size_property else -float(row.get("rank") or 0)
    )
    return Label(words, TOWN_INK if base else PLACE_INK, shape, (radius or 0.0) + _POINT_GAP, importance=importance)


def darker(colour: str | None) -> str:
    """Return a colour dark enough to read as text, of the same hue."""
    import colorsys

    if colour is None:
        return AREA_INK.colour
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    hue, light, saturation = colorsys.rgb_to_hls(red, green, blue)
    return "#" + "".join(f"{round(255 * part):02x}" for part in colorsys.hls_to_rgb(hue, min(light, 0.27), saturation))


def write_labels(
    canvas: Canvas, labels: Sequence[Label], panel: Box, symbols: Sequence[Box], taken: Sequence[Box]
) -> None:
    """Find a place for each label, most important first, and write those that have one."""
    wishes = [_wish(canvas, label) for label in labels]
    spots = place(wishes, panel, symbols, taken)
    written: list[Written] = []
    for label, spot in zip(labels, spots, strict=True):
        if spot is not None and not _repeats(label, spot, written, canvas.unit):
            written.append(Written(label, spot))
    for item in written:
        _write(canvas, item)


def _repeats(label: Label, spot: Spot, written: Sequence[Written], unit: float) -> bool:
    near = _SAME_NAME * unit
    return any(
        other.label.words.casefold() == label.words.casefold()
        and abs(other.spot.x - spot.x) < near
        and abs(other.spot.y - spot.y) < near
        for other in written
    )


def _wish(canvas: Canvas, label: Label) -> Wish:
    size = canvas.text_width(label.words, label.ink), label.ink.size * _LINE * canvas.unit
    return Wish(label.words, *size, tuple(_spots(label, size, canvas.unit)))


def _spots(label: Label, size: tuple[float, float], unit: float) -> Iterator[Spot]:
    if not label.shape.geom_type.endswith("Polygon"):
        point = label.shape.representative_point()
        if label.gap:
            yield from around(point.x, point.y, label.gap * unit, size)
        else:
            yield Spot(point.x, point.y)
        return
    yield from _inside(label.shape, size)
    if label.leader:
        middle = label.shape.representative_point()
        yield from beside(label.shape.bounds, _LEADER_GAP * unit, size, (middle.x, middle.y))


def _inside(shape: BaseGeometry, size: tuple[float, float]) -> Iterator[Spot]:
    """Yield the spots of a grid at which a label lies well inside an area, the roomiest first."""
    import numpy as np
    from shapely import box, get_parts, maximum_inscribed_circle, prepare

    largest = max(get_parts([shape]), key=lambda part: part.area)
    centre = maximum_inscribed_circle(largest, tolerance=2.0).coords[0]
    prepare(largest)
    left, top, right, bottom = largest.bounds
    xs, ys = np.linspace(left, right, 13)[1:-1], np.linspace(top, bottom, 13)[1:-1]
    reach = max(right - left, bottom - top)
    for x, y in [centre, *((float(x), float(y)) for y in ys for x in xs)]:
        if largest.contains(box(x - size[0] / 2, y - size[1] / 2, x + size[0] / 2, y + size[1] / 2)):
            away = ((x - centre[0]) ** 2 + (y - centre[1]) ** 2) ** 0.5
            yield Spot(x, y, 0.8 * away / reach)


def _write(canvas: Canvas, item: Written) -> None:
    label, spot = item.label, item.spot
    if spot.leader:
        size = canvas.text_width(label.words, label.ink), label.ink.size * _LINE * canvas.unit
        edge = _towards(spot, size)
        canvas.line([edge, spot.leader], label.ink.colour, 1.2)
    canvas.text(spot.x, spot.y + 0.36 * label.ink.size * canvas.unit, label.words, label.ink, "center")


def _towards(spot: Spot, size: tuple[float, float]) -> tuple[float, float]:
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


__all__ = ["Label", "layer_labels", "overlap", "symbol_boxes", "write_labels"]
