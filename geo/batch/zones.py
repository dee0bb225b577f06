"""The zones' shapes, put into a workspace: whoever reads the store alone finds them there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from geo.settings import Settings
from geo.workspace.zones import ZoneState
from geo.zones.timeline import digest
from geo.zones.zones import timeline, zones_dir

if TYPE_CHECKING:
    from geo.workspace.workspace import Workspace


def keep_zones(workspace: Workspace, settings: Settings) -> bool:
    """Bring the zones in a workspace up to date; tell whether anything changed.

    Raises
    ------
    DataFileError
        A zone's data file is wrong.
    WorkspaceError
        The workspace cannot be written.
    """
    return workspace.keep_zones(_states(settings), digest(zones_dir(settings), settings.boundaries))


def _states(settings: Settings) -> Iterator[ZoneState]:
    """Yield every zone's states; one lasts until the day before the next, the last until the zone's end."""
    found = timeline(settings)
    for zone in found.zones:
        states = found.states[zone.id]
        ends = [state.since - dt.timedelta(days=1) for state in states[1:]] + [zone.until or found.last_day]
        for state, until in zip(states, ends, strict=True):
            shapes = (state.extents.core, state.extents.zone, state.extents.possible)
            yield ZoneState(zone.id, state.since, until, zone.names, zone.status, zone.accuracy_km, *shapes)
