"""Looking for cyclic garbage seldom: reading makes none, and looking takes a twentieth of its time.

What no cycle holds is freed at once all the same. Storing does make some, so that this is for workers alone: the first
process would come to hold a hundred megabytes more.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_OBJECTS = 100_000
"""Objects made and still held at which Python looks among the new ones, by default 700 or 2,000. Some tens of MB."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Let Python look for cyclic garbage seldom, in all of this process's threads."""
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
