"""Searches of the workspace in terms of the gazetteer and the zones: what is inside a place, what lay in a zone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace

from shapely.geometry.base import BaseGeometry

from geo import pipeline
from geo.errors import UnknownNameError
from geo.footprints.ground import ground_of
from geo.gazetteer.boundaries import open_boundaries
from geo.gazetteer.index import open_index
from geo.model import Place, Zone
from geo.settings import Settings
from geo.workspace.search import Search


def search_of(
    search: Search, zone: str | None = None, on: str | dt.date | None = None, settings: Settings | None = None
) -> Search:
    """Return a search that knows what its places are and hold, and that is narrowed to a zone where one is given.

    A country or unit holds what the gazetteer says lies in it; a region or continent what lies in its outline, which is
    approximate.

    Parameters
    ----------
    zone
        Id of a zone whose best estimate the places must lie in.
    on
        The day of the zone; None for the default day of the zones' data.

    Raises
    ------
    UnknownNameError
        The zone did not hold on that day.
    """
    settings = settings or pipeline.default_settings()
    index = open_index(settings)
    rows = [index.row_of(id) for id in (*search.places, *search.also)]
    known = {place.id: place for place in (*search.known, *(index.place(row) for row in rows if row is not None))}
    found = replace(search, known=tuple(known.values()), outlines=_outlines(known.values(), settings))
    return found if zone is None else _narrowed(found, _zone_area(zone, pipeline.parse_day(on), settings))


def searches_by_zone(
    search: Search, on: str | dt.date | None = None, settings: Settings | None = None
) -> tuple[tuple[Zone, Search], ...]:
    """Return each zone that held on a day with the search narrowed to it; () where none did.

    Zones may overlap: what lies in two of them is found by both searches.

    Parameters
    ----------
    on
        The day of the zones; None for the default day of the zones' data.
    """
    settings = settings or pipeline.default_settings()
    everywhere = search_of(search, settings=settings)
    return tuple((zone, _narrowed(everywhere, zone.zone)) for zone in pipeline.zones_on(on, settings))


def _narrowed(search: Search, area: BaseGeometry) -> Search:
    """Return a search narrowed to an area."""
    return replace(search, within=area if search.within is None else area.intersection(search.within))


def _zone_area(zone: str, day: dt.date | None, settings: Settings) -> BaseGeometry:
    standing = {found.id: found.zone for found in pipeline.zones_on(day, settings)}
    if zone not in standing:
        remedy = f"Those of the day are {', '.join(standing)}." if standing else pipeline.no_zones_reason(day, settings)
        raise UnknownNameError(f"There is no zone {zone!r} on that day.", remedy)
    return standing[zone]


def _outlines(places: Iterable[Place], settings: Settings) -> tuple[tuple[str, BaseGeometry], ...]:
    wide = [place for place in places if place.feature in {"region", "continent"}]
    if not wide:
        return ()
    ground = ground_of(open_boundaries(settings.boundaries), open_index(settings))
    return tuple((place.id, ground.outline(place).zone) for place in wide)
