"""The rules: each relation of locative expressions as a named function that gives it extents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING

from geo.footprints import distances, lines
from geo.footprints.directions import beyond_place, directional_part
from geo.footprints.expressions import Distance, Expression
from geo.footprints.extents import NOWHERE, Extents, common, united, without
from geo.footprints.ground import Ground
from geo.footprints.waterside import WATERSIDE, water
from geo.geometry import polygons_of

if TYPE_CHECKING:
    from geo.model import Place


# Towns with more people than this have parts that reports speak of.
_LARGE_TOWN = 1_000_000
# We do not know their course, so nothing is surely near them.
_COURSELESS = frozenset({"road", "line"})


def extents_of(expression: Expression, ground: Ground) -> Extents:
    """Return the extents of an expression; their zone is empty where it has no shape.

    A relation over one region holds for each member of a list: "near A and B" is near either.
    """
    rule = EACH.get(expression.relation)
    if rule is None:
        return TOGETHER[expression.relation](expression, ground)
    return united([rule(region, expression) for region in _each(expression, ground)])


def _each(expression: Expression, ground: Ground) -> list[Extents]:
    operand = expression.operands[0]
    return _somewhere(operand.operands if operand.is_list else (operand,), ground)


def _somewhere(operands: Iterable[Expression], ground: Ground) -> list[Extents]:
    """Return the extents of those operands that have a shape."""
    return [region for operand in operands if not (region := extents_of(operand, ground)).zone.is_empty]


def whole(region: Extents, _: Expression) -> Extents:
    """Return a region unchanged ("all of", "throughout")."""
    return region


def some(region: Extents, _: Expression) -> Extents:
    """Return a region of which only parts are meant: any of it is possible, none of it sure."""
    from shapely.geometry import Polygon

    return region.with_areas(Polygon(), region.zone, region.possible)


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


def _distance(expression: Expression) -> Distance:
    assert expression.distance is not None, "patterns give a distance where a rule needs one"
    return expression.distance


def direction_part(expression: Expression, ground: Ground) -> Extents:
    """Return the part of a region in a direction: see `geo.footprints.directions`.

    In "the south of Idlib's border with Hama" the south may be the border's or Idlib's: all of it stays possible.
    """
    operand = expression.operands[0]
    if operand.relation == "place" and expression.directions != ("centre",):
        return _part_of_name(expression, ground)
    part = united([_part(region, expression, ground) for region in _each(expression, ground)])
    if operand.relation in {"border", "border_with"}:
        return part.with_areas(part.core, part.zone, extents_of(operand, ground).possible)
    return part


def _part_of_name(expression: Expression, ground: Ground) -> Extents:
    """Return the part of a bare name; a town's name may stand for its province: "northern Idlib" mostly does.

    Of a town of more than a million the part is its own, and the province's possible; of others it is the province's.
    """
    named = next(expression.places())
    own = _part(ground.extents(named), expression, ground)
    if named.feature != "city" or ground.unit_shape(named) is None:
        return own
    province = _part(ground.extents(named, "unit"), expression, ground)
    first, second = (own, province) if named.population > _LARGE_TOWN else (province, own)
    return first.with_areas(first.core, first.zone, first.possible.union(second.possible))


def _part(region: Extents, expression: Expression, ground: Ground) -> Extents:
    return directional_part(region, expression.directions, expression.far, ground.towns_in)


def direction_of(expression: Expression, ground: Ground) -> Extents:
    """Return what lies in a direction outside a region, in any of several."""
    regions = _each(expression, ground)
    return united([distances.in_direction(r, way, ground.towns_in) for r in regions for way in expression.directions])


def place(expression: Expression, ground: Ground) -> Extents:
    """Return the polygon of a unit or lake, the strip along a river, the disc of anything else."""
    assert expression.place is not None, "a bare place has one"
    return water(expression.place, ground)


def drawn(expression: Expression, ground: Ground) -> Extents:
    """Return the extents of a whole expression; of one about a road, whose course we do not know, none is sure."""
    extents = extents_of(expression, ground)
    courseless = any(named.feature in _COURSELESS for named in expression.places())
    return some(extents, expression) if courseless else extents


def unit(expression: Expression, ground: Ground) -> Extents:
    """Return a place as the unit the words call it: in "Idlib province" the province, not the town."""
    return ground.extents(next(expression.places()), expression.unit_type)


def outline(expression: Expression, ground: Ground) -> Extents:
    """Return a unit that a text names without more: its boundary is exact, so core, zone and possible are one."""
    return ground.outline(next(expression.places()))


def name(expression: Expression, ground: Ground) -> Extents:
    """Return a bare name: what it stands for; of a town that a province is named after possibly that province."""
    named = next(expression.places())
    region = water(named, ground)
    if named.feature != "city" or ground.unit_shape(named) is None:
        return region
    return region.with_areas(region.core, region.zone, region.possible.union(ground.extents(named, "unit").possible))


def several(expression: Expression, ground: Ground) -> Extents:
    """Return the union of what is listed."""
    return united([extents_of(operand, ground) for operand in expression.operands])


def between(expression: Expression, ground: Ground) -> Extents:
    """Return what lies between two regions, or what three and more enclose."""
    regions = _somewhere(expression.operands, ground)
    return distances.between(regions) if len(regions) > 1 else NOWHERE


def road(expression: Expression, ground: Ground) -> Extents:
    """Return where the road between two places may run."""
    ends = _somewhere(expression.operands[:2], ground)
    return distances.road(*ends) if len(ends) == 2 else NOWHERE


def excepted(expression: Expression, ground: Ground) -> Extents:
    """Return the first region without the others."""
    first, *others = (extents_of(operand, ground) for operand in expression.operands)
    return without(first, united(others))


def excepted_part(expression: Expression, ground: Ground) -> Extents:
    """Return a region without its part in a direction ("Syria except the north-east")."""
    return united([without(region, _part(region, expression, ground)) for region in _each(expression, ground)])


def specified(expression: Expression, ground: Ground) -> Extents:
    """Return what an apposition names ("the south of Syria — provinces Daraa and Quneitra").

    The second says which places the first means; of parts of the first none of the second is sure either.
    """
    first, *named = (extents_of(operand, ground) for operand in expression.operands)
    exact = united(named)
    return some(exact, expression) if first.core.is_empty else exact


def within_unit(expression: Expression, ground: Ground) -> Extents:
    """Return what of a region lies in a unit ("along the Euphrates in Syria"); all of it where they do not meet."""
    region, inside = (extents_of(operand, ground) for operand in expression.operands[:2])
    met = common(region, inside)
    return region if met.zone.is_empty else met


def narrowed(expression: Expression, ground: Ground) -> Extents:
    """Return what two expressions have in common ("near the border, 20 km from Kharkiv"); both where nothing."""
    regions = [extents_of(operand, ground) for operand in expression.operands[:2]]
    met = common(*regions)
    return united(regions) if met.zone.is_empty else met


def beyond(expression: Expression, ground: Ground) -> Extents:
    """Return what of a unit lies beyond a place in it ("Israel north of Haifa")."""
    region, mark = (extents_of(operand, ground) for operand in expression.operands[:2])
    return united([beyond_place(region, mark, direction) for direction in expression.directions])


def across(expression: Expression, ground: Ground) -> Extents:
    """Return what is beyond the border: around a town ("across the border from El Paso"), all along a unit."""
    return united([_across(named, expression.context, ground) for named in expression.places()])


def _across(named: Place, context: str, ground: Ground) -> Extents:
    is_unit = ground.unit_shape(named) is not None
    near = _border_with(named, context, ground) if is_unit else distances.around(ground.extents(named))
    own = ground.boundaries.country(named.country) if named.country else None
    return near if own is None else near.map(lambda area: polygons_of(area.difference(own)))


def countryside(expression: Expression, ground: Ground) -> Extents:
    """Return the province of a town's name without the town.

    The surroundings of a town after which no province is named, or only one about as large as the town.
    """
    operand = expression.operands[0]
    members = operand.operands if operand.is_list else (operand,)
    return united([_countryside(member, ground) for member in members])


def _countryside(expression: Expression, ground: Ground) -> Extents:
    named = next(expression.places())
    if expression.relation not in {"place", "unit"} or named.feature not in {"city", "admin1"}:
        return extents_of(expression, ground)
    town = ground.extents(named) if named.feature == "city" else ground.town_of(named)
    if town is None:
        return extents_of(expression, ground)
    if ground.unit_shape(named) is not None:
        province = ground.extents(named, "unit")
        land = without(province, town)
        if land.zone.area > 0.5 * province.zone.area:
            return land
    return distances.outside(town)


def neighbours(expression: Expression, ground: Ground) -> Extents:
    """Return the units that touch a unit: countries around a country, provinces around a province."""
    found = [ground.neighbours(named) for named in expression.places()]
    return united([polygon for group in found for polygon in group] or [NOWHERE])


def border(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along the first unit's border with each of the others; nowhere where they do not touch."""
    first, *others = expression.operands
    return united([_border_between(first, other, ground) for other in others])


def _border_between(first: Expression, other: Expression, ground: Ground) -> Extents:
    one, two = (ground.unit_shape(next(side.places())) for side in (first, other))
    if one is None or two is None:
        return distances.between([extents_of(first, ground), extents_of(other, ground)])
    strip = lines.border_strip(one, two)
    if strip.zone.is_empty or first.relation in {"place", "unit"}:
        return strip
    return common(strip, distances.around(extents_of(first, ground)))


def border_with(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along a unit's border of which one side is named.

    The other side is the country the text is about; all its land borders where there is none or they do not touch.
    """
    return united([_border_with(named, expression.context, ground) for named in expression.places()])


def _border_with(named: Place, context: str, ground: Ground) -> Extents:
    shape = ground.unit_shape(named)
    if shape is None:
        return distances.outskirts(ground.extents(named))
    other = ground.boundaries.country(context) if context else None
    strip = lines.border_strip(shape, other) if other is not None else NOWHERE
    return lines.border_strip(shape, ground.land_around(shape, named)) if strip.zone.is_empty else strip


def border_side(expression: Expression, ground: Ground) -> Extents:
    """Return one country's side of its border ("the Turkish side of the border"), with the other where it is named."""
    first, *others = expression.places()
    strip = border(expression, ground) if others else _border_with(first, expression.context, ground)
    return common(strip, ground.extents(first))


def tripoint(expression: Expression, ground: Ground) -> Extents:
    """Return where the borders of three units meet; along all their borders where they do not."""
    borders = [_border_between(one, other, ground) for one, other in combinations(expression.operands, 2)]
    known = [distances.around(strip) for strip in borders if not strip.zone.is_empty]
    met = reduce(common, known, known[0]) if known else NOWHERE
    return some(united(known), expression) if met.zone.is_empty else met


def midway(expression: Expression, ground: Ground) -> Extents:
    """Return the surrounding of the point halfway between two places."""
    ends = _somewhere(expression.operands[:2], ground)
    return distances.midway(*ends) if len(ends) == 2 else NOWHERE


def interior(region: Extents, _: Expression) -> Extents:
    """Return what of a region lies far from its edge ("deep inside Syria")."""
    return distances.interior(region)


def shared_part(expression: Expression, ground: Ground) -> Extents:
    """Return the part of a region that follows another in a list, as Turkey in "northern Syria and Turkey".

    The adjective may be meant for both: the part is the best estimate, all of the region is possible.
    """
    part = direction_part(expression, ground)
    whole = extents_of(expression.operands[0], ground)
    return part.with_areas(part.core, part.zone, part.possible.union(whole.possible))


def along(expression: Expression, ground: Ground) -> Extents:
    """Return the strip along a river; a border, coast or road as it is; the surrounding of anything else."""
    return united([_along(operand, ground) for operand in expression.operands])


def _along(operand: Expression, ground: Ground) -> Extents:
    region = extents_of(operand, ground)
    if operand.place is not None and operand.place.feature in _COURSELESS:
        return some(region, operand)
    return distances.near(region) if operand.place is not None and region.size_km else region


EACH: Mapping[str, Callable[[Extents, Expression], Extents]] = {
    "whole": whole,
    "some": some,
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
TOGETHER: Mapping[str, Callable[[Expression, Ground], Extents]] = {
    "direction_part": direction_part,
    "direction_of": direction_of,
    "place": place,
    "outline": outline,
    "name": name,
    "unit": unit,
    "list": several,
    "between": between,
    "road": road,
    "except": excepted,
    "except_part": excepted_part,
    "specified": specified,
    "within_unit": within_unit,
    "countryside": countryside,
    "neighbours": neighbours,
    "border": border,
    "border_with": border_with,
    "border_side": border_side,
    "along": along,
    "midway": midway,
    "tripoint": tripoint,
    "shared_part": shared_part,
    "narrowed": narrowed,
    "beyond": beyond,
    "across": across,
    **WATERSIDE,
}

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
    "direction_part": "{}_of_part",
    "shared_part": "{}_of_part",
    "river_part": "{}",
    "downstream": "{}",
    "coast_between": "coast",
    "river_between": "along",
    "across": "across_border",
    "beyond": "{}_of_part",
    "bank": "{}_bank",
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
