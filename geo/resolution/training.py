"""Training of the ranker: annotated articles to the weights of its stages. Needs SciPy, which reading does not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from geo.gazetteer.index import Index
from geo.resolution.features import (
    CONTEXT,
    EARTH_KM,
    OWN,
    Floats,
    Ground,
    context_features,
    ground_of,
    own_features,
    unit_vectors,
)
from geo.resolution.ranker import NAMES, softmax
from geo.resolution.scene import Scene

PENALTY = 0.3
FIRMNESS = 30.0
"""Penalty for leaving a prior: it takes much of a corpus to move what was set because corpora hold too little of it."""
STAGES = 3
RIGHT_KM, NEAR_KM = 25.0, 161.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """A scene, and which of its candidates are right; entities without a right candidate teach nothing."""

    scene: Scene
    own: Floats
    ground: Ground
    right: NDArray[np.bool_]
    weight: Floats


def lesson_of(
    scene: Scene, points: Sequence[tuple[float, float] | None], index: Index, *, importance: float = 1.0
) -> Lesson:
    """Return what a scene teaches.

    Parameters
    ----------
    points
        Longitude and latitude of the true place of each entity, None where it is not known.
    importance
        How much the scene counts beside others.
    """
    features = own_features(scene, index)
    ground = ground_of(scene, index, features)
    right = np.zeros(len(scene.row), bool)
    for number, point in enumerate(points):
        own = np.flatnonzero(scene.entity == number)
        if point is None or not len(own):
            continue
        true = unit_vectors(np.array([point[0]]), np.array([point[1]]))
        km = 2 * EARTH_KM * np.arcsin(np.sqrt(np.maximum(2 - 2 * (ground.positions[own] @ true[0]), 0)) / 2)
        right[own] = km < (RIGHT_KM if km.min() < RIGHT_KM else NEAR_KM)
    taught = np.array([right[scene.entity == n].any() for n in range(len(scene.entities))], bool)
    count = np.array([np.sqrt(len(e.mentions)) for e in scene.entities])
    return Lesson(scene, features, ground, right, (importance * taught * count)[scene.entity])


def fit_stages(lessons: Sequence[Lesson], alone: Sequence[Lesson], index: Index) -> tuple[Floats, ...]:
    """Return the weights of the stages.

    The first is of names that stand alone, and learns from both kinds of lesson. Of the others each is trained on the
    beliefs of the one before; what a name means alone is a prior to them, with a weight that is set (`PRIOR`).
    """
    both = [*lessons, *alone]
    stages = [_fit([_without_context(n) for n in both], both)]
    features = [_without_context(n) for n in lessons]
    for stage in range(STAGES):
        stages.append(_fit(features, lessons))
        if stage + 1 < STAGES:
            beliefs = [softmax(f @ stages[-1], n.scene.starts) for f, n in zip(features, lessons, strict=True)]
            for f, lesson, belief in zip(features, lessons, beliefs, strict=True):
                f[:, len(OWN) :] = context_features(lesson.scene, index, belief, lesson.ground, _silent(belief))
    return tuple(stages)


def _silent(belief: Floats) -> Floats:
    """Return beliefs of which no name alone tells anything."""
    return np.ones_like(belief)


def _without_context(lesson: Lesson) -> Floats:
    return np.concatenate([lesson.own, np.zeros((len(lesson.own), len(CONTEXT)))], axis=1)


PRIOR: dict[str, float] = {
    "spelling": 12.0,
    "admin1 asked for": 4.0,
    "admin2 asked for": 3.0,
    "another kind asked for": -2.0,
    "abbreviation in capitals": 3.0,
    "unit of a town of its name": -2.0,
    "country where many countries are named": 2.0,
    "meant by the name alone, where nothing else is named": 4.0,
}
"""What weights are drawn to before anything is learnt, 0 where not named: the corpora hold hardly any other spellings
of a name, few provinces that bear their capital's name and few countries that bear a province's; and what their reports
of one name tell, of small towns mostly, is not what a lone name means elsewhere."""


def _fit(features: Sequence[Floats], lessons: Sequence[Lesson]) -> Floats:
    """Return the weights that maximise the penalised likelihood that one of the right candidates is chosen."""
    matrix = np.concatenate(features)
    sizes = np.cumsum([0, *(len(f) for f in features)])
    starts = np.concatenate([n.scene.starts + s for n, s in zip(lessons, sizes, strict=False)])
    right = np.concatenate([n.right for n in lessons])
    weight = np.concatenate([n.weight for n in lessons])
    group = weight[starts]
    prior = np.array([PRIOR.get(name, 0.0) for name in NAMES])
    penalty = np.array([FIRMNESS if name in PRIOR else PENALTY for name in NAMES])

    def loss(weights: Floats) -> tuple[float, Floats]:
        belief = softmax(matrix @ weights, starts)
        good = np.add.reduceat(belief * right, starts)
        share = belief * right / np.repeat(np.maximum(good, 1e-12), np.diff(starts, append=len(belief)))
        value = (
            -(group * np.log(np.maximum(good, 1e-12)) * (group > 0)).sum()
            + (penalty * (weights - prior) ** 2).sum() / 2
        )
        return float(value), matrix.T @ (weight * (belief - share)) + penalty * (weights - prior)

    found = minimize(loss, prior, jac=True, method="L-BFGS-B", options={"maxiter": 300})
    weights: Floats = found.x
    return weights


def save_stages(stages: Sequence[Floats], path: Path) -> None:
    """Write the weights of all stages, named and rounded, for people to read."""
    rows = [
        {name: round(float(w), 3) for name, w in zip(NAMES, stage, strict=True) if abs(w) > 0.0005} for stage in stages
    ]
    path.write_text(json.dumps({"stages": rows}, indent=1) + "\n", encoding="utf-8")
