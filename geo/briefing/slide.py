"""A sheet as a PowerPoint slide: the map as a picture, its words as text that can be edited."""

from __future__ import annotations

import io
from typing import Any

from geo.briefing.sheet import Sheet


def presentation(sheet: Sheet) -> bytes:
    """Return a presentation with one slide."""
    from pptx import Presentation
    from pptx.util import Emu

    from geo.briefing.drawing import render

    deck: Any = Presentation()
    deck.slide_width, deck.slide_height = Emu(sheet.size[0] * 9525), Emu(sheet.size[1] * 9525)
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_picture(io.BytesIO(render(sheet, "png")), 0, 0, deck.slide_width, deck.slide_height)
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()
