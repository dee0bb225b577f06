"""What is on the page but not in the report: "read also" links, tags, page furniture."""

from __future__ import annotations

import re

from geo.articles.headers import is_furniture, lines_of
from geo.articles.languages import SAMPLE, phrases, script_of
from geo.model import Span

_TAGS = re.compile(r"(?:[#＃]\w[\w-]*[\s,;]*)+$")
# Links after a report are named by short lines.
_LINK_LENGTH = 60
_TAGS_LENGTH = 500


def boilerplate_in(text: str, body: int) -> tuple[Span, ...]:
    """Return the spans below ``body`` that are not part of the report, in order.

    These are: lines of hashtags and page furniture; everything from a line that opens a block of links ("Read also"),
    where it stands in the second half of the report; and the lines at the end whose script is not the report's.
    """
    lines = list(lines_of(text, body))
    end = min(_links_start(text, lines), _foreign_start(text, lines))
    spans = [(start, stop) for start, stop in lines if start < end and _is_aside(text[start:stop])]
    if lines and end < lines[-1][1]:
        spans.append((end, lines[-1][1]))
    return tuple(_joined(text, spans))


def _links_start(text: str, lines: list[Span]) -> int:
    half = (lines[0][0] + lines[-1][1]) / 2 if lines else 0
    short = ((start, end) for start, end in lines if start > half and end - start <= _LINK_LENGTH)
    return next((start for start, end in short if _bare(text[start:end]) in phrases("tail")), len(text))


def _foreign_start(text: str, lines: list[Span]) -> int:
    """Return where the lines at the end begin that are in another script than the report, or are tags."""
    report = script_of(text[lines[0][0] : lines[0][0] + SAMPLE]) if lines else None
    start = len(text)
    for line_start, line_end in reversed(lines[1:]):
        line = text[line_start:line_end]
        if script_of(line) in {report, None} and not _is_tags(line):
            break
        start = line_start
    return start


def _is_aside(line: str) -> bool:
    return _is_tags(line) or is_furniture(line)


def _is_tags(line: str) -> bool:
    return len(line) <= _TAGS_LENGTH and bool(_TAGS.match(line))


def _bare(line: str) -> str:
    return line.casefold().strip(" \t:;.…>»|-–—")


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """Join spans with nothing but blank between them."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
