"""The zones' shapes over time, kept beside the articles."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, RowMapping, Select, delete, insert, select

from geo.workspace.database import decoding
from geo.workspace.outlines import geometry_of
from geo.workspace.tables import info, zones

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class ZoneState:
    """A zone's shape from a day to a day, both inclusive; the fields mean what those of `geo.model.Zone` mean."""

    id: str
    since: dt.date
    until: dt.date
    names: Mapping[str, str]
    status: str
    accuracy_km: float
    core: BaseGeometry
    zone: BaseGeometry
    possible: BaseGeometry


def digest_of_zones(connection: Connection) -> str | None:
    """Return the digest that the kept zones came with; None where none are kept."""
    return connection.execute(select(info.c.value).where(info.c.name == "zones")).scalar()


def keep_zones(connection: Connection, states: Sequence[ZoneState], digest: str) -> None:
    """Write zones in the place of those that are kept."""
    connection.execute(delete(zones))
    if states:
        connection.execute(insert(zones), [_row(state) for state in states])
    connection.execute(delete(info).where(info.c.name == "zones"))
    connection.execute(insert(info).values(name="zones", value=digest))


def copy_zones(source: Connection, target: Connection) -> None:
    """Put the zones of one store in the place of another's."""
    keep_zones(target, _states(source, select(zones)), digest_of_zones(source) or "")


def zones_on(connection: Connection, day: dt.date) -> tuple[ZoneState, ...]:
    """Return the kept zones that held on a day, in order of their ids."""
    held = select(zones).where(zones.c.since <= day, zones.c.until >= day)
    return tuple(sorted(_states(connection, held), key=lambda state: state.id))  # the stores order text differently


def _states(connection: Connection, query: Select[Any]) -> list[ZoneState]:
    with decoding(connection.engine):
        return [_state(row) for row in connection.execute(query).mappings()]


def _row(state: ZoneState) -> dict[str, object]:
    from shapely import to_wkb

    shapes = {"core": state.core, "best": state.zone, "possible": state.possible}
    said = {"zone": state.id, "names": dict(state.names), "status": state.status, "accuracy_km": state.accuracy_km}
    days = {"since": state.since, "until": state.until}
    return said | days | {name: to_wkb(shape) for name, shape in shapes.items()}


def _state(row: RowMapping) -> ZoneState:
    said = {name: row[name] for name in ("since", "until", "names", "status", "accuracy_km")}
    core, zone, possible = (geometry_of(row[name]) for name in ("core", "best", "possible"))
    return ZoneState(id=row["zone"], core=core, zone=zone, possible=possible, **said)
