"""Read a folder of zone data files; refuse what is wrong, saying where and what to do."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

from geo.errors import DataFileError
from geo.model import Source
from geo.zones.definition import (
    CONFIDENCES,
    EVIDENCE_STATUSES,
    ZONE_STATUSES,
    Definitions,
    EvidenceLine,
    EvidencePoint,
    Member,
    Population,
    Post,
    Shape,
    Statement,
    ZoneDefinition,
)
from geo.zones.entries import Entry, read_yaml

COMMON = "common.yaml"
"""The file with what all zones share: days and sources."""


def load_definitions(folder: Path) -> Definitions:
    """Read every ``*.yaml`` of a folder: `COMMON`, and one file a zone in order of file names.

    Raises
    ------
    DataFileError
        A file is missing or wrong; the message names file, line, key and remedy.
    """
    if not folder.is_dir():
        raise DataFileError(f"There is no folder {folder}.", "Set DATELINE_ZONES to a folder of zone data files.")
    if not (folder / COMMON).is_file():
        raise DataFileError(f"{COMMON} is missing in {folder}.", "Put it back: it holds the days and sources.")
    common = read_yaml(folder / COMMON)
    days = {key: common.date(key) for key in ("first_day", "last_day", "default_day")}
    sources = _sources(common)
    common.close()
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != COMMON)
    return Definitions(**days, zones=tuple(load_zone(path, sources) for path in paths))


def load_zone(path: Path, common_sources: dict[str, Source]) -> ZoneDefinition:
    """Read one zone's data file.

    Raises
    ------
    DataFileError
        It is wrong; the message names file, line, key and remedy.
    """
    top = read_yaml(path)
    sources = common_sources | _sources(top)
    if top.text("id") != path.stem:
        raise top.error(f"id {top.text('id')!r} differs from the file's name.", f"Set id: {path.stem}.")
    zone = ZoneDefinition(
        id=path.stem,
        file=path.name,
        names=_names(top),
        country=top.text("country"),
        status=top.choice("status", ZONE_STATUSES),
        since=top.date("from"),
        until=top.optional_date("to"),
        accuracy_km=top.number("accuracy_km", 0.05, 50),
        members=tuple(_member(entry) for entry in top.entries("members")),
        statements=_statements(top, "statements", sources),
        limits=_statements(top, "limits", sources),
        population=tuple(_population(entry, sources) for entry in top.entries("population")),
        events=_statements(top, "events", sources),
        evidence=tuple(_evidence(entry, sources) for entry in top.entries("evidence")),
        lines=tuple(_line(entry, sources) for entry in top.entries("lines")),
        posts=tuple(_post(entry, path.stem, sources) for entry in top.entries("posts")),
        shape=_shape(top.entry("shape")),
        sources=sources,
        colour=_colour(top),
    )
    top.close()
    return _checked(zone, top)


def _checked(zone: ZoneDefinition, top: Entry) -> ZoneDefinition:
    if zone.until and zone.until < zone.since:
        raise top.error(f"'to' {zone.until} lies before 'from' {zone.since}.", "Swap or correct the two days.")
    if zone.shape.method == "evidence" and not any(point.status == "inside" for point in zone.evidence):
        raise top.error("no evidence point is inside.", "Add points under evidence:, or a shape:.")
    return zone


def _colour(top: Entry) -> str | None:
    colour = top.optional_text("colour")
    if colour is not None and not re.fullmatch("#[0-9a-f]{6}", colour):
        raise top.error(f"'colour' is {colour!r}.", "Write it as '#rrggbb', in quotes.")
    return colour


def _names(top: Entry) -> dict[str, str]:
    names = top.entry("names")
    if names is None:
        raise top.error("'names' is missing.", "Add names: {en: …, ar: …, ru: …}.")
    found = {"en": names.text("en")} | {code: names.text(code) for code in ("ar", "ru") if names.get(code) is not None}
    names.close()
    return found


def _sources(top: Entry) -> dict[str, Source]:
    found = top.entry("sources")
    return {} if found is None else {key: _source(entry) for key, entry in found.items()}


def _source(entry: Entry) -> Source:
    source = Source(
        title=entry.text("title"),
        url=entry.optional_text("url"),
        publisher=entry.optional_text("publisher"),
        date=entry.optional_date("date"),
        licence=entry.optional_text("licence"),
        note=entry.optional_text("note"),
    )
    entry.close()
    return source


def _source_key(entry: Entry, sources: dict[str, Source]) -> str:
    key = entry.text("source")
    if key not in sources:
        raise entry.error(f"source {key!r} is not described.", f"Add it under sources: here or in {COMMON}.")
    return key


def _member(entry: Entry) -> Member:
    member = Member(entry.text("admin1"), cast(Any, entry.choice("part", ("whole", "part"), "part")))
    entry.close()
    return member


def _statements(top: Entry, key: str, sources: dict[str, Source]) -> tuple[Statement, ...]:
    return tuple(_statement(entry, sources) for entry in top.entries(key))


def _statement(entry: Entry, sources: dict[str, Source]) -> Statement:
    statement = Statement(entry.text("text"), _source_key(entry, sources), entry.optional_date("date"))
    entry.close()
    return statement


def _population(entry: Entry, sources: dict[str, Source]) -> Population:
    population = Population(entry.text("figure"), _source_key(entry, sources), entry.optional_date("date"))
    entry.close()
    return population


def _common(entry: Entry, sources: dict[str, Source]) -> dict[str, Any]:
    """Read what evidence points and lines have in common."""
    return {
        "name": entry.text("name"),
        "status": entry.choice("status", EVIDENCE_STATUSES),
        "source": _source_key(entry, sources),
        "confidence": entry.choice("confidence", CONFIDENCES, "high"),
        "since": entry.optional_date("from"),
        "until": entry.optional_date("to"),
        "changes": _changes(entry),
        "note": entry.optional_text("note"),
        "row": entry.line,
    }


def _evidence(entry: Entry, sources: dict[str, Source]) -> EvidencePoint:
    point = EvidencePoint(
        **_common(entry, sources),
        lon=entry.number("lon", -180, 180),
        lat=entry.number("lat", -90, 90),
        radius_km=entry.number("radius_km", 0, 100, default=0),
        country=entry.optional_text("country"),
    )
    entry.close()
    if point.status == "enclave" and not point.radius_km:
        raise entry.error(f"the enclave {point.name!r} has no 'radius_km'.", "Say how far it reached, in kilometres.")
    return point


def _line(entry: Entry, sources: dict[str, Source]) -> EvidenceLine:
    line = EvidenceLine(**_common(entry, sources), points=_course(entry, "points"))
    entry.close()
    return line


def _course(entry: Entry, key: str) -> tuple[tuple[float, float], ...]:
    """Read two or more points, longitude first."""
    points = tuple(entry.as_numbers(key, point, 2) for point in entry.get(key) or ())
    if len(points) < 2:
        raise entry.error(f"{key!r} needs two points or more.", "Give it as [[lon, lat], [lon, lat]].")
    return cast("tuple[tuple[float, float], ...]", points)


def _changes(entry: Entry) -> tuple[Any, ...]:
    changes = entry.get("changes")
    if changes is None:
        return ()
    if not isinstance(changes, dict):
        raise entry.error(f"'changes' holds {changes!r}.", "Write changes: {YYYY-MM-DD: outside}.")
    pairs = [(entry.as_date("changes", day), status) for day, status in changes.items()]
    return tuple(sorted((day, entry.as_choice("changes", status, EVIDENCE_STATUSES)) for day, status in pairs if day))


def _post(entry: Entry, zone: str, sources: dict[str, Source]) -> Post:
    number = entry.number("number", 0, 999, default=0)
    post = Post(
        id=f"{zone}:{entry.text('id')}",
        name=entry.text("name"),
        lon=entry.number("lon", -180, 180),
        lat=entry.number("lat", -90, 90),
        accuracy_km=entry.number("accuracy_km", 0, 100),
        since=entry.date("from"),
        until=entry.optional_date("to"),
        source=_source_key(entry, sources),
        operator=entry.optional_text("operator"),
        number=int(number) or None,
        other_names=entry.texts("other_names"),
        description=entry.optional_text("description"),
        note=entry.optional_text("note"),
        row=entry.line,
    )
    entry.close()
    return post


def _shape(entry: Entry | None) -> Shape:
    if entry is None:
        return Shape()
    shape = Shape(
        method=cast(Any, entry.choice("method", ("corridor", "inner_band"))),
        line=_course(entry, "line"),
        km=cast(Any, entry.numbers("km", 3)),
        of=entry.optional_text("of"),
        line_of=entry.optional_date("line_of"),
    )
    entry.close()
    if shape.method == "inner_band" and not (shape.of and shape.line_of):
        raise entry.error("an inner band needs 'of' and 'line_of'.", "Name the zone and the day of its boundary.")
    if not 0 < shape.km[0] <= shape.km[1] <= shape.km[2]:
        raise entry.error(f"'km' is {list(shape.km)}.", "Give three widths above 0, the least first.")
    return shape
