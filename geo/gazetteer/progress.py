"""Progress bars on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")


def shown(items: Iterable[Item], title: str, total: int | None = None) -> Iterator[Item]:
    """Pass items on, showing how many went through; gone when all have."""
    from tqdm import tqdm

    bar = tqdm(items, desc=title, total=total, file=sys.stderr, leave=False, mininterval=0.5, unit="", unit_scale=True)
    yield from bar
