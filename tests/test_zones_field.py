"""The field of evidence: depths, spacing, named units, probability."""

from __future__ import annotations

import numpy as np
import pytest
from shapely.geometry import box

from geo.zones.field import REACH, NamedUnits, Samples, depths, fit, spacing_of

NO_UNITS = NamedUnits(None, None)


def samples(*rows: tuple[float, float, float]) -> Samples:
    """Return samples from rows of x, y, label."""
    table = np.array(rows, dtype=float)
    return Samples(table[:, :2], table[:, 2], np.full(len(rows), 0.05))


def test_depth_is_the_distance_to_the_nearest_point_that_says_the_opposite() -> None:
    found = depths(samples((0, 0, 1), (1, 0, -1), (9, 0, -1), (5, 5, 0)), spacing=1)
    assert found == pytest.approx([1 / REACH, -1 / REACH, -1, 0])


def test_without_an_opposite_every_depth_is_full() -> None:
    assert list(depths(samples((0, 0, 1), (1, 0, 1)), spacing=1)) == [1, 1]


def test_spacing_is_the_distance_between_neighbours() -> None:
    grid = np.stack(np.meshgrid(np.arange(10.0), np.arange(10.0)), axis=-1).reshape(-1, 2)
    assert spacing_of(grid) == pytest.approx(1)


@pytest.mark.parametrize("xy", [[(0.0, 0.0)], [(0.0, 0.0), (0.0, 0.0)]])
def test_spacing_of_one_place_is_not_zero(xy: list[tuple[float, float]]) -> None:
    assert spacing_of(np.array(xy)) > 0


def test_named_units_draw_the_field_up_inside_and_down_outside() -> None:
    units = NamedUnits(whole=box(0, 0, 10, 10), named=box(0, 0, 30, 10))
    whole, part, outside = units.mean(np.array([(5.0, 5.0), (25.0, 5.0), (45.0, 5.0)]), spacing=1)
    assert whole > part > outside


def test_a_hole_in_a_unit_is_outside_it() -> None:
    ring = box(0, 0, 30, 30).difference(box(10, 10, 20, 20))
    inside, hole = NamedUnits(ring, ring).mean(np.array([(3.0, 15.0), (15.0, 15.0)]), spacing=1)
    assert inside > hole


def test_probability_follows_the_evidence_and_falls_far_from_it() -> None:
    field = fit(samples((0, 0, 1), (2, 0, 1), (6, 0, -1), (8, 0, -1)), NO_UNITS, spacing=2)
    inside, outside, far = field.probability(np.array([(0.0, 0.0), (8.0, 0.0), (500.0, 500.0)]))
    assert inside > 0.7
    assert outside < 0.1
    assert far < 0.4


def test_a_noisy_point_says_less() -> None:
    said = samples((0, 0, 1), (4, 0, -1))
    doubted = Samples(said.xy, said.labels, np.array([2.0, 0.05]))
    place = np.array([(0.0, 0.0)])
    sure, unsure = (fit(s, NO_UNITS, spacing=2).probability(place)[0] for s in (said, doubted))
    assert unsure < sure
