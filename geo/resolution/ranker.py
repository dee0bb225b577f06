"""Belief in candidates: a softmax over weighted features, in stages that see what the stage before believed."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.resolution.features import CONTEXT, OWN, Floats, context_features, ground_of, own_features
from geo.resolution.scene import Scene, joined
from geo.settings import data_dir

NAMES = (*OWN, *CONTEXT)


@dataclass(frozen=True, slots=True)
class Ranking:
    """What is believed of a scene's candidates: features, weights, scores and beliefs of the last stage."""

    features: Floats
    weights: Floats
    belief: Floats


@cache
def weights_path() -> Path:
    """Return the file that training writes and reading loads."""
    return data_dir() / "models" / "resolution.json"


@cache
def load_stages(path: Path) -> tuple[Floats, ...]:
    """Return the weights of each stage, in the order of `NAMES`; the first two have none for context.

    The first is of names that stand alone, the second begins with the names of a report.
    """
    stages = json.loads(path.read_text(encoding="utf-8"))["stages"]
    return tuple(np.array([stage.get(name, 0.0) for name in NAMES]) for stage in stages)


def softmax(scores: Floats, starts: NDArray[np.int64]) -> Floats:
    """Return beliefs that sum to 1 over each entity's candidates."""
    lengths = np.append(starts[1:], len(scores)) - starts
    top = np.repeat(np.maximum.reduceat(scores, starts), lengths)
    raised = np.exp(scores - top)
    belief: Floats = raised / np.repeat(np.add.reduceat(raised, starts), lengths)
    return belief


def rank(scene: Scene, index: Index, stages: tuple[Floats, ...] | None = None) -> Ranking:
    """Return what is believed of each candidate, with all that led to it."""
    return rank_all([scene], index, stages)[0]


def rank_all(scenes: Sequence[Scene], index: Index, stages: tuple[Floats, ...] | None = None) -> list[Ranking]:
    """Return what is believed of the candidates of some articles, none of which bears on any other."""
    stages = stages or load_stages(weights_path())
    scene = joined(scenes)
    features = np.zeros((len(scene.row), len(NAMES)))
    belief = np.zeros(len(scene.row))
    if len(scene.row):
        features[:, : len(OWN)] = own_features(scene, index)
        ground = ground_of(scene, index, features)
        alone, belief = (softmax(weighted(features, weights), scene.starts) for weights in stages[:2])
        for weights in stages[2:]:
            features[:, len(OWN) :] = context_features(scene, index, belief, ground, alone)
            belief = softmax(weighted(features, weights), scene.starts)
    bounds = pairwise(np.cumsum([0, *(len(one.row) for one in scenes)]).tolist())
    return [Ranking(features[a:b], stages[-1], belief[a:b]) for a, b in bounds]


def weighted(features: Floats, weights: Floats) -> Floats:
    """Return the weighted sum of each row; unlike a matrix product the same for a row wherever it stands."""
    total: Floats = (features * weights).sum(axis=1)
    return total
