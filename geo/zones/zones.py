"""The zones as they stood on a day: the one door into this package."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from geo.model import Source, Zone
from geo.settings import Settings, data_dir
from geo.zones.definition import Post, ZoneDefinition
from geo.zones.extents import LEVELS
from geo.zones.loading import load_definitions
from geo.zones.timeline import Timeline, open_timeline

METHODS = {
    "evidence": "interpolated by Dateline from evidence points: core, zone and possible are where being inside is "
    "likelier than {} to {}, {} and {} to {} (docs/zones.md)".format(
        *LEVELS["core"], LEVELS["zone"][0], *LEVELS["possible"]
    ),
    "corridor": "drawn by Dateline at the stated width to each side of a road (docs/zones.md)",
    "inner_band": "drawn by Dateline at the stated depth inside another zone's line (docs/zones.md)",
}

_SHARE_ALIKE = re.compile(r"\bSA\b|\bODbL\b|share.?alike", re.IGNORECASE)
"""Licences that what is made from their data has to carry on."""


def zones_dir(settings: Settings) -> Path:
    """Return the folder of the zones' data files: the user's own, or the one that comes with Dateline."""
    return settings.zones or data_dir() / "shapes" / "zones"


def timeline(settings: Settings) -> Timeline:
    """Return the days that are described, the zones' definitions and their shapes.

    The first call computes the shapes, which takes some seconds, or reads them from the cache.

    Raises
    ------
    DataFileError
        A data file is wrong.
    """
    return _timeline(zones_dir(settings), settings.boundaries, settings.cache_dir)


@lru_cache(maxsize=8)
def _timeline(folder: Path, boundaries: Path | None, cache_dir: Path) -> Timeline:
    return open_timeline(folder, Settings(cache_dir=cache_dir, boundaries=boundaries, zones=folder))


def zone_ids(settings: Settings) -> tuple[str, ...]:
    """Return the id of every zone that is described, on whatever day, in the order of `zones_on`.

    Raises
    ------
    DataFileError
        A data file is wrong.
    """
    return tuple(zone.id for zone in load_definitions(zones_dir(settings)).zones)


def zones_on(day: dt.date | None, settings: Settings) -> tuple[Zone, ...]:
    """Return the zones that held on a day; the timeline's default day for None.

    Empty before the timeline's first day and after its last: `timeline` says which they are.

    Raises
    ------
    DataFileError
        A data file is wrong.
    """
    found = timeline(settings)
    day = day or found.default_day
    if not found.first_day <= day <= found.last_day:
        return ()
    return tuple(_zone(zone, day, found) for zone in found.zones if zone.holds_on(day))


def _zone(definition: ZoneDefinition, day: dt.date, found: Timeline) -> Zone:
    extents = found.extents(definition.id, day)
    sources = _used_sources(definition, found)
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
        sources=sources,
        properties={**_properties(definition, day), "licence": _licence(sources)},
    )


def _used_sources(zone: ZoneDefinition, found: Timeline) -> tuple[Source, ...]:
    """Return the sources that the zone's file names, in the order in which they are described.

    Those of a band's zone are its own too: it is cut from that zone's shape.
    """
    said = {item.source for items in (zone.statements, zone.limits, zone.events) for item in items}
    known = {item.source for items in (zone.evidence, zone.lines) for item in items}
    used = said | known | {item.source for item in zone.population} | {post.source for post in zone.posts}
    own = [source for key, source in zone.sources.items() if key in used]
    inner = [source for other in found.zones if other.id == zone.shape.of for source in _used_sources(other, found)]
    return tuple(dict.fromkeys([*own, *inner]))


def _licence(sources: Sequence[Source]) -> str | None:
    """Return the licence of a shape made from sources: a share-alike one alone, else all; None where none is named."""
    named = dict.fromkeys(source.licence for source in sources if source.licence)
    return next(filter(_SHARE_ALIKE.search, named), "; ".join(named) or None)


def _properties(zone: ZoneDefinition, day: dt.date) -> dict[str, Any]:
    past = [event for event in zone.events if event.date is None or event.date <= day]
    return {
        "colour": zone.colour,
        "members": [f"{m.admin1} (in part)" if m.part == "part" else m.admin1 for m in zone.members],
        "population": [_said(zone, p.figure, p) for p in zone.population],
        "definition": [_said(zone, s.text, s) for s in zone.statements],
        "notes": [_said(zone, s.text, s) for s in (*zone.limits, *past)],
        "evidence": sum(point.status_on(day) is not None for point in zone.evidence),
        "method": METHODS[zone.shape.method],
        "posts": [_post(zone, post) for post in zone.posts if post.stood_on(day)],
    }


def _said(zone: ZoneDefinition, text: str, item: Any) -> str:
    """Return a text with its day and source in brackets."""
    day = f", {item.date.isoformat()}" if item.date else ""
    return f"{text} ({zone.sources[item.source].title}{day})"


def _post(zone: ZoneDefinition, post: Post) -> dict[str, Any]:
    source = zone.sources[post.source]
    return {
        "id": post.id,
        "name": post.name,
        "number": post.number,
        "other_names": list(post.other_names),
        "operator": post.operator,
        "lon": post.lon,
        "lat": post.lat,
        "accuracy_km": post.accuracy_km,
        "established": post.since.isoformat(),
        "closed": post.until.isoformat() if post.until else None,
        "note": " ".join(text for text in (post.description, post.note) if text) or None,
        "source": source.title,
        "source_url": source.url,
    }
