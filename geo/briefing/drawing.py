"""Putting a sheet together: header, map, legend, footer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.column import draw_column
from geo.briefing.layout import ACCENT, AS_OF, MARGIN, NOTE, SMALLEST_TITLE, SUBTITLE, TITLE, lay_out, unit_of
from geo.briefing.mapping import draw_map
from geo.briefing.notes import (
    credit,
    draw_lines,
    footer_columns,
    footer_height,
    number_sources,
    projection_line,
    source_lines,
)
from geo.briefing.projection import frame_of
from geo.briefing.sheet import Sheet, day_made, day_shown, default_bbox
from geo.briefing.words import Words, words_in
from geo.model import Source, Symbol


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything a sheet says in words."""

    title: str
    subtitle: str
    as_of: str
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    numbers: dict[str, str]


def texts_of(sheet: Sheet, words: Words) -> Texts:
    """Return what the sheet says: given words, or those of its layers."""
    groups = [(layer.name, layer.sources) for layer in (*sheet.layers, *sheet.basemap)]
    sources, numbers = number_sources([*groups, ("", sheet.sources)])
    day = day_shown(sheet)
    shown = [layer for layer in sheet.layers if len(layer.features)] or sheet.layers
    title = sheet.title or " · ".join(words.term(layer.title) for layer in shown)
    as_of = words.say("as_of", date=words.date(day)) if day else ""
    return Texts(title, sheet.subtitle, as_of, tuple(_notes(sheet, words)), tuple(sources), numbers)


def _notes(sheet: Sheet, words: Words) -> list[str]:
    made, shown = day_made(sheet), day_shown(sheet)
    approximate = any(layer.approximate for layer in sheet.layers)
    dated = words.say("made_on", date=words.date(made)) if made else ""
    if not made and shown:
        dated = words.say("data_of", date=words.date(shown))
    caution = words.say("approximate_shapes") + " " if approximate else ""
    return [f"{caution}{words.say('disclaimer')}", " · ".join(part for part in (dated, sheet.link) if part)]


def render(sheet: Sheet, suffix: str) -> bytes:
    """Return a sheet as ``png``, ``svg`` or ``pdf``."""
    words = words_in(sheet.lang)
    texts = texts_of(sheet, words)
    canvas = Canvas(*sheet.size, unit_of(sheet.size))
    top = draw_header(canvas, texts, words)
    _draw_body(canvas, sheet, texts, words, top)
    return canvas.save(suffix, about(texts))


def about(texts: Texts) -> dict[str, str]:
    """Return what the file says of itself."""
    told = [texts.subtitle, texts.as_of, *texts.notes, *(credit(source) for source in texts.sources)]
    return {"Title": texts.title, "Author": "Dateline", "Description": " ".join(part for part in told if part)}


def draw_header(canvas: Canvas, texts: Texts, words: Words) -> float:
    """Draw accent, title and date; return where the map may begin, in pixels."""
    unit, margin = canvas.unit, MARGIN * canvas.unit
    width = canvas.width - 2 * margin
    x, align = (canvas.width - margin, "right") if words.rtl else (margin, "left")
    bar = 64 * unit
    canvas.box(x - bar if words.rtl else x, 26 * unit, bar, 7 * unit, Symbol("", fill=ACCENT))
    lines, ink = _fitted(canvas, texts.title, width)
    y = 34 * unit
    for line in lines:
        y += 1.22 * ink.size * unit
        canvas.text(x, y, line, ink, align)  # type: ignore[arg-type]
    y += 32 * unit
    canvas.text(x, y, texts.as_of, AS_OF, align)  # type: ignore[arg-type]
    shift = canvas.text_width(texts.as_of, AS_OF) + (16 * unit if texts.as_of else 0)
    canvas.text(x - shift if words.rtl else x + shift, y, texts.subtitle, SUBTITLE, align)  # type: ignore[arg-type]
    return y + 18 * unit


def _fitted(canvas: Canvas, title: str, width: float) -> tuple[list[str], Ink]:
    """Return the title as one line, or two where only smaller letters would fit one."""
    size = TITLE.size
    while size > SMALLEST_TITLE and canvas.text_width(title, replace(TITLE, size=size)) > width:
        size -= 1
    ink = replace(TITLE, size=size)
    return canvas.wrap(title, ink, width)[:2], ink


def _draw_body(canvas: Canvas, sheet: Sheet, texts: Texts, words: Words, top: float) -> None:
    unit, margin = canvas.unit, MARGIN * canvas.unit
    bbox = sheet.bbox or default_bbox(sheet.layers)
    left, right = footer_columns(margin, canvas.width - 2 * margin, unit, mirrored=words.rtl)
    sources = source_lines(canvas, texts.sources, left[2], words)
    notes = [line for note in texts.notes for line in canvas.wrap(note, NOTE, right[2])]
    lines = max(len(sources) + 1, len(notes) + 1)
    bottom = canvas.height - margin * 0.7 - footer_height(lines, unit)
    layout = lay_out(sheet.size, top, bottom, mirrored=words.rtl)
    frame = frame_of(bbox, layout.panel)
    draw_map(canvas, frame, sheet.basemap, sheet.layers, words)
    draw_column(canvas, layout.column, sheet, frame, texts.numbers)
    head = bottom + 6 * unit
    draw_lines(canvas, sources, (left[0], head, left[2], 0), words, words.say("sources"))
    draw_lines(canvas, [projection_line(frame, words), *notes], (right[0], head, right[2], 0), words)
