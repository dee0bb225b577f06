"""An article's names with the places they may stand for, as flat arrays: one row a candidate."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import INFLECTED, Index
from geo.gazetteer.names import normalise
from geo.gazetteer.sources import NAME_KINDS
from geo.model import Article, Mention
from geo.resolution.surroundings import asked_kinds, container_of, enumerated, kinds_asked, own_type_word
from geo.settings import data_dir

MOST_CANDIDATES = 40
"""Of a name that more places bear, the most prominent are looked at."""

UNITS = frozenset({"admin1", "admin2", "city"})
WITHOUT_TYPE = 0.9
"""Similarity of a name that the gazetteer lacks to the same without its type word."""
WRITTEN_OUT = 0.98
"""Similarity of a name to the same with its abbreviations written out."""
BETTER_KNOWN = 2.0
"""A name that may be another one's inflected form is that where the other's bearer is so many orders of magnitude more
prominent."""
_ALTERNATE = NAME_KINDS.index("alternate")
"""What is spelt another way is at best another name of a place."""
LEAST_SIMILARITY = 0.6
"""Of names that share a skeleton, those less alike than this are other names."""
LESS_ALIKE = 0.2
"""And those less alike by this than the likeliest: how well known their bearers are does not make up for it."""

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
    listed
        Pairs of entities that stand side by side in an enumeration.
    datelines
        The entities of the articles' datelines.
    article
        Of each candidate, the number of its article; 0 where the scene is of one article.
    """

    entities: tuple[Entity, ...]
    entity_of: tuple[int, ...]
    entity: Ints
    row: Ints
    kind: Ints
    similarity: NDArray[np.float64]
    starts: Ints
    containers: tuple[tuple[int, int], ...]
    listed: tuple[tuple[int, int], ...]
    datelines: tuple[int, ...]
    article: Ints

    def candidates(self, entity: int) -> slice:
        """Return where an entity's candidates are; they stand together."""
        start, end = np.searchsorted(self.entity, (entity, entity + 1)).tolist()
        return slice(start, end)

    def articles(self) -> list[slice]:
        """Return where the candidates of each article are that has any."""
        numbers = np.arange(self.article[-1] + 2 if len(self.article) else 0)
        return [slice(a, b) for a, b in pairwise(np.searchsorted(self.article, numbers).tolist()) if a < b]

    def counts(self) -> Ints:
        """Return how many candidates each entity has that has any: as many as ``starts``."""
        return np.append(self.starts[1:], len(self.row)) - self.starts


def joined(scenes: Sequence[Scene]) -> Scene:
    """Return the scenes of some articles as one, for working out all features together."""
    if len(scenes) == 1:
        return scenes[0]
    entities = np.cumsum([0, *(len(scene.entities) for scene in scenes)]).tolist()
    rows = np.cumsum([0, *(len(scene.row) for scene in scenes)]).tolist()
    shifts = list(zip(scenes, entities, rows, strict=False))
    return Scene(
        entities=tuple(entity for scene in scenes for entity in scene.entities),
        entity_of=tuple(entity + shift for scene, shift, _ in shifts for entity in scene.entity_of),
        entity=np.concatenate([scene.entity + shift for scene, shift, _ in shifts]),
        row=np.concatenate([scene.row for scene in scenes]),
        kind=np.concatenate([scene.kind for scene in scenes]),
        similarity=np.concatenate([scene.similarity for scene in scenes]),
        starts=np.concatenate([scene.starts + shift for scene, _, shift in shifts]),
        containers=tuple((a + shift, b + shift) for scene, shift, _ in shifts for a, b in scene.containers),
        listed=tuple((a + shift, b + shift) for scene, shift, _ in shifts for a, b in scene.listed),
        datelines=tuple(entity + shift for scene, shift, _ in shifts for entity in scene.datelines),
        article=np.repeat(np.arange(len(scenes)), [len(scene.row) for scene in scenes]),
    )


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
    beside = {
        (entity_of[i], entity_of[j]) for i, j in enumerated(article.text, mentions) if entity_of[i] != entity_of[j]
    }
    said = _Said(tuple(sorted(containers)), tuple(sorted(beside)), _dateline(article, mentions, entity_of))
    return _laid_out(entities, entity_of, said, [_named(entity.name, index) for entity in entities])


def _base_name(text: str, index: Index, language: str) -> str:
    """Return a name's normal form; in a language that inflects names the form that the gazetteer has.

    Of several forms it is the one as written, unless another one's bearer is far better known: Львове is Львов.
    """
    name = normalise(text)
    if language not in INFLECTED:
        return name
    tokens = name.split()
    forms = [match.name_id for match in index.names_at(tokens, 0, language) if match.end == len(tokens)]
    if not forms:
        return name
    known = {form: float(index.prominence[index.rows_of(form)[0]]) for form in forms}
    own = index.name_id(name)
    written = forms[0] if own is None or own not in known else own
    best = max(forms, key=lambda form: known[form])
    return index.name(best if known[best] > known[written] + BETTER_KNOWN else written)


def _dateline(article: Article, mentions: Sequence[Mention], entity_of: Sequence[int]) -> tuple[int, ...]:
    start, end = article.dateline or (0, 0)
    return tuple(entity_of[i] for i, m in enumerate(mentions) if start <= m.start < end)[:1]


def scene_of_query(query: str, index: Index, country: str | None = None) -> Scene:
    """Return the scene of a bare name, with the places whose names are other spellings of it.

    Parameters
    ----------
    country
        ISO 3166-1 alpha-2 code to look for other spellings in. Without one they are looked for everywhere, but only
        where nothing bears the name as it is written: the world is full of names that are spelt a little alike.
    """
    entity = Entity(normalise(query), query, asked_kinds().get(own_type_word(query), ""), (0,))
    exact = _named(entity.name, index)
    where = [country] if country else [] if len(exact[0]) else [None]
    more = _similar(entity, index, where, set(exact[0].tolist()))
    found = tuple(np.concatenate(pair) for pair in zip(exact, more, strict=True))
    return _laid_out((entity,), (0,), _Said(), [found])  # type: ignore[list-item]


def with_other_spellings(scene: Scene, countries: Sequence[str], index: Index) -> Scene:
    """Return a scene in which names without places may stand for places in some countries that are spelt alike."""
    found = []
    for number, entity in enumerate(scene.entities):
        own = scene.entity == number
        if own.any():
            found.append((scene.row[own], scene.kind[own], scene.similarity[own]))
        else:
            found.append(_similar(entity, index, countries, set()))
    return _laid_out(scene.entities, scene.entity_of, _Said(scene.containers, scene.listed, scene.datelines), found)


Found = tuple[Ints, Ints, NDArray[np.float64]]
"""Rows, kinds of name and similarities of the places that an entity may stand for."""


class _Said(NamedTuple):
    """What the text says of how its entities belong together; the fields are those of `Scene`."""

    containers: tuple[tuple[int, int], ...] = ()
    listed: tuple[tuple[int, int], ...] = ()
    datelines: tuple[int, ...] = ()


def _laid_out(entities: tuple[Entity, ...], entity_of: tuple[int, ...], said: _Said, found: Sequence[Found]) -> Scene:
    row = np.concatenate([rows for rows, _, _ in found]) if found else np.empty(0, np.int64)
    kind = np.concatenate([kinds for _, kinds, _ in found]) if found else np.empty(0, np.int64)
    alike = np.concatenate([similar for _, _, similar in found]) if found else np.empty(0)
    counts = np.array([len(rows) for rows, _, _ in found], np.int64)
    owner = np.repeat(np.arange(len(found)), counts)
    starts = (np.cumsum(counts) - counts)[counts > 0]
    return Scene(entities, entity_of, owner, row, kind, alike, starts, *said, np.zeros_like(row))


@lru_cache(maxsize=8192)
def _named(name: str, index: Index) -> Found:
    """Return the places that bear a name, written so or with its abbreviations written out."""
    rows: dict[int, tuple[int, float]] = {}
    full = written_out(name)
    forms = ((name, 1.0), (full, WRITTEN_OUT), (without_type_word(full), WITHOUT_TYPE))
    for form, similarity in forms:
        name_id = index.name_id(form)
        if name_id is None or len(rows) >= MOST_CANDIDATES or (rows and similarity == WITHOUT_TYPE):
            continue
        for row, kind in zip(index.rows_of(name_id).tolist(), index.kinds_of(name_id).tolist(), strict=True):
            rows.setdefault(row, (kind, similarity))
    return _columns(dict(list(rows.items())[:MOST_CANDIDATES]))


@cache
def _abbreviations() -> dict[str, str]:
    with (data_dir() / "words" / "abbreviations.csv").open(encoding="utf-8", newline="") as file:
        return {row["short"]: row["long"] for row in csv.DictReader(file)}


def written_out(name: str) -> str:
    """Return a name in the normal form with its abbreviations written out; names of one word stay.

    >>> written_out("mt pleasant"), written_out("ct")
    ('mount pleasant', 'ct')
    """
    words = name.split()
    return " ".join(_abbreviations().get(word, word) for word in words) if len(words) > 1 else name


def without_type_word(name: str) -> str:
    """Return a name in the normal form without the word for a kind of unit or town at its end or start.

    >>> without_type_word("idlib province"), without_type_word("river lune")
    ('idlib', 'river lune')
    """
    words = name.split()
    if len(words) > 1 and asked_kinds().get(words[-1]) in UNITS:
        return " ".join(words[:-1])
    if len(words) > 1 and asked_kinds().get(words[0]) in UNITS:
        return " ".join(words[1:])
    return name


def _similar(entity: Entity, index: Index, countries: Sequence[str | None], known: set[int]) -> Found:
    """Return places in some countries whose names are other spellings of an entity's."""
    rows: dict[int, tuple[int, float]] = {}
    for country in countries:
        number = index.country_codes.index(country) if country in index.country_codes else None
        matches = index.similar_names(entity.text, country)
        least = max(LEAST_SIMILARITY, matches[0].similarity - LESS_ALIKE) if matches else 1.0
        for match in matches:
            if match.similarity < least or len(rows) >= MOST_CANDIDATES:
                break
            pairs = zip(index.rows_of(match.name_id).tolist(), index.kinds_of(match.name_id).tolist(), strict=True)
            for row, kind in pairs:
                if row not in known and (number is None or index.country[row] == number):
                    rows.setdefault(row, (max(kind, _ALTERNATE), match.similarity))
    return _columns(rows)


def _columns(rows: dict[int, tuple[int, float]]) -> Found:
    kinds = np.array([kind for kind, _ in rows.values()], np.int64)
    return np.array(list(rows), np.int64), kinds, np.array([similarity for _, similarity in rows.values()], float)
