"""The footer: numbered sources, the sentence on boundaries, projection and dates."""

from __future__ import annotations

from collections.abc import Sequence

from geo.briefing.canvas import Canvas
from geo.briefing.layout import GAP, NOTE, Rect
from geo.briefing.projection import Frame
from geo.briefing.words import Words, clean
from geo.model import Source

_MOST_LINES = 6


def number_sources(groups: Sequence[tuple[str, Sequence[Source]]]) -> tuple[list[Source], dict[str, str]]:
    """Return all sources, each credit once, and for each group the numbers of its own, as ``[1–3, 5]``.

    Those with a licence come first: it may ask that they be named, and a sheet may lack the room for the last ones.
    """
    by_credit: dict[str, Source] = {}
    for source in (source for _, sources in groups for source in sources):
        by_credit.setdefault(credit(source), source)
    ordered = sorted(by_credit.values(), key=lambda source: source.licence is None)
    places = {credit(source): place for place, source in enumerate(ordered, start=1)}
    numbers = {}
    for name, sources in groups:
        own = sorted({places[credit(source)] for source in sources})
        numbers[name] = f"[{spans(own)}]" if own else ""
    return ordered, numbers


def spans(numbers: Sequence[int]) -> str:
    """Return rising numbers with runs drawn together.

    >>> spans([1, 2, 3, 5, 7, 8])
    '1–3, 5, 7, 8'
    """
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    texts = [f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs]
    return ", ".join(texts)


def credit(source: Source) -> str:
    """Return a source as a sheet names it: title, publisher, date, licence."""
    publisher = source.publisher if source.publisher != source.title else None
    parts = (source.title, publisher, source.date and source.date.isoformat(), source.licence)
    return clean(", ".join(part for part in parts if part))


def source_lines(canvas: Canvas, sources: Sequence[Source], width: float, words: Words) -> list[str]:
    """Return the numbered sources as lines of at most ``width`` pixels; what does not fit is counted at the end."""
    # A number stays on the line of its source.
    texts = [f"{number}.\u00a0{credit(source)}." for number, source in enumerate(sources, start=1)]
    for kept in range(len(texts), -1, -1):
        rest = len(texts) - kept
        shown = texts[:kept] + ([f"… {words.say('more_sources', count=rest)}."] if rest else [])
        lines = canvas.wrap(" ".join(shown), NOTE, width)
        if len(lines) <= _MOST_LINES:
            return lines
    return []


def projection_line(frame: Frame, words: Words) -> str:
    """Return the projection's name and centre."""
    name = words.say(frame.kind)
    if frame.is_world:
        return words.say("projection_world", name=name)
    latitude, longitude = words.degrees(frame.lat, "N", "S"), words.degrees(frame.lon, "E", "W")
    return words.say("projection", name=name, latitude=latitude, longitude=longitude)


def footer_columns(left: float, width: float, unit: float, *, mirrored: bool) -> tuple[Rect, Rect]:
    """Return the columns of the sources and of the notes (left, 0, width, 0), in pixels."""
    gap = 2 * GAP * unit
    share = 0.6 * (width - gap)
    rest = width - gap - share
    if mirrored:
        return (left + rest + gap, 0, share, 0), (left, 0, rest, 0)
    return (left, 0, share, 0), (left + share + gap, 0, rest, 0)
