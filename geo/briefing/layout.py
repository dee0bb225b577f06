"""Where the parts of a sheet stand, and how its words look. Sizes are pixels of a 1920 × 1080 sheet."""

from __future__ import annotations

from dataclasses import dataclass

from geo.briefing.canvas import Ink
from geo.model import Symbol

Size = tuple[int, int]
Rect = tuple[float, float, float, float]
"""Left, top, width, height in pixels; y runs down."""

REFERENCE: Size = (1920, 1080)
MARGIN = 40.0
GAP = 26.0
COLUMN = 384.0
NARROW = 1.25
"""Sheets less wide than this times their height have the legend below the map."""

MOST_LEGEND = 0.45
"""Share of the height between header and footer that a legend below the map gets at most."""

INK, MUTED = "#1d2730", "#5b6770"
ACCENT = "#b3372f"
WATER, PAPER, RULE = "#d6e4ec", "#ffffff", "#c4cbd0"

TITLE = Ink(38, INK, "bold")
SMALLEST_TITLE = 29.0
SUBTITLE = Ink(20, MUTED)
AS_OF = Ink(20, ACCENT, "bold")
HEADING = Ink(16.5, INK, "bold")
KEY = Ink(15.5, INK)
NOTE = Ink(13.2, MUTED)
NOTE_STRONG = Ink(13.2, INK, "bold")

PANEL_EDGE = Symbol("", stroke="#8d989f", width=1.2)
PLATE = Symbol("", fill=PAPER, fill_opacity=0.86)


@dataclass(frozen=True, slots=True)
class Layout:
    """The parts of one sheet, in pixels.

    Attributes
    ----------
    unit
        Pixels of this sheet for one pixel of the reference sheet.
    panel
        The map.
    column
        Legend and locator: beside the map, or below it on narrow sheets.
    """

    unit: float
    panel: Rect
    column: Rect


def unit_of(size: Size) -> float:
    """Return how many pixels of a sheet stand for one of the reference sheet."""
    return float((size[0] * size[1] / (REFERENCE[0] * REFERENCE[1])) ** 0.5)


def is_narrow(size: Size) -> bool:
    """Return whether the legend stands below the map rather than beside it."""
    return size[0] < NARROW * size[1]


def lay_out(size: Size, top: float, bottom: float, legend: float, *, mirrored: bool) -> Layout:
    """Share what lies between header and footer among map and column.

    Parameters
    ----------
    top, bottom
        Pixels from the sheet's upper edge: where the header ends and the footer starts.
    legend
        Pixels that the column needs where it stands below the map; it gets at most `MOST_LEGEND` of the height.
    mirrored
        Whether the column stands to the left, as for writing from right to left.
    """
    unit = unit_of(size)
    margin, gap, column = MARGIN * unit, GAP * unit, COLUMN * unit
    width, height = size[0] - 2 * margin, bottom - top
    if is_narrow(size):
        below = min(legend, MOST_LEGEND * height)
        panel = (margin, top, width, height - below - gap)
        return Layout(unit, panel, (margin, bottom - below, width, below))
    map_left = margin + (column + gap) * mirrored
    column_left = margin if mirrored else size[0] - margin - column
    panel = (map_left, top, width - column - gap, height)
    return Layout(unit, panel, (column_left, top, column, height))


def possible_panels(size: Size) -> tuple[Rect, Rect]:
    """Return the flattest and the highest panel that the map of a sheet of that size can have."""
    width, height = size
    if is_narrow(size):
        return (0.0, 0.0, float(width), 0.35 * height), (0.0, 0.0, float(width), 0.8 * height)
    beside = width - (2 * MARGIN + GAP + COLUMN) * unit_of(size)
    return (0.0, 0.0, beside, 0.55 * height), (0.0, 0.0, beside, 0.9 * height)
