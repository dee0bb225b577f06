"""Rules of parts: by direction, some of, all of, except, what two expressions have in common."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING

from shapely import get_parts

from geo.footprints.azimuthal import area_km2
from geo.footprints.directions import beyond_place, directional_part
from geo.footprints.drawing import Each, Together, each, extents_of
from geo.footprints.expressions import Expression
from geo.footprints.extents import NOWHERE, Extents, common, united, without
from geo.footprints.ground import Ground

if TYPE_CHECKING:
    from geo.model import Place

# Towns with more people than this have parts that reports speak of.
_LARGE_TOWN = 1_000_000


def whole(region: Extents, _: Expression) -> Extents:
    """Return a region unchanged ("all of", "throughout")."""
    return region


def some(region: Extents, _: Expression) -> Extents:
    """Return a region of which only parts are meant: any of it is possible, none of it sure."""
    from shapely.geometry import Polygon

    return region.with_areas(Polygon(), region.zone, region.possible)


def direction_part(expression: Expression, ground: Ground) -> Extents:
    """Return the part of a region in a direction: see `geo.footprints.directions`.

    In "the south of Idlib's border with Hama" the south may be the border's or Idlib's: all of it stays possible.
    """
    operand = expression.operands[0]
    if operand.relation == "place" and expression.directions != ("centre",):
        return _part_of_name(expression, ground)
    part = united([_part(region, expression, ground) for region in each(expression, ground)])
    if operand.relation == "countryside":
        return _beyond_town(part, expression, ground)
    if operand.relation in {"border", "border_with"}:
        return part.with_areas(part.core, part.zone, extents_of(operand, ground).possible)
    return part


def _beyond_town(part: Extents, expression: Expression, ground: Ground) -> Extents:
    """Return what of a part of the countryside lies in its direction from the town itself, where any does."""
    towns = [town for place in expression.places() if (town := ground.town(place)) is not None]
    ways = [way for way in expression.directions if way != "centre"]
    beyond = united([beyond_place(part, town, way) for town in towns for way in ways])
    return part if beyond.zone.is_empty else beyond


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


def shared_part(expression: Expression, ground: Ground) -> Extents:
    """Return the part of a region that follows another in a list, as Turkey in "northern Syria and Turkey".

    The adjective may be meant for both: the part is the best estimate, all of the region is possible.
    """
    part = direction_part(expression, ground)
    whole = extents_of(expression.operands[0], ground)
    return part.with_areas(part.core, part.zone, part.possible.union(whole.possible))


def beyond(expression: Expression, ground: Ground) -> Extents:
    """Return what of a unit lies beyond a place in it ("Israel north of Haifa")."""
    region, mark = (extents_of(operand, ground) for operand in expression.operands[:2])
    return united([beyond_place(region, mark, direction) for direction in expression.directions])


def several(expression: Expression, ground: Ground) -> Extents:
    """Return the union of what is listed."""
    return united([extents_of(operand, ground) for operand in expression.operands])


def border_part(expression: Expression, ground: Ground) -> Extents:
    """Return the part of a border in a direction ("Israel's northern border")."""
    return united([_part(region, expression, ground) for region in each(expression, ground)])


def mainland(region: Extents, _: Expression) -> Extents:
    """Return a region without its islands: its largest part."""
    return region.map(lambda area: max(get_parts(area), key=area_km2, default=area))


def others(expression: Expression, ground: Ground) -> Extents:
    """Return all but some: a country without some of its units, a region without a part of it."""
    operand = expression.operands[0]
    left_out = operand.operands if operand.is_list else (operand,)
    return without(
        united([_holding(one, ground) for one in left_out]), united([_left_out(o, ground) for o in left_out])
    )


def _holding(left_out: Expression, ground: Ground) -> Extents:
    """Return what something is left out of: the region of a part, the country of a unit or town."""
    if left_out.relation in {"place", "unit"}:
        country = ground.country(next(left_out.places()).country)
        return NOWHERE if country is None else ground.extents(country)
    inner = left_out.operands[0].place if left_out.operands else None
    if inner is not None and _is_province_too(inner, ground):
        return ground.extents(inner, "unit")
    return united(each(left_out, ground)) if left_out.operands else NOWHERE


def _left_out(left_out: Expression, ground: Ground) -> Extents:
    return (
        ground.extents(next(left_out.places()), "unit") if left_out.place is not None else extents_of(left_out, ground)
    )


def shared(expression: Expression, ground: Ground) -> Extents:
    """Return what regions have in common ("the adjacent parts of Hama": what is near, and Hama); nowhere if nothing."""
    return reduce(common, [extents_of(operand, ground) for operand in expression.operands])


def excepted(expression: Expression, ground: Ground) -> Extents:
    """Return the first region without the others; a country without the provinces that towns give their names."""
    first, *others = expression.operands
    is_country = first.place is not None and first.place.feature == "country"
    taken = [_province_of(o, ground) if is_country else extents_of(o, ground) for o in others]
    return without(extents_of(first, ground), united(taken))


def _province_of(expression: Expression, ground: Ground) -> Extents:
    """Return what a name stands for beside its country: of a town that names a province, the province."""
    if expression.is_list:
        return united([_province_of(operand, ground) for operand in expression.operands])
    if expression.place is not None and _is_province_too(expression.place, ground):
        return ground.extents(expression.place, "unit")
    return extents_of(expression, ground)


def excepted_part(expression: Expression, ground: Ground) -> Extents:
    """Return a region without its part in a direction ("Syria except the north-east")."""
    return united([without(region, _part(region, expression, ground)) for region in each(expression, ground)])


def specified(expression: Expression, ground: Ground) -> Extents:
    """Return what an apposition names ("the south of Syria — provinces Daraa and Quneitra").

    The second says which places the first means; of parts of the first none of the second is sure either.
    """
    first, *named = (extents_of(operand, ground) for operand in expression.operands)
    exact = united(named)
    return some(exact, expression) if first.core.is_empty else exact


def within_unit(expression: Expression, ground: Ground) -> Extents:
    """Return what of a region lies in a unit ("along the Euphrates in Syria"); all of it where they do not meet."""
    operand, unit = expression.operands[:2]
    region = extents_of(operand, ground)
    inside = _in_name(unit.place, ground) if unit.place is not None else extents_of(unit, ground)
    met = common(region, inside)
    return region if met.zone.is_empty else met


def _in_name(named: Place, ground: Ground) -> Extents:
    """Return what a bare name says something lies in: of a town that names a province the province, surely the town."""
    own = ground.extents(named)
    if not _is_province_too(named, ground):
        return own
    province = ground.extents(named, "unit")
    return province.with_areas(own.core, province.zone, province.possible)


def _is_province_too(named: Place, ground: Ground) -> bool:
    """Whether a town's name is more likely its province's where parts are spoken of."""
    return named.feature == "city" and named.population <= _LARGE_TOWN and ground.unit_shape(named) is not None


def narrowed(expression: Expression, ground: Ground) -> Extents:
    """Return what two expressions have in common ("near the border, 20 km from Kharkiv"); both where nothing."""
    regions = [extents_of(operand, ground) for operand in expression.operands[:2]]
    met = common(*regions)
    return united(regions) if met.zone.is_empty else met


EACH: Mapping[str, Each] = {
    "whole": whole,
    "some": some,
    "mainland": mainland,
}
TOGETHER: Mapping[str, Together] = {
    "direction_part": direction_part,
    "border_part": border_part,
    "others": others,
    "common": shared,
    "shared_part": shared_part,
    "beyond": beyond,
    "list": several,
    "except": excepted,
    "except_part": excepted_part,
    "specified": specified,
    "within_unit": within_unit,
    "narrowed": narrowed,
}
