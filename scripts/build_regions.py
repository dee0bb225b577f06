"""Build ``data/shapes/regions``, where seas, ranges, deserts, islands and groups of units lie.

Made of ``data/footprints/regions.yaml`` and the boundaries of ``data/shapes``; the same files give the same bytes. Each
region has three areas, one after the other: surely inside, best estimate, not excluded.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from math import pi, sqrt
from typing import Any

import yaml
from shapely import box, get_parts, simplify
from shapely.affinity import translate
from shapely.geometry import LineString, MultiPolygon, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union

from geo.footprints.azimuthal import buffer_km
from geo.footprints.extents import Extents, nested
from geo.gazetteer.areas import write_areas
from geo.gazetteer.boundaries import Boundaries, open_boundaries
from geo.geometry import polygons_of, valid
from geo.settings import data_dir

Areas = tuple[BaseGeometry, BaseGeometry, BaseGeometry]

# In degrees: detail of coasts, what of them may be wrong, and how large an island must be to be drawn.
DETAIL, COAST, ISLAND = 0.03, 0.03, 0.01
# Seas wider than this, in degrees, are oceans, with coarser coasts.
OCEAN, OCEAN_DETAIL = 60.0, 0.12
# How vague an open limit of a sea is, and an outline drawn by hand: shares of the radius, and a most in degrees.
OPEN_SHARE, OPEN_MOST = 0.05, 1.0
INNER_SHARE, OUTER_SHARE = 0.12, 0.2
# A range's shares of its half width.
RANGE = (0.5, 1.0, 1.6)


def main() -> None:
    """Write the areas and their table."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    regions = yaml.safe_load((data_dir() / "footprints" / "regions.yaml").read_text(encoding="utf-8"))
    folder = data_dir() / "shapes" / "regions"
    folder.mkdir(exist_ok=True)
    boundaries = open_boundaries()
    areas = [area for region in regions.values() for area in within_each_other(*areas_of(region, boundaries))]
    write_areas(areas, folder)
    with (folder / "table.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("country", "name", "limits"))
        for name, region in regions.items():
            table.writerow(("", name, Polygon(region["sea"]).wkt if "sea" in region else ""))


def within_each_other(*areas: BaseGeometry) -> Areas:
    """Return areas as footprints need them: valid, rounded, each strictly within the next."""
    core, zone, possible = (polygons_of(valid(area)) for area in areas)
    found = nested(Extents(core, zone, possible, zone))
    return found.core, found.zone, found.possible


def areas_of(region: Mapping[str, Any], boundaries: Boundaries) -> Areas:
    """Return what is surely, best and possibly in a region."""
    kind = next(kind for kind in KINDS if kind in region)
    return KINDS[kind](region, boundaries)


def sea(region: Mapping[str, Any], boundaries: Boundaries) -> Areas:
    """Return the water within limits."""
    limits = valid(Polygon(region["sea"]))
    land = land_in(limits.buffer(2), boundaries)
    vague = min(OPEN_SHARE * radius(limits), OPEN_MOST)
    detail = OCEAN_DETAIL if limits.bounds[2] - limits.bounds[0] > OCEAN else DETAIL
    zone = coarse(limits.difference(land), detail)
    core = coarse(zone.intersection(limits.buffer(-vague)).buffer(-COAST), detail).intersection(zone)
    return core, zone, coarse(limits.buffer(vague).difference(land), detail).union(zone.buffer(COAST, quad_segs=1))


def land_in(area: BaseGeometry, boundaries: Boundaries) -> BaseGeometry:
    """Return the land in an area, which may run on past longitude 180."""
    table = boundaries.countries
    found = []
    for shift in (0, 360):
        frame = translate(box(*area.bounds), -shift)
        found += [translate(table.shape(row).intersection(frame), shift) for row in table.touching(frame)]
    return unary_union(found)


def mountains(region: Mapping[str, Any], _: Boundaries) -> Areas:
    """Return the strips along a range."""
    pieces = [LineString(pair) for pair in pairwise(region["range"])]
    core, zone, possible = (unary_union([buffer_km(p, share * region["km"]) for p in pieces]) for share in RANGE)
    return core, zone, possible


def outline(region: Mapping[str, Any], boundaries: Boundaries) -> Areas:
    """Return an outline's land, its corners rounded."""
    drawn = Polygon(region["area"])
    size = radius(drawn)
    land = land_in(drawn.buffer(size), boundaries)
    rounded = drawn.buffer(-0.1 * size).buffer(0.1 * size)
    core, zone, possible = (rounded.buffer(share * size) for share in (-INNER_SHARE, 0, OUTER_SHARE))
    return land.intersection(core), land.intersection(zone), land.intersection(possible).union(zone.intersection(land))


def islands(region: Mapping[str, Any], boundaries: Boundaries) -> Areas:
    """Return the land around points that no border parts."""
    found = [part for at in region["island"] for part in get_parts(land_in(Point(at).buffer(15), boundaries))]
    return known(unary_union([part for part in found if any(part.covers(Point(at)) for at in region["island"])]))


def countries(region: Mapping[str, Any], boundaries: Boundaries) -> Areas:
    """Return the union of countries."""
    return known(unary_union([boundaries.country(code) for code in region["countries"]]))


def units(region: Mapping[str, Any], boundaries: Boundaries) -> Areas:
    """Return the union of first-level units."""
    named = [(code, name) for code, names in region["units"].items() for name in names]
    found = {name: boundaries.unit(code, name) for code, name in named}
    assert all(found.values()), f"no such units: {[name for name, unit in found.items() if unit is None]}"
    return known(unary_union(list(found.values())))


def known(land: BaseGeometry) -> Areas:
    """Return areas that are known as well as the boundaries are."""
    thin = coarse(land, DETAIL)
    # Towns on the coast must not fall into the sea.
    core, zone, possible = (thin.buffer(share * COAST, quad_segs=1) for share in (0.5, 1.0, 2.0))
    return core, zone, possible


def coarse(area: BaseGeometry, detail: float) -> BaseGeometry:
    """Return an area without small islands and fine detail."""
    parts = get_parts(polygons_of(area))
    least = min(ISLAND, 0.3 * max((part.area for part in parts), default=0))
    kept = [Polygon(part.exterior, holes_of(part)) for part in parts if part.area >= least]
    return polygons_of(valid(simplify(MultiPolygon(kept), detail)))


def holes_of(part: Polygon) -> Sequence[Any]:
    """Return the islands in a sea that are large enough to be drawn."""
    return [ring for ring in part.interiors if Polygon(ring).area >= ISLAND]


def radius(area: BaseGeometry) -> float:
    """Return the radius of a circle as large as an area, in degrees."""
    return sqrt(area.area / pi)


KINDS: Mapping[str, Callable[[Mapping[str, Any], Boundaries], Areas]] = {
    "sea": sea,
    "range": mountains,
    "area": outline,
    "island": islands,
    "countries": countries,
    "units": units,
}

if __name__ == "__main__":
    main()
