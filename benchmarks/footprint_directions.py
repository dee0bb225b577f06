"""Parts by direction beside named parts of countries: do "north" and "south-west" lie where people say they do?

usage: python benchmarks/footprint_directions.py

For each part of ``named_regions.yaml`` that has accepted members: which of its four largest towns lie in the core, zone
and possible of the part by direction; which of the country's other large towns do; how well the score that the cuts are
made on separates the two (AUC), beside shares of the area alone and of the bounding box.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from shapely import contains_xy, prepare
from shapely.ops import unary_union

from geo.footprints import cuts
from geo.footprints.directions import main_body
from geo.footprints.expressions import Expression, of_place
from geo.footprints.ground import Ground
from geo.footprints.rules import extents_of
from geo.gazetteer.boundaries import Boundaries, open_boundaries
from geo.gazetteer.classes import FEATURES
from geo.gazetteer.index import open_index
from geo.settings import load_settings

_TOWNS_IN, _TOWNS_OUT, _LARGEST = 4, 12, 120


@dataclass(frozen=True)
class Case:
    """A named part: which of the country's large towns lie in it, their scores by method, and in which extents."""

    is_quarter: bool
    named: Any
    scores: dict[str, Any]
    within: dict[str, Any]


def main() -> None:
    boundaries, index = open_boundaries(), open_index(load_settings())
    ground = Ground(boundaries, index)
    named: dict[str, dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_name("named_regions.yaml").read_text(encoding="utf-8")
    )
    cases = [case for code, parts in named.items() for case in _cases(code, parts, ground)]
    for is_quarter in (False, True):
        _report("quarters" if is_quarter else "halves", [case for case in cases if case.is_quarter == is_quarter])


def _cases(code: str, parts: dict[str, list[str]], ground: Ground) -> Iterator[Case]:
    index = ground.index
    assert index is not None
    row = index.country_row(code)
    assert row is not None, f"{code} is no country of the gazetteer"
    country = of_place(index.place(row))
    body = ground.extents(index.place(row)).map(main_body)
    rows = ((index.country == index.country[row]) & (index.feature == FEATURES.index("city"))).nonzero()[0]
    rows = rows[np.argsort(-index.population[rows], kind="stable")][:_LARGEST]
    lons, lats = index.lon[rows], index.lat[rows]
    prepare(body.zone)
    inside = contains_xy(body.zone, lons, lats)
    lons, lats = lons[inside], lats[inside]
    for direction, members in parts.items():
        region = unary_union([_unit(ground.boundaries, code, name) for name in members])
        part = extents_of(Expression("direction_part", (country,), directions=(direction,)), ground)
        yield Case(
            "_" in direction,
            contains_xy(region, lons, lats),
            _scores(body.zone, ground, direction, lons, lats),
            {name: contains_xy(getattr(part, name), lons, lats) for name in ("core", "zone", "possible")},
        )


def _scores(shape: Any, ground: Ground, direction: str, lons: Any, lats: Any) -> dict[str, Any]:
    """Return how far each town lies in a direction, by each method."""
    land = cuts.spread_of(shape, cuts.nobody)
    both = cuts.spread_of(shape, ground.towns_in)
    west, south, east, north = shape.bounds
    box = ((lons - west) / (east - west), (lats - south) / (north - south))
    return {
        "bounding box": _towards(direction, *box),
        "area": _towards(direction, _rank(land.lons, land.weights, lons), _rank(land.lats, land.weights, lats)),
        "area and towns": _towards(
            direction, _rank(both.lons, both.weights, lons), _rank(both.lats, both.weights, lats)
        ),
    }


def _rank(values: Any, weights: Any, asked: Any) -> Any:
    order = np.argsort(values, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(weights[order])])
    return below[np.searchsorted(values[order], asked)] / below[-1]


def _towards(direction: str, east: Any, north: Any) -> Any:
    x, y = cuts.SIDES[direction]
    return np.minimum((east - 0.5) * x if x else np.inf, (north - 0.5) * y if y else np.inf)


def _unit(boundaries: Boundaries, code: str, name: str) -> Any:
    units = boundaries.units(code)
    for column in ("name", "name_en", "name_fr", "name_de", "name_local"):
        rows = units[[_folded(found) == _folded(name) for found in units[column]]]
        if len(rows):
            return unary_union(list(rows.geometry))
    rows = units[[_folded(name) in _folded(found) for found in units["name_en"]]]
    assert len(rows) == 1, f"{code} {name} is no unit"
    return rows.geometry.iloc[0]


def _folded(name: object) -> str:
    plain = unicodedata.normalize("NFKD", str(name)).encode("ascii", "ignore").decode()
    return re.sub("[^a-z]", "", plain.lower())


def _report(title: str, cases: list[Case]) -> None:
    print(f"{title}: {len(cases)} named parts")
    for extent in ("core", "zone", "possible"):
        own = np.concatenate([case.within[extent][case.named][:_TOWNS_IN] for case in cases])
        other = np.concatenate([case.within[extent][~case.named][:_TOWNS_OUT] for case in cases])
        print(f"  {extent:9} holds {own.mean():.2f} of its largest towns, {other.mean():.2f} of the country's others")
    for method in cases[0].scores:
        own = np.concatenate([case.scores[method][case.named][:_TOWNS_IN] for case in cases])
        other = np.concatenate([case.scores[method][~case.named][:_TOWNS_OUT] for case in cases])
        print(f"  {method:15} AUC {np.mean(own[:, None] > other[None, :]):.3f}")


if __name__ == "__main__":
    main()
