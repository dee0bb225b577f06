"""What a zone's data file says: names, dates, members, evidence, events, posts, sources.

Every class is frozen. Points are longitude, latitude in degrees, EPSG:4326; days are inclusive.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from geo.model import Source

EvidenceStatus = Literal["inside", "outside", "boundary", "enclave", "ambiguous"]
Part = Literal["whole", "part"]
ShapeMethod = Literal["evidence", "corridor", "inner_band"]
EVIDENCE_STATUSES: tuple[EvidenceStatus, ...] = ("inside", "outside", "boundary", "enclave", "ambiguous")
ZONE_STATUSES = ("agreed", "claimed", "derived")
CONFIDENCES = ("high", "medium", "low")

Point = tuple[float, float]
"""Longitude, latitude in degrees."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a place's side of a zone's line, and when.

    Attributes
    ----------
    status
        On the first day it holds: ``inside``, ``outside``, ``boundary`` (the line ran through it), ``enclave``
        (outside, but surrounded) or ``ambiguous`` (sources differ; shown, not used).
    since, until
        The days between which it is evidence; None for no limit.
    changes
        The status it takes from a day on, in order of days.
    source
        Key into the zone's sources.
    row
        Line of the data file it stands on, for messages.
    """

    name: str
    status: EvidenceStatus
    source: str
    confidence: str = "high"
    since: dt.date | None = None
    until: dt.date | None = None
    changes: tuple[tuple[dt.date, EvidenceStatus], ...] = ()
    note: str | None = None
    row: int = 0

    def status_on(self, day: dt.date) -> EvidenceStatus | None:
        """Return its status on a day; None where it is no evidence then."""
        if (self.since and day < self.since) or (self.until and day > self.until):
            return None
        held = [status for start, status in self.changes if start <= day]
        return held[-1] if held else self.status

    @property
    def turning_days(self) -> tuple[dt.date, ...]:
        """The days on which it begins to say something else."""
        first = (self.since,) if self.since else ()
        after = (self.until + dt.timedelta(days=1),) if self.until else ()
        return first + tuple(day for day, _ in self.changes) + after


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidencePoint(Evidence):
    """A town or site and its side of the line.

    Attributes
    ----------
    radius_km
        How far an enclave reached around its point; 0 for other points.
    country
        ISO 3166-1 alpha-2 code of the country whose polygon holds the point, where that is not the zone's own: de facto
        boundaries run nearer than some official ones.
    """

    lon: float
    lat: float
    radius_km: float = 0.0
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceLine(Evidence):
    """A road or border whose whole course lay on one side of the line."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """A first-level unit that the agreement names, wholly or in part."""

    admin1: str
    part: Part


@dataclass(frozen=True, slots=True)
class Statement:
    """What a source said about the zone, in our own words."""

    text: str
    source: str
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """A published figure of the people or fighters in the zone."""

    figure: str
    source: str
    date: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """An observation post or checkpoint.

    Attributes
    ----------
    accuracy_km
        How far the true site may be from the point.
    since, until
        First and last day it stood; ``until`` is None where unknown or still standing.
    """

    id: str
    name: str
    lon: float
    lat: float
    accuracy_km: float
    since: dt.date
    until: dt.date | None
    source: str
    operator: str | None = None
    number: int | None = None
    other_names: tuple[str, ...] = ()
    description: str | None = None
    note: str | None = None
    row: int = 0

    def stood_on(self, day: dt.date) -> bool:
        """Whether it stood on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Shape:
    """How the zone's extents are made.

    Attributes
    ----------
    method
        ``evidence``: from evidence points; ``corridor``: a line and a width to each side; ``inner_band``: a strip
        inside another zone's boundary as it ran on ``line_of``.
    line
        The corridor's line; for a band the first and last point of the stretch of boundary, clockwise.
    km
        Least, best and greatest width or depth in kilometres, for core, zone and possible.
    of
        Id of the zone that a band belongs to.
    """

    method: ShapeMethod = "evidence"
    line: tuple[Point, ...] = ()
    km: tuple[float, float, float] = (0.0, 0.0, 0.0)
    of: str | None = None
    line_of: dt.date | None = None


@dataclass(frozen=True, slots=True)
class ZoneDefinition:
    """Everything a zone's data file says.

    Attributes
    ----------
    file
        Name of the data file, for messages.
    until
        Last day it held; None where it still held on the timeline's last day.
    colour
        Its hue on every map as ``#rrggbb``, the same on all days; None where the style may choose.
    """

    id: str
    file: str
    names: Mapping[str, str]
    country: str
    status: str
    since: dt.date
    until: dt.date | None
    accuracy_km: float
    members: tuple[Member, ...]
    statements: tuple[Statement, ...]
    limits: tuple[Statement, ...]
    population: tuple[Population, ...]
    events: tuple[Statement, ...]
    evidence: tuple[EvidencePoint, ...]
    lines: tuple[EvidenceLine, ...]
    posts: tuple[Post, ...]
    shape: Shape
    sources: Mapping[str, Source] = field(default_factory=dict)
    colour: str | None = None

    def holds_on(self, day: dt.date) -> bool:
        """Whether the zone held on a day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True)
class Definitions:
    """All zones of a folder, and the days between which they are described.

    ``default_day`` is the one drawn when no day is asked for.
    """

    first_day: dt.date
    last_day: dt.date
    default_day: dt.date
    zones: tuple[ZoneDefinition, ...]
