"""Where a text appeared besides: the very same words, published by several, are kept once, with all who carry them.

The first that comes is the article; each other one is an appearance of it. Two with the same address are one; those
without are told apart by source, title and day.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from geo.model import Article, SourceRole
from geo.workspace.database import decoding
from geo.workspace.outlets import credit
from geo.workspace.tables import appearances, articles, origins


@dataclass(frozen=True, slots=True)
class Appearance:
    """Who published a text, and how; None where that is not known."""

    source: str | None
    source_role: SourceRole | None
    title: str | None
    date: dt.date | None
    url: str | None

    @classmethod
    def of(cls, article: Article) -> Appearance:
        """Return how an article appeared."""
        return cls(article.source, article.source_role, article.title, article.date, article.url)

    @property
    def key(self) -> str:
        """Hash of what tells it from others of the same text."""
        parts = (self.url,) if self.url else (self.source, self.title, self.date and self.date.isoformat())
        plain = "\0".join(part or "" for part in parts)
        return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def tells_more_than(self, other: Appearance) -> bool:
        """Tell whether it is another appearance than one: not the same, and not the same with less known of it."""
        if self.url and other.url:
            return self.url != other.url
        known = (self.url, self.source, self.title, self.date)
        theirs = (other.url, other.source, other.title, other.date)
        return any(value is not None and value != there for value, there in zip(known, theirs, strict=True))

    @property
    def order(self) -> tuple[Any, ...]:
        """What appearances are shown and exported by: the earliest first, those without a day last."""
        return (self.date is None, self.date or dt.date.min, self.source or "", self.title or "", self.url or "")


Appearances = Mapping[str, Sequence[Appearance]]
"""Appearances of texts, by their content hashes."""


def unknown(connection: Connection, found: Appearances) -> list[dict[str, Any]]:
    """Return the rows of those that are not kept yet, of texts that are."""
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    own = _own(connection, [*found])
    kept = appearances_of(connection, [number for number, _ in own.values()])
    for content_hash, (number, first) in own.items():
        keys = {item.key for item in kept.get(number, ())}
        for item in found[content_hash]:
            if item.key not in keys and item.tells_more_than(first):
                rows.setdefault((number, item.key), _row(number, item))
    return list(rows.values())


def keep(connection: Connection, found: Appearances) -> int:
    """Keep appearances of texts that are there; return how many were new."""
    rows = unknown(connection, found)
    if rows:
        connection.execute(insert(appearances), rows)
        credit(connection, sorted({row["article"] for row in rows}))
    return len(rows)


def appearances_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[Appearance]]:
    """Return how articles appeared besides, by their numbers, in order; those that did not are left out."""
    if not numbers:
        return {}
    found: defaultdict[int, list[Appearance]] = defaultdict(list)
    query = select(appearances).where(appearances.c.article.in_(numbers))
    with decoding(connection.engine):
        for row in connection.execute(query).mappings():
            found[row["article"]].append(_appearance(row))
    return {number: sorted(items, key=lambda item: item.order) for number, items in found.items()}


def keep_earlier(connection: Connection, read_anew: Mapping[str, Appearance]) -> Iterator[tuple[str, Appearance]]:
    """Yield the appearances that articles had until they were read anew as another outlet's, by content hash.

    Called before the articles change. An article of the same outlet only learns more of itself, and yields nothing.
    """
    for content_hash, (number, first) in _own(connection, [*read_anew]).items():
        now = read_anew[content_hash]
        connection.execute(delete(appearances).where(appearances.c.article == number, appearances.c.key == now.key))
        if _is_another_outlet(first, now):
            yield content_hash, first


def _is_another_outlet(one: Appearance, other: Appearance) -> bool:
    pairs = (one.url, other.url), (one.source, other.source)
    return any(a is not None and b is not None and a != b for a, b in pairs)


def _own(connection: Connection, hashes: Sequence[str]) -> dict[str, tuple[int, Appearance]]:
    """Return the articles of texts, by content hash: number, and how each itself appeared."""
    columns = articles.c.content_hash, articles.c.number, articles.c.title, articles.c.date, articles.c.url
    query = select(*columns, origins.c.source, origins.c.source_role).join(origins)
    with decoding(connection.engine):
        rows = connection.execute(query.where(articles.c.content_hash.in_(hashes))).mappings()
        return {row["content_hash"]: (row["number"], _appearance(row)) for row in rows}


def _appearance(row: Mapping[Any, Any]) -> Appearance:
    source, role = row["source"] or None, row["source_role"] or None
    return Appearance(source, role, row["title"], row["date"], row["url"])


def _row(number: int, item: Appearance) -> dict[str, Any]:
    said = {"source": item.source, "source_role": item.source_role}
    return said | {"article": number, "key": item.key, "title": item.title, "date": item.date, "url": item.url}
