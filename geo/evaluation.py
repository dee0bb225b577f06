"""Scores against annotated corpora: the figures of the geoparsing literature, the errors by cause, and a page of them.

Figures: a predicted span counts when its start and end equal an annotated one's (strict precision, recall, F1); of the
annotated toponyms whose span was found, the share placed within 161 km, 100 miles (accuracy), and of all annotated
toponyms, the share found and placed so (end to end). Distances are great-circle distances on a sphere of 6371.0088 km.
"""

from __future__ import annotations

import html
import json
import math
import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from geo.errors import InputError, InputNotFoundError
from geo.files import write_whole
from geo.gazetteer.index import Index
from geo.model import Mention, Place, Reading, Resolution, Span

NEAR_KM = 161.0
EARTH_KM = 6371.0088
BINS = 10
REMEDY = 'Each line is {"id", "text", "toponyms": [{"start", "end", "lat", "lon"}, …]}.'
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
class Toponym:
    """An annotated toponym: character offsets, and its point in degrees."""

    start: int
    end: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class GoldDocument:
    """An annotated text."""

    id: str
    text: str
    toponyms: tuple[Toponym, ...]


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


def evaluate(
    gold: Path,
    readings: Iterable[Reading],
    index: Index,
    *,
    predictions: Path | None = None,
    page: Path | None = None,
) -> Report:
    """Score readings against an annotated corpus.

    Parameters
    ----------
    gold
        One document a line: ``{"id", "text", "toponyms": [{"start", "end", "lat", "lon"}, …]}``.
    readings
        Of the documents' texts; articles and documents are matched by id. A document without a reading counts as one
        without mentions.
    predictions, page
        Files to write: one line a document with its mentions, and a page with hits and misses marked.

    Raises
    ------
    InputNotFoundError
        There is no such corpus.
    InputError
        A line of it is not such a document, or it has none.
    OutputError
        A file cannot be written.
    """
    found = {reading.article.id: reading for reading in readings}
    documents = read_gold(gold)
    scored = tuple(_scored(d, _resolutions(found.get(d.id)), index) for d in documents)
    report = Report(_figures(scored), _causes(scored), _bins(scored), scored)
    if predictions is not None:
        lines = [json.dumps(prediction(d.id, _resolutions(found.get(d.id)))) + "\n" for d in documents]
        write_whole(predictions, "".join(lines).encode())
    if page is not None:
        write_whole(page, render_page(report, gold.name).encode())
    return report


def _resolutions(reading: Reading | None) -> tuple[Resolution, ...]:
    return reading.resolutions if reading else ()


def read_gold(path: Path) -> list[GoldDocument]:
    """Read an annotated corpus of one document or more; see `evaluate`. Blank lines are skipped."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except FileNotFoundError as error:
        raise InputNotFoundError(f"There is no file {path}.", "Give the path of an annotated corpus.") from error
    except (UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path} cannot be read as UTF-8 text.", "Give a JSONL file.") from error
    documents = [_document(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not documents:
        raise InputError(f"{path} holds no annotated document.", REMEDY)
    return documents


def _document(path: Path, number: int, line: str) -> GoldDocument:
    try:
        record: dict[str, Any] = json.loads(line)
        toponyms = [
            Toponym(int(t["start"]), int(t["end"]), float(t["lat"]), float(t["lon"])) for t in record["toponyms"]
        ]
        return GoldDocument(str(record["id"]), str(record["text"]), tuple(toponyms))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(f"{path}, line {number}, is not an annotated document.", REMEDY) from error


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


_MARKS: Mapping[Cause, tuple[str, str]] = {
    "found and placed": ("hit", "✓"),
    "not found": ("miss", "?"),
    "wrong span": ("span", "↔"),
    "spurious": ("spurious", "+"),
    "not in gazetteer": ("far", "∅"),
    "wrong sense": ("far", "≠"),
    "unresolved": ("far", "…"),
}
"""Class and sign of each cause on the page: the sign tells it where colours cannot."""

_STYLE = """
body{font:16px/1.6 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
mark{padding:0 .15em;border-radius:.2em;color:inherit}mark small{font-weight:700}
.hit{background:#d7f0dc}.miss{background:#fbd9d3}.span{background:#fdebc8}.spurious{background:#e3ddf5}
.far{background:#d4e6f7}table{border-collapse:collapse}td{padding:.1rem .8rem .1rem 0}td+td{text-align:right}
details{margin:.8rem 0;border-top:1px solid #ccc;padding-top:.4rem}summary{cursor:pointer}p{white-space:pre-wrap}
"""


def render_page(report: Report, title: str) -> str:
    """Return a page, complete in itself, that shows each document with hits and misses marked.

    All text of the corpus is escaped: it is hostile until then.
    """
    legend = "".join(
        f'<li><mark class="{name}"><small>{sign}</small> {cause}</mark>: {html.escape(CAUSES[cause])}</li>'
        for cause, (name, sign) in _MARKS.items()
    )
    rows = "".join(
        f"<tr><td>{name.replace('_', ' ')}</td><td>{'–' if value is None else value}</td></tr>"
        for name, value in [*asdict(report.figures).items(), *report.causes.items()]
    )
    documents = "".join(_document_html(scored) for scored in report.documents)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{html.escape(title)}</h1><table>{rows}</table><ul>{legend}</ul>{documents}</body></html>\n"
    )


def _document_html(scored: Scored) -> str:
    right = sum(case.cause == "found and placed" for case in scored.cases)
    summary = f"{html.escape(scored.document.id)} · {right} of {len(scored.cases)} right"
    return f"<details><summary>{summary}</summary><p>{_marked(scored)}</p></details>"


def _marked(scored: Scored) -> str:
    text, at, parts = scored.document.text, 0, []
    for case in scored.cases:
        if case.start < at:  # annotations may overlap; the first is shown
            continue
        parts += [html.escape(text[at : case.start]), _mark(text[case.start : case.end], case)]
        at = case.end
    return "".join([*parts, html.escape(text[at:])])


def _mark(text: str, case: Case) -> str:
    name, sign = _MARKS[case.cause]
    where = f"; {case.place.name}, {case.place.country or '–'}" if case.place else ""
    far = f", {case.km:.0f} km off" if case.km is not None and case.km > NEAR_KM else ""
    hint = html.escape(f"{case.cause}{where}{far}", quote=True)
    return f'<mark class="{name}" title="{hint}"><small>{sign}</small> {html.escape(text)}</mark>'
