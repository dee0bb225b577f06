"""Keeping the totals that searches read in step with what articles name, in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

from sqlalchemy import Connection, bindparam, text


class Part(IntEnum):
    """Of which articles a total is: all, or those of a month, an origin, a language (``place_totals.value``)."""

    ALL = 0
    MONTH = 1
    ORIGIN = 2
    LANGUAGE = 3


NAMED = """
    WITH facts AS (
        SELECT f.place, f.day, f.origin, o.language_number, p.square, p.lon, p.lat, f.mentions, f.sure
        FROM article_places AS f JOIN origins AS o ON o.number = f.origin JOIN places AS p ON p.number = f.place
        WHERE {wanted}
    ), named AS (
        SELECT 0 AS part, 0 AS value, square, place, lon, lat, mentions, sure FROM facts
        UNION ALL
        SELECT 1, day / 100, square, place, lon, lat, mentions, sure FROM facts
        UNION ALL
        SELECT 2, origin, square, place, lon, lat, mentions, sure FROM facts
        UNION ALL
        SELECT 3, language_number, square, place, lon, lat, mentions, sure FROM facts
    )
"""
"""The beginning of a query: ``named`` is what the articles ``wanted`` name, once for each `Part` that it counts in."""

_OF_SOME = NAMED.format(wanted="f.article IN :numbers")
# INSERT … SELECT … ON CONFLICT is the same in both stores; SQLite wants the WHERE.
_ADD_PLACES = text(f"""
    {_OF_SOME}
    INSERT INTO place_totals (part, value, square, place, lon, lat, mentions, articles, sure)
    SELECT part, value, square, place, lon, lat, :sign * sum(mentions), :sign * count(*), :sign * sum(sure)
    FROM named WHERE true GROUP BY part, value, square, place, lon, lat
    ON CONFLICT (part, value, square, place) DO UPDATE SET
        mentions = place_totals.mentions + excluded.mentions,
        articles = place_totals.articles + excluded.articles,
        sure = place_totals.sure + excluded.sure
""").bindparams(bindparam("numbers", expanding=True))  # noqa: S608 - text of our own
_ADD_DAYS = text("""
    INSERT INTO day_counts (day, origin, mentions, articles)
    SELECT moment / 100000, origin, :sign * sum(resolved), :sign * count(*)
    FROM articles WHERE number IN :numbers GROUP BY moment / 100000, origin
    ON CONFLICT (day, origin) DO UPDATE SET
        mentions = day_counts.mentions + excluded.mentions, articles = day_counts.articles + excluded.articles
""").bindparams(bindparam("numbers", expanding=True))

_DROP_PLACES = text(f"""
    {_OF_SOME}
    DELETE FROM place_totals
    WHERE articles = 0 AND (part, value, square, place) IN (SELECT part, value, square, place FROM named)
""").bindparams(bindparam("numbers", expanding=True))  # noqa: S608 - text of our own
_DROP_DAYS = text("DELETE FROM day_counts WHERE articles = 0")

_MOVE = text("""
    UPDATE place_totals SET square = p.square, lon = p.lon, lat = p.lat
    FROM places AS p WHERE p.number = place_totals.place AND p.number IN :numbers
""").bindparams(bindparam("numbers", expanding=True))


def count_in(connection: Connection, numbers: Sequence[int]) -> None:
    """Add what some articles name to the totals."""
    _count(connection, numbers, 1)


def count_out(connection: Connection, numbers: Sequence[int]) -> None:
    """Take what some articles name out of the totals, before it changes."""
    _count(connection, numbers, -1)
    if numbers:
        # A row without articles would tell that they were once there.
        connection.execute(_DROP_PLACES, {"numbers": numbers})
        connection.execute(_DROP_DAYS)


def _count(connection: Connection, numbers: Sequence[int], sign: int) -> None:
    if numbers:
        connection.execute(_ADD_PLACES, {"numbers": numbers, "sign": sign})
        connection.execute(_ADD_DAYS, {"numbers": numbers, "sign": sign})


def move_totals(connection: Connection, places: Sequence[int]) -> None:
    """Let the totals of places follow them to where they lie now: a newer gazetteer may know better.

    It looks through all totals, since none but the gazetteer's change asks for them by place.
    """
    if places:
        connection.execute(_MOVE, {"numbers": places})
