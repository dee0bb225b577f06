"""The outlines of all countries and first-level units, drawn once for a gazetteer and kept in the user's cache.

An outline takes milliseconds to draw, those of Canada or Norway nearly half a second: reading must not wait for that.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from geo.files import folder_replaced, mark_used, remove_unused
from geo.footprints import extents as extents_module
from geo.footprints import outlines
from geo.footprints.extents import Extents, nested
from geo.footprints.outlines import KM_A_DEGREE, crisp, polygon
from geo.gazetteer.areas import Areas, write_areas
from geo.gazetteer.classes import FEATURES
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
# Areas in a row of the file: the boundary alone, then core, zone and possible.
_AREAS = 4


class Atlas:
    """The outlines in one folder, by row of the gazetteer."""

    def __init__(self, folder: Path) -> None:
        self._areas = Areas(folder)
        self._units = np.load(folder / "units.npy")
        self._reaches = np.load(folder / "reaches.npy")

    def extents(self, row: int) -> Extents | None:
        """Return the outline of a unit; None for what has none."""
        at = self._at(row)
        if at is None:
            return None
        core, zone, possible = (self._areas[at * _AREAS + n] for n in (1, 2, 3))
        return Extents(core, zone, possible, zone, reach_km=float(self._reaches[at]), is_nested=True)

    def boundary(self, row: int) -> Extents | None:
        """Return a unit as its boundary alone; None for what has none."""
        at = self._at(row)
        if at is None:
            return None
        area = self._areas[at * _AREAS]
        return Extents(area, area, area, area, is_nested=True)

    def _at(self, row: int) -> int | None:
        at = int(np.searchsorted(self._units, row))
        return at if at < len(self._units) and self._units[at] == row else None


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


def _version() -> str:
    """Return a hash of what the outlines are made from, beside the gazetteer."""
    digest = hashlib.blake2b(digest_size=6)
    modules = [Path(module) for module in (__file__, outlines.__file__, extents_module.__file__)]
    shapes = [data_dir() / "shapes" / name / "coordinates.npy" for name in ("admin1", "countries")]
    # By content, not by date: a second copy of the same version makes use of what the first has drawn.
    for file in (*modules, *shapes):
        digest.update(file.read_bytes())
    return digest.hexdigest()


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
    np.save(folder / "units.npy", np.array([row for row, _, _ in drawn], dtype=np.int32))
    np.save(folder / "reaches.npy", np.array([e.reach_km for _, _, e in drawn], dtype=np.float32))
    write_areas([area for _, alone, e in drawn for area in (alone, e.core, e.zone, e.possible)], folder)


def _drawn(rows: Iterable[int], boundaries: Boundaries, index: Index) -> Iterator[tuple[int, BaseGeometry, Extents]]:
    """Yield the units that have a shape: row, boundary alone, outline."""
    towns = _Towns(index)
    for row in rows:
        shape = boundary_of(index.place(row), boundaries, index)
        if shape is not None:
            outline = polygon(shape, _astray(shape, towns.of(row), index))
            alone = crisp(shape)
            yield row, nested(Extents(alone, alone, alone, alone)).zone, nested(outline)


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
