"""Belief in candidates: a softmax over weighted features, in stages that see what the stage before believed."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.gazetteer.index import Index
from geo.resolution.features import CONTEXT, OWN, Floats, context_features, ground_of, own_features
from geo.resolution.scene import Scene
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
    """Return the weights of each stage, in the order of `NAMES`; the first has none for context."""
    stages = json.loads(path.read_text(encoding="utf-8"))["stages"]
    return tuple(np.array([stage.get(name, 0.0) for name in NAMES]) for stage in stages)


def softmax(scores: Floats, starts: NDArray[np.int64]) -> Floats:
    """Return beliefs that sum to 1 over each entity's candidates."""
    lengths = np.diff(starts, append=len(scores))
    top = np.repeat(np.maximum.reduceat(scores, starts), lengths)
    raised = np.exp(scores - top)
    belief: Floats = raised / np.repeat(np.add.reduceat(raised, starts), lengths)
    return belief


def rank(scene: Scene, index: Index, stages: tuple[Floats, ...] | None = None) -> Ranking:
    """Return what is believed of each candidate, with all that led to it."""
    stages = stages or load_stages(weights_path())
    if not len(scene.row):
        return Ranking(np.zeros((0, len(NAMES))), stages[-1], np.zeros(0))
    own = own_features(scene, index)
    features = np.concatenate([own, np.zeros((len(own), len(CONTEXT)))], axis=1)
    belief = softmax(features @ stages[0], scene.starts)
    ground = ground_of(scene, index)
    for weights in stages[1:]:
        features[:, len(OWN) :] = context_features(scene, index, belief, ground)
        belief = softmax(features @ weights, scene.starts)
    return Ranking(features, stages[-1], belief)
