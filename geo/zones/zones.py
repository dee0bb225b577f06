"""The zones as they stood on a day: the one door into this package."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from geo.errors import DataFileError
from geo.model import Zone
from geo.settings import Settings, data_dir
from geo.zones.definition import Definitions, Post, ZoneDefinition
from geo.zones.extents import Extents, extents_on
from geo.zones.loading import load_definitions


@dataclass(frozen=True, slots=True)
class Timeline:
    """The days that are described, both inclusive, the one drawn when none is asked for, and when each zone held."""

    first_day: dt.date
    last_day: dt.date
    default_day: dt.date
    zones: tuple[ZoneDefinition, ...] = ()


def zones_dir() -> Path:
    """Return the folder of the zones' data files."""
    return data_dir() / "shapes" / "zones"


@lru_cache(maxsize=1)
def _definitions(folder: Path) -> Definitions:
    return load_definitions(folder)


def timeline(settings: Settings) -> Timeline:
    """Return the days that are described.

    Raises
    ------
    DataFileError
        A data file is wrong.
    """
    found = _definitions(zones_dir())
    return Timeline(found.first_day, found.last_day, found.default_day, found.zones)


def zone_ids(settings: Settings) -> tuple[str, ...]:
    """Return the id of every zone that is described, on whatever day, in the order of `zones_on`."""
    return tuple(zone.id for zone in _definitions(zones_dir()).zones)


def zones_on(day: dt.date | None, settings: Settings) -> tuple[Zone, ...]:
    """Return the zones that stood on a day; the timeline's default day for None.

    Empty before the timeline's first day and after its last: `timeline` says which they are.

    Raises
    ------
    DataFileError
        A data file is wrong.
    """
    found = _definitions(zones_dir())
    day = day or found.default_day
    if not found.first_day <= day <= found.last_day:
        return ()
    return tuple(_zone(zone, day, settings) for zone in found.zones if zone.holds_on(day))


@lru_cache(maxsize=64)
def _extents(zone_id: str, day: dt.date, boundaries: Path | None) -> Extents:
    from geo.gazetteer.boundaries import open_boundaries

    definition = next(zone for zone in _definitions(zones_dir()).zones if zone.id == zone_id)
    country = open_boundaries(boundaries).country(definition.country)
    if country is None:
        raise DataFileError(f"{definition.file}: country {definition.country!r} is unknown.", "Give its ISO 3166 code.")
    return extents_on(definition, day, country)


def _zone(definition: ZoneDefinition, day: dt.date, settings: Settings) -> Zone:
    extents = _extents(definition.id, day, settings.boundaries)
    return Zone(
        id=definition.id,
        names=definition.names,
        on=day,
        status=definition.status,
        valid_from=definition.since,
        valid_to=definition.until,
        accuracy_km=definition.accuracy_km,
        core=extents.core,
        zone=extents.zone,
        possible=extents.possible,
        sources=tuple(definition.sources.values()),
        properties={"members": [m.admin1 for m in definition.members], "colour": definition.colour},
    )


def posts_on(day: dt.date | None, settings: Settings) -> tuple[Post, ...]:
    """Return the observation posts that stood on a day; the timeline's default day for None."""
    found = _definitions(zones_dir())
    day = day or found.default_day
    return tuple(post for zone in found.zones for post in zone.posts if post.stood_on(day))
