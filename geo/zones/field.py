"""Evidence points to a field: how likely is each location to be inside.

Gaussian-process regression on labels (+1 inside, 0 on the line, −1 outside), squashed through the normal distribution:
"least-squares classification" of Rasmussen & Williams, Gaussian Processes for Machine Learning (2006), section 6.5;
geostatistics knows it as indicator kriging. Exact, deterministic, and each point can carry its own noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LABELS = {"inside": 1.0, "boundary": 0.0, "outside": -1.0, "enclave": -1.0}
"""What a status says. Ambiguous points say nothing."""

PRIOR = -1.0
"""Label expected far from all evidence: outside rather than inside."""

NOISE = {"high": 0.05, "medium": 0.1, "low": 0.3}
"""Variance of a label by the confidence of its point, for misplaced and misread towns."""

SMOOTHNESS = 1.5
"""Matérn kernel's ν: the field has a slope everywhere, the front no cusp at each town."""


@dataclass(frozen=True, slots=True)
class Sample:
    """An evidence point in local kilometres, with what it says and how noisy it is."""

    x: float
    y: float
    label: float
    noise: float


def fit(samples: Sequence[Sample], scale_km: float) -> Any:
    """Return the fitted process."""
    import numpy as np
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import Matern

    process = GaussianProcessRegressor(
        kernel=Matern(length_scale=scale_km, nu=SMOOTHNESS),
        alpha=np.array([s.noise for s in samples]),
        optimizer=None,
    )
    return process.fit(np.array([(s.x, s.y) for s in samples]), np.array([s.label - PRIOR for s in samples]))


def probability(process: Any, points: Array) -> Array:
    """Return how likely each point (rows of x, y in local kilometres) is to be inside, 0 to 1."""
    import numpy as np
    from scipy.special import ndtr

    mean, deviation = process.predict(points, return_std=True)
    result: Array = ndtr((mean + PRIOR) / np.hypot(deviation, SPREAD))
    return result


SPREAD = 0.3
"""Deviation of the squashing function: how sharp the turn from inside to outside is where much is known."""
