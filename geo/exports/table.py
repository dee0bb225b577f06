"""CSV (RFC 4180, UTF-8): longitude, latitude, the layer's columns, and the shape as WKT."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from geo.exports.base import DIGITS, Format, attribute_names, cell, rows, shapes
from geo.model import Layer

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

# Spreadsheets run a cell that starts with one of these as a formula (OWASP, CSV injection).
_FORMULA = re.compile(r"\s*[=+\-@|%＝＋－＠]|[\t\r\n]")


def encode(layer: Layer) -> bytes:
    """Return a layer as CSV.

    ``lon`` and ``lat`` (degrees) are the point itself, or a point inside a line or area; with ``wkt`` they are empty
    where a feature has no geometry. Lists are JSON text. Text that a spreadsheet would run starts with an apostrophe.
    """
    out = io.StringIO()
    names = [name for name in attribute_names(layer) if name not in ("lon", "lat", "wkt")]
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*map(inert, names), "lon", "lat", "wkt"])
    for row, geometry in zip(rows(layer), shapes(layer), strict=True):
        writer.writerow([*(inert(cell(row[name])) for name in names), *_position(geometry), _wkt(geometry)])
    return out.getvalue().encode()


FORMAT = Format("csv", "Table (CSV)", "text/csv; charset=utf-8", encode)


def inert(value: Any) -> Any:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers.

    >>> inert("=1+1"), inert(-5), inert("Homs")
    ("'=1+1", -5, 'Homs')
    """
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value


def _position(geometry: BaseGeometry | None) -> Iterator[float | None]:
    if geometry is None:
        return iter((None, None))
    point = geometry if geometry.geom_type == "Point" else geometry.representative_point()
    return iter((round(point.x, DIGITS), round(point.y, DIGITS)))  # type: ignore[attr-defined]


def _wkt(geometry: BaseGeometry | None) -> str | None:
    from shapely import to_wkt

    return None if geometry is None else to_wkt(geometry, rounding_precision=DIGITS, trim=True)
