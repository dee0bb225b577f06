"""An article's names with the places they may stand for, as flat arrays: one row a candidate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import INFLECTED, Index
from geo.gazetteer.names import normalise
from geo.model import Article, Mention
from geo.resolution.surroundings import container_of, kinds_asked

MOST_CANDIDATES = 40
"""Of a name that more places bear, the most prominent are looked at."""

LEAST_SIMILARITY = 0.55
"""Of names that share a skeleton, those less alike than this are other names."""

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entity:
    """A name as an article uses it: all mentions with the same name that ask for the same kind of place."""

    name: str
    text: str
    asked: str
    mentions: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Scene:
    """The candidates of all entities of an article.

    Attributes
    ----------
    entity_of
        The entity of each mention.
    entity, row, kind, similarity
        Of each candidate: its entity, its row in the index, how the name belongs to it (index into `NAME_KINDS`), and
        how alike the name is to the one written (1 for the same).
    starts
        First candidate of each entity that has any, for reductions; ``present`` names those entities.
    containers
        Pairs (entity, entity it is said to lie in).
    dateline
        The entity of the article's dateline, -1 where there is none.
    """

    entities: tuple[Entity, ...]
    entity_of: tuple[int, ...]
    entity: Ints
    row: Ints
    kind: Ints
    similarity: NDArray[np.float64]
    starts: Ints
    containers: tuple[tuple[int, int], ...]
    dateline: int


def set_scene(article: Article, mentions: Sequence[Mention], index: Index) -> Scene:
    """Group an article's mentions into entities and gather their candidates."""
    asked = kinds_asked(article.text, mentions)
    language = article.language or "en"
    keys = [(_base_name(m.text, index, language), kind) for m, kind in zip(mentions, asked, strict=True)]
    numbers = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    entity_of = tuple(numbers[key] for key in keys)
    members: list[list[int]] = [[] for _ in numbers]
    for mention, entity in enumerate(entity_of):
        members[entity].append(mention)
    entities = tuple(
        Entity(name, mentions[members[number][0]].text, kind, tuple(members[number]))
        for (name, kind), number in numbers.items()
    )
    held = container_of(article.text, mentions)
    containers = {(entity_of[i], entity_of[j]) for i, j in enumerate(held) if j >= 0 and entity_of[i] != entity_of[j]}
    return _with_candidates(
        entities, entity_of, tuple(sorted(containers)), _dateline(article, mentions, entity_of), index
    )


def _base_name(text: str, index: Index, language: str) -> str:
    """Return a name's normal form; in a language that inflects names the form that the gazetteer has."""
    name = normalise(text)
    if language in INFLECTED and index.name_id(name) is None:
        tokens = name.split()
        for match in index.names_at(tokens, 0, language):
            if match.end == len(tokens):
                return index.name(match.name_id)
    return name


def _dateline(article: Article, mentions: Sequence[Mention], entity_of: Sequence[int]) -> int:
    if article.dateline is None:
        return -1
    start, end = article.dateline
    return next((entity_of[i] for i, m in enumerate(mentions) if start <= m.start < end), -1)


def scene_of_query(query: str, index: Index, *, similar: bool) -> Scene:
    """Return the scene of a bare name; ``similar`` adds places whose names are other spellings of it."""
    entity = Entity(normalise(query), query, "", (0,))
    return _with_candidates((entity,), (0,), (), -1, index, similar=similar)


def _with_candidates(
    entities: tuple[Entity, ...],
    entity_of: tuple[int, ...],
    containers: tuple[tuple[int, int], ...],
    dateline: int,
    index: Index,
    *,
    similar: bool = False,
) -> Scene:
    found = [_candidates(entity, index, similar=similar) for entity in entities]
    owner = np.repeat(np.arange(len(found)), [len(rows) for rows, _, _ in found])
    rows, kinds, alike = (
        [np.concatenate([one[i] for one in found]) for i in range(3)] if found else [np.empty(0, np.int64)] * 3
    )
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    return Scene(entities, entity_of, owner, rows, kinds, alike.astype(float), starts, containers, dateline)


def _candidates(entity: Entity, index: Index, *, similar: bool) -> tuple[Ints, Ints, NDArray[np.float64]]:
    """Return rows, kinds of name and similarities of the places an entity may stand for."""
    name_id = index.name_id(entity.name)
    rows = index.rows_of(name_id)[:MOST_CANDIDATES].astype(np.int64) if name_id is not None else np.empty(0, np.int64)
    kinds = index.kinds_of(name_id)[:MOST_CANDIDATES].astype(np.int64) if name_id is not None else np.empty(0, np.int64)
    alike = np.ones(len(rows))
    if similar or not len(rows):
        more = _similar(entity.text, index, set(rows.tolist()))
        rows, kinds, alike = (np.concatenate(pair) for pair in zip((rows, kinds, alike), more, strict=True))
    return rows, kinds, alike


def _similar(text: str, index: Index, known: set[int]) -> tuple[Ints, Ints, NDArray[np.float64]]:
    rows: dict[int, tuple[int, float]] = {}
    for match in index.similar_names(text):
        if match.similarity < LEAST_SIMILARITY or len(rows) >= MOST_CANDIDATES:
            break
        pairs = zip(index.rows_of(match.name_id).tolist(), index.kinds_of(match.name_id).tolist(), strict=True)
        for row, kind in pairs:
            if row not in known:
                rows.setdefault(row, (kind, match.similarity))
    kinds = [kind for kind, _ in rows.values()]
    alike = [similarity for _, similarity in rows.values()]
    return np.array(list(rows), np.int64), np.array(kinds, np.int64), np.array(alike, float)
