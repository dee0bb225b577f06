from __future__ import annotations

import gc
from contextlib import suppress

from geo.batch.garbage import seldom_collected


def test_garbage_is_looked_for_as_before_when_all_is_done() -> None:
    before = gc.get_threshold()
    with suppress(KeyboardInterrupt), seldom_collected():
        within = gc.get_threshold()
        raise KeyboardInterrupt
    assert within[0] > 10 * before[0]  # which has been 700 or 2,000, as Python's version has it
    assert gc.get_threshold() == before
