"""Rules of borders: along, on one side, across; where three meet; neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from itertools import combinations
from typing import TYPE_CHECKING

from geo.footprints import distances, lines
from geo.footprints.azimuthal import buffer_km
from geo.footprints.drawing import Together, extents_of
from geo.footprints.expressions import Expression
from geo.footprints.extents import NOWHERE, Extents, common, united
from geo.footprints.ground import Ground
from geo.footprints.parts import some
from geo.geometry import polygons_of

if TYPE_CHECKING:
    from geo.model import Place

# How far from where three borders meet their area best and possibly reaches, in km.
_TRIBORDER_KM = (15.0, 60.0)


def neighbours(expression: Expression, ground: Ground) -> Extents:
    """Return the units that touch a unit: countries around a country, provinces around a province."""
    found = [ground.neighbours(named) for named in expression.places()]
    return united([polygon for group in found for polygon in group] or [NOWHERE])


def border_units(expression: Expression, ground: Ground) -> Extents:
    """Return the first-level units beyond a unit's border: of a country where it is named, otherwise of any."""
    centre, *owners = expression.places()
    found = ground.units_beside(centre, owners[0] if owners else ground.country(expression.context))
    return united(found or ground.units_beside(centre, None))


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
    if not strip.zone.is_empty:
        return strip
    return lines.strip(lines.shared_line(shape, ground.land_around(shape, named)), lines.border_reach_km(shape))


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
    if met.zone.is_empty:
        return some(united(known), expression)
    # Reports speak of the tri-border area of Mali, Niger and Burkina Faso as far as people are not safe.
    zone, possible = (buffer_km(met.zone, km) for km in _TRIBORDER_KM)
    return met.with_areas(met.zone, zone, possible)


def across(expression: Expression, ground: Ground) -> Extents:
    """Return what is beyond the border: around a town ("across the border from El Paso"), all along a unit."""
    return united([_across(named, expression.context, ground) for named in expression.places()])


def _across(named: Place, context: str, ground: Ground) -> Extents:
    is_unit = ground.unit_shape(named) is not None
    near = _border_with(named, context, ground) if is_unit else distances.around(ground.extents(named))
    own = ground.boundaries.country(named.country) if named.country else None
    return near if own is None else near.map(lambda area: polygons_of(area.difference(own)))


TOGETHER: Mapping[str, Together] = {
    "neighbours": neighbours,
    "border_units": border_units,
    "border": border,
    "border_with": border_with,
    "border_side": border_side,
    "tripoint": tripoint,
    "across": across,
}
