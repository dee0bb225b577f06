"""Shapefile in a zip archive, for tools that read nothing newer."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from geo.exports.base import Format, abstract, credit
from geo.exports.frames import plain_frame, temporary_folder, write_with_gdal
from geo.files import zipped
from geo.model import Layer

if TYPE_CHECKING:
    import geopandas as gpd

LONGEST_NAME = 10
"""Characters a field's name can have in a shapefile."""
LONGEST_TEXT = 254
"""Bytes a cell of text can have in a shapefile; what is longer is cut."""
_CUT = "…"

_PARTS = {"Point": "points", "LineString": "lines", "Polygon": "areas"}


def encode(layer: Layer) -> bytes:
    """Return a layer as a zip archive of one shapefile for each kind of shape, with a README on what was shortened.

    Field names have at most `LONGEST_NAME` characters, texts at most `LONGEST_TEXT` bytes of UTF-8. Features without a
    geometry are in the first shapefile.
    """
    frame = plain_frame(layer)
    columns = [name for name in frame.columns if name != "geometry"]
    frame = frame.assign(**{name: frame[name].map(shortened) for name in columns if frame[name].dtype == "string"})
    names = short_names(columns)
    files = {"README.txt": _readme(layer, names)}
    with temporary_folder() as folder:
        for name, part in _parts(layer.name, frame.rename(columns=names)):
            # The day in the table's head would otherwise be today.
            path = folder / f"{name}.shp"
            write_with_gdal(part, path, "ESRI Shapefile", ENCODING="UTF-8", DBF_DATE_LAST_UPDATE="1980-01-01")
        files |= {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return zipped(files)


FORMAT = Format("shp.zip", "Shapefile (zipped)", "application/zip", encode)


def short_names(names: Sequence[str]) -> dict[str, str]:
    """Return for each field a distinct name that a shapefile can hold.

    >>> short_names(["id", "accuracy_km2", "accuracy_km3"])
    {'id': 'id', 'accuracy_km2': 'accuracy_k', 'accuracy_km3': 'accuracy_1'}
    """
    short: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        stem = re.sub(r"\W", "_", name, flags=re.ASCII)[:LONGEST_NAME]
        tries = (stem, *(f"{stem[: LONGEST_NAME - len(str(n))]}{n}" for n in range(1, len(names) + 1)))
        short[name] = next(candidate for candidate in tries if candidate.lower() not in taken)
        taken.add(short[name].lower())
    return short


def shortened(text: Any) -> Any:
    """Return a text that fits a cell, with a mark where it was cut; whatever is not text as it is.

    >>> len(shortened("ح" * 200).encode())
    253
    """
    if not isinstance(text, str) or len(text.encode()) <= LONGEST_TEXT:
        return text
    return text.encode()[: LONGEST_TEXT - len(_CUT.encode())].decode(errors="ignore") + _CUT


def _parts(name: str, frame: gpd.GeoDataFrame) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    """Yield the features of each kind of shape, as a shapefile holds but one; named by kind where there are several."""
    kinds = frame.geometry.geom_type.str.removeprefix("Multi").fillna("")
    present = [kind for kind in _PARTS if (kinds == kind).any()]
    if len(present) < 2:
        yield name, frame
        return
    for kind in present:
        rows = kinds.isin([kind, ""] if kind == present[0] else [kind])
        yield f"{name}_{_PARTS[kind]}", frame[rows]


def _readme(layer: Layer, names: Mapping[str, str]) -> bytes:
    fields = [f"  {short:<{LONGEST_NAME}}  {name}" for name, short in names.items() if short != name]
    sources = [f"  {number}. {credit(source)}" for number, source in enumerate(layer.sources, start=1)]
    lines = [
        *(layer.title, abstract(layer), ""),
        f"Texts are UTF-8, cut after {LONGEST_TEXT} bytes. Coordinates: EPSG:4326, longitude and latitude.",
        *(["", "Shortened names of fields:", *fields] if fields else []),
        *(["", "Sources:", *sources] if sources else []),
    ]
    return ("\n".join(lines) + "\n").encode()
