"""Groups of near duplicates in the store: which articles carry the same report.

A group is what hangs together by pairs that are alike, however they came in: the same articles give the same groups in
any order. Its first article is the earliest, and of several as early the one with the smallest hash.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import Connection, bindparam, func, or_, select, update

from geo.workspace.appearances import Appearance, appearances_of
from geo.workspace.bulk import chunks, insert_rows, rows_with
from geo.workspace.database import decoding
from geo.workspace.near import BANDS, Wording, are_alike, may_be_alike, wording_of_text
from geo.workspace.results import Carrier
from geo.workspace.tables import articles, contents, near_bands, origins

if TYPE_CHECKING:
    from geo.workspace.packing import PackedReading

Bands = Mapping[int, Sequence[int]]
"""The bands of articles by their numbers; empty for those too short to tell."""

_MOST_ALIKE = 32
"""Articles kept by one band's value: thousands may be made from one template, and few of them stand for all."""

_EXPECTED = 200  # texts that are read together: some megabytes
_VALUES = 10_000  # in one statement: both stores take three times as many


def link(connection: Connection, items: Bands) -> set[int]:
    """Put articles that were just written into groups; return those that resemble one that came before them.

    Nobody else may write at the same time.
    """
    buckets = _buckets(connection, items)
    rows: list[tuple[int, int, int]] = []
    pairs: list[tuple[int, int]] = []
    for number, bands in items.items():
        keys = list(enumerate(bands))
        pairs += [(number, other) for other in sorted({other for key in keys for other in buckets[key]})]
        for key in keys:
            if len(buckets[key]) < _MOST_ALIKE:
                buckets[key].append(number)
                rows.append((number, *key))
    insert_rows(connection, "near_bands", ["article", "band", "value"], rows)
    likely = _likely(connection, items, pairs)
    return _join(connection, likely) if likely else set()


def resembling(connection: Connection, items: Sequence[PackedReading]) -> set[str]:
    """Return the content hashes of readings that resemble an article that is there already."""
    buckets = _buckets(connection, {number: item.bands for number, item in enumerate(items)})
    stored = _Texts(connection)
    found = set()
    for item in items:
        others = sorted({other for key in enumerate(item.bands) for other in buckets[key]})
        own = wording_of_text(item.text, item.article["boilerplate"]) if others else None
        if own is not None and any(are_alike(own, stored.of(other)) for other in others):
            found.add(item.content_hash)
    return found


def _buckets(connection: Connection, items: Bands) -> defaultdict[tuple[int, int], list[int]]:
    """Return which articles are there already by the band values of these."""
    buckets: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    keys = sorted({key for bands in items.values() for key in enumerate(bands)})
    for band, value, article in rows_with(connection, "near_bands", ("band", "value"), keys):
        buckets[band, value].append(article)
    return buckets


def _likely(connection: Connection, items: Bands, pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the pairs whose other bands let them be alike; a few rows tell that without reading texts."""
    stored = _bands_of(connection, {other for _, other in pairs if other not in items}) | dict(items)
    likely: list[tuple[int, int]] = []
    for number, found in groupby(pairs, key=itemgetter(0)):
        others = [other for _, other in found]
        # Of a report carried very often not all bands are kept: it is compared in full.
        whole = [other for other in others if len(stored[other]) == BANDS]
        told = dict(zip(whole, may_be_alike(items[number], [stored[other] for other in whole]), strict=True))
        likely += [(number, other) for other in others if told.get(other, True)]
    return likely


def _bands_of(connection: Connection, numbers: Collection[int]) -> dict[int, list[int]]:
    """Return the bands that are kept of articles."""
    found: dict[int, list[int]] = {number: [] for number in numbers}
    query = select(near_bands.c.article, near_bands.c.value).order_by(near_bands.c.article, near_bands.c.band)
    for some in chunks(sorted(numbers), _VALUES):
        for article, value in connection.execute(query.where(near_bands.c.article.in_(some))):
            found[article].append(value)
    return found


def _join(connection: Connection, pairs: Sequence[tuple[int, int]]) -> set[int]:
    """Join the groups of pairs that are alike; return those that were the first of such a pair."""
    groups = _Groups(_heads(connection, {number for pair in pairs for number in pair}))
    texts = _Texts(connection)
    # Of a group that an article may be in, one comparison mostly decides.
    first = {(number, groups.of(other)): other for number, other in reversed(pairs)}
    texts.expect(sorted({number for number, _ in pairs} | {*first.values()})[:_EXPECTED])
    alike: set[int] = set()
    for number, other in pairs:
        if groups.of(number) == groups.of(other):
            continue
        if are_alike(texts.of(number), texts.of(other)):
            groups.join(number, other)
            alike.add(number)
    for heads in groups.joined():
        _write_group(connection, heads)
    return alike


def _heads(connection: Connection, numbers: Iterable[int]) -> dict[int, int]:
    query = select(articles.c.number, func.coalesce(articles.c.carried_with, articles.c.number))
    heads: dict[int, int] = {}
    for some in chunks(sorted(numbers), _VALUES):
        heads |= dict(connection.execute(query.where(articles.c.number.in_(some))).all())
    return heads


class _Groups:
    """Articles by group, and groups joined (Tarjan's disjoint sets)."""

    def __init__(self, heads: Mapping[int, int]) -> None:
        self._parent = {head: head for head in heads.values()} | dict(heads)
        self._joined: set[int] = set()

    def of(self, number: int) -> int:
        """Return what stands for an article's group."""
        while (parent := self._parent[number]) != number:
            self._parent[number] = number = self._parent[parent]
        return number

    def join(self, number: int, other: int) -> None:
        """Make two articles' groups one."""
        self._joined |= {number, other}
        self._parent[self.of(number)] = self.of(other)

    def joined(self) -> Iterator[list[int]]:
        """Yield the articles of each group that was joined from several, their first ones among them."""
        changed = {self.of(number) for number in self._joined}
        together: defaultdict[int, list[int]] = defaultdict(list)
        for number in self._parent:
            together[self.of(number)].append(number)
        yield from (members for group, members in together.items() if group in changed)


class _Texts:
    """The wordings of stored articles, read when they are first asked for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[int, Wording] = {}

    def expect(self, numbers: Sequence[int]) -> None:
        """Read the texts of articles together."""
        query = select(articles.c.number, contents.c.text, articles.c.boilerplate).join(contents)
        with decoding(self._connection.engine):
            for number, text, boilerplate in self._connection.execute(query.where(articles.c.number.in_(numbers))):
                self._known[number] = wording_of_text(text, boilerplate)

    def of(self, number: int) -> Wording:
        """Return an article's wording."""
        if number not in self._known:
            self.expect([number])
        return self._known[number]


def _write_group(connection: Connection, members: Sequence[int]) -> None:
    """Write a group: all articles given, with those whose first article is one of them."""
    query = select(articles.c.number, articles.c.moment, articles.c.content_hash)
    found = connection.execute(query.where(or_(articles.c.number.in_(members), articles.c.carried_with.in_(members))))
    first, *others = [number for number, _, _ in sorted(found, key=lambda row: (row[1] == 0, row[1], row[2]))]
    values = [{"n": first, "head": None}, *({"n": number, "head": first} for number in others)]
    changed = update(articles).where(articles.c.number == bindparam("n")).values(carried_with=bindparam("head"))
    connection.execute(changed, values)


def leave(connection: Connection, number: int) -> None:
    """Take an article that is about to be deleted out of its group; what remains of it stays together."""
    left = list(connection.execute(select(articles.c.number).where(articles.c.carried_with == number)).scalars())
    connection.execute(update(articles).where(articles.c.number.in_(left)).values(carried_with=None))
    if left:
        _write_group(connection, left)


def carriers_of(connection: Connection, numbers: Sequence[int]) -> dict[int, tuple[Carrier, ...]]:
    """Return for each article whose report others carry too who these are, the first of the group in front.

    Each is followed by those who published the very same text.
    """
    heads = _heads(connection, numbers)
    members = _members(connection, set(heads.values()))
    besides = appearances_of(connection, [number for group in members.values() for number, _ in group])
    found = {number: tuple(_others(number, members[head], besides)) for number, head in heads.items()}
    return {number: carriers for number, carriers in found.items() if carriers}


def _others(
    number: int, members: Sequence[tuple[int, Carrier]], besides: Mapping[int, Sequence[Appearance]]
) -> Iterator[Carrier]:
    for other, carrier in members:
        if other != number:
            yield carrier
        for item in besides.get(other, ()):
            yield Carrier(None, item.title, item.source, item.date, item.url)


def _members(connection: Connection, heads: set[int]) -> defaultdict[int, list[tuple[int, Carrier]]]:
    columns = articles.c.number, articles.c.carried_with, articles.c.id, articles.c.title, origins.c.source
    query = select(*columns, articles.c.date, articles.c.url).join(origins)
    query = query.where(or_(articles.c.number.in_(heads), articles.c.carried_with.in_(heads)))
    query = query.order_by(articles.c.carried_with.is_not(None), articles.c.moment, articles.c.content_hash)
    members: defaultdict[int, list[tuple[int, Carrier]]] = defaultdict(list)
    with decoding(connection.engine):
        for number, head, id, title, source, date, url in connection.execute(query):
            members[head or number].append((number, Carrier(id, title, source or None, date, url)))
    return members
