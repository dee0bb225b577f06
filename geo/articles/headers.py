"""What stands above a report: front matter, headline, date and source lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from geo.articles.agencies import agency_named, load_table
from geo.articles.datelines import Dateline, dateline_at
from geo.articles.dates import Dated, find_date
from geo.articles.languages import phrases
from geo.model import Span

# A header is short; what has not appeared by then is not in it.
_MOST_LINES, _MOST_FRONT_MATTER = 12, 8000
# A dateline or a date may follow a photo caption or a teaser, but not deep in the report.
_LATE_LINES = 5
_HEADLINE_LENGTH, _FIELD_LENGTH, _DATE_LINE_LENGTH, _CREDIT_LENGTH = 200, 600, 100, 80
_HEADLINE_WORDS, _PROSE_WORDS, _CREDIT_WORDS, _FURNITURE_LENGTH = 3, 4, 8, 100
# What may stand in a date's line beside it: "Elias Hubbard, 17 May 2018, 10:32 GMT, 1224 views".
_UNLABELLED_WORDS, _REST_LENGTH, _REST_WORDS = 2, 60, 4

_LINE = re.compile(r"[^\r\n\u2028]+")
_FIELD = re.compile(r"\s*(?P<key>[^\W\d_][\w &-]{0,24}?)\s*[:：]\s*(?P<value>\S.*?)\s*$")
_FRONT_MATTER = re.compile(r"---[ \t]*\r?\n(?P<yaml>.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|$)", re.DOTALL)
_WORDS = re.compile(r"[^\W\d_]+")
_DIGIT = re.compile(r"\d")
_BYLINE = re.compile(r"(?:^|\|)\s*(?i:by|von|par|автор)[:\s]\s*[^\W\d_a-zа-я]")
_MONTH_ALONE = re.compile(r"(?P<label>[^\W\d_]+)[:\s]\s*\d{4}-\d{2}(?![\d-])\s*")
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
        if not line.isspace():
            yield match.start() + len(line) - len(line.lstrip()), match.end() - len(line) + len(line.rstrip())


def read_header(text: str) -> Header:
    """Read what stands above the report."""
    fields, start = _front_matter(text)
    scan = _Scan(text, fields, start)
    for line in islice(lines_of(text, start), _MOST_LINES):
        if not scan.take(*line):
            break
        scan.body = line[1]
    return scan.header()


def _front_matter(text: str) -> tuple[dict[str, str], int]:
    """Return the fields of YAML front matter and where it ends; none and 0 where there is none."""
    import yaml

    match = _FRONT_MATTER.match(text[:_MOST_FRONT_MATTER])
    try:
        # BaseLoader makes nothing but strings, lists and mappings: "date: 2017-02-30" is no reason to fail.
        table = yaml.load(match["yaml"], yaml.BaseLoader) if match else None  # noqa: S506
    except yaml.YAMLError:
        table = None
    if not match or not isinstance(table, dict):
        return {}, 0
    known = {field_names().get(str(key).casefold()): value for key, value in table.items()}
    return {key: value for key, value in known.items() if key and isinstance(value, str)}, match.end()


class _Scan:
    """Takes the lines of a text one by one until the report begins."""

    def __init__(self, text: str, fields: dict[str, str], start: int) -> None:
        self.text, self.fields, self.body = text, fields, start
        self.furniture: list[Span] = [(0, start)] if start else []
        self.headlines: list[Span] = []
        self.dates: list[_HeaderDate] = []
        self.credit: str | None = None
        self.dateline: Dateline | None = None

    def header(self) -> Header:
        """Return what was found; the last headline with nothing below it is the report itself."""
        if self.headlines and not self.text[self.body :].strip():
            self.body = self.headlines.pop()[0]
        headline = self._headline()
        dateline, dated = self.dateline or self._late_dateline(), self._dated()
        return Header(self.fields, headline, dated, self.credit, dateline, tuple(self.furniture), self.body)

    def take(self, start: int, end: int) -> bool:
        """Take one line; False where the report begins with it."""
        self.body = start
        line = self.text[start:end]
        if self._take_field(line) or is_furniture(line):
            self.furniture.append((start, end))
            return True
        resumes = self._after_date(start, end)
        if not _WORDS.search(self.text, resumes, end):
            return True
        self.body = resumes
        if is_furniture(self.text[resumes:end]):
            self.furniture.append((resumes, end))
            return True
        return self._take_words(resumes, end)

    def _take_words(self, start: int, end: int) -> bool:
        line = self.text[start:end]
        self.dateline = dateline_at(self.text, start, end)
        if self.dateline:
            return False
        agency = credit_in(line)
        if agency or (_BYLINE.search(line) and len(line) <= _CREDIT_LENGTH):
            self.credit = self.credit or agency
            self.furniture.append((start, end))
            return True
        if len(line) > _HEADLINE_LENGTH or (_PROSE_END.search(line) and len(_WORDS.findall(line)) >= _PROSE_WORDS):
            return False
        if not line.endswith(":"):
            self.headlines.append((start, end))
        return True

    def _take_field(self, line: str) -> bool:
        match = _FIELD.match(line) if len(line) <= _FIELD_LENGTH else None
        name = field_names().get(match["key"].casefold()) if match else None
        if not match or not name or name == "text":
            return False
        self.fields.setdefault(name, match["value"])
        return True

    def _after_date(self, start: int, end: int) -> int:
        """Return where a line goes on after the date it opens with; its end where it is a date line."""
        opening = date_opening(self.text, start, end)
        if not opening:
            return self._after_month(start, end)
        if not opening.alone and not (opening.labelled or dateline_at(self.text, opening.resumes, end)):
            return start
        self.dates.append(_HeaderDate(opening.dated, opening.labelled, below=bool(self.headlines)))
        self.credit = self.credit or opening.credit
        return end if opening.alone else opening.resumes

    def _after_month(self, start: int, end: int) -> int:
        """Skip a label and a month alone ("date 2017-06 …"): too little to be a date, but not the report either."""
        match = _MONTH_ALONE.match(self.text[start:end])
        return start + match.end() if match and match["label"].casefold() in phrases("labels") else start

    def _headline(self) -> Span | None:
        """Return the first headline of a few words.

        A shorter one above it names the section or the kind of report, and one with a date is the page's own heading.
        """
        return min(self.headlines, key=self._unlike_a_headline, default=None)

    def _unlike_a_headline(self, span: Span) -> tuple[bool, bool]:
        line = self.text[slice(*span)]
        words = [word for word in _WORDS.findall(line) if len(word) > 1]
        return len(words) < _HEADLINE_WORDS, find_date(line) is not None

    def _dated(self) -> Dated | None:
        """Return the date that says what it is, else the one below the headline: above it may stand today's."""
        dates = self.dates or self._late_dates()
        best = min(dates, key=lambda date: (not date.labelled, not date.below), default=None)
        if best is None:
            return None
        timed = (date.dated for date in dates if date.dated.date == best.dated.date and date.dated.time)
        return next(timed, best.dated)

    def _late_dates(self) -> list[_HeaderDate]:
        """Look for a date that has a line to itself, below a teaser."""
        lines = islice(lines_of(self.text, self.body), _LATE_LINES)
        openings = (date_opening(self.text, start, end) for start, end in lines)
        return [_HeaderDate(found.dated, found.labelled, below=True) for found in openings if found and found.alone]

    def _late_dateline(self) -> Dateline | None:
        """Look for a dateline below captions and teasers; only one that is signed counts there."""
        lines = islice(lines_of(self.text, self.body), _LATE_LINES)
        found = (dateline_at(self.text, start, end) for start, end in lines)
        return next((dateline for dateline in found if dateline and dateline.agency and dateline.place), None)


@dataclass(frozen=True, slots=True)
class _HeaderDate:
    """A date in the header: whether a word says that it is one, and whether it stands below a headline."""

    dated: Dated
    labelled: bool
    below: bool


@dataclass(frozen=True, slots=True)
class DateOpening:
    """A date that opens a line.

    ``alone`` tells that the line holds nothing else but a few words, ``resumes`` where the rest begins.
    """

    dated: Dated
    labelled: bool
    alone: bool
    resumes: int
    credit: str | None


def date_opening(text: str, start: int, end: int) -> DateOpening | None:
    """Return the date that a line opens with, perhaps after a label ("Published:"); None where it opens otherwise."""
    line = text[start : min(end, start + _DATE_LINE_LENGTH)]
    found = find_date(line)
    if not found:
        return None
    before = [word for word in _WORDS.findall(line[: found.start].casefold()) if word not in phrases("weekdays")]
    unlabelled = [word for word in before if word not in phrases("labels")]
    rest = text[start + found.end : end]
    others = set(_WORDS.findall(rest.casefold())) - _date_words()
    # After a label the rest is read for itself: it may be the headline ("date 2017-08-03 Truce holds in Homs").
    alone = len(rest) < _REST_LENGTH and len(others) <= (_REST_WORDS if unlabelled or not before else 0)
    if len(unlabelled) > _UNLABELLED_WORDS or (unlabelled and not alone):
        return None
    credit = (credit_in(line[: found.start]) or credit_in(rest)) if alone else None
    dated = Dated(found.date, found.time, start + found.start, start + found.end)
    resumes = end - len(rest.lstrip(" \t,.;:|–—-"))
    return DateOpening(dated, bool(before) and not unlabelled, alone, resumes, credit)


def is_furniture(line: str) -> bool:
    """Tell whether a line belongs to the page: "Share", "Related news", a photo's credit, a time without a date."""
    if len(line) > _FURNITURE_LENGTH:
        return False
    bare = line.casefold().strip(" \t:;.…>»|-–—")
    if bare in phrases("lines") or bare in phrases("tail") or line.lstrip().startswith("©"):
        return True
    if not _DIGIT.search(line):
        return False
    words = set(_WORDS.findall(bare))
    return 0 < len(words & _date_words()) == len(words) and not find_date(line)


@cache
def _date_words() -> frozenset[str]:
    return phrases("labels") | phrases("weekdays")


def credit_in(line: str) -> str | None:
    """Return the agency that a short line names and says little else about ("By REUTERS", "Source: TASS")."""
    if len(line) > _CREDIT_LENGTH or len(_WORDS.findall(line)) > _CREDIT_WORDS:
        return None
    parts = [line, line.rpartition(":")[2], *re.split(r"\s[|/–—-]\s|,\s", line)]
    words = (re.sub(r"^\W*(?i:by|source|from|par|von|источник|المصدر)\b[:\s]*", "", part) for part in parts)
    return next((agency for word in words if (agency := agency_named(word))), None)
