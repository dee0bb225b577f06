"""All zones over all days: computed once, kept in the cache, looked up by day."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import logging
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import DataFileError, OutputError
from geo.files import mark_used, remove_unused, write_whole
from geo.model import EXTENTS
from geo.settings import Settings, data_dir
from geo.zones.definition import Definitions, ZoneDefinition
from geo.zones.derived import corridor, inner_band
from geo.zones.extents import Extents, extents_on
from geo.zones.ground import check_places, open_ground
from geo.zones.loading import load_definitions

if TYPE_CHECKING:
    from geo.gazetteer.boundaries import Boundaries

METHOD_VERSION = 6
"""Raise it when the method changes, so that what older versions computed is not used."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class State:
    """A zone's extents from a day on, until the next state."""

    since: dt.date
    extents: Extents


@dataclass(frozen=True)
class Timeline:
    """The days that are described, the zones' definitions, and their shapes.

    Attributes
    ----------
    first_day, last_day
        Both inclusive; no zone is known outside them.
    default_day
        The day drawn when none is asked for.
    states
        Each zone's states in order of days, by zone id.
    """

    first_day: dt.date
    last_day: dt.date
    default_day: dt.date
    zones: tuple[ZoneDefinition, ...]
    states: dict[str, tuple[State, ...]]

    def extents(self, zone_id: str, day: dt.date) -> Extents:
        """Return a zone's extents on a day on which it held."""
        return [state.extents for state in self.states[zone_id] if state.since <= day][-1]


def turning_days(zone: ZoneDefinition) -> list[dt.date]:
    """Return the days on which a zone's shape may change, its first day included."""
    turns = {day for evidence in (*zone.evidence, *zone.lines) for day in evidence.turning_days}
    return sorted({zone.since} | {day for day in turns if zone.holds_on(day)})


def compute(definitions: Definitions, boundaries: Boundaries) -> dict[str, tuple[State, ...]]:
    """Compute the shapes of all zones on all their turning days.

    Raises
    ------
    DataFileError
        A zone names a country, unit or zone that is unknown.
    """
    import sklearn.gaussian_process  # noqa: F401 - the limit holds for libraries that are loaded already
    from threadpoolctl import threadpool_limits
    from tqdm import tqdm

    drawn = [zone for zone in definitions.zones if zone.shape.method == "evidence"]
    states: dict[str, tuple[State, ...]] = {}
    total = sum(len(turning_days(zone)) for zone in drawn)
    # One thread: these matrices are too small to share out, and sums in another order would give other bytes.
    with threadpool_limits(1), tqdm(total=total, desc="Zones", unit="day", disable=None) as bar:
        for zone in drawn:
            ground = open_ground(zone, boundaries)
            found = []
            for day in turning_days(zone):
                found.append(State(day, extents_on(ground, day)))
                bar.update()
            states[zone.id] = tuple(found)
    for zone in definitions.zones:
        if zone.shape.method != "evidence":
            states[zone.id] = (State(zone.since, _derived(zone, states, boundaries)),)
    return states


def _derived(zone: ZoneDefinition, states: dict[str, tuple[State, ...]], boundaries: Boundaries) -> Extents:
    ground = open_ground(zone, boundaries)
    if zone.shape.method == "corridor":
        return corridor(zone.shape, ground.country)
    day = zone.shape.line_of
    around = [state.extents for state in states.get(zone.shape.of or "", ()) if day and state.since <= day]
    if not around:
        raise DataFileError(f"{zone.file}: no zone {zone.shape.of!r} was drawn for {day}.", "Correct of and line_of.")
    return inner_band(zone.shape, around[-1])


def open_timeline(folder: Path, settings: Settings) -> Timeline:
    """Return the timeline of a folder of data files: as it came with them, from the cache, or computed and put there.

    Raises
    ------
    DataFileError
        A data file is wrong.
    """
    definitions = load_definitions(folder)
    key = digest(folder, settings.boundaries)
    path = settings.cache_dir / "zones" / f"{key}.json"
    mark_used(path)
    states = _read(folder / drawn_name(key)) or _read(path) or _computed_once(path, definitions, settings)
    return Timeline(definitions.first_day, definitions.last_day, definitions.default_day, definitions.zones, states)


def _computed_once(path: Path, definitions: Definitions, settings: Settings) -> dict[str, tuple[State, ...]]:
    """Compute and keep the states; of processes that start together one computes and the others wait for it."""
    from geo.gazetteer.boundaries import open_boundaries

    for zone in definitions.zones:
        # Not against the user's own boundaries: those may draw a border elsewhere without the evidence being wrong.
        check_places(zone, open_boundaries(None))
    boundaries = open_boundaries(settings.boundaries)
    with _lock_beside(path):
        states = _read(path)
        if states is None:
            states = compute(definitions, boundaries)
            _keep(path, states)
            remove_unused(path.parent.glob("*.json"))
    return states


def _lock_beside(path: Path) -> AbstractContextManager[object]:
    """Take a lock beside a file, held until the end of the block; none where the folder cannot be written to."""
    from filelock import FileLock

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(path.with_suffix(".lock")).acquire()
    except OSError:
        return nullcontext()  # what is computed cannot be kept there either, which is told then


def _keep(path: Path, states: dict[str, tuple[State, ...]]) -> None:
    try:
        write_whole(path, encoded(states))
    except OutputError as error:
        logger.warning("Zones cannot be kept in %s: %s", path.parent, error)


def drawn_name(key: str) -> str:
    """Return the name of the file in the folder of data files with the shapes drawn from them.

    ``scripts/draw_zones.py`` writes it. Whoever changes a data file, or uses boundaries of their own, has another
    digest, and the shapes are computed.
    """
    return f"drawn-{key}.json"


def digest(folder: Path, boundaries: Path | None) -> str:
    """Return a digest of everything that the shapes depend on."""
    found = hashlib.sha256(str(METHOD_VERSION).encode())
    own = [boundaries] if boundaries else []
    folders = [data_dir() / "shapes" / name for name in ("admin1", "countries")]
    shapes = [folder / file for folder in folders for file in ("coordinates.npy", "table.csv")]
    for path in (*sorted(folder.glob("*.yaml")), *shapes, *own):
        found.update(path.name.encode())
        found.update(path.read_bytes() if path.is_file() else b"")
    return found.hexdigest()[:24]


def encoded(states: dict[str, tuple[State, ...]]) -> bytes:
    """Return states as they are kept: JSON with hexadecimal well-known binary, the same bytes for the same states."""
    rows = {zone: [_row(state) for state in found] for zone, found in states.items()}
    return json.dumps(rows, sort_keys=True, indent=0).encode()


def _row(state: State) -> dict[str, str]:
    from shapely import to_wkb

    return {"since": state.since.isoformat()} | {name: to_wkb(state.extents.extent(name), hex=True) for name in EXTENTS}


def _read(path: Path) -> dict[str, tuple[State, ...]] | None:
    """Return what is kept; None where nothing is or it is damaged."""
    from shapely.errors import ShapelyError

    try:
        rows = json.loads(path.read_bytes())
        return {zone: tuple(_state(row) for row in found) for zone, found in rows.items()}
    except (OSError, ValueError, KeyError, TypeError, ShapelyError):
        return None


def _state(row: dict[str, Any]) -> State:
    from shapely import from_wkb

    return State(dt.date.fromisoformat(row["since"]), Extents(*(from_wkb(row[name]) for name in EXTENTS)))
