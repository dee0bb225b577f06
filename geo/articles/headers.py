"""What stands above a report: front matter, headline, date and source lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from geo.articles.agencies import agency_named, load_table
from geo.articles.datelines import Dateline, dateline_at
from geo.articles.dates import Dated, find_date
from geo.articles.languages import phrases
from geo.model import Span

# A header is short; what has not appeared by then is not in it.
_MOST_LINES, _MOST_FRONT_MATTER = 12, 8000
# A dateline may follow a photo caption or a teaser, but not deep in the report.
_LATE_DATELINE_LINES = 5
_HEADLINE_LENGTH, _DATE_LINE_LENGTH, _CREDIT_LENGTH = 200, 100, 80

_LINE = re.compile(r"[^\r\n\u2028]*\S[^\r\n\u2028]*")
_FIELD = re.compile(r"\s*(?P<key>[^\W\d_][\w &-]{0,24}?)\s*[:：]\s*(?P<value>\S.*?)\s*$")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_WORDS = re.compile(r"[^\W\d_]+")
_PROSE_END = re.compile(r"[.。؟۔…][\"'”»’)\]]*\s*$")


@dataclass(frozen=True, slots=True)
class Header:
    """What was found above a report.

    Attributes
    ----------
    fields
        By their usual name (``title``, ``date``, ``source``, ``url``, ``language``, ``id``), as written.
    headline
        Span of the headline, or None.
    dated
        The date of a date line, or None.
    credit
        The agency that a line of its own names, or None.
    dateline
        The dateline of the report's first lines, or None.
    furniture
        Spans that are neither headline nor report.
    body
        Where the report begins.
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    headline: Span | None = None
    dated: Dated | None = None
    credit: str | None = None
    dateline: Dateline | None = None
    furniture: tuple[Span, ...] = ()
    body: int = 0


@cache
def field_names() -> dict[str, str]:
    """Return the usual name of each field by every name it is known under, in lower case."""
    table: dict[str, list[str]] = load_table("headers.yaml")["fields"]
    return {alias.casefold(): name for name, aliases in table.items() for alias in aliases}


def lines_of(text: str, start: int = 0) -> Iterator[Span]:
    """Yield the spans of the lines that are not blank, without surrounding spaces."""
    for match in _LINE.finditer(text, start):
        line = match[0]
        yield match.start() + len(line) - len(line.lstrip()), match.end() - len(line) + len(line.rstrip())


def read_header(text: str) -> Header:
    """Read what stands above the report."""
    fields, start = _front_matter(text)
    scan = _Scan(text, dict(fields), [(0, start)] if start else [], start)
    for count, line in enumerate(lines_of(text, start)):
        if count == _MOST_LINES or not scan.take(*line):
            break
    return scan.header()


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the fields of YAML front matter and where it ends; none and 0 where there is none."""
    import yaml

    match = _FRONT_MATTER.match(text[:_MOST_FRONT_MATTER])
    try:
        table = yaml.safe_load(match["yaml"]) if match else None
    except yaml.YAMLError:
        table = None
    if not match or not isinstance(table, dict):
        return {}, 0
    known = {field_names().get(str(key).casefold()): value for key, value in table.items()}
    # Only plain values: text that nests lists is not front matter of ours.
    return {key: str(value) for key, value in known.items() if key and not isinstance(value, list | dict)}, match.end()


class _Scan:
    """Takes the lines of a text one by one until the report begins."""

    def __init__(self, text: str, fields: dict[str, str], furniture: list[Span], start: int) -> None:
        self.text, self.fields, self.furniture, self.body = text, fields, furniture, start
        self.headline: Span | None = None
        self.dated: Dated | None = None
        self.credit: str | None = None
        self.dateline: Dateline | None = None

    def header(self) -> Header:
        """Return what was found; a headline with nothing below it is the report."""
        following = self.text[self.headline[1] :].strip() if self.headline else ""
        headline = self.headline if following else None
        dateline = self.dateline or self._late_dateline()
        body = self.body if following or not self.headline else self.headline[0]
        return Header(self.fields, headline, self.dated, self.credit, dateline, tuple(self.furniture), body)

    def take(self, start: int, end: int) -> bool:
        """Take one line; False where the report begins with it."""
        self.body = start
        line = self.text[start:end]
        if line.casefold().strip(" :…") in phrases("lines") | phrases("tail") or self._take_field(line):
            self.furniture.append((start, end))
            return True
        resumes = self._after_date(start, end)
        if not _WORDS.search(self.text, resumes, end):
            return True
        self.body = resumes
        return self._take_words(resumes, end)

    def _take_words(self, start: int, end: int) -> bool:
        line = self.text[start:end]
        self.dateline = dateline_at(self.text, start, end)
        if self.dateline:
            return False
        agency = credit_in(line)
        if agency:
            self.credit = self.credit or agency
            self.furniture.append((start, end))
            return True
        if len(line) > _HEADLINE_LENGTH or _PROSE_END.search(line):
            return False
        self.headline = self.headline or (start, end)
        return True

    def _take_field(self, line: str) -> bool:
        match = _FIELD.match(line)
        name = field_names().get(match["key"].casefold()) if match else None
        if not match or not name or name == "text":
            return False
        self.fields.setdefault(name, match["value"])
        return True

    def _date(self, found: Dated | None, offset: int) -> None:
        if found and not self.dated:
            self.dated = Dated(found.date, found.time, found.start + offset, found.end + offset)

    def _after_date(self, start: int, end: int) -> int:
        """Return where a line goes on after the date it opens with; its end where it is a date line."""
        line = self.text[start : min(end, start + _DATE_LINE_LENGTH)]
        found = find_date(line)
        before = _WORDS.findall(line[: found.start].casefold()) if found else []
        unlabelled = [word for word in before if word not in phrases("labels")]
        if not found or len(unlabelled) > 2:
            return self._after_month(start, end)
        rest = self.text[start + found.end : end]
        if len(rest) < 60 and len(set(_WORDS.findall(rest.casefold())) - phrases("labels")) <= 4:
            self._date(found, start)
            self.credit = self.credit or credit_in(line[: found.start]) or credit_in(rest)
            return end
        resumes = start + found.end + len(rest) - len(rest.lstrip(" \t,.;:|–—-"))
        if unlabelled or not (before or dateline_at(self.text, resumes, end)):
            return start
        self._date(found, start)
        return resumes

    def _after_month(self, start: int, end: int) -> int:
        """Skip a label and a month alone ("date 2017-06 …"): too little to be a date, but not the report either."""
        match = re.match(r"(?P<label>[^\W\d_]+)[:\s]\s*\d{4}-\d{2}(?![\d-])\s*", self.text[start:end])
        return start + match.end() if match and match["label"].casefold() in phrases("labels") else start

    def _late_dateline(self) -> Dateline | None:
        """Look for a dateline below captions and teasers; only one that is signed counts there."""
        for count, (start, end) in enumerate(lines_of(self.text, self.body)):
            found = dateline_at(self.text, start, end) if count < _LATE_DATELINE_LINES else None
            if count >= _LATE_DATELINE_LINES or (found and found.agency and found.place):
                return found
        return None


def credit_in(line: str) -> str | None:
    """Return the agency that a short line names and says little else about ("By REUTERS", "Source: TASS")."""
    if len(line) > _CREDIT_LENGTH:
        return None
    parts = [line, line.rpartition(":")[2], *re.split(r"\s[|/–—-]\s|,\s", line)]
    words = (re.sub(r"^\W*(?i:by|source|from|par|von|источник|المصدر)\b[:\s]*", "", part) for part in parts)
    return next((agency for word in words if (agency := agency_named(word))), None)
