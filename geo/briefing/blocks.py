"""Blocks of text: what a sheet says above and below its map, written on the canvas or into the boxes of a slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from geo.briefing.canvas import Canvas, Ink
from geo.briefing.layout import AS_OF, MARGIN, NOTE, NOTE_STRONG, SMALLEST_TITLE, SUBTITLE, TITLE, Rect
from geo.briefing.notes import footer_columns, source_lines
from geo.briefing.texts import Texts
from geo.briefing.words import Words

Line = tuple[tuple[str, Ink], ...]
"""Runs of text, each with its ink."""

NOTE_LEADING = 18.5
_TITLE_LEADING, _FACTS_LEADING = 1.22, 30.0
_HEADER_TOP = 40.0
_RUN_GAP = 16.0
_MOST_TITLE_LINES = 2


@dataclass(frozen=True, slots=True)
class Block:
    """Text that stands by itself.

    Attributes
    ----------
    name
        ``title``, ``facts``, ``sources`` or ``notes``.
    rect
        Left, top, width and height in pixels.
    paragraphs
        Each as the lines it was broken into.
    leading
        Pixels of the reference sheet from line to line.
    """

    name: str
    rect: Rect
    paragraphs: tuple[tuple[Line, ...], ...]
    leading: float

    @property
    def bottom(self) -> float:
        """Pixels from the upper edge of the sheet."""
        return self.rect[1] + self.rect[3]


Place = tuple[float, float, float]
"""Left, top and width in pixels."""


def _block(name: str, place: Place, text: Sequence[Sequence[Line]], leading: float, unit: float) -> Block:
    """Return a block as high as its lines."""
    height = sum(map(len, text)) * leading * unit
    return Block(name, (*place, height), tuple(tuple(lines) for lines in text), leading)


def header_blocks(canvas: Canvas, texts: Texts) -> tuple[Block, Block]:
    """Return the title and, below it, day and subtitle."""
    unit, margin = canvas.unit, MARGIN * canvas.unit
    width = canvas.width - 2 * margin
    ink = _fitting(canvas, texts.title, width)
    lines = _lines(shortened(canvas.wrap(texts.title, ink, width)), ink)
    title = _block("title", (margin, _HEADER_TOP * unit, width), [lines], _TITLE_LEADING * ink.size, unit)
    below = margin, title.bottom + 2 * unit, width
    return title, _block("facts", below, _facts(canvas, texts, width), _FACTS_LEADING, unit)


def _fitting(canvas: Canvas, title: str, width: float) -> Ink:
    """Return the title's ink, smaller where one line would not hold it; two lines where the smallest would not."""
    size = TITLE.size
    while size > SMALLEST_TITLE and canvas.text_width(title, replace(TITLE, size=size)) > width:
        size -= 1
    return replace(TITLE, size=size)


def shortened(lines: Sequence[str]) -> list[str]:
    """Return at most two lines; a mark says that there were more."""
    if len(lines) <= _MOST_TITLE_LINES:
        return list(lines)
    return [*lines[: _MOST_TITLE_LINES - 1], f"{lines[_MOST_TITLE_LINES - 1]} …"]


def _facts(canvas: Canvas, texts: Texts, width: float) -> list[list[Line]]:
    """Return day and subtitle in one line where both fit, else one below the other."""
    day, told = (texts.as_of, AS_OF), (texts.subtitle, SUBTITLE)
    gap = _RUN_GAP * canvas.unit
    if texts.as_of and canvas.text_width(*day) + gap + canvas.text_width(*told) <= width:
        return [[(day, told)]]
    below = _lines(shortened(canvas.wrap(texts.subtitle, SUBTITLE, width)), SUBTITLE)
    return [[(day,)] if texts.as_of else [], below]


def footer_blocks(canvas: Canvas, texts: Texts, words: Words) -> tuple[Block, Block]:
    """Return the sources and the notes, ending at the sheet's lower margin."""
    unit, margin = canvas.unit, MARGIN * canvas.unit
    left, right = footer_columns(margin, canvas.width - 2 * margin, unit, mirrored=words.rtl)
    listed = source_lines(canvas, texts.sources, left[2], words)
    sources = [_lines([words.say("sources")], NOTE_STRONG), _lines(listed, NOTE)]
    notes = [_lines(canvas.wrap(note, NOTE, right[2]), NOTE) for note in texts.notes]
    count = max(sum(map(len, sources)), sum(map(len, notes)))
    top = canvas.height - 0.75 * margin - count * NOTE_LEADING * unit
    return (
        _block("sources", (left[0], top, left[2]), sources, NOTE_LEADING, unit),
        _block("notes", (right[0], top, right[2]), notes, NOTE_LEADING, unit),
    )


def _lines(texts: Sequence[str], ink: Ink) -> list[Line]:
    return [((text, ink),) for text in texts]


def draw_block(canvas: Canvas, block: Block, words: Words) -> None:
    """Write a block."""
    left, y, width, _ = block.rect
    for line in (line for paragraph in block.paragraphs for line in paragraph):
        y += block.leading * canvas.unit
        _draw_line(canvas, line, (left + width if words.rtl else left, y - 0.26 * block.leading * canvas.unit), words)


def _draw_line(canvas: Canvas, line: Line, start: tuple[float, float], words: Words) -> None:
    x, y = start
    for text, ink in line:
        canvas.text(x, y, text, ink, words.align)
        shift = canvas.text_width(text, ink) + _RUN_GAP * canvas.unit
        x += -shift if words.rtl else shift
