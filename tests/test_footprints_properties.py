"""What holds of every footprint, whatever the words and places."""

from __future__ import annotations

import pytest
from footprint_cases import place
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Polygon, box

from geo.footprints.cuts import nobody
from geo.footprints.directions import directional_part, main_body
from geo.footprints.expressions import Distance, Expression, listed, of_place
from geo.footprints.extents import Extents, finished, without
from geo.footprints.ground import Ground, disc, ground_of, radius_km
from geo.footprints.lines import shared_line
from geo.footprints.outlines import polygon
from geo.footprints.rules import extents_of
from geo.footprints.waters import river
from geo.gazetteer.boundaries import open_boundaries
from geo.geometry import area_km2
from geo.model import Place

NAMES = ["Syria", "Fiji", "Texas", "Homs province", "Norway", "Mosul", "Damascus", "Lake Chad", "Euphrates"]
WINDS = ["north", "south_east", "west", "north_north_west", "centre"]
SIMPLE = [
    "whole",
    "some",
    "near",
    "around",
    "outside",
    "outskirts",
    "suburbs",
    "interior",
    "direction_part",
    "direction_of",
]

names = st.sampled_from(NAMES).map(lambda name: of_place(place(name)))
directions = st.lists(st.sampled_from(WINDS), min_size=1, max_size=2, unique=True).map(tuple)
distances = st.floats(0.5, 300).map(lambda km: Distance(km, 0.2 * km))


def _over(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    one = st.tuples(inner)
    winds = directions.filter(lambda found: "centre" not in found)
    return st.one_of(
        st.builds(Expression, st.sampled_from(SIMPLE), one, directions=directions, far=st.booleans()),
        st.builds(Expression, st.sampled_from(["within", "at_distance", "depth"]), one, distance=distances),
        st.builds(Expression, st.just("bearing"), one, distance=distances, directions=winds),
        st.builds(Expression, st.sampled_from(["between", "except", "within_unit"]), st.tuples(inner, inner)),
        st.lists(inner, min_size=2, max_size=3).map(lambda found: listed(tuple(found))),
    )


expressions = st.recursive(names, _over, max_leaves=4)


@pytest.fixture(scope="module")
def ground() -> Ground:
    return ground_of(open_boundaries(), None)


@given(expression=expressions)
@settings(max_examples=120, deadline=None, derandomize=True)
def test_extents_are_valid_nested_and_inside_the_world(expression: Expression) -> None:
    core, zone, possible = finished(extents_of(expression, ground_of(open_boundaries(), None)))

    assert all(area.is_valid for area in (core, zone, possible))
    assert core.is_empty or core.within(zone)
    assert zone.is_empty or zone.within(possible)
    assert possible.is_empty or box(-180, -90, 180, 90).covers(possible)


@pytest.mark.parametrize("direction", WINDS)
@pytest.mark.parametrize("name", ["Syria", "Texas", "Homs province", "Norway"])
def test_a_part_stays_inside_its_unit(name: str, direction: str, ground: Ground) -> None:
    part = extents_of(Expression("direction_part", (of_place(place(name)),), directions=(direction,)), ground)
    unit = ground.shape(place(name))

    assert unit is not None
    assert area_km2(part.possible.difference(unit.buffer(0.03))) < 2e-3 * area_km2(unit)
    assert area_km2(part.core) > 0.02 * area_km2(unit)


def test_opposite_parts_share_no_zone(ground: Ground) -> None:
    unit = of_place(place("Syria"))
    north, south = (
        extents_of(Expression("direction_part", (unit,), directions=(d,)), ground) for d in ("north", "south")
    )

    assert north.zone.intersection(south.zone).area == 0
    assert north.possible.intersects(south.possible)


def test_the_far_north_is_in_the_north(ground: Ground) -> None:
    unit = (of_place(place("Texas")),)
    near, far = (
        finished(extents_of(Expression("direction_part", unit, directions=("north",), far=far), ground))
        for far in (False, True)
    )

    assert area_km2(far[1].difference(near[1])) < 1
    assert area_km2(far[1]) < 0.6 * area_km2(near[1])


def test_a_part_of_a_unit_with_a_hole_leaves_the_hole_out() -> None:
    unit = box(0, 0, 10, 10).difference(box(4, 7, 6, 9))

    part = directional_part(polygon(unit), ("north",), False, nobody)

    assert not part.possible.intersects(box(4.5, 7.5, 5.5, 8.5))


def test_distant_islands_are_not_in_the_main_body() -> None:
    mainland, near, far = box(0, 0, 10, 10), box(11, 0, 12, 1), box(60, 0, 61, 1)

    actual = main_body(mainland.union(near).union(far))

    assert actual.bounds == (0, 0, 12, 10)


def test_a_part_across_the_antimeridian_is_cut_there(ground: Ground) -> None:
    east = Expression("direction_part", (of_place(place("Fiji")),), directions=("east",))

    _, zone, _ = finished(extents_of(east, ground))

    assert (zone.bounds[0], zone.bounds[2]) == (-180, 180)


def test_a_difference_keeps_only_what_is_sure() -> None:
    def square(size: float) -> Extents:
        core, zone, possible = (box(-size * k, -size * k, size * k, size * k) for k in (0.8, 1.0, 1.2))
        return Extents(core, zone, possible, origin=zone)

    actual = without(square(10), square(5))

    assert actual.core.area == pytest.approx(16**2 - 12**2)
    assert actual.possible.area == pytest.approx(24**2 - 8**2)


@pytest.mark.parametrize(("population", "km"), [(0, 1.0), (100_000, 3.6), (10_000_000, 20.2)])
def test_a_town_is_as_large_as_its_population_asks(population: int, km: float) -> None:
    town = Place("t:1", "Town", "city", "SY", None, 35, 36, population)

    assert radius_km(town) == pytest.approx(km, abs=0.1)


def test_what_the_gazetteer_does_not_know_exactly_is_larger() -> None:
    known, vague = (Place("t:1", "X", "city", "SY", None, 35, 36, 0, uncertainty_km=km) for km in (0, 5))

    assert disc(vague).size_km == disc(known).size_km + 5


def test_a_river_without_a_course_has_no_line() -> None:
    assert river("Nowhere Brook") is None


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("one", "other"), [(Polygon(), box(0, 0, 1, 1)), (box(0, 0, 1, 1), Polygon())])
def test_nothing_shares_no_line(one: Polygon, other: Polygon) -> None:
    assert shared_line(one, other).is_empty
