"""Who published articles: origins, and the sources by which each is found.

Articles that the same sources published in the same language share an origin. A text that others published too has an
origin of its own set of sources, so that it is found under each of them and still counted once.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, func, select, update

from geo.workspace.bulk import insert_rows
from geo.workspace.counting import count_in, count_out
from geo.workspace.tables import appearances, article_places, articles, origins


class Origin(NamedTuple):
    """Who published an article, and in which language; "" where that is not known.

    ``besides`` are the other sources that published the very same text, in order.
    """

    source: str
    source_role: str
    language: str
    besides: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What tells it from others: hashed, as a text may have thousands of sources."""
        listed = json.dumps(self.besides, ensure_ascii=True).encode()
        return (*self[:3], hashlib.sha256(listed).hexdigest()[:32] if self.besides else "")

    @property
    def sources(self) -> list[str]:
        """All by whose names its articles are found."""
        return [source for source in (self.source, *self.besides) if source]


_KEY = (origins.c.source, origins.c.source_role, origins.c.language, origins.c.besides)


def origin_numbers(connection: Connection, wanted: Iterable[Origin]) -> dict[Origin, int]:
    """Return the numbers of origins, written where they are new."""
    by_key = {origin.key: origin for origin in wanted}
    query = select(origins.c.number, *_KEY).where(origins.c.source.in_({origin.source for origin in by_key.values()}))
    known = {(*key,): number for number, *key in connection.execute(query)}
    new = sorted(by_key.keys() - known.keys())
    if new:
        # Nobody else writes at the same time, so that the numbers are ours to give.
        last = connection.execute(select(func.max(origins.c.number))).scalar() or 0
        known |= {key: number for number, key in enumerate(new, last + 1)}
        _write(connection, {known[key]: by_key[key] for key in new})
    return {origin: known[key] for key, origin in by_key.items()}


def _write(connection: Connection, new: Mapping[int, Origin]) -> None:
    languages = _language_numbers(connection, new)
    rows = [(number, *origin.key, languages[origin.language]) for number, origin in new.items()]
    insert_rows(connection, "origins", ["number", *(column.name for column in _KEY), "language_number"], rows)
    found = ((source, number) for number, origin in new.items() for source in origin.sources)
    insert_rows(connection, "outlets", ["source", "origin"], found)


def _language_numbers(connection: Connection, new: Mapping[int, Origin]) -> dict[str, int]:
    """Return the numbers of the languages of new origins: those of the first origins in them."""
    first: dict[str, int] = {}
    for number, origin in new.items():
        first.setdefault(origin.language, number)
    query = select(origins.c.language, func.min(origins.c.language_number)).where(origins.c.language.in_(first))
    return first | dict(connection.execute(query.group_by(origins.c.language)).all())


def credit(connection: Connection, numbers: Sequence[int]) -> None:
    """Let articles be found under all who published them, after it changed who did."""
    current, wanted = _origins_of(connection, numbers)
    moved = [number for number, origin in wanted.items() if origin.key != current[number][1]]
    if not moved:
        return
    new = origin_numbers(connection, {wanted[number] for number in moved})
    count_out(connection, moved)
    for origin, number in new.items():
        of_it = [article for article in moved if wanted[article] == origin]
        for table, key in ((articles, articles.c.number), (article_places, article_places.c.article)):
            connection.execute(update(table).where(key.in_(of_it)).values(origin=number))
    count_in(connection, moved)
    drop_unused(connection, [current[number][0] for number in moved])


def _origins_of(
    connection: Connection, numbers: Sequence[int]
) -> tuple[dict[int, tuple[int, tuple[str, ...]]], dict[int, Origin]]:
    """Return the origins that articles have, as number and key, and those that they should have."""
    besides: defaultdict[int, set[str]] = defaultdict(set)
    others = select(appearances.c.article, appearances.c.source)
    others = others.where(appearances.c.article.in_(numbers), appearances.c.source.is_not(None))
    for article, source in connection.execute(others):
        besides[article].add(source)
    current: dict[int, tuple[int, tuple[str, ...]]] = {}
    wanted: dict[int, Origin] = {}
    query = select(articles.c.number, origins.c.number, *_KEY).join(origins).where(articles.c.number.in_(numbers))
    for article, number, source, role, language, several in connection.execute(query):
        current[article] = number, (source, role, language, several)
        wanted[article] = Origin(source, role, language, tuple(sorted(besides[article] - {source, ""})))
    return current, wanted


def drop_unused(connection: Connection, numbers: Sequence[int]) -> None:
    """Remove those of some origins with several sources that no article has any more: each text may leave many."""
    used = select(articles.c.origin).where(articles.c.origin == origins.c.number).exists()
    connection.execute(delete(origins).where(origins.c.number.in_(set(numbers)), origins.c.besides != "", ~used))
