"""Evidence to a field: how likely is each location to be inside.

Every evidence point is given a depth: how far it lies from the nearest point that says the opposite, positive inside,
negative outside, 0 on the line. A Gaussian process with a Matérn kernel interpolates the depths (Rasmussen & Williams,
*Gaussian Processes for Machine Learning*, 2006, chapter 2; geostatistics calls it kriging, and a line drawn where
such a field is zero an implicit surface: Lajaunie et al. 1997). Mean and deviation give the probability of a depth
above zero.

Lengths are measured in spacings, the typical distance between neighbouring points, so that one set of constants serves
a zone of a hundred square kilometres and one of ten thousand; ``docs/zones.md`` says how they were chosen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Array = NDArray[np.float64]

NEIGHBOUR = 3
"""The spacing is the median distance to the neighbour of this rank."""

LENGTH = 3.0
"""Length scale of the kernel, in spacings."""

REACH = 1.0
"""Depth at which it no longer counts how much deeper a point lies, in spacings. Depths are written in parts of it."""

AMPLITUDE = 0.8
"""Deviation of the depth from what is expected, far from all evidence."""

SMOOTHNESS = 0.5
"""The kernel's ν: a rough field, which lets the side change from one town to the next, as fronts do."""

PRIOR = -0.3
"""Depth expected far from all evidence: outside."""

UNIT_PULL = 0.9
"""How much the named units pull: units named whole draw the field up inside them and down outside; beyond the units
named in part it goes down. The pull grows from nothing at the units' line to this within about a spacing."""

NOISE = {"high": 0.02, "medium": 0.06, "low": 0.12}
"""Variance of a depth by the confidence of its point: towns have width, are misplaced and misread."""

BLUR = 0.25
"""Deviation that is left where much is known: the line is not a line."""


@dataclass(frozen=True, slots=True)
class Samples:
    """Evidence in local kilometres: positions (rows of x, y), labels (1 inside, 0 on the line, −1 outside), noise."""

    xy: Array
    labels: Array
    noise: Array


@dataclass(frozen=True, slots=True)
class NamedUnits:
    """The first-level units an agreement names, in local kilometres; None where it names none."""

    whole: BaseGeometry | None
    named: BaseGeometry | None

    def mean(self, xy: Array, spacing: float) -> Array:
        """Return the depth expected at points before any evidence."""
        import numpy as np

        mean = np.full(len(xy), PRIOR)
        if self.whole is not None:
            mean += UNIT_PULL * np.tanh(_signed_distance(self.whole, xy) / spacing)
        if self.named is not None:
            mean += UNIT_PULL * np.minimum(0, np.tanh(_signed_distance(self.named, xy) / spacing))
        return mean


def _signed_distance(area: BaseGeometry, xy: Array) -> Array:
    """Return the distance of points from an area's line, negative outside."""
    import numpy as np
    import shapely

    shapely.prepare(area)
    line = area.boundary
    shapely.prepare(line)
    points = shapely.points(xy)
    distance: Array = np.asarray(shapely.distance(line, points))
    distance[~shapely.contains(area, points)] *= -1
    return distance


def spacing_of(xy: Array) -> float:
    """Return the typical distance between neighbouring points, in the unit of the points."""
    import numpy as np
    from scipy.spatial import cKDTree

    rank = min(NEIGHBOUR, len(xy) - 1)
    distances, _ = cKDTree(xy).query(xy, k=rank + 1)
    return float(np.median(np.atleast_2d(distances)[:, -1])) or 1.0


def depths(samples: Samples, spacing: float) -> Array:
    """Return each sample's depth in parts of the reach: from −1 to 1, and 0 for those on the line."""
    import numpy as np
    from scipy.spatial import cKDTree

    result = np.zeros(len(samples.labels))
    for sign in (1.0, -1.0):
        own, opposite = samples.labels == sign, samples.labels == -sign
        result[own] = sign
        if own.any() and opposite.any():
            distance, _ = cKDTree(samples.xy[opposite]).query(samples.xy[own])
            result[own] *= np.minimum(1.0, distance / (REACH * spacing))
    return result


@dataclass(frozen=True, slots=True)
class Field:
    """A fitted field; ask it with `probability`."""

    process: Any
    units: NamedUnits
    spacing: float

    def probability(self, xy: Array, mean: Array | None = None) -> Array:
        """Return how likely points (rows of x, y in local kilometres) are to be inside, 0 to 1.

        ``mean`` is what `NamedUnits.mean` gives for the points, where it is known already.
        """
        import numpy as np
        from scipy.special import ndtr

        mean = self.units.mean(xy, self.spacing) if mean is None else mean
        depth, deviation = self.process.predict(xy, return_std=True)
        result: Array = ndtr((depth + mean) / np.hypot(deviation, BLUR))
        return result


def fit(samples: Samples, units: NamedUnits, spacing: float) -> Field:
    """Fit the field to the evidence."""
    from sklearn.gaussian_process import GaussianProcessRegressor
    from sklearn.gaussian_process.kernels import ConstantKernel, Matern

    kernel = ConstantKernel(AMPLITUDE**2) * Matern(length_scale=LENGTH * spacing, nu=SMOOTHNESS)
    process = GaussianProcessRegressor(kernel=kernel, alpha=samples.noise, optimizer=None)
    process.fit(samples.xy, depths(samples, spacing) - units.mean(samples.xy, spacing))
    return Field(process, units, spacing)
