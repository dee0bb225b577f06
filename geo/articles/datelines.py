"""Datelines: the place, day and agency that open a report.

"ASTANA. KAZINFORM The …", "BEIRUT (Reuters) - …", "MOSCOW, July 22. /TASS/. …", "دمشق-سانا …". What opens a report like
one is believed by its evidence: a known agency, a day, or capitals before a dash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from geo.articles.agencies import agency_named, load_table, spelling_pattern
from geo.articles.dates import Dated, find_date, month_of
from geo.model import Span

# A report's own words must follow, not a second headline.
_LEAST_REPORT = 40
_WORD = r"[^\W\d_]+\.??"
_PLACE = rf"(?P<place>(?:(?i:St|Ste|Mt|Ft)\.\s)?{_WORD}(?:[ '’/-]{_WORD}){{0,4}}?)"
_QUALIFIER = r"(?P<qualifier>(?:,\s[^\W\d_][^\W\d_.]*\.?(?:[\s]?[^\W\d_][^\W\d_.]*\.?)?){0,2}?)"
_DAY = rf"(?:[.,]\s?(?P<day>(?:{_WORD}\s\d{{1,2}}|\d{{1,2}}\s{_WORD})(?:,?\s\d{{4}})?))?"
_DASH = r"(?:--|[-–—−\ufffd])"


@dataclass(frozen=True, slots=True)
class Dateline:
    """What opens a report.

    ``place`` is the span of the place name, ``agency`` who signs, ``dated`` its date where the year is given; each is
    None where the dateline does not say. ``end`` is where the report's own words begin.
    """

    place: Span | None
    agency: str | None
    dated: Dated | None
    end: int


@cache
def _kickers() -> frozenset[str]:
    return frozenset(load_table("headers.yaml")["kickers"])


@cache
def _pattern() -> re.Pattern[str]:
    agency = spelling_pattern()
    return re.compile(
        rf"[\s\"“«]*{_PLACE}{_QUALIFIER}{_DAY}"
        rf"(?:[.,]?\s?(?:{_DASH}\s)?[(/\[]\s?(?P<bracketed>[^()/\[\]\n]{{2,40}}?)\s?[)/\]][.,:\s]*(?P<after>{_DASH}?)"
        rf"|\s?(?:[.,:/]|{_DASH})\s?(?P<plain>(?i:{agency}))(?!\w)[.,:/\s]*{_DASH}?"
        rf"|\s?(?P<dash>{_DASH})(?!\w|\d)|(?P<colon>:)(?=\s)|(?(day)(?P<stop>\.)(?=\s)|(?!)))\s*"
    )


@cache
def _leading_agency() -> re.Pattern[str]:
    return re.compile(rf"[\s(\[/]*(?P<agency>(?i:{spelling_pattern()}))\s?(?:[)\]/][.:\s]*{_DASH}?|{_DASH}|:)\s*")


def dateline_at(text: str, start: int, end: int) -> Dateline | None:
    """Return the dateline a line opens with, None where it opens with none.

    Parameters
    ----------
    start, end
        Span of the line in the text.
    """
    line = text[start:end]
    first = _leading_agency().match(line)
    found = _signed_first(line, first) if first else _placed(line, 0)
    return _shifted(found, start) if found and len(line) - found.end >= _LEAST_REPORT else None


def _signed_first(line: str, first: re.Match[str]) -> Dateline:
    agency, placed = agency_named(first["agency"]), _placed(line, first.end())
    return replace(placed, agency=agency) if placed else Dateline(None, agency, None, first.end())


def _placed(line: str, start: int) -> Dateline | None:
    match = _pattern().match(line, start)
    if not match or not _opens_like_a_place(match):
        return None
    day = match["day"]
    if day and not month_of(re.sub(r"\d+", "", day).replace(",", "").strip()):
        return None
    agency = _agency(match)
    if not _believed(match, agency, bool(day)):
        return None
    place_start = match.start("place") + len(match["place"]) - len(match["place"].lstrip())
    name = match["place"].strip().split("/")[0].rstrip(".")
    return Dateline((place_start, place_start + len(name)), agency, _dated(match), match.end())


def _dated(match: re.Match[str]) -> Dated | None:
    found = find_date(match["day"]) if match["day"] else None
    if not found:
        return None
    offset = match.start("day")
    return Dated(found.date, None, offset + found.start, offset + found.end)


def _agency(match: re.Match[str]) -> str | None:
    """Return who signs: a known agency, or after a place in capitals whatever stands in brackets before a dash."""
    if match["plain"]:
        return agency_named(match["plain"])
    if not match["bracketed"]:
        return None
    known = agency_named(match["bracketed"])
    signed = match["after"] and match["place"].isupper() and match["bracketed"][0].isupper()
    return known or (match["bracketed"] if signed else None)


def _opens_like_a_place(match: re.Match[str]) -> bool:
    words = re.findall(r"[^\W\d_]+", match["place"])
    small = {"de", "la", "al", "el", "ez", "of", "the", "upon", "sur", "am", "an", "der", "den", "на"}
    return (
        not any(word[0].islower() and word not in small for word in words)
        and not words[0][0].islower()
        and match["place"].strip().casefold() not in _kickers()
        and words[0].casefold() not in _kickers()
    )


def _believed(match: re.Match[str], agency: str | None, dated: bool) -> bool:
    place, rest = match["place"].strip(), match.string[match.end() :]
    capitals = place.isupper() or place.lower() == place.upper()
    if agency:
        # "Vladimir Putin (Reuters)" is a caption and "In May Reuters said" a sentence: a dateline is set off.
        return capitals or dated or not match[0].rstrip()[-1].isalpha()
    if match["stop"] or match["bracketed"]:
        return dated
    if place.isupper() or dated:
        return len(place) > 2 and not rest.isupper()
    # Title case, or a script without case, needs a dash and a short name: "Beirut, Lebanon — The …". A hyphen will not
    # do: "Ouest-France - Des hommes armés" names the paper.
    if match["dash"] == "-" and not capitals:
        return False
    short = bool(match["qualifier"]) or len(place.split()) <= 2
    spaced = bool(match["dash"]) and match.string[match.start("dash") - 1].isspace()
    return spaced and short and not rest[:1].islower()


def _shifted(found: Dateline, by: int) -> Dateline:
    place = (found.place[0] + by, found.place[1] + by) if found.place else None
    return Dateline(place, found.agency, found.dated, found.end + by)
