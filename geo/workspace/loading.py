"""Readings out of the store, some articles at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from geo.model import EXTENTS, Article, Place, Reading, Resolution, Review, Span
from geo.workspace import rows
from geo.workspace.database import decoding
from geo.workspace.details import Detail, unpack_details
from geo.workspace.outlines import unpack_outline
from geo.workspace.reviews import reviews_by_span
from geo.workspace.tables import articles, contents, footprints, mentions, origins, places, shapes


@dataclass(frozen=True)
class _Said:
    """What an article's rows say, before places are looked up."""

    article: Article
    content_hash: str
    mentions: Sequence[RowMapping]
    footprints: Sequence[RowMapping]
    details: Sequence[Detail]

    def place_numbers(self) -> set[int]:
        return {row["place"] for row in self.mentions if row["place"] is not None}

    def place_ids(self) -> set[str]:
        named = {id for detail in self.details for id, _, _ in detail.alternatives}
        return named | {id for row in self.footprints for id in row["places"]}


def load(
    connection: Connection, numbers: Sequence[int], *, evidence: bool = True, reviewed: bool = True
) -> list[Reading]:
    """Return the readings of some articles, in the order of their numbers as given.

    Parameters
    ----------
    evidence
        Whether resolutions come with their evidence and alternatives.
    reviewed
        Whether what people decided outranks the machine; else readings are as the machine made them.

    Raises
    ------
    WorkspaceError
        One is damaged.
    """
    with decoding(connection.engine):
        said = _said(connection, numbers, evidence)
        known = _places(connection, said.values())
        drawn = _shapes(connection, said.values())
        decided = reviews_by_span(connection, [item.content_hash for item in said.values()]) if reviewed else {}
        return [
            Reading(
                said[number].article,
                _resolutions(said[number], decided.get(said[number].content_hash, {}), known),
                tuple(rows.footprint_from(row, drawn, known) for row in said[number].footprints),
            )
            for number in numbers
            if number in said
        ]


def _said(connection: Connection, numbers: Sequence[int], evidence: bool) -> dict[int, _Said]:
    query = select(articles, origins.c.source, origins.c.source_role, origins.c.language, contents.c.text)
    if evidence:
        query = query.add_columns(contents.c.details)
    query = query.join(origins).join(contents, contents.c.article == articles.c.number)
    found = connection.execute(query.where(articles.c.number.in_(numbers))).mappings().all()
    named, drawn = _children(connection, mentions, numbers), _children(connection, footprints, numbers)
    return {
        row["number"]: _Said(
            rows.article_from(row),
            row["content_hash"],
            named[row["number"]],
            drawn[row["number"]],
            unpack_details(row["details"]) if evidence else [Detail()] * len(named[row["number"]]),
        )
        for row in found
    }


def _children(connection: Connection, table: Any, numbers: Sequence[int]) -> Mapping[int, list[RowMapping]]:
    query = select(table).where(table.c.article.in_(numbers)).order_by(table.c.article, table.c.position)
    grouped: defaultdict[int, list[RowMapping]] = defaultdict(list)
    for row in connection.execute(query).mappings():
        grouped[row["article"]].append(row)
    return grouped


def _places(connection: Connection, said: Iterable[_Said]) -> dict[Any, Place]:
    """Return the places that articles point to, by number and by id."""
    numbers: set[int] = set()
    ids: set[str] = set()
    for item in said:
        numbers |= item.place_numbers()
        ids |= item.place_ids()
    known: dict[Any, Place] = {}
    for wanted in (places.c.number.in_(sorted(numbers)), places.c.id.in_(sorted(ids))):
        for row in connection.execute(select(places).where(wanted)).mappings():
            known[row["number"]] = known[row["id"]] = rows.place_from(row)
    return known


def _shapes(connection: Connection, said: Iterable[_Said]) -> dict[int, Any]:
    wanted = {row[extent] for item in said for row in item.footprints for extent in EXTENTS}
    query = select(shapes.c.number, shapes.c.outline).where(shapes.c.number.in_(sorted(wanted)))
    return {number: unpack_outline(outline) for number, outline in connection.execute(query)}


def _resolutions(said: _Said, reviewed: Mapping[Span, Review], known: Mapping[Any, Place]) -> tuple[Resolution, ...]:
    found = []
    for row, detail in zip(said.mentions, said.details, strict=True):
        mention = rows.mention_from(row, said.article.text)
        review = reviewed.get((mention.start, mention.end))
        if review:
            review = replace(review, machine=known.get(row["place"]))
        found.append(rows.resolution_from(row, mention, detail, review, known))
    return tuple(found)
