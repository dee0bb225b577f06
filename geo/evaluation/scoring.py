"""Scores against annotated documents: the figures of the geoparsing literature, and the errors by cause.

Figures: a predicted span counts when its start and end equal an annotated one's (strict precision, recall, F1); of the
annotated toponyms whose span was found, the share placed within 161 km, 100 miles (accuracy), and of all annotated
toponyms, the share found and placed so (end to end). Distances are great-circle distances on a sphere of 6371.0088 km.
"""

from __future__ import annotations

import json
import math
import statistics
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from geo.evaluation.corpora import GoldDocument, Toponym
from geo.gazetteer.index import Index
from geo.model import Mention, Place, Resolution, Span

NEAR_KM = 161.0
"""How near a place must be to the annotated one to be right: 100 miles (Gritta, Pilehvar & Collier 2020)."""

EARTH_KM = 6371.0088
"""Mean radius of the Earth (IUGG), on which published figures are measured."""

BINS = 10
"""Ranges of confidence, equally wide, that calibration is measured in."""

COVERAGE = 0.9
"""Share of the claims that are kept, the surest first, for the figures at a coverage."""

Cause = Literal[
    "found and placed", "not found", "wrong span", "spurious", "not in gazetteer", "wrong sense", "unresolved"
]
CAUSES: Mapping[Cause, str] = {
    "found and placed": "Span and place are right.",
    "not found": "Nothing was recognised there.",
    "wrong span": "A mention overlaps the annotated one, but starts or ends elsewhere.",
    "spurious": "A mention where nothing is annotated.",
    "not in gazetteer": "Found, but no place of that name in the gazetteer lies within 161 km.",
    "wrong sense": "Found, but placed at another place of that name.",
    "unresolved": "Found, but not placed, although the gazetteer has it.",
}


@dataclass(frozen=True, slots=True)
class Case:
    """One mention or annotated toponym of a document, and what became of it."""

    cause: Cause
    start: int
    end: int
    km: float | None = None
    place: Place | None = None
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Claim:
    """That a span names a place and that the place is there: how sure, whether right, whether the span is annotated."""

    confidence: float
    right: bool
    annotated: bool


@dataclass(frozen=True, slots=True)
class Scored:
    """A document with its cases, how many mentions were found, and what is claimed of each one placed."""

    document: GoldDocument
    cases: tuple[Case, ...]
    predicted: int
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a corpus; distances in kilometres, None where nothing was placed."""

    gold: int
    predicted: int
    precision: float
    recall: float
    f1: float
    accuracy_161: float
    end_to_end_161: float
    mean_km: float | None
    median_km: float | None


@dataclass(frozen=True, slots=True)
class Bin:
    """Mentions of one range of confidence: how many, how sure they were on average, how often they were right."""

    count: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True)
class Report:
    """What `evaluate` found: figures, errors by cause, calibration, and every case of every document."""

    figures: Figures
    causes: Mapping[Cause, int]
    bins: tuple[Bin, ...]
    documents: tuple[Scored, ...]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error: how far confidence and share of right ones lie apart, on average (0 to 1)."""
        total = sum(b.count for b in self.bins)
        return sum(b.count * abs(b.confidence - b.right) for b in self.bins) / max(total, 1)

    def table(self) -> str:
        """Return the report as lines of text."""
        rows = [(name.replace("_", " "), value) for name, value in asdict(self.figures).items()]
        found = self._beside_figures()
        rows += [(name.replace("_", " "), value) for name, value in found.items()] + [("", "")]
        rows += [(cause, count) for cause, count in self.causes.items()]
        shown = [(name, "–" if value is None else value) for name, value in rows]
        return "\n".join(f"{name:<36}{value:>10}" if name else "" for name, value in shown)

    def right_at_coverage(self, *, annotated: bool = False) -> float | None:
        """Return the share of right ones among the surest 90% of claims; None where nothing is claimed.

        Parameters
        ----------
        annotated
            Count only claims about annotated spans: corpora do not annotate every place that is one.
        """
        claims = [c for s in self.documents for c in s.claims if c.annotated or not annotated]
        kept = sorted(claims, key=lambda c: -c.confidence)[: round(COVERAGE * len(claims))]
        return sum(c.right for c in kept) / len(kept) if kept else None

    def _beside_figures(self) -> dict[str, float | None]:
        """Return the figures of confidence, rounded."""
        found = {
            "calibration_error": self.calibration_error,
            "right_at_90_coverage": self.right_at_coverage(),
            "right_at_90_coverage_of_annotated": self.right_at_coverage(annotated=True),
        }
        return {name: None if value is None else round(value, 4) for name, value in found.items()}

    def json(self) -> str:
        """Return the report as one JSON object, without the documents."""
        bins = [asdict(b) for b in self.bins]
        found = {**self._beside_figures(), "bins": bins, "causes": dict(self.causes)}
        return json.dumps({**asdict(self.figures), **found}, indent=2)


def prediction(document_id: str, resolutions: Sequence[Resolution]) -> dict[str, Any]:
    """Return what was found in a document; ``lat`` and ``lon`` are None where a mention is unresolved."""
    mentions = [
        {
            "start": mention.start,
            "end": mention.end,
            "lat": place.lat if place else None,
            "lon": place.lon if place else None,
            "confidence": round(resolution.confidence, 4),
        }
        for resolution, mention, place in _placed(resolutions)
    ]
    return {"id": document_id, "mentions": mentions}


def _placed(resolutions: Sequence[Resolution]) -> Iterator[tuple[Resolution, Mention, Place | None]]:
    return ((r, r.mention, r.place) for r in resolutions if r.mention is not None)


def report_of(found: Sequence[tuple[GoldDocument, Sequence[Resolution]]], index: Index) -> Report:
    """Return the report of documents with what their mentions were resolved to."""
    scored = tuple(_scored(document, resolutions, index) for document, resolutions in found)
    return Report(_figures(scored), _causes(scored), _bins(scored), scored)


def _scored(document: GoldDocument, resolutions: Sequence[Resolution], index: Index) -> Scored:
    gold = {(t.start, t.end): t for t in document.toponyms}
    found = {(m.start, m.end): (r, p) for r, m, p in _placed(resolutions)}
    cases = [_gold_case(document.text, t, found, index) for t in gold.values()]
    cases += [
        Case("spurious", *span, None, place, resolution.confidence)
        for span, (resolution, place) in found.items()
        if not any(_overlap(span, other) for other in gold)
    ]
    right = {(case.start, case.end) for case in cases if case.cause == "found and placed"}
    claims = tuple(Claim(r.confidence, span in right, span in gold) for span, (r, place) in found.items() if place)
    return Scored(document, tuple(sorted(cases, key=lambda c: (c.start, c.end))), len(found), claims)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _gold_case(
    text: str, toponym: Toponym, found: Mapping[Span, tuple[Resolution, Place | None]], index: Index
) -> Case:
    span = (toponym.start, toponym.end)
    if span not in found:
        near = next((pair for other, pair in found.items() if _overlap(span, other)), None)
        return Case("wrong span", *span, None, near[1], near[0].confidence) if near else Case("not found", *span)
    resolution, place = found[span]
    km = great_circle_km(toponym.lat, toponym.lon, place.lat, place.lon) if place else None
    if km is not None and km <= NEAR_KM:
        return Case("found and placed", *span, km, place, resolution.confidence)
    if not _known_near(text[slice(*span)], toponym, index):
        return Case("not in gazetteer", *span, km, place, resolution.confidence)
    return Case("wrong sense" if place else "unresolved", *span, km, place, resolution.confidence)


def _known_near(name: str, toponym: Toponym, index: Index) -> bool:
    """Tell whether the gazetteer has a place of that name within 161 km."""
    points = ((float(index.lat[row]), float(index.lon[row])) for row in index.find(name))
    return any(great_circle_km(toponym.lat, toponym.lon, *point) <= NEAR_KM for point in points)


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in kilometres, on the sphere that published figures use."""
    a, b = math.radians(lat1), math.radians(lat2)
    h = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(h)))


_FOUND: frozenset[Cause] = frozenset({"found and placed", "not in gazetteer", "wrong sense", "unresolved"})


def _figures(scored: Sequence[Scored]) -> Figures:
    counts = _causes(scored)
    gold, hits = sum(counts.values()) - counts["spurious"], sum(counts[cause] for cause in _FOUND)
    predicted, near = sum(s.predicted for s in scored), counts["found and placed"]
    errors = [case.km for s in scored for case in s.cases if case.km is not None]
    p, r = hits / max(predicted, 1), hits / max(gold, 1)
    return Figures(
        gold=gold,
        predicted=predicted,
        precision=round(p, 4),
        recall=round(r, 4),
        f1=round(2 * p * r / max(p + r, 1e-9), 4),
        accuracy_161=round(near / max(hits, 1), 4),
        end_to_end_161=round(near / max(gold, 1), 4),
        mean_km=round(statistics.fmean(errors), 1) if errors else None,
        median_km=round(statistics.median(errors), 1) if errors else None,
    )


def _causes(scored: Sequence[Scored]) -> dict[Cause, int]:
    counts = Counter(case.cause for s in scored for case in s.cases)
    return {cause: counts[cause] for cause in CAUSES}


def _bins(scored: Sequence[Scored]) -> tuple[Bin, ...]:
    """Sort all claims by confidence: a claim is that a span is a place and that it is there."""
    groups: list[list[Claim]] = [[] for _ in range(BINS)]
    for claim in (claim for s in scored for claim in s.claims):
        groups[min(int(claim.confidence * BINS), BINS - 1)].append(claim)
    return tuple(_bin(group) for group in groups)


def _bin(group: Sequence[Claim]) -> Bin:
    count = max(len(group), 1)
    confidence, right = sum(c.confidence for c in group) / count, sum(c.right for c in group) / count
    return Bin(len(group), round(confidence, 4), round(right, 4))
