"""Expressions to extents: which rule a relation has, and what it is given.

The rules stand in modules by their kind; `geo.footprints.rules` puts their tables together here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from geo.footprints.expressions import Expression
from geo.footprints.extents import NOWHERE, Extents, united
from geo.footprints.ground import Ground

Each = Callable[[Extents, Expression], Extents]
Together = Callable[[Expression, Ground], Extents]

# A quarter of the way around the Earth: no report says that something is farther off.
_FARTHEST_KM = 10_000.0

EACH: dict[str, Each] = {}
"""Rules over one region, which hold for each member of a list: "near A and B" is near either."""

TOGETHER: dict[str, Together] = {}
"""Rules over all operands at once."""


def extents_of(expression: Expression, ground: Ground) -> Extents:
    """Return the extents of an expression; their zone is empty where it has no shape.

    A relation over one region holds for each member of a list: "near A and B" is near either.
    """
    if expression.distance is not None and expression.distance.km > _FARTHEST_KM:
        return NOWHERE
    rule = EACH.get(expression.relation)
    if rule is None:
        return TOGETHER[expression.relation](expression, ground)
    return united([rule(region, expression) for region in each(expression, ground)])


def each(expression: Expression, ground: Ground) -> list[Extents]:
    """Return the extents of a relation's operand; of each member where it is a list."""
    operand = expression.operands[0]
    return somewhere(operand.operands if operand.is_list else (operand,), ground)


def somewhere(operands: Iterable[Expression], ground: Ground) -> list[Extents]:
    """Return the extents of those operands that have a shape."""
    return [region for operand in operands if not (region := extents_of(operand, ground)).zone.is_empty]
