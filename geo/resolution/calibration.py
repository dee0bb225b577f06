"""Confidence that means something: what recognition and resolution believe, made into a share of right claims.

A claim is that a span names a place and that the place is there. Of the claims made with confidence 0.8, about 80 in
100 are right: a logistic regression of the outcome on both beliefs (Platt 1999), fitted to articles held out from both.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geo.settings import data_dir

LEAST_CONFIDENCE = 0.2
"""Below this a mention is left unresolved: four of five such guesses are wrong."""

_SUREST = 0.9995


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights of the log odds of a claim: a constant, and those of the span, of the place, and of a derived place."""

    constant: float
    recognition: float
    resolution: float
    derived: float

    def confidence(self, recognition: float, resolution: float, *, derived: bool = False) -> float:
        """Return how likely a claim is right, from what recognition and resolution believe (0 to 1).

        For a derived place only recognition counts: what its neighbour is believed at says little.
        """
        place = self.derived if derived else self.resolution * log_odds(resolution)
        odds = self.constant + self.recognition * log_odds(recognition) + place
        return round(1 / (1 + math.exp(-odds)), 4)


def log_odds(probability: float) -> float:
    """Return the log odds of a probability, kept from infinity."""
    p = min(max(probability, 1 - _SUREST), _SUREST)
    return math.log(p / (1 - p))


@cache
def calibration_path() -> Path:
    """Return the file that training writes and reading loads."""
    return data_dir() / "models" / "calibration.json"


@cache
def load_calibration(path: Path) -> Calibration:
    """Read what `save_calibration` wrote."""
    return Calibration(**json.loads(path.read_text(encoding="utf-8")))


def save_calibration(calibration: Calibration, path: Path) -> None:
    """Write the weights, rounded, for people to read."""
    rows = {name: round(value, 4) for name, value in asdict(calibration).items()}
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def fit_calibration(claims: Sequence[tuple[float, float, bool]], right: Sequence[bool]) -> Calibration:
    """Return the calibration of claims: recognition's belief, resolution's belief, and whether the place is derived."""
    rows = np.array([[1.0, log_odds(a), 0.0 if c else log_odds(b), float(c)] for a, b, c in claims])
    weights = _logistic(rows, np.array(right, float))
    return Calibration(*(float(w) for w in weights))


def _logistic(rows: NDArray[np.float64], right: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the weights of a logistic regression, lightly penalised (Newton's method)."""
    weights = np.zeros(rows.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (p - right) + 0.1 * weights
        curve = (rows * (p * (1 - p))[:, None]).T @ rows + 0.1 * np.eye(len(weights))
        weights = weights - np.linalg.solve(curve, slope)
    return weights
