"""What a locative expression says, before it has a shape: relations over places."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from geo.model import FeatureKind, Place

UnitType = Literal["unit", "district", "city", "country"]
"""What a unit may be called; a province, state or region is a ``unit``."""

LINEAR: frozenset[FeatureKind] = frozenset({"water", "road", "line"})
"""What one can be along."""


DIRECTION_WORDS = {
    "north": ("North", "Northern"),
    "south": ("South", "Southern"),
    "east": ("East", "Eastern"),
    "west": ("West", "Western"),
    "north_east": ("Northeast", "Northeastern"),
    "north_west": ("Northwest", "Northwestern"),
    "south_east": ("Southeast", "Southeastern"),
    "south_west": ("Southwest", "Southwestern"),
    "centre": ("Central",),
}
"""The English words with which names say a direction: North Kivu, Western Equatoria."""


def direction_in(name: str) -> str | None:
    """Return the direction that a name starts with, in full ("South" of South Kivu); None where it starts otherwise."""
    first, _, rest = name.partition(" ")
    found = (word for words in DIRECTION_WORDS.values() for word in words if rest and word == first)
    return next(found, None)


@dataclass(frozen=True, slots=True)
class Distance:
    """A distance as written: the middle in kilometres, and how far the truth may be from it either way."""

    km: float
    tolerance_km: float


@dataclass(frozen=True, slots=True)
class Expression:
    """A relation over places and other expressions.

    Attributes
    ----------
    relation
        ``place`` for a bare place, otherwise the name of a rule in `geo.footprints.rules`.
    operands
        What the relation is over, in the order written.
    place
        The place, for ``place``.
    directions
        ``north`` … ``north_north_west`` or ``centre``; several where the words join them ("the north and east of").
    far
        Whether the words ask for the extreme ("the far north").
    distance
        None where none is written.
    unit_type
        What kind of unit the words call the operands; None where they do not.
    context
        ISO code of the country that the text is about, for a border of which one side is named; "" where unknown.
    """

    relation: str
    operands: tuple[Expression, ...] = ()
    place: Place | None = None
    directions: tuple[str, ...] = ()
    far: bool = False
    distance: Distance | None = None
    unit_type: UnitType | None = None
    context: str = ""

    @property
    def is_list(self) -> bool:
        """Whether this is a list of places or regions."""
        return self.relation == "list"

    def places(self) -> Iterator[Place]:
        """Yield the places it is built on, in the order written."""
        if self.place is not None:
            yield self.place
        for operand in self.operands:
            yield from operand.places()


def of_place(place: Place) -> Expression:
    """Return the expression of a bare place."""
    return Expression("place", place=place)


def listed(operands: tuple[Expression, ...]) -> Expression:
    """Return a list; the only operand itself where there is one."""
    return operands[0] if len(operands) == 1 else Expression("list", operands)
