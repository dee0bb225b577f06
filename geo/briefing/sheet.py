"""One sheet for a briefing: what is on it, and writing it as PNG, SVG, PDF or PPTX."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.briefing.layout import Size
from geo.errors import InputError, UnknownNameError
from geo.files import write_whole
from geo.geometry import WORLD, Bbox, area_km2, bbox_of, bbox_polygon
from geo.model import Layer

SUFFIXES = ("png", "svg", "pdf", "pptx")
"""What a sheet can be written as."""

SMALLEST, LARGEST, MOST_PIXELS = 480, 8192, 40_000_000
_SIZE = re.compile(r"\s*([0-9]{1,9})\s*x\s*([0-9]{1,9})\s*")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a sheet shows.

    Attributes
    ----------
    layers
        The topmost first; points lie above areas whatever the order.
    basemap
        In painting order. It has to fill what `sheet_bbox` returns.
    title, subtitle
        The layers' titles where the title is empty.
    size
        Width and height in pixels.
    bbox
        What the map shows at least (west, south, east, north; west may exceed east). None for what `default_bbox`
        returns.
    on
        The day the map stands for; None for the layers' own.
    made_on
        The day the sheet was made. It is never read from the clock, so that the same sheet has the same bytes: None
        for the day in ``SOURCE_DATE_EPOCH``, or no day where that is not set.
    lang
        ISO 639-1 code: ``en``, ``ar`` or ``ru``.
    link
        Where the map can be found again.
    """

    layers: tuple[Layer, ...]
    basemap: tuple[Layer, ...] = ()
    title: str = ""
    subtitle: str = ""
    size: Size = (1920, 1080)
    bbox: Bbox | None = None
    on: dt.date | None = None
    made_on: dt.date | None = None
    lang: str = "en"
    link: str | None = None


def parse_size(text: str) -> Size:
    """Read ``1920x1080``: width and height in pixels.

    Raises
    ------
    InputError
        Not two whole numbers, or too small or large to draw.
    """
    remedy = "Give width and height in pixels, as 1920x1080."
    found = _SIZE.fullmatch(text.lower().replace("×", "x"))
    if found is None:
        raise InputError(f"The size {text!r} is not a width and a height.", remedy)
    width, height = (int(part) for part in found.groups())
    if min(width, height) < SMALLEST or max(width, height) > LARGEST or width * height > MOST_PIXELS:
        limits = f"{SMALLEST} to {LARGEST} pixels a side and at most {MOST_PIXELS // 1_000_000} million in all"
        raise InputError(f"The size {text!r} cannot be drawn: it must have {limits}.", remedy)
    return width, height


def default_bbox(layers: Sequence[Layer]) -> Bbox:
    """Return what a map of these layers shows where nothing else is said.

    Of the approximate layers, the one that is smallest, as it is what the rest is about; all features where no layer is
    approximate, and the world where there are none.
    """
    approximate = [bbox_of(layer.features.geometry) for layer in layers if layer.approximate]
    focus = min((bbox for bbox in approximate if bbox), key=_extent, default=None)
    return focus or bbox_of(shape for layer in layers for shape in layer.features.geometry) or WORLD


def _extent(bbox: Bbox) -> float:
    """Return the area of a bbox in square kilometres."""
    return area_km2(bbox_polygon(bbox))


def sheet_bbox(layers: Sequence[Layer], bbox: Bbox | None = None, size: Size = (1920, 1080)) -> Bbox:
    """Return the degrees that the base map of such a sheet has to fill.

    Generous, as the map fills a panel whose height depends on the length of title and sources.
    """
    from geo.briefing.layout import possible_panels
    from geo.briefing.projection import frame_of, unturned

    shown = bbox or default_bbox(layers)
    frames = [frame_of(shown, panel) for panel in possible_panels(size)]
    reaches = [frame.reach for frame in frames]
    west, south = (min(reach[side] for reach in reaches) for side in (0, 1))
    east, north = (max(reach[side] for reach in reaches) for side in (2, 3))
    return unturned((west, south, east, north), frames[0].lon)


def suffix_of(name: str) -> str:
    """Return which of `SUFFIXES` a file's name ends with, or a bare suffix is, in any case.

    Raises
    ------
    UnknownNameError
        None of them.
    """
    suffix = name.lower().rpartition(".")[2]
    if suffix not in SUFFIXES:
        known = ", ".join(f".{known}" for known in SUFFIXES)
        raise UnknownNameError(f"A sheet cannot be written as {name!r}.", f"End the file's name with one of {known}.")
    return suffix


def sheet_bytes(sheet: Sheet, suffix: str) -> bytes:
    """Return a sheet as one file: ``png``, ``svg``, ``pdf`` or ``pptx``. Same sheet, same bytes.

    Raises
    ------
    UnknownNameError
        No such format or language.
    """
    from geo.briefing.canvas import drawing_settings
    from geo.briefing.drawing import render
    from geo.briefing.slide import presentation

    suffix = suffix_of(suffix)
    with drawing_settings():
        return presentation(sheet) if suffix == "pptx" else render(sheet, suffix)


def draw_sheet(sheet: Sheet, path: Path) -> None:
    """Write a sheet to a file, in the format of its suffix; a failing write leaves nothing.

    Raises
    ------
    UnknownNameError
        The suffix or the language is none of those known.
    OutputError
        The file cannot be written.
    """
    write_whole(path, sheet_bytes(sheet, path.name))


def day_made(sheet: Sheet) -> dt.date | None:
    """Return the day the sheet was made, as far as it was told."""
    if sheet.made_on is not None:
        return sheet.made_on
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return dt.datetime.fromtimestamp(int(epoch), dt.UTC).date() if epoch.isascii() and epoch.isdigit() else None


def day_shown(sheet: Sheet) -> dt.date | None:
    """Return the day the sheet stands for: the one given, or the layers' newest."""
    return sheet.on or max((layer.on for layer in sheet.layers if layer.on), default=None)
