"""Build ``data/shapes/towns.fgb.zip``, the towns of the base map, from the gazetteer's index.

The same index gives the same bytes. Names are the gazetteer's, without the marks that only transliteration needs.
"""

from __future__ import annotations

import argparse
import unicodedata
from typing import Any

import geopandas as gpd
import numpy as np
from build_shapes import write

from geo.gazetteer.index import Index, open_index
from geo.geometry import CRS
from geo.settings import load_settings

CAPITAL, SEAT, PART_OF_A_CITY = "PPLC", "PPLA", "PPLX"
# The least population of each rank, for capitals, seats of first-level units and other towns; the first that fits.
RANKS = (
    *((500_000, 5_000_000, 5_000_000), (0, 1_500_000, 2_000_000), (0, 250_000, 400_000)),
    *((0, 30_000, 120_000), (0, 0, 40_000), (0, 0, 15_000)),
)
_MARKS = dict.fromkeys(map(ord, "ʻʼʾʿ‘’`´"), "'")


def main() -> None:
    """Write the file."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    index = open_index(load_settings())
    rows = [row for row in towns(index) if row["rank"]]
    points = gpd.points_from_xy([row.pop("lon") for row in rows], [row.pop("lat") for row in rows])
    write(gpd.GeoDataFrame(rows, geometry=points, crs=CRS), "towns")


def towns(index: Index) -> list[dict[str, Any]]:
    """Return every town with a rank from 1 (the largest cities) to 6, and 0 for those too small to be drawn."""
    codes = np.asarray(index.feature_codes)[np.asarray(index.code)]
    cities = np.char.startswith(codes, "PPL") & (codes != PART_OF_A_CITY)
    cities &= (np.asarray(index.population) >= RANKS[-1][2]) | np.isin(codes, [CAPITAL, SEAT])
    return [town(index, int(row), str(codes[row])) for row in np.flatnonzero(cities)]


def town(index: Index, row: int, code: str) -> dict[str, Any]:
    """Return one town as a row of the file."""
    place = index.place(row)
    column = {CAPITAL: 0, SEAT: 1}.get(code, 2)
    rank = next((rank for rank, least in enumerate(RANKS, start=1) if place.population >= least[column]), 0)
    return {
        "id": place.id,
        "name": plain(place.name),
        "country": place.country,
        "population": place.population,
        "capital": {CAPITAL: 2, SEAT: 1}.get(code, 0),
        "rank": rank,
        "lon": round(place.lon, 4),
        "lat": round(place.lat, 4),
    }


def plain(name: str) -> str:
    """Return a name without the marks of scholarly transliteration (Ḩimş, Dar‘ā); é, ö and the like stay."""
    composed = unicodedata.normalize("NFC", name.translate(_MARKS))
    return "".join(char if ord(char) < 0x100 else _base(char) for char in composed).strip("'")


def _base(char: str) -> str:
    """Strip macrons, dots and cedillas from Latin letters beyond Latin-1; other letters stay as they are."""
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() and unicodedata.category(char).startswith("L") else char


if __name__ == "__main__":
    main()
