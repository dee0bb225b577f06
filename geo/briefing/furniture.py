"""What stands on the map beside the map itself: scale bar, north arrow, the stamp *approximate*."""

from __future__ import annotations

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.layout import INK, NOTE, PLATE
from geo.briefing.placing import Box
from geo.briefing.projection import Frame
from geo.briefing.words import Words
from geo.model import Symbol

_BAR = 190.0
"""Pixels of the reference sheet that a scale bar has at most."""
_STAMP_INK = Ink(15, INK, "bold")
_STAMP = Symbol("", fill="#ffffff", stroke=INK, fill_opacity=0.86, width=1.4, dash=(6, 3.5))
_SCALE_INK = Ink(14, INK, halo="#ffffff", halo_width=2)


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
