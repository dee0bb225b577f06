"""What is made once and kept: the gazetteer's index and the outlines of units."""

from __future__ import annotations

import multiprocessing

from geo.settings import Settings


def prepare(settings: Settings) -> None:
    """Make it, where it is missing, in a process of its own: the memory that takes goes with the process.

    What goes wrong there goes wrong again, and is told, where it is used.
    """
    if multiprocessing.current_process().daemon or is_made(settings):  # a cluster's workers may have no processes
        return
    maker = multiprocessing.get_context("spawn").Process(target=_make, args=(settings,))
    maker.start()
    maker.join()


def is_made(settings: Settings) -> bool:
    """Tell whether it is made already."""
    from geo.footprints.atlas import is_drawn
    from geo.gazetteer.build import index_folder
    from geo.gazetteer.index import open_index

    return index_folder(settings).is_dir() and is_drawn(open_index(settings))


def _make(settings: Settings) -> None:
    from geo.errors import DatelineError
    from geo.footprints.atlas import open_atlas
    from geo.gazetteer.index import open_index

    try:
        open_atlas(open_index(settings))
    except DatelineError:  # told where it is used
        return
