"""Cross-validate the zones: hold evidence back, draw the zones without it, see on which side it falls.

    python scripts/cross_validate_zones.py [--folds 10] [--repeats 5] [--spatial] [--misses FILE.geojson]

Only points from published lists are held back (``--sources``); background knowledge next to a point that is held back,
stretches of road too, is held back with it, so that nothing tells the answer. ``--spatial`` holds back whole
neighbourhoods. Behind a share stands its deviation from one repeat to the next.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import Point, mapping

from geo.gazetteer.boundaries import Boundaries, open_boundaries
from geo.geometry import area_km2, distance_km
from geo.settings import data_dir
from geo.zones.definition import EvidenceLine, EvidencePoint, ZoneDefinition
from geo.zones.extents import Extents, beads, extents_on
from geo.zones.ground import open_ground
from geo.zones.loading import load_definitions

TELLING = 0.25
"""Background knowledge nearer than this to a point that is held back, in spacings, is of the same place."""


@dataclass(frozen=True)
class Answer:
    """Where a point that was held back fell."""

    zone: str
    point: EvidencePoint
    repeat: int
    inside: bool
    in_core: bool
    in_zone: bool
    in_possible: bool

    @property
    def right(self) -> bool:
        """Whether it fell on its own side of the zone's line."""
        return self.in_zone == self.inside


@dataclass(frozen=True)
class Plan:
    """How the evidence is split."""

    day: dt.date
    folds: int
    repeats: int
    spatial: bool
    sources: tuple[str, ...]


def folds_of(points: Sequence[EvidencePoint], plan: Plan, seed: int) -> NDArray[np.intp]:
    """Return each point's fold: at random, or by the nearest of four random seats a fold."""
    random = np.random.default_rng(seed)
    if not plan.spatial:
        return random.permutation(len(points)) % plan.folds
    xy = np.array([(p.lon * np.cos(np.radians(p.lat)), p.lat) for p in points])
    seats = xy[random.choice(len(xy), min(len(xy), plan.folds * 4), replace=False)]
    nearest: NDArray[np.intp] = np.argmin(((xy[:, None] - seats[None]) ** 2).sum(axis=-1), axis=1)
    return nearest % plan.folds


def answers(zone: ZoneDefinition, boundaries: Boundaries, plan: Plan) -> Iterator[Answer]:
    """Draw the zone without each fold in turn, and say where the fold's points fell."""
    testable = [p for p in zone.evidence if p.source in plan.sources and p.status_on(plan.day) in {"inside", "outside"}]
    spacing = open_ground(zone, boundaries).spacing
    for repeat in range(plan.repeats):
        folds = folds_of(testable, plan, seed=repeat)
        for fold in range(plan.folds):
            held = [p for p, f in zip(testable, folds, strict=True) if f == fold]
            if held:
                rest = _without(zone, held, plan, spacing)
                drawn = extents_on(open_ground(rest, boundaries), plan.day)
                yield from (_fallen(zone, point, drawn, repeat, plan.day) for point in held)


def _without(zone: ZoneDefinition, held: list[EvidencePoint], plan: Plan, spacing: float) -> ZoneDefinition:
    """Return a zone but for the points that are held back and the background knowledge that tells of them."""
    points = [p for p in zone.evidence if p not in held]
    kept = [p for p in points if p.source in plan.sources or _nearest_km(p.lon, p.lat, held) >= TELLING * spacing]
    lines = [stretch for line in zone.lines for stretch in _stretches(line, held, spacing)]
    return replace(zone, evidence=tuple(kept), lines=tuple(lines))


def _stretches(line: EvidenceLine, held: list[EvidencePoint], spacing: float) -> Iterator[EvidenceLine]:
    """Return what is left of a road without the points on it that tell of those that are held back."""
    points = beads(line, spacing / 2)
    for telling, run in groupby(points, lambda p: _nearest_km(p[0], p[1], held) < TELLING * spacing):
        stretch = tuple(run)
        if not telling and len(stretch) > 1:
            yield replace(line, points=stretch)


def _nearest_km(lon: float, lat: float, others: list[EvidencePoint]) -> float:
    return min(distance_km(lon, lat, other.lon, other.lat) for other in others)


def _fallen(zone: ZoneDefinition, point: EvidencePoint, drawn: Extents, repeat: int, day: dt.date) -> Answer:
    spot = Point(point.lon, point.lat)
    within = (bool(drawn.extent(name).contains(spot)) for name in ("core", "zone", "possible"))
    return Answer(zone.id, point, repeat, point.status_on(day) == "inside", *within)


def share(part: Sequence[Answer], test: str) -> str:
    """Return the share of answers for which an attribute is true, and its deviation between repeats."""
    repeats = sorted({answer.repeat for answer in part})
    shares = [np.mean([bool(getattr(a, test)) for a in part if a.repeat == repeat]) for repeat in repeats]
    return f"{np.mean(shares):.3f} ± {np.std(shares):.3f}"


def row(name: str, found: list[Answer], drawn: Extents | None) -> str:
    """Return one line of the table."""
    inside, outside = [a for a in found if a.inside], [a for a in found if not a.inside]
    cells = [name, str(len({a.point for a in found})), share(found, "right")]
    cells += [share(outside, "in_core"), share(inside, "in_possible")]
    if drawn is not None:
        core, zone, possible = (area_km2(drawn.extent(e)) for e in ("core", "zone", "possible"))
        cells += [f"{zone:,.0f}", f"{core / zone:.2f}", f"{possible / zone:.2f}"]
    return "| " + " | ".join(cells) + " |"


def misses(found: list[Answer]) -> dict[str, Any]:
    """Return the points that fell on the wrong side, with how often, as GeoJSON."""
    wrong = Counter((a.zone, a.point, a.inside) for a in found if not a.right)
    features = [
        {
            "type": "Feature",
            "properties": {"zone": zone, "name": point.name, "inside": inside, "times": times},
            "geometry": mapping(Point(point.lon, point.lat)),
        }
        for (zone, point, inside), times in wrong.items()
    ]
    return {"type": "FeatureCollection", "features": features}


def main() -> None:
    """Print the table of the documentation."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--day", type=dt.date.fromisoformat, default=dt.date(2017, 7, 31))
    parser.add_argument("--folds", type=int, default=10)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--spatial", action="store_true")
    parser.add_argument("--sources", nargs="+", default=["detailed-map", "geonames-list", "background-list"])
    parser.add_argument("--zones", nargs="+", help="ids; all that were agreed and are drawn from evidence without it")
    parser.add_argument("--misses", type=Path)
    args = parser.parse_args()
    plan = Plan(args.day, args.folds, args.repeats, args.spatial, tuple(args.sources))
    boundaries, everything = open_boundaries(None), []
    print("| zone | points | right side | outside in core | inside in possible | km² | core/zone | possible/zone |")
    print("|---|---|---|---|---|---|---|---|")
    for zone in load_definitions(data_dir() / "shapes" / "zones").zones:
        if zone.id in args.zones if args.zones else (zone.status, zone.shape.method) == ("agreed", "evidence"):
            found = list(answers(zone, boundaries, plan))
            everything += found
            print(row(zone.id, found, extents_on(open_ground(zone, boundaries), plan.day)), flush=True)
    print(row("all", everything, None))
    if args.misses:
        args.misses.write_text(json.dumps(misses(everything), ensure_ascii=False), "utf-8")


if __name__ == "__main__":
    main()
