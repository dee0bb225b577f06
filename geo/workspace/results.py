"""What a workspace answers with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from geo.model import Place, SourceRole, credit_of

Outcome = Literal["new", "replaced", "duplicate"]
Period = Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class Stored:
    """What became of a reading that was added.

    ``id`` is the one the article is kept by; it differs from the article's own where that was taken by another text.
    ``near`` says of a new article that another one there carries the same report.
    """

    id: str
    outcome: Outcome
    near: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """An article in a list: what is known of it without its text.

    ``mentions`` counts all mentions, ``places`` the different places they resolved to.
    """

    id: str
    title: str | None
    date: dt.date | None
    time: dt.time | None
    source: str | None
    source_role: SourceRole | None
    language: str | None
    url: str | None
    mentions: int
    places: int

    @property
    def credit(self) -> str | None:
        """Who says it and by what way, in words to show."""
        return credit_of(self.source, self.source_role)


@dataclass(frozen=True, slots=True)
class Carrier:
    """Another who carries the same report; None where a thing is not known.

    ``id`` is that of the article, where it has other words around the report; None where it is the very same text,
    which is kept once.
    """

    id: str | None
    title: str | None
    source: str | None
    date: dt.date | None
    url: str | None


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place with how many mentions and articles name it.

    ``unsure`` says that all the mentions are in doubt: none was resolved with confidence, or by a person.
    """

    place: Place
    mentions: int
    articles: int
    unsure: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """The places in one square of a map, added up.

    Attributes
    ----------
    lon, lat
        Middle of the places, each as heavy as its mentions; degrees.
    places, mentions
        How many places there are, and how often they are mentioned.
    unsure
        How many of the places are in doubt: no mention was resolved to them with confidence, or by a person.
    place
        The one mentioned most; the only one where ``places`` is 1.
    """

    lon: float
    lat: float
    places: int
    mentions: int
    unsure: int
    place: Place


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One period, called by its first day: weeks begin on Monday."""

    start: dt.date
    mentions: int
    articles: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts by period, in order of time; periods without a mention are left out.

    ``place`` is what it counts, None for all that was searched.
    """

    place: Place | None
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two places and how many articles name both."""

    first: Place
    second: Place
    articles: int


@dataclass(frozen=True, slots=True)
class Together:
    """Pairs of places, those named together most first, among the newest ``of`` articles found."""

    pairs: tuple[Pair, ...]
    of: int
