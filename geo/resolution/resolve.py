"""Toponym resolution: the third arrow of the flow, from mentions to places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np

from geo.errors import UnknownNameError
from geo.gazetteer.index import Index
from geo.gazetteer.scripts import transliterated_countries
from geo.model import Article, Candidate, Evidence, Mention, Place, Resolution
from geo.resolution.calibration import LEAST_CONFIDENCE, Calibration, calibration_path, load_calibration
from geo.resolution.derived import derived_resolutions
from geo.resolution.features import Floats
from geo.resolution.ranker import NAMES, Ranking, load_stages, rank_all, weights_path
from geo.resolution.scene import Scene, set_scene, with_other_spellings
from geo.resolution.single import rank_query

TOGETHER = 300
"""The most mentions that are resolved together: memory grows with the square of their number."""
MOST_ALTERNATIVES = 4
IN_FOCUS = 0.12
"""Share of an article's places from which on a country counts as one the article is about."""
LEAST_BEARING = 0.005
"""Features whose value times weight is smaller are not listed as evidence."""
LEAST_BELIEF = 0.02
"""Alternatives that hardly anything speaks for are not listed."""

_AT_ONCE = 3_000
"""Mentions whose candidates are held at a time, some 20 KB each; a batch of news has fewer."""


@dataclass(frozen=True, slots=True)
class Learnt:
    """What resolving needs that training gives: the stages' weights and the calibration."""

    stages: tuple[Floats, ...]
    calibration: Calibration


@cache
def learnt() -> Learnt:
    """Return what was learnt, as it comes with Dateline."""
    return Learnt(load_stages(weights_path()), load_calibration(calibration_path()))


def resolve_mentions(
    article: Article, mentions: Sequence[Mention], index: Index, using: Learnt | None = None
) -> tuple[Resolution, ...]:
    """Return what each mention stands for, in the order given; unresolved ones have no place but are kept.

    All mentions of an article are resolved together, in very long ones by hundreds: what one stands for bears on the
    others.
    """
    return resolve_all([(article, mentions)], index, using)[0]


Named = tuple[Article, Sequence[Mention]]
"""An article with its mentions, in text order."""

_Part = tuple[int, Article, Sequence[Mention]]
"""Mentions of an article that are resolved together, with the number of the article."""


def resolve_all(articles: Sequence[Named], index: Index, using: Learnt | None = None) -> list[tuple[Resolution, ...]]:
    """Return what the mentions of each of some articles stand for, as `resolve_mentions` does."""
    using = using or learnt()
    parts = [
        (number, article, mentions[start : start + TOGETHER])
        for number, (article, mentions) in enumerate(articles)
        for start in range(0, len(mentions), TOGETHER)
    ]
    found: list[list[Resolution]] = [[] for _ in articles]
    for some in _at_once(parts):
        candidates = candidates_of([(article, mentions) for _, article, mentions in some], index, using.stages)
        for (number, _, mentions), of_mentions in zip(some, candidates, strict=True):
            found[number] += [_of_mention(*pair, using.calibration) for pair in zip(mentions, of_mentions, strict=True)]
    return [derived_resolutions(resolutions, using.calibration) for resolutions in found]


def _at_once(parts: Sequence[_Part]) -> Iterator[list[_Part]]:
    """Yield parts in lists of no more than `_AT_ONCE` mentions."""
    some: list[_Part] = []
    held = 0
    for part in parts:
        held += len(part[2])
        if some and held > _AT_ONCE:
            yield some
            some, held = [], len(part[2])
        some.append(part)
    if some:
        yield some


def candidates_of(
    articles: Sequence[Named], index: Index, stages: tuple[Floats, ...]
) -> list[list[tuple[Candidate, ...]]]:
    """Return for each article the likeliest places of each mention, best first; none for a name that no place bears.

    Names without a bearer are looked for anew among other spellings where the article is about countries whose names
    are written in another script.
    """
    scenes = [set_scene(article, mentions, index) for article, mentions in articles]
    rankings = rank_all(scenes, index, stages) if scenes else []
    again = {}
    for number, (scene, ranking) in enumerate(zip(scenes, rankings, strict=True)):
        if 0 < len(scene.starts) < len(scene.entities) and (focus := _foreign_focus(scene, ranking, index)):
            again[number] = with_other_spellings(scene, focus, index)
    if again:
        for number, ranking in zip(again, rank_all([*again.values()], index, stages), strict=True):
            scenes[number], rankings[number] = again[number], ranking
    return [_of_mentions(scene, ranking, index) for scene, ranking in zip(scenes, rankings, strict=True)]


def _of_mentions(scene: Scene, ranking: Ranking, index: Index) -> list[tuple[Candidate, ...]]:
    """Return the likeliest places of each mention, best first; evidence is given for the best, to keep reading fast."""
    order = np.lexsort((-ranking.belief, scene.entity))  # the candidates of each entity, best first
    best = order[scene.starts]
    evidence = evidences_of(ranking.features[best], ranking.weights)
    rows, beliefs = scene.row[order].tolist(), ranking.belief[order].tolist()
    bounds = pairwise([*scene.starts.tolist(), len(rows)])
    found: dict[int, tuple[Candidate, ...]] = {}
    for entity, (start, end), why in zip(scene.entity[best].tolist(), bounds, evidence, strict=True):
        others = range(start + 1, min(end, start + 1 + MOST_ALTERNATIVES))
        kept = [start, *(n for n in others if beliefs[n] >= LEAST_BELIEF)]
        found[entity] = tuple(
            Candidate(_place(index, rows[n]), round(beliefs[n], 4), why if n == start else ()) for n in kept
        )
    return [found.get(entity, ()) for entity in scene.entity_of]


def _foreign_focus(scene: Scene, ranking: Ranking, index: Index) -> list[str]:
    """Return the countries with another script that hold a fair share of the article's places."""
    share = np.bincount(index.country[scene.row], ranking.belief, len(index.country_codes))
    codes = [index.country_codes[i] for i in np.flatnonzero(share > IN_FOCUS * share.sum()).tolist()]
    return [code for code in codes if code in transliterated_countries()]


@lru_cache(maxsize=20_000)
def _place(index: Index, row: int) -> Place:
    """Return a place; reports name the same ones again and again."""
    return index.place(row)


def evidence_of(values: Floats, weights: Floats) -> tuple[Evidence, ...]:
    """Return the features that bear on a score, in their fixed order."""
    return evidences_of(values[None], weights)[0]


def evidences_of(values: Floats, weights: Floats) -> list[tuple[Evidence, ...]]:
    """Return the features that bear on each of some scores: a row of values each."""
    row, bearing = np.nonzero(np.abs(values * weights) > LEAST_BEARING)
    columns = (bearing.tolist(), values[row, bearing].round(3).tolist(), weights[bearing].round(3).tolist())
    found = [*map(_evidence, *columns)]
    ends = np.searchsorted(row, np.arange(len(values) + 1)).tolist()
    return [tuple(found[start:end]) for start, end in pairwise(ends)]


@lru_cache(maxsize=20_000)
def _evidence(number: int, value: float, weight: float) -> Evidence:
    """Return one feature's evidence; most features are 0 or 1, so that the same comes again and again."""
    return Evidence(NAMES[number], value, weight)


def _of_mention(mention: Mention, candidates: tuple[Candidate, ...], calibration: Calibration) -> Resolution:
    if not candidates:
        return Resolution(mention.text, None, 0.0, mention=mention)
    best, *rest = candidates
    confidence = calibration.confidence(mention.probability, best.confidence)
    if confidence < LEAST_CONFIDENCE:
        return Resolution(mention.text, None, confidence, (), candidates, mention)
    return Resolution(mention.text, best.place, confidence, best.evidence, tuple(rest), mention)


def resolve_name(
    query: str, index: Index, *, near: str | None = None, country: str | None = None, limit: int = 5
) -> list[Resolution]:
    """Return the places a bare name may stand for, best first; an empty list where there is none.

    Parameters
    ----------
    near
        Name of a place that gives the context.
    country
        ISO 3166-1 alpha-2 code that the place must lie in.

    Raises
    ------
    UnknownNameError
        No place is called ``near``, or no country has the code.
    """
    if country is not None and country.upper() not in index.country_codes[1:]:
        raise UnknownNameError(f"No country has the code {country!r}.", "Give two letters of ISO 3166-1, as SY.")
    context = None
    if near is not None:
        found = rank_query(near, index)
        if not found:
            raise UnknownNameError(f"No place is called {near!r}.", "Give the name of a country, province or town.")
        context = found[0].row
    ranked = rank_query(query, index, near=context, country=country)
    return [
        Resolution(query, index.place(r.row), round(r.belief, 4), evidence_of(r.values, r.weights))
        for r in ranked[:limit]
    ]
