"""An article's text cut at its mentions, ready to be shown: every character once, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from geo.model import Article, Reading, Resolution, Span


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of text that is one mention, or none.

    ``resolution`` is None between mentions. ``minor`` marks text that is not part of the report (menus, links).
    """

    text: str
    resolution: Resolution | None = None
    minor: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """An article as its page shows it: the heading and the paragraphs below it.

    ``heading`` is empty where the text does not begin with its title.
    """

    heading: list[Segment]
    body: list[list[Segment]]


def shown(reading: Reading) -> Shown:
    """Return an article's text for its page; a first line that is its title becomes the heading."""
    lines, title = paragraphs(reading), reading.article.title
    if lines and title and _plain(lines[0]) == title.strip():
        return Shown(lines[0], lines[1:])
    return Shown([], lines)


def _plain(line: list[Segment]) -> str:
    return "".join(segment.text for segment in line).strip()


def paragraphs(reading: Reading) -> list[list[Segment]]:
    """Return the article's paragraphs, each as the segments of its text; blank lines are left out."""
    article = reading.article
    lines = (list(_segments(article, line, reading.resolutions)) for line in _lines(article.text))
    return [line for line in lines if line]


def _lines(text: str) -> Iterator[Span]:
    """Yield the span of each line that is not blank."""
    start = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            yield start, start + len(line.rstrip())
        start += len(line)


def _segments(article: Article, line: Span, resolutions: tuple[Resolution, ...]) -> Iterator[Segment]:
    position, end = line
    minor = any(start <= position < stop for start, stop in article.boilerplate)
    for resolution in resolutions:
        mention = resolution.mention
        # Mentions do not overlap and do not cross lines as a rule; one that does is shown where it starts.
        if mention is None or not position <= mention.start < end:
            continue
        if position < mention.start:
            yield Segment(article.text[position : mention.start], minor=minor)
        position = min(mention.end, end)
        yield Segment(article.text[mention.start : position], resolution, minor)
    if position < end:
        yield Segment(article.text[position:end], minor=minor)
