"""The outlines of all countries and first-level units, drawn once for a gazetteer and kept in the user's cache.

An outline takes milliseconds to draw, those of Canada or Norway nearly half a second: reading must not wait for that.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
import numpy.typing as npt

from geo.files import folder_replaced, mark_used, remove_unused
from geo.footprints import azimuthal, cuts, directions, outlines, settled
from geo.footprints import extents as extents_module
from geo.footprints.cuts import KeptCuts, all_edges
from geo.footprints.directions import measured
from geo.footprints.extents import Extents, finished, nested
from geo.footprints.outlines import crisp, polygon
from geo.footprints.settled import Settled
from geo.gazetteer.areas import Areas, write_areas
from geo.gazetteer.classes import FEATURES
from geo.geometry import KM_A_DEGREE
from geo.model import FeatureKind, Place
from geo.settings import data_dir

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

    from geo.gazetteer.boundaries import Boundaries
    from geo.gazetteer.lookup import Index

Numbers = npt.NDArray[Any]
logger = logging.getLogger(__name__)

UNITS: tuple[FeatureKind, ...] = ("admin1", "country")
"""The kinds of place that the atlas has."""

# Towns of a unit that lie outside its polygon, but no farther than this, are drawn into it.
_ASTRAY_KM = 5.0
_NONE: Numbers = np.empty(0, dtype=np.int64)
# Areas in a row of the file: the boundary alone; core, zone and possible; and these three cut where the world ends, and
# their main bodies, empty where they are the same.
_AREAS, _ALONE, _WHOLE, _IN_WORLD, _BODY = 10, 0, 1, 4, 7
_A_DEGREE = 1_000_000


class Atlas:
    """The outlines in one folder, by row of the gazetteer."""

    def __init__(self, folder: Path) -> None:
        self._areas = Areas(folder)
        self._units = np.load(folder / "units.npy")
        self._reaches = np.load(folder / "reaches.npy")
        self._edges = np.load(folder / "edges.npy", mmap_mode="r")
        self._middles = np.load(folder / "middles.npy")

    def extents(self, row: int) -> Extents | None:
        """Return the outline of a unit; None for what has none."""
        at = self._at(row)
        if at is None:
            return None
        core, zone, possible = self.areas(at, _WHOLE)
        reach_km = float(self._reaches[at])
        return Extents(core, zone, possible, zone, reach_km=reach_km, is_nested=True, known=KnownUnit(self, at))

    def areas(self, at: int, first: int) -> tuple[BaseGeometry, BaseGeometry, BaseGeometry]:
        """Return three areas of a unit, that follow each other."""
        core, zone, possible = (self._areas[at * _AREAS + first + n] for n in range(3))
        return core, zone, possible

    def has_areas(self, at: int, first: int) -> bool:
        """Tell whether there are such areas: the last of them, which holds the others, is not empty."""
        return not self._areas.is_empty(at * _AREAS + first + 2)

    def cuts(self, at: int) -> KeptCuts:
        """Return where the parts of a unit begin."""
        return KeptCuts(self._edges[at] / _A_DEGREE, self._middles[at].tolist())

    def boundary(self, row: int) -> Extents | None:
        """Return a unit as its boundary alone; None for what has none."""
        at = self._at(row)
        if at is None:
            return None
        area = self._areas[at * _AREAS + _ALONE]
        return Extents(area, area, area, area, is_nested=True)

    def _at(self, row: int) -> int | None:
        at = int(np.searchsorted(self._units, row))
        return at if at < len(self._units) and self._units[at] == row else None


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """What an atlas knows about a unit beside its outline."""

    atlas: Atlas
    at: int

    def in_world(self, whole: Extents) -> Extents:
        """Return the unit cut where the world ends."""
        return self._or_else(whole, _IN_WORLD)

    def body(self, whole: Extents) -> Extents:
        """Return the unit's main body, which directions are about."""
        return self._or_else(whole, _BODY)

    def cuts(self) -> KeptCuts:
        """Return where the unit's parts begin."""
        return self.atlas.cuts(self.at)

    def _or_else(self, whole: Extents, first: int) -> Extents:
        if not self.atlas.has_areas(self.at, first):
            return whole
        core, zone, possible = self.atlas.areas(self.at, first)
        return Extents(core, zone, possible, zone, reach_km=whole.reach_km, is_nested=True)


def open_atlas(index: Index) -> Atlas | None:
    """Return the atlas of a gazetteer; the first time it is drawn, which takes seconds.

    What the user added to the gazetteer and the user's own boundaries have no part in it. Atlases of other versions go
    when no program has used them for a while. None where the cache cannot be written.
    """
    folder = _folder(index)
    mark_used(folder)
    try:
        if not folder.is_dir():
            _draw_once(index, folder)
        return Atlas(folder)
    except OSError as error:
        logger.warning("Outlines cannot be kept in %s: %s", folder.parent, error)
        return None


def is_drawn(index: Index) -> bool:
    """Tell whether the atlas of a gazetteer is there already."""
    return _folder(index).is_dir()


def _folder(index: Index) -> Path:
    return index.folder.parent / "outlines" / f"{_base_name(index)}-{_version()}"


@lru_cache(maxsize=1)
def _version() -> str:
    """Return a hash of what the outlines are made from, beside the gazetteer."""
    made_by = (sys.modules[__name__], azimuthal, cuts, directions, extents_module, outlines, settled)
    folders = [data_dir() / "shapes" / name for name in ("admin1", "countries")]
    shapes = [folder / f"{part}.npy" for folder in folders for part in ("coordinates", "rings", "parts", "areas")]
    digest = 0
    # By content, not by date: a second copy of the same version makes use of what the first has drawn.
    for file in (*(Path(str(module.__file__)) for module in made_by), *shapes):
        digest = crc32(file.read_bytes(), digest)
    return f"{digest:08x}"


def _base_name(index: Index) -> str:
    """Return the name of the folder of the gazetteer without what the user added."""
    return "-".join(index.folder.name.split("-")[:2])


def _draw_once(index: Index, folder: Path) -> None:
    """Draw the atlas beside its place and move it there; of processes that start together one draws."""
    from filelock import FileLock

    from geo.gazetteer.boundaries import open_boundaries
    from geo.gazetteer.lookup import Index
    from geo.gazetteer.progress import shown

    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "outlines.lock"):
        if folder.is_dir():
            return
        base = Index(index.folder.with_name(_base_name(index)))
        units = np.flatnonzero(np.isin(base.feature, [FEATURES.index(kind) for kind in UNITS])).tolist()
        with folder_replaced(folder) as drawing:
            write_atlas(shown(units, "Drawing the outlines of units", len(units)), open_boundaries(), base, drawing)
        remove_unused(folder.parent.glob("gazetteer-*"))


def write_atlas(rows: Iterable[int], boundaries: Boundaries, index: Index, folder: Path) -> None:
    """Draw the units of some rows of the gazetteer, in ascending order, and write what has a shape into a folder."""
    drawn = list(_drawn(rows, boundaries, index))
    np.save(folder / "units.npy", np.array([unit.row for unit in drawn], dtype=np.int32))
    np.save(folder / "reaches.npy", np.array([unit.reach_km for unit in drawn], dtype=np.float32))
    np.save(folder / "edges.npy", np.array([unit.edges for unit in drawn], dtype=np.int32))
    np.save(folder / "middles.npy", np.array([unit.middle for unit in drawn], dtype=np.float32))
    write_areas([area for unit in drawn for area in unit.areas], folder)


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is written of a unit."""

    row: int
    reach_km: float
    areas: tuple[BaseGeometry, ...]
    edges: Numbers
    middle: Sequence[float]


def _drawn(rows: Iterable[int], boundaries: Boundaries, index: Index) -> Iterator[_Unit]:
    """Yield the units that have a shape."""
    towns, settled = _Towns(index), Settled(index)
    for row in rows:
        shape = boundary_of(index.place(row), boundaries, index)
        if shape is not None:
            outline = nested(polygon(shape, _astray(shape, towns.of(row), index)))
            yield _unit(row, crisp(shape), outline, settled)


def _unit(row: int, alone: BaseGeometry, outline: Extents, towns: Settled) -> _Unit:
    alone = nested(Extents(alone, alone, alone, alone)).zone
    body, parts = measured(outline, towns)
    inside = finished(outline)
    areas = (alone, *_three(outline), *_unless(inside, _three(outline)), *_unless(_three(body), _three(outline)))
    return _Unit(row, outline.reach_km, areas, np.rint(all_edges(parts) * _A_DEGREE), parts.middle())


_Three = tuple["BaseGeometry", "BaseGeometry", "BaseGeometry"]


def _three(extents: Extents) -> _Three:
    return extents.core, extents.zone, extents.possible


def _unless(areas: _Three, others: _Three) -> _Three:
    """Return three areas, all empty where they are the same as the others."""
    from shapely import Polygon

    are_same = all(area.equals_exact(other) for area, other in zip(areas, others, strict=True))
    return (Polygon(), Polygon(), Polygon()) if are_same else areas


class _Towns:
    """The towns of each unit, found by sorting once."""

    def __init__(self, index: Index) -> None:
        self._index = index
        cities = np.flatnonzero(index.feature == FEATURES.index("city"))
        self._of_country = _grouped(cities, index.country[cities])
        self._of_unit = _grouped(cities, index.admin1[cities])

    def of(self, row: int) -> Numbers:
        """Return the rows of the towns that the gazetteer puts into a unit."""
        if self._index.feature_of(row) == "country":
            return self._of_country.get(int(self._index.country[row]), _NONE)
        return self._of_unit.get(row, _NONE)


def _grouped(rows: Numbers, keys: Numbers) -> dict[int, Numbers]:
    order = np.argsort(keys, kind="stable")
    found, starts = np.unique(keys[order], return_index=True)
    return dict(zip(found.tolist(), np.split(rows[order], starts[1:]), strict=True))


def _astray(shape: BaseGeometry, towns: Numbers, index: Index) -> BaseGeometry:
    """Return the towns of a unit that lie just outside its polygon.

    Where the gazetteer names a town's unit, that outranks a polygon that knows coasts and lines to about 1 km.
    """
    from shapely import MultiPoint, contains_xy, dwithin, points, prepare

    lons, lats = index.lon[towns], index.lat[towns]
    prepare(shape)
    outside = points(lons, lats)[~contains_xy(shape, lons, lats)]
    return MultiPoint(outside[dwithin(shape, outside, _ASTRAY_KM / KM_A_DEGREE)])


def boundary_of(place: Place, boundaries: Boundaries, index: Index | None) -> BaseGeometry | None:
    """Return the polygon of a unit, joined from smaller ones where it has none of its own; None for anything else."""
    shape = boundaries.of(place)
    if shape is None and index is not None and place.feature == "admin1":
        return _joined(place, boundaries, index)
    return shape


def _joined(place: Place, boundaries: Boundaries, index: Index) -> BaseGeometry | None:
    """Return the smaller units whose towns, by the gazetteer, mostly lie in a unit: England's counties."""
    from shapely.ops import unary_union

    row = index.row_of(place.id)
    if row is None or not place.country:
        return None
    towns = _towns_in_units(place.country, boundaries, index)
    kept = [unit for unit, inside in towns if (index.admin1[inside] == row).sum() * 2 > len(inside)]
    return unary_union([boundaries.admin1.shape(unit) for unit in kept]) if kept else None


@lru_cache(maxsize=256)
def _towns_in_units(country: str, boundaries: Boundaries, index: Index) -> list[tuple[int, Numbers]]:
    """Return the first-level units of a country, each with the rows of the places that lie in it."""
    from shapely import STRtree, points

    places = np.flatnonzero(index.country == index.country_codes.index(country))
    units = boundaries.admin1.by_country.get(country, [])
    tree = STRtree([boundaries.admin1.shape(unit) for unit in units])
    place_of, unit_of = tree.query(points(index.lon[places], index.lat[places]), "within")
    return [(unit, places[place_of[unit_of == number]]) for number, unit in enumerate(units)]
