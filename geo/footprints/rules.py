"""The rules: each relation of locative expressions as a named function that gives it extents, and what it is called."""

from __future__ import annotations

from geo.footprints import borders, distances, named, nearness, parts, waterside
from geo.footprints.drawing import EACH, TOGETHER, extents_of
from geo.footprints.expressions import Expression
from geo.footprints.extents import Extents, united
from geo.footprints.ground import Ground
from geo.footprints.parts import some

__all__ = ["EACH", "TOGETHER", "drawn", "extents_of", "relation_of"]

# We do not know their course, so nothing is surely near them.
_COURSELESS = frozenset({"road", "line"})


def drawn(expression: Expression, ground: Ground) -> Extents:
    """Return the extents of a whole expression; of one about a road, whose course we do not know, none is sure."""
    extents = extents_of(expression, ground)
    courseless = any(named.feature in _COURSELESS for named in expression.places())
    return some(extents, expression) if courseless else extents


def along(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along a river; a border, coast or road as it is; the surrounding of anything else."""
    return united([_along(operand, ground) for operand in expression.operands])


def _along(operand: Expression, ground: Ground) -> Extents:
    region = extents_of(operand, ground)
    if operand.place is not None and operand.place.feature in _COURSELESS:
        return some(region, operand)
    return distances.near(region) if operand.place is not None and region.size_km else region


EACH.update({**nearness.EACH, **parts.EACH})
TOGETHER.update(
    {
        **named.TOGETHER,
        **parts.TOGETHER,
        **nearness.TOGETHER,
        **borders.TOGETHER,
        **waterside.WATERSIDE,
        "along": along,
    }
)

# What a relation is called in output where its rule's own name does not say it.
_NAMES = {
    "place": "whole_unit",
    "outline": "whole_unit",
    "name": "whole_unit",
    "unit": "whole_unit",
    "whole": "whole_unit",
    "some": "part_of",
    "within": "within_distance",
    "depth": "inside_at_distance",
    "border_with": "border",
    "border_side": "border",
    "at_sea": "offshore",
    "except_part": "except",
    "border_units": "neighbours",
    "within_unit": "whole_unit",
    "others": "except",
    "common": "near",
    "capital": "whole_unit",
    "sibling": "whole_unit",
    "mainland": "whole_unit",
    "direction_part": "{}_of_part",
    "border_part": "{}_of_part",
    "shared_part": "{}_of_part",
    "river_part": "{}",
    "downstream": "{}",
    "coast_between": "coast",
    "river_between": "along",
    "across": "across_border",
    "beyond": "{}_of_part",
    "bank": "{}_bank",
    "shore_part": "{}_of_part",
    "interior": "deep_inside",
    "direction_of": "{}_of",
    "bearing": "{}_of_at_distance",
}
# These say how much of a region is meant, not where it is.
_QUALIFYING = frozenset({"some", "whole", "within_unit", "narrowed", "specified"})


def relation_of(expression: Expression) -> str:
    """Return the name of an expression's relation for output, as ``north_of_part``.

    "Certain parts in the north of" keeps the name of what it is parts of; a list is called as its members are.
    """
    inner = {relation_of(operand) for operand in expression.operands}
    first = relation_of(expression.operands[0]) if expression.operands else ""
    if expression.is_list and len(inner) == 1:
        return first
    if expression.relation in _QUALIFYING and first not in {"whole_unit", "list"}:
        return first
    if expression.relation == "along" and first != "whole_unit":
        return f"along_{first}"
    return _NAMES.get(expression.relation, expression.relation).format("_and_".join(expression.directions))
