"""A bare name ranked by itself, or beside a place that gives the context."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from geo.gazetteer.index import Index
from geo.resolution.features import CONTEXT, EARTH_KM, OWN, Floats, own_features, unit_vectors
from geo.resolution.ranker import NAMES, load_stages, softmax, weights_path
from geo.resolution.scene import Scene, scene_of_query

TOWN_FIRST = 3.0
"""Added weight of a town over the unit that bears its name: a bare name, asked for alone, means the town."""

CONTEXT_FIRST = 4.0
"""Added weight of places in the country or unit that is given as the context: it is given because they are meant."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A place for a bare name: its row, what it is believed at, and its features with their weights."""

    row: int
    belief: float
    values: Floats
    weights: Floats


def rank_query(query: str, index: Index, *, near: int | None = None, country: str | None = None) -> list[Ranked]:
    """Return the places a bare name may stand for, best first."""
    scene = scene_of_query(query, index, country or _country_of(index, near))
    if country is not None:
        scene = _within(scene, index, country)
    if not len(scene.row):
        return []
    weights = load_stages(weights_path())[-1 if near is not None else 0].copy()
    if not scene.entities[0].asked:
        weights[NAMES.index("town of a unit of its name")] += TOWN_FIRST
    weights[NAMES.index("in the place it is said to lie in")] += CONTEXT_FIRST
    values = np.concatenate([own_features(scene, index), np.zeros((len(scene.row), len(CONTEXT)))], axis=1)
    if near is not None:
        values[:, len(OWN) :] = _beside(scene, index, near)
    belief = softmax(values @ weights, np.zeros(1, np.int64))
    return [
        Ranked(int(scene.row[i]), float(belief[i]), values[i], weights)
        for i in np.argsort(-belief, kind="stable").tolist()
    ]


def _country_of(index: Index, row: int | None) -> str | None:
    return None if row is None else index.country_codes[index.country[row]] or None


def _within(scene: Scene, index: Index, country: str) -> Scene:
    keep = index.country[scene.row] == index.country_codes.index(country.upper())
    return replace(
        scene, row=scene.row[keep], kind=scene.kind[keep], entity=scene.entity[keep], similarity=scene.similarity[keep],
        starts=np.zeros(min(1, int(keep.sum())), np.int64),
    )  # fmt: skip


def _beside(scene: Scene, index: Index, near: int) -> Floats:
    """Return the context's features where the text names one other place, surely."""
    values = np.zeros((len(scene.row), len(CONTEXT)))
    column = {name: number for number, name in enumerate(CONTEXT)}
    row, other = scene.row, row_positions(index, np.array([near]))
    km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.maximum(2 - 2 * (row_positions(index, row) @ other[0]), 0)) / 2)
    inside = (index.country[row] == index.country[near]) & (index.country[near] > 0)
    values[:, column["country in focus"]] = inside
    values[:, column["country named in the text"]] = inside
    is_area = index.feature_of(near) in {"country", "admin1", "admin2"}
    if is_area:
        lies = (
            inside if index.feature_of(near) == "country" else (index.admin1[row] == near) | (index.admin2[row] == near)
        )
        values[:, column["in the place it is said to lie in"]] = lies
        values[:, column["not in the place it is said to lie in"]] = ~lies
    else:
        same = (index.admin1[row] == index.admin1[near]) & (index.admin1[near] >= 0)
        values[:, column["province in focus"]] = same
        values[:, column["nearest other place"]] = np.exp(-km / 150)
    return values


def row_positions(index: Index, rows: np.ndarray[tuple[int], np.dtype[np.int64]]) -> Floats:
    """Return unit vectors of places."""
    return unit_vectors(index.lon[rows].astype(float), index.lat[rows].astype(float))
