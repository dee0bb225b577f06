"""Keeping the counts that searches read in step with what articles name, in the transaction that changes it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, text

# INSERT … SELECT … ON CONFLICT is the same in both stores; SQLite wants the WHERE.
_ADD_PLACES = text("""
    INSERT INTO place_counts (period, place, mentions, articles)
    SELECT period, place, :sign * sum(mentions), :sign * count(*)
    FROM (
        SELECT 0 AS period, place, mentions FROM article_places WHERE article IN :numbers
        UNION ALL
        SELECT day / 100, place, mentions FROM article_places WHERE article IN :numbers AND day > 0
    ) AS named
    WHERE true GROUP BY period, place
    ON CONFLICT (period, place) DO UPDATE SET
        mentions = place_counts.mentions + excluded.mentions, articles = place_counts.articles + excluded.articles
""").bindparams(bindparam("numbers", expanding=True))
_ADD_DAYS = text("""
    INSERT INTO day_counts (day, origin, mentions, articles)
    SELECT moment / 100000, origin, :sign * sum(resolved), :sign * count(*)
    FROM articles WHERE number IN :numbers GROUP BY moment / 100000, origin
    ON CONFLICT (day, origin) DO UPDATE SET
        mentions = day_counts.mentions + excluded.mentions, articles = day_counts.articles + excluded.articles
""").bindparams(bindparam("numbers", expanding=True))

_DROP_PLACES = text("""
    DELETE FROM place_counts WHERE articles = 0 AND (period, place) IN (
        SELECT 0, place FROM article_places WHERE article IN :numbers
        UNION SELECT day / 100, place FROM article_places WHERE article IN :numbers
    )
""").bindparams(bindparam("numbers", expanding=True))
_DROP_DAYS = text("DELETE FROM day_counts WHERE articles = 0")


def count_in(connection: Connection, numbers: Sequence[int]) -> None:
    """Add what some articles name to the counts."""
    _count(connection, numbers, 1)


def count_out(connection: Connection, numbers: Sequence[int]) -> None:
    """Take what some articles name out of the counts, before it changes."""
    _count(connection, numbers, -1)
    if numbers:
        # A row without articles would tell that they were once there.
        connection.execute(_DROP_PLACES, {"numbers": numbers})
        connection.execute(_DROP_DAYS)


def _count(connection: Connection, numbers: Sequence[int], sign: int) -> None:
    if numbers:
        connection.execute(_ADD_PLACES, {"numbers": numbers, "sign": sign})
        connection.execute(_ADD_DAYS, {"numbers": numbers, "sign": sign})
