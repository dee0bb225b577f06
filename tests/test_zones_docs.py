"""docs/zones.md states the method's constants as the code has them."""

from __future__ import annotations

from collections.abc import Iterable
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


LEVELS = {level for limits in extents.LEVELS.values() for level in limits}
GROUPS = {
    "levels": LEVELS,
    "shares": extents.SHARES.values(),
    "halo": extents.HALO,
    "noise": field.NOISE.values(),
}


@pytest.mark.parametrize("values", GROUPS.values(), ids=GROUPS.keys())
def test_a_group_of_constants_is_stated(values: Iterable[float]) -> None:
    missing = [value for value in values if str(value) not in TEXT]
    assert missing == []


def test_what_is_shown_of_the_method_has_the_levels() -> None:
    assert [level for level in LEVELS if str(level) not in METHODS["evidence"]] == []
