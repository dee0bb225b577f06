"""The places that a search finds mentioned most."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, select

from geo.workspace.conditions import Conditions
from geo.workspace.results import PlaceCount
from geo.workspace.rows import PLACE, place_of
from geo.workspace.spatial import Placed
from geo.workspace.tables import places
from geo.workspace.totals import by_place, mentions_beyond, most_of_all

# Places mentioned most in all articles that are looked at for each place wanted. More of them for countries, whose
# places are a few of all, and of which nothing has to be added up.
_LOOKED, _LOOKED_OF_COUNTRIES = 20, 100
_MOST = 100  # places wanted: for more it takes longer than to add up every place


def most_named(connection: Connection, wanted: Conditions, limit: int, offset: int = 0) -> list[tuple[int, PlaceCount]]:
    """Return places with the store's numbers of them, those mentioned most first, without the first ``offset``."""
    rows = _among_most(connection, wanted, limit + offset) or _ranked(connection, wanted, limit + offset)
    return [
        (row.place, PlaceCount(place_of(row[4:]), row.mentions, row.articles, row.sure == 0)) for row in rows[offset:]
    ]


def _among_most(connection: Connection, wanted: Conditions, count: int) -> Sequence[Row[Any]]:
    """Return what `_ranked` does where it is found among the places mentioned most in all articles; () where not.

    No place is mentioned more often in some articles than in all: once enough places are mentioned more often than the
    last of those looked at is in all, no other can be. Adding up every place takes several times as long.
    """
    if wanted == Conditions() or _finds_few(wanted) or count > _MOST:
        return ()
    looked_at = count * (_LOOKED_OF_COUNTRIES if wanted.countries and wanted.days is None else _LOOKED)
    inside = select(places.c.number) if wanted.placed is None else wanted.placed.numbers
    narrowed = replace(wanted, placed=Placed(inside.where(places.c.number.in_(most_of_all(looked_at)))))
    rows = _ranked(connection, narrowed, count)
    return rows if len(rows) == count and rows[-1].mentions > mentions_beyond(connection, looked_at) else ()


def _finds_few(wanted: Conditions) -> bool:
    """Tell whether so little is found that adding up all of it is as quick."""
    some = wanted.placed is not None and wanted.countries is None
    several = wanted.origins is not None and (wanted.placed is not None or wanted.days is not None)
    return some or several or wanted.picks_articles


def _ranked(connection: Connection, wanted: Conditions, count: int) -> Sequence[Row[Any]]:
    counted = by_place(connection, wanted).c
    query = select(counted.place, counted.mentions, counted.articles, counted.sure)
    top = query.order_by(counted.mentions.desc(), counted.place).limit(count).subquery()
    named = select(*top.c, *PLACE).join_from(top, places, places.c.number == top.c.place)
    return connection.execute(named.order_by(top.c.mentions.desc(), top.c.place)).all()
