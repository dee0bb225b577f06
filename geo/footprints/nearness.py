"""Rules by distance: near, around, outside, 20 km north of, between, on the road, across."""

from __future__ import annotations

from collections.abc import Mapping

from geo.footprints import distances
from geo.footprints.drawing import Each, Together, each, somewhere
from geo.footprints.expressions import Distance, Expression
from geo.footprints.extents import NOWHERE, Extents, united
from geo.footprints.ground import Ground


def bearing(region: Extents, expression: Expression) -> Extents:
    """Return what lies at a distance in a direction."""
    return united([distances.at_bearing(region, _distance(expression), d) for d in expression.directions])


def at_distance(region: Extents, expression: Expression) -> Extents:
    """Return what lies at a distance."""
    return distances.at_distance(region, _distance(expression))


def within(region: Extents, expression: Expression) -> Extents:
    """Return what lies within a distance."""
    return distances.within(region, _distance(expression))


def depth(region: Extents, expression: Expression) -> Extents:
    """Return what lies at a distance inside a region's edge ("20 km inside Syria")."""
    return distances.at_depth(region, _distance(expression))


def near(region: Extents, _: Expression) -> Extents:
    """Return what lies near a region."""
    return distances.near(region)


def around(region: Extents, _: Expression) -> Extents:
    """Return a region with its surrounding."""
    return distances.around(region)


def outside(region: Extents, _: Expression) -> Extents:
    """Return the surrounding of a region."""
    return distances.outside(region)


def outskirts(region: Extents, _: Expression) -> Extents:
    """Return the edge of a town."""
    return distances.outskirts(region)


def suburbs(region: Extents, _: Expression) -> Extents:
    """Return the ring around the middle of a town."""
    return distances.suburbs(region)


def interior(region: Extents, _: Expression) -> Extents:
    """Return what of a region lies far from its edge ("deep inside Syria")."""
    return distances.interior(region)


def _distance(expression: Expression) -> Distance:
    assert expression.distance is not None, "patterns give a distance where a rule needs one"
    return expression.distance


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
    "at_distance": at_distance,
    "within": within,
    "depth": depth,
    "near": near,
    "around": around,
    "outside": outside,
    "outskirts": outskirts,
    "suburbs": suburbs,
    "interior": interior,
}
TOGETHER: Mapping[str, Together] = {
    "direction_of": direction_of,
    "between": between,
    "midway": midway,
    "road": road,
}
