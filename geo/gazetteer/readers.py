"""Reading a user's places: GeoNames dumps and alternate names, Who's On First records, CSV; one at a time.

Each reader takes an open file and yields entries, and for what it cannot use a `Skipped`. None holds more than a
record. An entry with an empty ``feature`` only brings names for a place that is known already.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any, NamedTuple

from geo.errors import InputError
from geo.gazetteer.classes import FEATURES
from geo.gazetteer.sources import Entry, NameKind, alternate_kind, shown_name, split


class Skipped(NamedTuple):
    """A record that cannot be used: where it stands, and why."""

    number: int
    reason: str


Record = Entry | Skipped
Reader = Callable[[IO[bytes], str], Iterator[Record]]

DUMP_COLUMNS = 19
ALTERNATE_COLUMNS = range(8, 11)
_SNIFFED = 65536
REMEDY = "Give a GeoNames dump (19 columns), alternateNamesV2, Who's On First JSON, or a CSV with name, lat and lon."


def reader_of(path: Path) -> Reader:
    """Return the reader for a file, by what it begins with.

    Raises
    ------
    InputError
        The file is empty, binary, or of no kind that is read.
    """
    with path.open("rb") as file:
        head = file.read(_SNIFFED)
    if not head.strip():
        raise InputError(f"{path.name} is empty.", REMEDY)
    if b"\0" in head or head.startswith((b"PK", b"\x1f\x8b")):
        raise InputError(f"{path.name} is not text.", "Unpack it first, if it is an archive.")
    first = head.lstrip(b"\xef\xbb\xbf \r\n").splitlines()[0]
    if first[:1] in b"[{":
        return read_records
    columns = first.split(b"\t")
    if len(columns) == DUMP_COLUMNS and columns[0].isdigit():
        return read_dump
    if len(columns) in ALTERNATE_COLUMNS and columns[0].isdigit() and columns[1].isdigit():
        return read_alternate_names
    if first.count(b",") or first.count(b";"):
        return read_csv
    raise InputError(f"{path.name} is of no kind that is read.", REMEDY)


MOST_PEOPLE, MOST_UNSURE_KM = 10_000_000_000, 20_000
"""What a population and a radius can be at most: larger ones are mistakes."""


def people(value: Any) -> int:
    """Return a population; 0 for what is none."""
    return int(_number(value, MOST_PEOPLE))


def _number(value: Any, most: float) -> float:
    """Return a number from 0 to ``most``; 0 for anything else."""
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    return number if 0 <= number <= most else 0.0


_FEATURES_OF_CLASS = {
    "A": "region", "P": "city", "H": "water", "U": "water", "L": "region", "T": "region", "V": "region", "R": "road",
    "S": "facility",
}  # fmt: skip
_FEATURES_OF_CODE = {"ADM1": "admin1", "ADM2": "admin2", "CONT": "continent", "PCLI": "country"}


def read_dump(file: IO[bytes], source: str) -> Iterator[Record]:
    """Read a GeoNames dump of 19 columns (https://download.geonames.org/export/dump/readme.txt)."""
    del source
    for number, fields in _tab_separated(file):
        if len(fields) != DUMP_COLUMNS or not fields[0].isdigit() or not fields[1]:
            yield Skipped(number, f"{len(fields)} columns, not {DUMP_COLUMNS}, or no id or name")
        elif (point := coordinates(fields[5], fields[4])) is None:
            yield Skipped(number, "no usable coordinates")
        else:
            yield _dump_entry(fields, point)


def _dump_entry(fields: list[str], point: tuple[float, float]) -> Entry:
    country, code = fields[8], fields[7]
    feature = _FEATURES_OF_CODE.get(code) or _FEATURES_OF_CLASS.get(fields[6], "region")
    admin1 = f"{country}.{fields[10]}" if fields[10] not in {"", "00"} else ""
    admin2 = f"{admin1}.{fields[11]}" if admin1 and fields[11] else ""
    shown = shown_name(fields[1], country)
    names: dict[str, NameKind] = {name: alternate_kind(name) for name in [fields[2], *fields[3].split(",")] if name}
    return Entry(
        id=f"geonames:{fields[0]}", name=shown, feature=feature, lon=point[0], lat=point[1],
        names={**names, fields[1]: "main", shown: "main"}, country=country, admin1=admin1, admin2=admin2, code=code,
        population=people(fields[14]),
        unit={"admin1": admin1, "admin2": admin2}.get(feature, ""),
    )  # fmt: skip


_NO_NAMES = frozenset({"link", "wkdt", "post", "phon", "tcid", "uicn"})
_CODES = frozenset({"iata", "icao", "faac", "unlc", "abbr"})


def read_alternate_names(file: IO[bytes], source: str) -> Iterator[Record]:
    """Read GeoNames' alternateNamesV2: further names of places that are known already."""
    del source
    for number, fields in _tab_separated(file):
        if len(fields) not in ALTERNATE_COLUMNS or not fields[1].isdigit():
            yield Skipped(number, f"{len(fields)} columns, or no id")
        elif fields[2] not in _NO_NAMES and fields[3]:
            kind: NameKind = "code" if fields[2] in _CODES else alternate_kind(fields[3])
            if fields[7:8] == ["1"]:
                kind = "historic"
            yield Entry(f"geonames:{fields[1]}", fields[3], "", 0.0, 0.0, {fields[3]: kind})


def _tab_separated(file: IO[bytes]) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(_lines(file), 1):
        if line.strip():
            yield number, line.rstrip("\r\n").split("\t")


def _lines(file: IO[bytes]) -> Iterator[str]:
    """Yield lines as text; bytes that are not UTF-8 become the replacement character."""
    for line in file:
        yield line.decode("utf-8-sig" if line.startswith(b"\xef\xbb\xbf") else "utf-8", errors="replace")


def coordinates(lon: Any, lat: Any) -> tuple[float, float] | None:
    """Return longitude and latitude as numbers, None where they are none or off the Earth."""
    try:
        point = float(lon), float(lat)
    except (TypeError, ValueError):
        return None
    fits = all(map(math.isfinite, point)) and abs(point[0]) <= 180 and abs(point[1]) <= 90
    return point if fits else None


_FEATURES_OF_PLACETYPE = {
    "continent": "continent", "country": "country", "region": "admin1", "county": "admin2", "locality": "city",
    "localadmin": "city", "borough": "city", "neighbourhood": "city", "macrohood": "city", "microhood": "city",
    "campus": "facility", "venue": "facility", "building": "facility", "airport": "facility", "ocean": "water",
    "marinearea": "water",
}  # fmt: skip


def read_records(file: IO[bytes], source: str) -> Iterator[Record]:
    """Read Who's On First records: an array, one a line, or GeoJSON features, with or without their prefixes.

    Raises
    ------
    InputError
        The file is not JSON.
    """
    import ijson

    number = 0
    try:
        for number, record in enumerate(_json_records(file), 1):
            yield _record_entry(record, number)
    except (ijson.JSONError, UnicodeDecodeError) as error:
        raise InputError(f"{source} breaks off or is no JSON after record {number}.", "Get the file again.") from error


def _json_records(file: IO[bytes]) -> Iterator[Any]:
    """Yield the members of a top-level array, of a FeatureCollection, or of a sequence of values, one at a time."""
    import ijson

    head = _first_bytes(file)
    if head.startswith(b"["):
        yield from ijson.items(file, "item", use_float=True)
    elif b'"FeatureCollection"' in head:
        yield from ijson.items(file, "features.item", use_float=True)
    else:
        yield from ijson.items(file, "", use_float=True, multiple_values=True)


def _first_bytes(file: IO[bytes]) -> bytes:
    head = file.read(_SNIFFED).lstrip()
    file.seek(0)
    return head


def _record_entry(record: Any, number: int) -> Record:
    if not isinstance(record, dict):
        return Skipped(number, "not a record")
    facts = {**record, **_mapping(record.get("properties"))}
    name = _first(facts, "wof:name", "name")
    point = coordinates(_first(facts, "geom:longitude", "lbl:longitude", "lon"),
                        _first(facts, "geom:latitude", "lbl:latitude", "lat"))  # fmt: skip
    if not isinstance(name, str) or not name.strip() or point is None:
        return Skipped(number, "no name or no usable coordinates")
    own_id = _first(facts, "wof:id", "id")
    geonames_id = _mapping(_first(facts, "wof:concordances", "concordances")).get("gn:id")
    country = str(_first(facts, "wof:country", "iso:country", "country") or "")
    population = _first(facts, "wof:population", "gn:population", "pop", "population")
    return Entry(
        id=f"geonames:{geonames_id}" if geonames_id else f"whosonfirst:{own_id}", name=shown_name(name, country),
        feature=_FEATURES_OF_PLACETYPE.get(str(_first(facts, "wof:placetype", "placetype")), "region"),
        lon=point[0], lat=point[1], country=country, source="Who's On First",
        population=people(population),
        names={**_record_names(facts), name: "main", shown_name(name, country): "main"},
    )  # fmt: skip


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(facts: Mapping[str, Any], *keys: str) -> Any:
    return next((facts[key] for key in keys if facts.get(key) not in (None, "")), None)


def _record_names(facts: Mapping[str, Any]) -> dict[str, NameKind]:
    """Return the names a record gives as ``name:ara_x_preferred`` or under ``names``."""
    listed = {key.removeprefix("name:"): value for key, value in facts.items() if key.startswith("name:")}
    listed |= _mapping(facts.get("names"))
    names: dict[str, NameKind] = {}
    for key, values in listed.items():
        former = key.endswith(("_historical", "_unknown"))
        for name in values if isinstance(values, list) else [values]:
            if isinstance(name, str) and name.strip():
                names.setdefault(name, "historic" if former else alternate_kind(name.strip()))
    return names


_CSV_COLUMNS = {
    "name": ("name", "title"), "lat": ("lat", "latitude", "y"), "lon": ("lon", "lng", "long", "longitude", "x"),
    "id": ("id", "pcode", "code"), "feature": ("feature", "type"), "country": ("country", "countrycode", "iso2"),
    "admin1": ("admin1", "admin1code"), "population": ("population", "pop"),
    "accuracy_km": ("accuracy_km", "uncertainty_km"), "source": ("source",),
}  # fmt: skip
_NAME_COLUMNS = ("names", "alternatenames", "alternate_names", "ar", "ru", "en", "fr", "de", "tr", "fa")


_LONGEST_FIELD = 131_072
"""Characters; a quote that is never closed would make one field of the rest of the file."""


def read_csv(file: IO[bytes], source: str) -> Iterator[Record]:
    """Read a CSV with a header: name, lat, lon, and what else of ``supplement.csv``'s columns it has.

    Further names stand in ``names``, ``alternatenames`` or a column named after a language, parted by ``|``.

    Raises
    ------
    InputError
        A column is missing.
    """
    csv.field_size_limit(_LONGEST_FIELD)  # of the whole process: what reads articles sets another one
    lines = _lines(file)
    header = next(lines, "")
    delimiter = ";" if header.count(";") > header.count(",") else ","
    columns = [name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])]
    where = {key: next((columns.index(n) for n in names if n in columns), None) for key, names in _CSV_COLUMNS.items()}
    missing = [key for key in ("name", "lat", "lon") if where[key] is None]
    if missing:
        raise InputError(f"{source} has no column {' and none '.join(missing)}.", REMEDY)
    for number, row in enumerate(_rows(csv.reader(lines, delimiter=delimiter)), 2):
        if row is None:
            yield Skipped(number, "a field is too long")
        elif row:
            value = {key: row[at].strip() if at is not None and at < len(row) else "" for key, at in where.items()}
            more = [name for name, text in zip(columns, row, strict=False) if name in _NAME_COLUMNS and text]
            names = [part for name in more for part in split(row[columns.index(name)])]
            yield _csv_entry(value, names, source, number)


def _rows(rows: Iterator[list[str]]) -> Iterator[list[str] | None]:
    """Yield the rows of a CSV; None for one that the reader refuses."""
    while True:
        try:
            yield next(rows)
        except csv.Error:
            yield None
        except StopIteration:
            return


def _csv_entry(value: Mapping[str, str], names: Iterable[str], source: str, number: int) -> Record:
    point = coordinates(value["lon"], value["lat"])
    feature = value["feature"] or "city"
    if not value["name"] or point is None:
        return Skipped(number, "no name or no usable coordinates")
    if feature not in FEATURES:
        return Skipped(number, f"the feature {feature!r} is none of {', '.join(FEATURES)}")
    stem = Path(source).stem
    given = value["id"]
    alternates: dict[str, NameKind] = dict.fromkeys(names, "alternate")
    return Entry(
        id=given if ":" in given else f"{stem}:{given or number}", name=value["name"], feature=feature, lon=point[0],
        lat=point[1], names={**alternates, value["name"]: "main"}, country=value["country"],
        admin1=value["admin1"], population=people(value["population"]),
        uncertainty_km=_number(value["accuracy_km"], MOST_UNSURE_KM),
        source=value["source"] or stem,
    )  # fmt: skip
