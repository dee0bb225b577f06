"""Putting a sheet together: header, map, column, footer."""

from __future__ import annotations

from dataclasses import dataclass

from geo.briefing.blocks import Block, draw_block, footer_blocks, header_blocks
from geo.briefing.canvas import Canvas
from geo.briefing.column import column_of, draw_column
from geo.briefing.layout import ACCENT, MARGIN, lay_out, unit_of
from geo.briefing.mapping import draw_map
from geo.briefing.projection import frame_of
from geo.briefing.sheet import Sheet, default_bbox
from geo.briefing.texts import Texts, about, sheet_words, texts_of, with_projection
from geo.briefing.words import Words
from geo.model import Symbol

_FOOTER_GAP, _HEADER_GAP = 14.0, 12.0


@dataclass(frozen=True, slots=True)
class Drawing:
    """A sheet whose map is drawn and whose texts are ready to be written."""

    canvas: Canvas
    words: Words
    texts: Texts
    blocks: tuple[Block, ...]


def render(sheet: Sheet, suffix: str) -> bytes:
    """Return a sheet as ``png``, ``svg`` or ``pdf``."""
    drawing = draw(sheet)
    for block in drawing.blocks:
        draw_block(drawing.canvas, block, drawing.words)
    return drawing.canvas.save(suffix, about(drawing.texts))


def draw(sheet: Sheet) -> Drawing:
    """Return a sheet with all but its blocks of text drawn."""
    words = sheet_words(sheet)
    canvas = Canvas(*sheet.size, unit_of(sheet.size))
    texts = texts_of(sheet, words)
    bbox = sheet.bbox or default_bbox(sheet.layers)
    header = header_blocks(canvas, texts)
    # The footer's height depends on the projection's name, and that on the panel only by digits: a guess is enough.
    guess = frame_of(bbox, (0, 0, float(sheet.size[0]), float(sheet.size[1])))
    texts = with_projection(texts, guess, words)
    footer = footer_blocks(canvas, texts, words)
    top, bottom = header[1].bottom + _HEADER_GAP * canvas.unit, footer[0].rect[1] - _FOOTER_GAP * canvas.unit
    column = column_of(canvas, sheet, guess, texts, words)
    layout = lay_out(sheet.size, top, bottom, column.height() * canvas.unit, mirrored=words.rtl)
    frame = frame_of(bbox, layout.panel)
    column = column_of(canvas, sheet, frame, texts, words)
    _draw_accent(canvas, words)
    draw_map(canvas, frame, sheet.basemap, sheet.layers, words)
    draw_column(canvas, layout.column, column, frame, words)
    return Drawing(canvas, words, texts, (*header, *footer))


def _draw_accent(canvas: Canvas, words: Words) -> None:
    """Draw the short bar that opens a sheet."""
    unit, width = canvas.unit, 64 * canvas.unit
    left = canvas.width - MARGIN * unit - width if words.rtl else MARGIN * unit
    canvas.box(left, 26 * unit, width, 7 * unit, Symbol("", fill=ACCENT))
