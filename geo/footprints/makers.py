"""What the patterns of the grammar make of the tokens they match."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from geo.footprints.expressions import LINEAR, Expression, UnitType, direction_in, listed
from geo.footprints.measures import distance, travel, values_of
from geo.footprints.tokens import Token
from geo.model import Place

# Relations over several places at once; the others hold for each place of a list.
_TOGETHER = frozenset(
    {
        "between",
        "midway",
        "border",
        "border_side",
        "tripoint",
        "road",
        "except",
        "specified",
        "within_unit",
        "beyond",
        "river_between",
        "coast_between",
        "narrowed",
        "border_units",
    }
)
# Relations to rivers and other waters only.
_OF_WATER = frozenset({"river_part", "bank", "shore_part"})
# Relations that say where something is, rather than what.
LOCATING = frozenset({"bearing", "at_distance", "within", "near", "around", "outside", "direction_of", "downstream"})
# Words for units that may also be for countries, or belong to a country's name.
_CALLED: Mapping[str | None, UnitType | None] = {"state": "unit", "republic": "country", "place": None}
# Classes whose words say a direction.
_WAYS = ("UPSTATE", "DIRECTION", "DIRECTIONAL", "CENTRE", "BEYOND", "COURSE", "REACHES", "SIDEWAYS", "DOWNSTREAM")
# What the lexicon puts before the direction of "northernmost".
_FARTHEST = "far "
# What one can be around without leaving it.
_WIDE = frozenset({"continent", "country", "admin1"})
_PLACES = frozenset({"PLACE", "DEMONYM", "UNITS", "REGION"})


def made_of(make: tuple[str, ...], matched: Sequence[Token]) -> object:
    """Return what a pattern makes of the tokens it matches; None where their words fit but their places do not.

    Parameters
    ----------
    make
        The relations that the pattern names, outermost first, or the name of a maker.
    """
    return MAKERS.get(make[0], _relation)(make, matched)


def _relation(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make nested relations over the matched places, the last of ``make`` innermost."""
    operands = _operands(matched)
    if make[-1] == "between" and len(operands) == 1:
        operands = operands[0].operands
    if make[-1] in {"between", "midway", "road", "tripoint"} and len(operands) < 2:
        return None
    if make[-1] in _OF_WATER and not all(map(_is_water, operands)):
        return None
    if make == ("along",) and not all(map(_is_line, operands)):
        return None
    if make[-1] in {"offshore", "at_sea"} and any(o.relation != "coast" and o.place is None for o in operands):
        return None
    made = operands if make[-1] in _TOGETHER else (listed(operands),)
    for relation in reversed(make):
        made = (_with_words(relation, made, matched),)
    return made[0]


def _some(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "parts of Latakia, Hama and Aleppo" parts of provinces where the towns give provinces their names."""
    operands = _operands(matched)
    if len(make) > 1 or any(operand.place is None for operand in operands):
        return _relation(make, matched)
    if len(operands) == 1:
        return Expression("some", (Expression("name", operands),))
    units = tuple(Expression("unit", (operand,), unit_type="unit") for operand in operands)
    return Expression("some", (listed(units),))


def _direction_within(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make the part of a unit, or what lies outside a town or beside a river: Arabic has one form for both."""
    operands = _operands(matched)
    if all(_is_town(operand) or _is_water(operand) for operand in operands):
        return _relation(("direction_of",), matched)
    if all(operand.place is not None for operand in operands):
        return _adjective(make, matched)
    return _relation(("direction_part",), matched)


def _is_town(expression: Expression) -> bool:
    if expression.relation == "unit":
        return expression.unit_type == "city"
    return expression.place is not None and expression.place.feature in {"city", "facility"}


def _is_line(expression: Expression) -> bool:
    """Whether an expression is something that one can be along: a river, road or line, or a border or coast."""
    return expression.place is None or expression.place.feature in LINEAR


def _is_water(expression: Expression) -> bool:
    return expression.place is not None and expression.place.feature == "water"


def _adjective(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "northern Syria and Turkey": the part of Syria, and of what follows if it is of the same kind.

    "Northern Syria and Gaziantep" is the part of Syria and all of Gaziantep.
    """
    first, *others = _operands(matched)
    part = _with_words("direction_part", (first,), matched)
    if not others:
        return part
    shared = [_with_words("shared_part", (o,), matched) if _kind(o) == _kind(first) else o for o in others]
    return listed((part, *shared))


def _throughout(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "around Ohio", "around Europe" all of it: around a town, a lake or a border is beside it."""
    operands = _operands(matched)
    return Expression("whole", (listed(operands),)) if all(map(_is_wide, operands)) else None


def _is_wide(expression: Expression) -> bool:
    is_unit = expression.unit_type in {"unit", "country"}
    return is_unit or (expression.place is not None and expression.place.feature in _WIDE)


def _named(_: tuple[str, ...], matched: Sequence[Token]) -> Expression:
    """Make "the Damascus suburbs of Darayya and Jobar" the suburbs that are named."""
    return listed(_operands(matched)[1:])


def _with_countryside(_: tuple[str, ...], matched: Sequence[Token]) -> Expression:
    """Make "Aleppo and its countryside" the town and what lies around it."""
    operands = _operands(matched)
    return listed((*operands, *(Expression("countryside", (operand,)) for operand in operands)))


def _neighbours(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "countries bordering Mali" its neighbours, and "regions bordering Mali" the units beyond its border.

    "Villages bordering Mali" are what lies along its border, "villages around Gao" what lies around it. "States
    bordering Mali" are countries, "Indian states bordering Nepal" are units.
    """
    *owners, centre = _operands(matched)
    called = next(iter(values_of(matched, "TYPES")), "")
    if called == "city" and _is_wide(centre) and any(token.cls == "AROUND" for token in matched):
        return Expression("whole", (centre,))
    if called == "city":
        is_border = any(token.cls in {"NEIGHBOURING", "BORDER"} for token in matched)
        return Expression("border_with" if is_border else "around", (centre,))
    is_country = centre.place is not None and centre.place.feature == "country"
    if owners or (is_country and called in {"unit", "district"}):
        return Expression("border_units", (centre, *owners))
    return Expression("neighbours", (centre,))


def _with_neighbours(_: tuple[str, ...], matched: Sequence[Token]) -> Expression:
    """Make "Latakia and the neighbouring provinces" the unit of that name and those around it."""
    operands = _operands(matched)
    called = _unit_type(matched)
    units = tuple(Expression("unit", (operand,), unit_type=called) for operand in operands)
    return listed((*units, Expression("neighbours", (listed(operands),))))


def _adjoining(_: tuple[str, ...], matched: Sequence[Token]) -> Expression:
    """Make "Idlib and the adjacent parts of Hama and Aleppo" the first, and of the others what lies near it."""
    at = next(n for n, token in enumerate(matched) if token.cls == "NEIGHBOURING")
    others = _operands(matched[at:])
    first = listed(tuple(Expression("unit", (o,), unit_type="unit") for o in _operands(matched[:at])))
    near = Expression("near", (first,))
    return listed((first, *(Expression("common", (near, other)) for other in others)))


def _others(_: tuple[str, ...], matched: Sequence[Token]) -> Expression:
    """Make "every Ukrainian province but Kherson" and "all but Kherson" what is left without what follows."""
    at = next(n for n, token in enumerate(matched) if token.cls in {"EXCEPT", "BUT", "ALL_BUT"})
    return Expression("others", (listed(_operands(matched[at:])),))


def _border_of(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "the border of Belgorod" its border, and "the border region of Belgorod" the region that is called so."""
    operands = _operands(matched)
    is_land = "land" in values_of(matched, "BORDER")
    if is_land and all(o.place is not None and o.place.feature == "admin1" for o in operands):
        return listed(tuple(Expression("unit", (operand,), unit_type="unit") for operand in operands))
    return _relation(("border_with",), matched)


def _capital(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "the Sudanese capital" the town; "the capital of Kabul" is the town that is named."""
    operand = _operands(matched)[0]
    if _is_town(operand):
        return Expression("unit", (operand,), unit_type="city")
    return Expression("capital", (operand,))


def _siblings(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "North and South Kivu" both units, where the name that is written in full says a direction itself."""
    operand = matched[-1].value
    named = operand.place
    if named is None or direction_in(named.name) is None:
        return None
    others = tuple(
        Expression("sibling", (operand,), directions=(way,), unit_type="unit") for way in _directions((), matched)
    )
    return listed((*others, Expression("unit", (operand,), unit_type="unit")))


def _upstate(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "upstate New York" a part of the state, whatever New York is elsewhere in the text."""
    units = tuple(Expression("unit", (operand,), unit_type="unit") for operand in _operands(matched))
    return _with_words("direction_part", (listed(units),), matched)


def _outside_in(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "Iraq outside the Kurdistan region" what is left of Iraq."""
    outer, *inner = _operands(matched)
    return Expression("except", (outer, *inner)) if all(holds(outer, place) for place in inner) else None


def _course_between(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "the Euphrates between Raqqa and Deir ez-Zor" of a river, and the road between two towns of a road."""
    course, *ends = _operands(matched)
    if _is_water(course):
        return Expression("river_between", (course, *ends))
    is_road = course.place is not None and course.place.feature == "road"
    return Expression("road", tuple(ends)) if is_road else None


def _kind(expression: Expression) -> str:
    return expression.relation if expression.place is None else expression.place.feature


def _with_words(relation: str, operands: tuple[Expression, ...], matched: Sequence[Token]) -> Expression:
    ways = _directions((), matched)
    return Expression(
        relation,
        operands,
        directions=tuple(way.removeprefix(_FARTHEST) for way in ways),
        far=any(token.cls in {"FAR", "TIP"} for token in matched) or any(way.startswith(_FARTHEST) for way in ways),
        distance=next(iter(values_of(matched, "DISTANCE")), None),
        unit_type=_unit_type(matched),
    )


def _unit_type(matched: Sequence[Token]) -> UnitType | None:
    """Return what words call a unit; a state is one beside a country's name, and a country where none is."""
    called = next(iter(values_of(matched, "TYPE", "TYPES")), None)
    return _CALLED.get(called, called)


def _as_tuple(meaning: object) -> tuple[str, ...]:
    return meaning if isinstance(meaning, tuple) else (str(meaning),)


def _operands(matched: Sequence[Token]) -> tuple[Expression, ...]:
    return tuple(token.value for token in matched if token.cls in _PLACES)


def _directions(_: tuple[str, ...], matched: Sequence[Token]) -> tuple[str, ...]:
    return tuple(chain.from_iterable(map(_as_tuple, values_of(matched, *_WAYS))))


def _qualified(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "Houston, Texas" and "northwest Syria's Idlib province" the place that the other holds."""
    inner, outer = _operands(matched)
    if any(token.cls == "POSSESSIVE" for token in matched):
        inner, outer = outer, inner
    return inner if holds(outer, inner) else None


def _within_unit(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "along the Euphrates in Syria"; after a comma only where the second place holds the first."""
    inner, outer = _operands(matched)
    comma_only = matched[1].cls == "COMMA" and all(token.cls != "IN" for token in matched)
    if inner.relation == "unit" or (comma_only and not holds(outer, inner)):
        return None
    return _relation(make, matched)


def _lying_in(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "the Andes in Peru", "the Peruvian Andes" what of them lies there: of what is in no single country."""
    inner, outer = _operands(matched)
    if inner.place is not None and inner.place.feature in {"country", "admin1"}:
        inner, outer = outer, inner
    unit = next(outer.places())
    is_unit = outer.relation == "unit" or (outer.place is not None and unit.feature in {"country", "admin1"})
    return Expression("within_unit", (inner, outer)) if is_unit and _reaches_beyond(inner.place, unit) else None


def _reaches_beyond(place: Place | None, unit: Place) -> bool:
    """Whether a river or region is in no single country, or in none of a country's units that is asked for."""
    if place is None or place.feature not in {"region", "water"}:
        return False
    return place.country is None or (unit.feature == "admin1" and place.country == unit.country and not place.admin1)


def _described(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "Nigeria's north-eastern Borno state" the state: the direction says where in Nigeria it lies."""
    outer, *inner = _operands(matched)
    called = _unit_type(matched)
    if called is None and any(o.place is None or o.place.feature != "admin1" for o in inner):
        return None
    units = tuple(Expression("unit", (operand,), unit_type=called or "unit") for operand in inner)
    return listed(units) if all(holds(outer, unit) for unit in units) else None


def _of_country(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "the Zambian Copperbelt" the place that the country holds."""
    outer, inner = _operands(matched)
    return inner if holds(outer, inner) else None


def _of_people(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "the Somali region" the unit that has the name of a people."""
    operand = _operands(matched)[0]
    is_unit = operand.place is not None and operand.place.feature == "admin1"
    return Expression("unit", (operand,), unit_type=_unit_type(matched)) if is_unit else None


def _narrowed(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "near the border, 20 km from Kharkiv": what both say, where the second says where the first is.

    Of a bare name only "the Nile near Luxor", a stretch of a river or road.
    """
    first, second = _operands(matched)
    is_where = second.relation in LOCATING and not first.is_list
    if first.place is not None:
        is_where = is_where and _is_line(first) and second.relation != "direction_of"
    return _relation(make, matched) if is_where else None


def _beyond(make: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "Israel north of Haifa", where the first place holds the second."""
    outer, inner = _operands(matched)
    return _relation(make, matched) if holds(outer, inner) else None


def holds(outer: Expression, inner: Expression) -> bool:
    """Whether every place of one expression lies in the unit that is the other."""
    unit = next(outer.places())
    return all(_lies_in(place, unit) for place in inner.places())


def _lies_in(place: Place, unit: Place) -> bool:
    if place.id == unit.id or place.country is None or place.country != unit.country:
        return False
    if unit.feature == "country":
        return place.feature != "country"
    return unit.feature == "admin1" and place.feature not in {"country", "admin1"} and place.admin1 == unit.admin1


def _unit(_: tuple[str, ...], matched: Sequence[Token]) -> Expression | None:
    """Make "the northern province of Idlib" and "Idlib province" the unit of that name.

    "The northern provinces of Iraq" are a part of Iraq, which other patterns make.
    """
    at = next(n for n, token in enumerate(matched) if token.cls in {"TYPE", "TYPES"})
    unit_type = _unit_type(matched[at:])
    operands = _operands(matched[at:]) or _operands(matched[:at])
    outranked = any(o.place is not None and o.place.feature == "country" for o in operands)
    if outranked and matched[at].value != "country" and values_of(matched, "DIRECTIONAL"):
        return None
    return listed(tuple(Expression("unit", (operand,), unit_type=unit_type) for operand in operands))


# What is made in a way of its own; all else is a relation over the matched places.
MAKERS: Mapping[str, Callable[[tuple[str, ...], Sequence[Token]], object]] = {
    "distance": distance,
    "travel": travel,
    "directions": _directions,
    "adjective": _adjective,
    "qualified": _qualified,
    "unit": _unit,
    "within_unit": _within_unit,
    "narrowed": _narrowed,
    "lying_in": _lying_in,
    "throughout": _throughout,
    "described": _described,
    "of_people": _of_people,
    "of_country": _of_country,
    "named": _named,
    "with_countryside": _with_countryside,
    "neighbours": _neighbours,
    "course_between": _course_between,
    "with_neighbours": _with_neighbours,
    "adjoining": _adjoining,
    "border_of": _border_of,
    "others": _others,
    "capital": _capital,
    "siblings": _siblings,
    "upstate": _upstate,
    "outside_in": _outside_in,
    "beyond": _beyond,
    "some": _some,
    "direction_within": _direction_within,
}
