"""Which articles a search finds, and how many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, func, select, true

from geo.workspace.conditions import Conditions
from geo.workspace.results import Summary
from geo.workspace.tables import article_places, articles, day_counts, origins, outlets
from geo.workspace.totals import articles_naming

_SUMMARY = [(articles if name in articles.c else origins).c[name] for name in Summary.__dataclass_fields__]
_FACTS = article_places.c


def count_articles(connection: Connection, wanted: Conditions) -> int:
    """Return how many articles are found."""
    if not wanted.picks_articles and wanted.placed is None:
        counted = select(func.coalesce(func.sum(day_counts.c.articles), 0)).where(*wanted.on_days(day_counts))
    elif not wanted.picks_articles:
        # Twice as fast as count(DISTINCT …) in both stores.
        named = select(_FACTS.article).where(*wanted.on_facts()).distinct().subquery()
        counted = select(func.count()).select_from(named)
    else:
        counted = select(func.count()).select_from(articles).where(*wanted.on_articles(), *_naming(wanted))
    return int(connection.execute(counted).scalar_one())


def numbers_found(connection: Connection, wanted: Conditions, limit: int | None) -> Select[int]:
    """Return the query of the articles found, by number, newest first and those without a date last."""
    walking = limit is not None and _is_common(connection, wanted, limit)
    placed = _naming_each(wanted) if walking else _naming(wanted)
    return _newest_first(select(articles.c.number).where(*wanted.on_articles(), *placed)).limit(limit)


def summaries(connection: Connection, wanted: Conditions, limit: int, offset: int) -> tuple[Summary, ...]:
    """Return a page of the articles found."""
    page = numbers_found(connection, wanted, limit + offset).limit(limit).offset(offset)
    numbers = connection.execute(page).scalars().all()
    query = select(*_SUMMARY).join(origins).where(articles.c.number.in_(numbers))
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


def _naming(wanted: Conditions) -> list[Any]:
    """Return the condition on places, as a set that is made beforehand."""
    if wanted.placed is None:
        return []
    facts = select(_FACTS.article).where(_FACTS.place.in_(wanted.placed), *wanted.on_days(article_places))
    return [articles.c.number.in_(facts)]


def _naming_each(wanted: Conditions) -> list[Any]:
    """Return the same, asked of each article in turn."""
    if wanted.placed is None:
        return []
    # "+ 0": else SQLite looks for each of thousands of places in each article, not for the article's few among them. A
    # value that is there, not EXISTS: PostgreSQL would collect all articles that name them first; and "is true", for it
    # would look each place up again in each article, not make a set of them once.
    there = (_FACTS.place + 0).in_(wanted.placed).is_(true())
    named = select(_FACTS.article).where(_FACTS.article == articles.c.number, there)
    return [named.limit(1).scalar_subquery().is_not(None)]


def _is_common(connection: Connection, wanted: Conditions, limit: int) -> bool:
    """Tell whether enough articles name the places that looking through the newest ones soon gives so many."""
    # Words are looked up for all articles at once, and of some days there are few articles.
    if wanted.placed is None or wanted.worded is not None or wanted.days:
        return False
    named = int(connection.execute(articles_naming(wanted.placed)).scalar_one())
    # Numbers have next to no gaps: the highest one is near to how many articles there are.
    highest = connection.execute(select(func.coalesce(func.max(articles.c.number), 0))).scalar_one()
    # One of so many articles names them: to look through that many for each wanted, or to collect all that do.
    return bool(limit * highest * 2 < named * named)
