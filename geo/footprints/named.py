"""Rules of named places: units, bare names, the countryside."""

from __future__ import annotations

from collections.abc import Mapping

from geo.footprints import distances
from geo.footprints.drawing import Together, extents_of
from geo.footprints.expressions import Expression
from geo.footprints.extents import Extents, united, without
from geo.footprints.ground import Ground
from geo.footprints.waterside import water


def place(expression: Expression, ground: Ground) -> Extents:
    """Return the polygon of a unit or lake, the strip along a river, the disc of anything else."""
    assert expression.place is not None, "a bare place has one"
    return water(expression.place, ground)


def unit(expression: Expression, ground: Ground) -> Extents:
    """Return a place as the unit the words call it: in "Idlib province" the province, not the town."""
    return ground.extents(next(expression.places()), expression.unit_type)


def outline(expression: Expression, ground: Ground) -> Extents:
    """Return a unit that a text names without more: its boundary is exact, so core, zone and possible are one."""
    return ground.outline(next(expression.places()))


def capital(expression: Expression, ground: Ground) -> Extents:
    """Return the capital of a country, or the seat of a unit; nowhere where the gazetteer does not know it."""
    towns = [ground.capital(place) for place in expression.places()]
    return united([ground.extents(town) for town in towns if town is not None])


def sibling(expression: Expression, ground: Ground) -> Extents:
    """Return the unit whose name differs in its direction: North Kivu in "North and South Kivu"."""
    pairs = [(place, way) for place in expression.places() for way in expression.directions]
    units = [ground.sibling(place, way) for place, way in pairs]
    return united([ground.extents(unit, expression.unit_type) for unit in units if unit is not None])


def name(expression: Expression, ground: Ground) -> Extents:
    """Return a bare name: what it stands for; of a town that a province is named after possibly that province."""
    named = next(expression.places())
    region = water(named, ground)
    if named.feature != "city" or ground.unit_shape(named) is None:
        return region
    return region.with_areas(region.core, region.zone, region.possible.union(ground.extents(named, "unit").possible))


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
    town = ground.town(named)
    if town is None:
        return extents_of(expression, ground)
    if ground.unit_shape(named) is not None:
        province = ground.extents(named, "unit")
        land = without(province, town)
        if land.zone.area > 0.5 * province.zone.area:
            return land
    return distances.outside(town)


TOGETHER: Mapping[str, Together] = {
    "place": place,
    "capital": capital,
    "sibling": sibling,
    "unit": unit,
    "outline": outline,
    "name": name,
    "countryside": countryside,
}
