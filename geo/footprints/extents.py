"""Three nested extents and what can be done with them: the egg-yolk model (Cohn & Gotts 1996).

``core`` is surely inside, ``zone`` the best estimate, ``possible`` what is not excluded. Union, intersection and
difference follow three-valued logic: what is surely left after a difference is what is surely in the first and not
even possibly in the second. Coordinates are longitude, latitude; shapes may run on past longitude 180.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from shapely import MultiPolygon, Polygon, get_parts

from geo.geometry import polygons_of, rounded, within_world

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.footprints.cuts import Cuts

# Outlines that coincide would cross after rounding: inner extents stay this far inside, in degrees (about 5 m).
_MARGIN = 5e-5


class Known(Protocol):
    """What was worked out beforehand about a unit."""

    def in_world(self, whole: Extents) -> Extents:
        """Return the unit cut where the world ends."""

    def body(self, whole: Extents) -> Extents:
        """Return the unit's main body, which directions are about."""

    def cuts(self) -> Cuts:
        """Return where the unit's parts begin."""


@dataclass(frozen=True, slots=True)
class Extents:
    """What a place or an expression covers.

    Attributes
    ----------
    core, zone, possible
        Areas; each may be empty.
    origin
        What distances are measured from: a town's point, a border's or river's line, a unit's area.
    size_km
        Radius of a place whose origin is a point; 0 for others.
    reach_km
        How far from its edge "near" reaches.
    is_nested
        Whether the areas are rounded and within each other already, as `nested` leaves them.
    known
        What is known beforehand; None for most.
    """

    core: BaseGeometry
    zone: BaseGeometry
    possible: BaseGeometry
    origin: BaseGeometry
    size_km: float = 0.0
    reach_km: float = 10.0
    is_nested: bool = False
    known: Known | None = None

    def map(self, change: Callable[[BaseGeometry], BaseGeometry]) -> Extents:
        """Return the extents with each area changed in the same way."""
        return self.with_areas(change(self.core), change(self.zone), change(self.possible))

    def with_areas(self, core: BaseGeometry, zone: BaseGeometry, possible: BaseGeometry) -> Extents:
        """Return extents with other areas; distances are then measured from the new zone."""
        return Extents(core, zone, possible, origin=zone, reach_km=self.reach_km)


NOWHERE = Extents(Polygon(), Polygon(), Polygon(), Polygon())
"""What has no shape."""


def united(several: Sequence[Extents]) -> Extents:
    """Return what is in any of the extents; nowhere where there are none."""
    from shapely.ops import unary_union

    if len(several) <= 1:
        return several[0] if several else NOWHERE
    zone = unary_union([e.zone for e in several])
    is_origin = all(e.origin is e.zone for e in several)
    return Extents(
        unary_union([e.core for e in several]),
        zone,
        unary_union([e.possible for e in several]),
        origin=zone if is_origin else unary_union([e.origin for e in several]),
        size_km=max(e.size_km for e in several),
        reach_km=max(e.reach_km for e in several),
    )


def beside(extents: Extents, other: Extents) -> Extents:
    """Return extents a turn around the globe further where that brings them nearer to others: Samoa beside Fiji."""
    from shapely.affinity import translate

    turn = 360 * round((other.zone.centroid.x - extents.zone.centroid.x) / 360)
    if not turn:
        return extents
    moved = extents.map(lambda area: translate(area, turn))
    return replace(
        extents,
        core=moved.core,
        zone=moved.zone,
        possible=moved.possible,
        origin=translate(extents.origin, turn),
        known=None,
    )


def common(one: Extents, other: Extents) -> Extents:
    """Return what is in both."""
    return one.with_areas(
        areas_of(one.core.intersection(other.core)),
        areas_of(one.zone.intersection(other.zone)),
        areas_of(one.possible.intersection(other.possible)),
    )


def without(one: Extents, other: Extents) -> Extents:
    """Return what is in the first and not in the second."""
    return one.with_areas(
        areas_of(one.core.difference(other.possible)),
        areas_of(one.zone.difference(other.zone)),
        areas_of(one.possible.difference(other.core)),
    )


def areas_of(overlaid: BaseGeometry) -> BaseGeometry:
    """Return the areas of what an overlay gave, which is valid already."""
    return overlaid if isinstance(overlaid, Polygon | MultiPolygon) else polygons_of(overlaid)


def finished(extents: Extents) -> tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
    """Return core, zone and possible, valid, inside the world, and each strictly within the next."""
    if extents.known is not None:
        extents = extents.known.in_world(extents)
    # Cut where the world ends, nested areas stay so.
    inside = extents.map(_in_world) if _is_beyond(extents.possible) else extents
    found = inside if extents.is_nested else nested(inside)
    return found.core, found.zone, found.possible


def nested(extents: Extents) -> Extents:
    """Return extents rounded to six decimals, each area strictly within the next; exact ones stay one area."""
    if extents.core is extents.possible:
        possible = zone = core = _rounded([extents.possible])[0]
    else:
        core, zone, possible = _rounded([extents.core, extents.zone, extents.possible])
        zone = _inside(zone, possible)
        core = _inside(core, zone)
    return replace(extents, core=core, zone=zone, possible=possible, origin=zone, is_nested=True)


def _is_beyond(shape: BaseGeometry) -> bool:
    """Whether a shape runs on past longitude 180 or -180."""
    return not shape.is_empty and bool(shape.bounds[0] < -180 or shape.bounds[2] > 180)


def _in_world(shape: BaseGeometry) -> BaseGeometry:
    """Cut a shape at the antimeridian, with work only for the parts that reach beyond it."""
    if not _is_beyond(shape):
        return shape
    parts = get_parts([shape])
    beyond = [part for part in parts if part.bounds[0] < -180 or part.bounds[2] > 180]
    inside = [part for part in parts if part.bounds[0] >= -180 and part.bounds[2] <= 180]
    return MultiPolygon([*inside, *get_parts([within_world(MultiPolygon(beyond))])])


def _rounded(shapes: Sequence[BaseGeometry]) -> list[BaseGeometry]:
    """Round to six decimals; the slower `rounded` only where plain rounding breaks a shape."""
    import numpy as np
    from shapely import is_valid, transform

    plain = transform(np.array(shapes), lambda xy: xy.round(6))
    tried = zip(shapes, plain, is_valid(plain), strict=True)
    return [found if fits else polygons_of(rounded(shape)) for shape, found, fits in tried]


def _inside(inner: BaseGeometry, outer: BaseGeometry) -> BaseGeometry:
    """Return what of the inner area lies within the outer one, off its outline."""
    if inner.is_empty or outer.covers(inner):
        return inner
    kept = _rounded([polygons_of(inner.intersection(outer.buffer(-_MARGIN, join_style="mitre")))])[0]
    return kept if outer.covers(kept) else Polygon()
