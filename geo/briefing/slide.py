"""A sheet as a PowerPoint slide: the map as a picture, title, day, sources and notes as text that can be edited."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from dataclasses import replace
from typing import Any

from geo.briefing.blocks import Block
from geo.briefing.drawing import Drawing, draw
from geo.briefing.notes import credit
from geo.briefing.sheet import MOST_PIXELS, Sheet, day_made, day_shown
from geo.briefing.texts import about
from geo.files import zipped

_LONG_SIDE = 12_192_000
"""Of a slide, in EMU (914,400 an inch): PowerPoint's own wide slides have 13⅓ inches."""
_POINT = 12_700
"""EMU in a point."""
_FONT = "Arial"
_TITLE_ONLY = 5
"""Number of the layout that has nothing but a title."""
_LONGEST_PROPERTY = 255
_NO_DAY = dt.date(1980, 1, 1)


def presentation(sheet: Sheet) -> bytes:
    """Return a presentation with one slide; its picture has twice the sheet's pixels where that is not too many."""
    from pptx import Presentation

    sharp = 4 * sheet.size[0] * sheet.size[1] <= MOST_PIXELS
    drawing = draw(replace(sheet, size=(2 * sheet.size[0], 2 * sheet.size[1])) if sharp else sheet)
    deck: Any = Presentation()
    scale = _LONG_SIDE / max(drawing.canvas.width, drawing.canvas.height)
    deck.slide_width, deck.slide_height = (
        round(side * scale) for side in (drawing.canvas.width, drawing.canvas.height)
    )
    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    _add_picture(slide, deck, drawing)
    for block in drawing.blocks:
        shape = slide.shapes.title if block.name == "title" else slide.shapes.add_textbox(0, 0, 0, 0)
        _fill(shape, block, drawing, scale)
    slide.notes_slide.notes_text_frame.text = _notes(drawing)
    _describe(deck.core_properties, sheet, drawing)
    out = io.BytesIO()
    deck.save(out)
    return _timeless(out)


def _add_picture(slide: Any, deck: Any, drawing: Drawing) -> None:
    told = about(drawing.texts)
    content = io.BytesIO(drawing.canvas.save("png", told))
    picture = slide.shapes.add_picture(content, 0, 0, deck.slide_width, deck.slide_height)
    picture.name = "Map"
    properties = picture._element.nvPicPr.cNvPr
    properties.set("descr", f"{told['Title']}. {told['Description']}")
    # Behind the title, which the layout put first.
    slide.shapes._spTree.remove(picture._element)
    slide.shapes._spTree.insert(2, picture._element)


def _fill(shape: Any, block: Block, drawing: Drawing, scale: float) -> None:
    """Put a block's text into a shape of the slide; its lines are joined, as the slide breaks them anew."""
    from pptx.enum.text import MSO_ANCHOR

    shape.left, shape.top, shape.width, shape.height = (round(side * scale) for side in block.rect)
    shape.name = block.name.capitalize()
    frame = shape.text_frame
    frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.TOP
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = 0
    for number, lines in enumerate(lines for lines in block.paragraphs if lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        _align(paragraph, rtl=drawing.words.rtl)
        for run_number, (text, ink) in enumerate(run for line in lines for run in line if run[0]):
            run = paragraph.add_run()
            run.text = f" {text}" if run_number else text
            _style(run.font, ink, scale * drawing.canvas.unit)


def _align(paragraph: Any, *, rtl: bool) -> None:
    from pptx.enum.text import PP_ALIGN

    paragraph.alignment = PP_ALIGN.RIGHT if rtl else PP_ALIGN.LEFT
    paragraph.line_spacing = 1.0
    if rtl:
        paragraph._p.get_or_add_pPr().set("rtl", "1")


def _style(font: Any, ink: Any, scale: float) -> None:
    from pptx.dml.color import RGBColor
    from pptx.util import Emu

    font.name, font.bold = _FONT, ink.face == "bold"
    font.size = Emu(round(ink.size * scale / _POINT * 2) * _POINT // 2)
    font.color.rgb = RGBColor(*bytes.fromhex(ink.colour.removeprefix("#")))  # type: ignore[no-untyped-call]


def _notes(drawing: Drawing) -> str:
    """Return what the speaker finds below the slide: every source with its link, and the caution."""
    texts = drawing.texts
    linked = [" ".join(part for part in (credit(source), source.url) if part) for source in texts.sources]
    sources = [f"{number}. {line}" for number, line in enumerate(linked, start=1)]
    parts = [texts.as_of, *texts.notes, f"{drawing.words.say('sources')}:" if sources else "", *sources]
    return "\n".join(part for part in parts if part)


def _describe(properties: Any, sheet: Sheet, drawing: Drawing) -> None:
    """Fill the file's properties; the day is the sheet's own, never the clock's."""
    told = about(drawing.texts)
    day = day_made(sheet) or day_shown(sheet) or _NO_DAY
    moment = dt.datetime(day.year, day.month, day.day)
    properties.title, properties.author = told["Title"][:_LONGEST_PROPERTY], told["Author"]
    properties.subject, properties.language = drawing.texts.as_of, sheet.lang
    properties.created = properties.modified = moment
    properties.last_modified_by, properties.revision = told["Author"], 1


def _timeless(archive: io.BytesIO) -> bytes:
    """Return the archive without the hour of writing in it."""
    with zipfile.ZipFile(archive) as written:
        return zipped({entry.filename: written.read(entry) for entry in written.infolist()})
