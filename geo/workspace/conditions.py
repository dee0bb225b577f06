"""A search in the store's own terms: numbers, days and queries, put together as conditions on its tables."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Connection, Select, Table, false, select

from geo.geometry import Bbox
from geo.workspace.packing import day_number
from geo.workspace.search import Search
from geo.workspace.spatial import (
    Placed,
    countries_of,
    is_wide,
    places_in_box,
    places_inside,
    places_searched,
    with_known,
)
from geo.workspace.tables import article_countries, article_places, articles, origins, outlets, places
from geo.workspace.wordindex import holding
from geo.workspace.words import parse

_FIRST_DAY, _LAST_DAY = day_number(dt.date.min), day_number(dt.date.max)


@dataclass(frozen=True)
class Conditions:
    """What a search asks for.

    Attributes
    ----------
    placed
        The places; None for any.
    countries
        Codes of the countries whose places these all are; None where other places are asked for.
    also
        One query each of the articles that name a place besides.
    worded
        The articles that hold the words; None for any.
    origins
        Numbers of origins; None for any.
    language
        The number of the language whose origins these all are; None where other origins are asked for.
    days
        First and last day, as numbers, both inclusive; None for any, also none.
    article
        An article's number, 0 for one that is not there; None for any.
    """

    placed: Placed | None = None
    countries: tuple[str, ...] | None = None
    also: tuple[Select[int], ...] = ()
    worded: Select[int] | None = None
    origins: tuple[int, ...] | None = None
    language: int | None = None
    days: tuple[int, int] | None = None
    article: int | None = None

    @property
    def picks_articles(self) -> bool:
        """Whether articles must be looked at one by one: days and origins are counted beforehand."""
        return bool(self.also) or self.worded is not None or self.article is not None

    @property
    def facts(self) -> Table:
        """The table that tells in fewest rows which articles name the places."""
        return article_places if self.countries is None else article_countries

    def on_facts(self, facts: Table = article_places) -> list[ColumnElement[bool]]:
        """Return the conditions on rows of ``article_places``, or of the table that `facts` gives."""
        own = facts.c
        return [
            *self._on_places(facts),
            *self._on_days(own.day),
            *self._on_origins(own.origin),
            *self._on_number(own.article),
        ]

    def on_articles(self) -> list[ColumnElement[bool]]:
        """Return the conditions on rows of ``articles``, but for those on places."""
        own = articles.c
        days = (
            [] if self.days is None else [own.moment.between(self.days[0] * 100_000, self.days[1] * 100_000 + 99_999)]
        )
        return [*days, *self._on_origins(own.origin), *self._on_number(own.number)]

    def on_days(self, counts: Table) -> list[ColumnElement[bool]]:
        """Return the conditions on days and origins, for a table of counts by them."""
        return [*self._on_days(counts.c.day), *self._on_origins(counts.c.origin)]

    def _on_places(self, facts: Table) -> list[ColumnElement[bool]]:
        if facts is article_countries:
            return [facts.c.country.in_(self.countries or ())]
        return [] if self.placed is None else [self.placed.holds(facts.c.place)]

    def _on_days(self, day: ColumnElement[int]) -> list[ColumnElement[bool]]:
        return [] if self.days is None else [day.between(*self.days)]

    def _on_origins(self, origin: ColumnElement[int]) -> list[ColumnElement[bool]]:
        return [] if self.origins is None else [origin.in_(self.origins)]

    def _on_number(self, number: ColumnElement[int]) -> list[ColumnElement[bool]]:
        chosen = [] if self.article is None else [number == self.article]
        worded = [] if self.worded is None else [number.in_(self.worded)]
        return [*chosen, *worded, *(number.in_(each) for each in self.also)]


def conditions_of(connection: Connection, search: Search) -> Conditions:
    """Return a search in the store's terms; names and ids are looked up."""
    search = with_known(connection, search)
    dated = search.since is not None or search.until is not None
    return Conditions(
        placed=places_searched(connection, search),
        countries=_countries(search),
        also=tuple(_naming(connection, search, id) for id in search.also),
        worded=_worded(connection, search.q),
        origins=_origins(connection, search),
        language=_language(connection, search),
        days=(day_number(search.since) or _FIRST_DAY, day_number(search.until) or _LAST_DAY) if dated else None,
        article=None if search.article is None else _number(connection, search.article),
    )


def in_view(connection: Connection, wanted: Conditions, bbox: Bbox) -> Conditions:
    """Return the conditions narrowed to the places within a bbox, where that spares work."""
    if is_wide(bbox):
        return wanted
    seen = places_in_box(connection, bbox)
    return replace(
        wanted, placed=Placed(seen if wanted.placed is None else seen.where(wanted.placed.holds(places.c.number)))
    )


def _countries(search: Search) -> tuple[str, ...] | None:
    whole = search.places and not (search.bbox or search.within is not None or search.near)
    return countries_of(search, search.places) if whole else None


def _naming(connection: Connection, search: Search, id: str) -> Select[int]:
    """Return the articles that name a place, or one inside it."""
    countries = countries_of(search, (id,))
    placed = Placed(places_inside(connection, search, id)) if countries is None else None
    named = Conditions(placed=placed, countries=countries)
    return select(named.facts.c.article).where(*named.on_facts(named.facts))


def _worded(connection: Connection, q: str | None) -> Select[int] | None:
    terms = parse(q or "")
    if terms is None:
        return None
    return holding(terms, connection.dialect.name) if terms else select(articles.c.number).where(false())


def _origins(connection: Connection, search: Search) -> tuple[int, ...] | None:
    if not search.sources and search.language is None:
        return None
    query = select(origins.c.number).order_by(origins.c.number)
    if search.sources:
        query = query.join(outlets).where(outlets.c.source.in_(search.sources)).distinct()
    if search.language is not None:
        query = query.where(origins.c.language == search.language)
    return tuple(connection.execute(query).scalars())


def _language(connection: Connection, search: Search) -> int | None:
    if search.language is None or search.sources:
        return None
    query = select(origins.c.language_number).where(origins.c.language == search.language).limit(1)
    return connection.execute(query).scalar()


def _number(connection: Connection, id: str) -> int:
    return connection.execute(select(articles.c.number).where(articles.c.id == id)).scalar() or 0
