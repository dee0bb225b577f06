"""What a request asks for, as the workspace is asked: names become places."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from geo import pipeline, searching
from geo.errors import UnknownNameError
from geo.gazetteer.index import open_index
from geo.model import Place
from geo.workspace.search import Search
from webapp.parameters import Query

if TYPE_CHECKING:
    from geo.settings import Settings

_ID = re.compile(r"[a-z][a-z0-9-]*:\S+")


def search_of(query: Query, settings: Settings) -> Search:
    """Return a query's conditions on articles.

    Raises
    ------
    UnknownNameError
        There is no such place, or no such zone on the day.
    """
    places, also = ([places_of(name, settings) for name in names] for names in (query.place, query.also))
    search = Search(
        q=query.q or None,
        places=_ids(query.place, places),
        also=tuple(_ids([name], [found])[-1] for name, found in zip(query.also, also, strict=True)),
        within=query.within,
        near=query.near,
        bbox=query.bbox,
        sources=query.source,
        since=query.since,
        until=query.until,
        language=query.language or None,
        article=query.article,
        known=tuple(place for found in (*places, *also) for place in found),
    )
    return searching.search_of(search, query.zone or None, query.on, settings)


def places_of(name: str, settings: Settings) -> tuple[Place, ...]:
    """Return the place of an id, or of a name with the units of that name it lies in, the widest last.

    Homs is a city in Homs, the province: who asks by the name alone is told of both. An id that only the workspace may
    know has none.

    Raises
    ------
    UnknownNameError
        No place bears that name.
    """
    index = open_index(settings)
    if _ID.fullmatch(name):
        row = index.row_of(name)
        return () if row is None else (index.place(row),)
    found = pipeline.resolve(name, limit=1, settings=settings)
    if not found or found[0].place is None:
        raise UnknownNameError(f"No place is known as {name!r}.", "Check its spelling, or give a larger place.")
    best = found[0].place
    row = index.row_of(best.id)
    around = [] if row is None else [unit for unit in index.find(name).tolist() if unit != row]
    units = [index.place(unit) for unit in around if row is not None and index.lies_in(row, unit)]
    return (best, *sorted(units, key=lambda unit: _WIDTH.get(unit.feature, 0)))


_WIDTH = {"admin2": 1, "admin1": 2, "country": 3}


def _ids(names: Sequence[str], found: Sequence[tuple[Place, ...]]) -> tuple[str, ...]:
    """Return the ids of what was found under each name; a name without is an id itself."""
    return tuple(id for name, places in zip(names, found, strict=True) for id in [p.id for p in places] or [name])
