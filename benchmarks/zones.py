"""How long the zones' timeline takes, beside what was set as the limit.

usage: python benchmarks/zones.py

Prints the time to compute the whole timeline with an empty cache, to read it back in a new process's stead, and to draw
one day after that.
"""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from geo.settings import Settings
from geo.zones.timeline import open_timeline
from geo.zones.zones import zones_dir, zones_on

DAY = dt.date(2018, 9, 20)


def seconds(action: Callable[[], object]) -> float:
    """Return how long an action takes."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def main() -> None:
    """Print one line a figure."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(cache_dir=Path(folder))
        whole = seconds(lambda: open_timeline(zones_dir(settings), settings))
        again = seconds(lambda: open_timeline(zones_dir(settings), settings))
        zones_on(DAY, settings)
        day = seconds(lambda: zones_on(DAY, settings))
    print(f"whole timeline, computed: {whole:.1f} s (limit 20)")
    print(f"whole timeline, from the cache: {again:.2f} s")
    print(f"one day after that: {day * 1000:.2f} ms (limit 50)")


if __name__ == "__main__":
    main()
