"""docs/zones.md states the method's constants as the code has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from geo.zones import extents, field, ground
from geo.zones.zones import METHODS

TEXT = (Path(__file__).parent.parent / "docs" / "zones.md").read_text("utf-8")
SCALARS = {
    name: getattr(module, name)
    for module, names in (
        (field, ("NEIGHBOUR", "LENGTH", "REACH", "SMOOTHNESS", "AMPLITUDE", "PRIOR", "UNIT_PULL", "BLUR")),
        (ground, ("CELL", "MARGIN")),
        (extents, ("CORE_DEPTH", "ROUNDING")),
    )
    for name in names
}


@pytest.mark.parametrize(("name", "value"), SCALARS.items())
def test_a_constant_is_stated_with_its_value(name: str, value: float) -> None:
    assert f"`{name}` = {value}" in TEXT or f"`{name}` ν = {value}" in TEXT


@pytest.mark.parametrize(
    "values", [extents.LEVELS.values(), extents.HALO, field.NOISE.values()], ids=["levels", "halo", "noise"]
)
def test_a_group_of_constants_is_stated(values: tuple[float, ...]) -> None:
    missing = [value for value in values if str(value) not in TEXT]
    assert missing == []


def test_what_is_shown_of_the_method_has_the_levels() -> None:
    core, zone, possible = extents.LEVELS.values()
    assert f"{core}, {zone} and {possible}" in METHODS["evidence"]
