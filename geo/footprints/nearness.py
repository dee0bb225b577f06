"""Rules by distance: near, around, outside, 20 km north of, between, on the road, across."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from geo.footprints import distances
from geo.footprints.drawing import Each, Together, each, somewhere
from geo.footprints.expressions import Distance, Expression
from geo.footprints.extents import NOWHERE, Extents, united
from geo.footprints.ground import Ground


def bearing(region: Extents, expression: Expression) -> Extents:
    """Return what lies at a distance in a direction."""
    return united([distances.at_bearing(region, _distance(expression), d) for d in expression.directions])


def _distance(expression: Expression) -> Distance:
    assert expression.distance is not None, "patterns give a distance where a rule needs one"
    return expression.distance


def _of_region(rule: Callable[[Extents], Extents]) -> Each:
    """Return a rule of `geo.footprints.distances` that asks nothing of the words but their relation."""
    return lambda region, _: rule(region)


def _by_distance(rule: Callable[[Extents, Distance], Extents]) -> Each:
    """Return a rule of `geo.footprints.distances` with the distance that the words give."""
    return lambda region, expression: rule(region, _distance(expression))


def direction_of(expression: Expression, ground: Ground) -> Extents:
    """Return what lies in a direction outside a region, in any of several."""
    regions = each(expression, ground)
    return united([distances.in_direction(r, way, ground.towns_in) for r in regions for way in expression.directions])


def between(expression: Expression, ground: Ground) -> Extents:
    """Return what lies between two regions, or what three and more enclose."""
    regions = somewhere(dict.fromkeys(expression.operands), ground)
    return distances.between(regions) if len(regions) > 1 else NOWHERE


def midway(expression: Expression, ground: Ground) -> Extents:
    """Return the surrounding of the point halfway between two places."""
    ends = _apart(expression, ground)
    return distances.midway(*ends) if len(ends) == 2 else NOWHERE


def road(expression: Expression, ground: Ground) -> Extents:
    """Return where the road between two places may run."""
    ends = _apart(expression, ground)
    return distances.road(*ends) if len(ends) == 2 else NOWHERE


def _apart(expression: Expression, ground: Ground) -> list[Extents]:
    """Return the two ends of a way; none where they are one place."""
    one, other = expression.operands[:2]
    return [] if list(one.places()) == list(other.places()) else somewhere((one, other), ground)


EACH: Mapping[str, Each] = {
    "bearing": bearing,
    "at_distance": _by_distance(distances.at_distance),
    "within": _by_distance(distances.within),
    "depth": _by_distance(distances.at_depth),
    "near": _of_region(distances.near),
    "around": _of_region(distances.around),
    "outside": _of_region(distances.outside),
    "outskirts": _of_region(distances.outskirts),
    "suburbs": _of_region(distances.suburbs),
    "interior": _of_region(distances.interior),
}
TOGETHER: Mapping[str, Together] = {
    "direction_of": direction_of,
    "between": between,
    "midway": midway,
    "road": road,
}
