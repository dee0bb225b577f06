"""A reading made ready to be written: all that costs time is done before, in any process."""

from __future__ import annotations

from dataclasses import dataclass

from geo.model import Reading
from geo.workspace import rows


@dataclass(frozen=True, slots=True)
class PackedReading:
    """A reading as the store writes it; it may be sent to another process."""

    content_hash: str
    made_by: str
    reading: Reading


def pack(reading: Reading, made_by: str) -> PackedReading:
    """Make a reading ready for `geo.workspace.workspace.Workspace.add_packed`.

    Parameters
    ----------
    made_by
        Version of the reader and gazetteer that made it.
    """
    return PackedReading(rows.content_hash(reading.article), made_by, reading)
