"""Which articles a search finds, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, Select, func, select

from geo.workspace.conditions import Conditions
from geo.workspace.database import decoding
from geo.workspace.results import Summary
from geo.workspace.tables import articles, day_counts, origins, outlets

_SUMMARY = [(articles if name in articles.c else origins).c[name] for name in Summary.__dataclass_fields__]
_TRIED = 4  # articles of any place looked through for each that is wanted


def count_articles(connection: Connection, wanted: Conditions) -> int:
    """Return how many articles are found."""
    if not wanted.picks_articles and wanted.placed is None:
        counted = select(func.coalesce(func.sum(day_counts.c.articles), 0)).where(*wanted.on_days(day_counts))
    elif wanted.placed is None:
        counted = select(func.count()).select_from(articles).where(*wanted.on_articles())
    else:
        # Twice as fast as count(DISTINCT …) in both stores.
        facts = wanted.facts
        named = select(facts.c.article).where(*wanted.on_facts(facts)).distinct().subquery()
        counted = select(func.count()).select_from(named)
    return int(connection.execute(counted).scalar_one())


def numbers_found(
    connection: Connection, wanted: Conditions, limit: int | None, longest: int | None = None
) -> Sequence[int]:
    """Return the numbers of the articles found, newest first and those without a date last.

    Parameters
    ----------
    limit
        The most to return; None for all.
    longest
        The most places that an article may name; None for any number.
    """
    short = [] if longest is None else [articles.c.places <= longest]
    if wanted.placed is None:
        return _newest(connection, [*wanted.on_articles(), *short], limit)
    # Many articles may name the places, of which a few are asked for: days tell which ones not to look at.
    # Words are looked up for all articles at once.
    if limit is not None and not wanted.picks_articles:
        for day_of in (_day_of_any, _day_of_found):
            since = day_of(connection, wanted, limit)
            found = () if since is None else _newest(connection, [_naming(wanted, since), *short], limit)
            if len(found) == limit:
                return found
    return _newest(connection, [_naming(wanted, None), *short], limit)


def numbers_of(connection: Connection, ids: Sequence[str], limit: int | None) -> Sequence[int]:
    """Return the numbers of articles by their ids, in the order of `numbers_found`."""
    return _newest(connection, [articles.c.id.in_(ids)], limit)


def summaries(connection: Connection, wanted: Conditions, limit: int, offset: int) -> tuple[Summary, ...]:
    """Return a page of the articles found."""
    numbers = numbers_found(connection, wanted, limit + offset)[offset:]
    query = select(*_SUMMARY).join(origins).where(articles.c.number.in_(numbers))
    with decoding(connection.engine):
        return tuple(_summary(row) for row in connection.execute(_newest_first(query)).mappings())


def _summary(row: RowMapping) -> Summary:
    known = {name: row[name] or None for name in ("source", "source_role", "language")}
    return Summary(**{**row, **known})


def sources(connection: Connection) -> Sequence[tuple[str, int]]:
    """Return all sources that are known by name and how many articles each has, those with most first."""
    total = func.sum(day_counts.c.articles)
    query = select(outlets.c.source, total).join(day_counts, day_counts.c.origin == outlets.c.origin)
    rows = connection.execute(query.group_by(outlets.c.source))
    # Sorted here, since the stores order text by different rules.
    return sorted(((name, int(count)) for name, count in rows), key=lambda row: (-row[1], row[0]))


def _newest_first(query: Select[Any]) -> Select[Any]:
    return query.order_by(articles.c.moment.desc(), articles.c.number)


def _newest(connection: Connection, conditions: Sequence[ColumnElement[bool]], limit: int | None) -> Sequence[int]:
    return connection.execute(_newest_first(select(articles.c.number).where(*conditions)).limit(limit)).scalars().all()


def _naming(wanted: Conditions, since: int | None) -> ColumnElement[bool]:
    """Return the condition that articles meet all conditions, asked of what they name since a day; None for ever."""
    facts = wanted.facts
    day = [] if since is None else [facts.c.day >= since]
    # "OFFSET 0": else PostgreSQL may ask it of one article after the other, however few meet it.
    return articles.c.number.in_(select(facts.c.article).where(*wanted.on_facts(facts), *day).offset(0))


def _day_of_any(connection: Connection, wanted: Conditions, limit: int) -> int | None:
    """Return a day since when there are some times as many articles of any place or origin; None where there are fewer.

    It is found at once, and tells enough of places that are named often.
    """
    moment = articles.c.moment
    query = select(moment // 100_000).where(*replace(wanted, origins=None).on_articles())
    return connection.execute(query.order_by(moment.desc()).offset(_TRIED * limit).limit(1)).scalar()


def _day_of_found(connection: Connection, wanted: Conditions, limit: int) -> int | None:
    """Return a day since when somewhat more articles are found, as some may name too many places; None where fewer."""
    facts = wanted.facts.c
    days = select(facts.day).where(*wanted.on_facts(wanted.facts)).group_by(facts.article, facts.day)
    return connection.execute(days.order_by(facts.day.desc()).offset(limit + limit // 4).limit(1)).scalar()
