"""Draw the pictures of docs/zones.md: zones over their evidence with what cross-validation missed, and Idlib by day.

python scripts/draw_zone_maps.py MISSES.geojson docs/
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib.pyplot as plt

from geo.gazetteer.boundaries import open_boundaries
from geo.model import EXTENTS, Zone
from geo.settings import Settings, load_settings
from geo.zones.definition import ZoneDefinition
from geo.zones.zones import timeline, zones_on

MID_2017 = dt.date(2017, 7, 31)
IDLIB_DAYS = (MID_2017, dt.date(2018, 9, 17), dt.date(2019, 9, 1), dt.date(2020, 3, 6))
FILLS = {"core": 0.45, "zone": 0.25, "possible": 0.12}
MARKS: dict[str, dict[str, Any]] = {
    "inside": {"marker": "o", "color": "white", "edgecolor": "black", "linewidth": 0.6, "s": 12},
    "outside": {"marker": "x", "color": "#444444", "linewidth": 0.7, "s": 14},
    "boundary": {"marker": "D", "color": "#e69f00", "edgecolor": "black", "linewidth": 0.5, "s": 12},
    "enclave": {"marker": "s", "color": "#e69f00", "edgecolor": "black", "linewidth": 0.5, "s": 12},
}


def draw_zones(ax: Any, zones: Sequence[Zone], units: gpd.GeoDataFrame) -> None:
    """Draw the extents of zones over the lines of governorates."""
    units.boundary.plot(ax=ax, color="#999999", linewidth=0.5)
    for zone in zones:
        colour = zone.properties["colour"]
        for extent in reversed(EXTENTS):
            area = gpd.GeoSeries([zone.extent(extent)], crs=4326)
            area.plot(ax=ax, color=colour, alpha=FILLS[extent], edgecolor="none")
            area.boundary.plot(ax=ax, color=colour, linewidth=0.9 if extent == "zone" else 0.4)


def frame(ax: Any, zone: Zone, title: str) -> None:
    """Look at a zone, with a margin, and take the axes away."""
    west, south, east, north = zone.possible.bounds
    margin = 0.12 * max(east - west, north - south)
    ax.set(xlim=(west - margin, east + margin), ylim=(south - margin, north + margin), aspect=1.21)
    ax.set_title(title, fontsize=10)
    ax.set_axis_off()


def draw_evidence(ax: Any, definition: ZoneDefinition, misses: gpd.GeoDataFrame) -> None:
    """Draw evidence points by status, and a ring around those that cross-validation got wrong."""
    for status, style in MARKS.items():
        points = [p for p in definition.evidence if p.status_on(MID_2017) == status]
        ax.scatter([p.lon for p in points], [p.lat for p in points], zorder=3, **style)
    own = misses[misses["zone"] == definition.id]
    often = own[own["times"] * 2 > own["times"].max()]
    ax.scatter(often.geometry.x, often.geometry.y, s=90, facecolor="none", edgecolor="#d00000", linewidth=1.3, zorder=4)


def misses_picture(path: Path, misses: gpd.GeoDataFrame, settings: Settings, units: gpd.GeoDataFrame) -> None:
    """Draw the four zones with their evidence and the misses."""
    definitions = {zone.id: zone for zone in timeline(settings).zones}
    figure, axes = plt.subplots(2, 2, figsize=(9, 9), layout="constrained")
    for ax, zone in zip(axes.flat, zones_on(MID_2017, settings), strict=True):
        draw_zones(ax, [zone], units)
        draw_evidence(ax, definitions[zone.id], misses)
        frame(ax, zone, f"{zone.names['en']}, {MID_2017} (approximate)")
    save(figure, path)


def days_picture(path: Path, settings: Settings, units: gpd.GeoDataFrame) -> None:
    """Draw the Idlib zone, and what was derived from agreements about it, on some days."""
    first = next(zone for zone in zones_on(MID_2017, settings) if zone.id == "idlib")
    figure, axes = plt.subplots(1, 4, figsize=(12, 3.9), layout="constrained")
    for ax, day in zip(axes, IDLIB_DAYS, strict=True):
        shown = [z for z in zones_on(day, settings) if z.id in {"idlib", "m4-corridor", "sochi-demilitarised"}]
        draw_zones(ax, shown, units)
        frame(ax, first, f"{day} (approximate)")
    save(figure, path)


def save(figure: Any, path: Path) -> None:
    """Write a small picture, the same bytes for the same data."""
    figure.savefig(path, dpi=80, metadata={"Software": None}, pil_kwargs={"optimize": True})
    plt.close(figure)


def main() -> None:
    """Draw both pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("misses", type=Path)
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    settings, units = load_settings(), open_boundaries(None).units("SY")
    features = json.loads(args.misses.read_text("utf-8"))["features"]
    misses = gpd.GeoDataFrame.from_features(features, crs=4326)
    misses_picture(args.folder / "zones-misses.png", misses, settings, units)
    days_picture(args.folder / "zones-idlib.png", settings, units)


if __name__ == "__main__":
    main()
