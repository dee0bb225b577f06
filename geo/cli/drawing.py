"""``dateline zones``, ``map``, ``brief`` and ``export``: what people see and take away."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import click

from geo.cli.parameters import (
    DAY,
    LAYER,
    LAYER_FILE,
    LAYERS,
    PATH,
    SHEET_FILE,
    SIZE,
    bbox_option,
    check_kept,
    on_option,
    output_option,
    settings_of,
    today,
    workspace_option,
)
from geo.cli.talk import complain, readings_of, wrote
from geo.geometry import Bbox
from geo.settings import Settings


@click.command()
@on_option
@click.option("--zone", "zone_id", metavar="ID", help="Only this zone.")
@click.option("-o", "--output", type=LAYER_FILE, help="File to write.")
def zones(on: dt.date | None, zone_id: str | None, output: Path | None) -> None:
    """Print or write the zones that held on a day.

    They are printed as GeoJSON; a file's suffix chooses the format as it does for export.

    \b
    Example:
      dateline zones --on 2017-08-01 -o zones.geojson
    """
    from geo.exports.write import layer_bytes, write_layer
    from geo.pipeline import no_zones_reason, zones_layer_on

    layer = zones_layer_on(on, zone_id)
    if layer.features.empty:
        complain(no_zones_reason(on))
    if output is None:
        click.echo(layer_bytes(layer, "geojson"), nl=False)
    else:
        write_layer(layer, output)
        wrote(output)


@click.command("map")
@click.argument("files", nargs=-1, metavar="[FILE…]")
@output_option
@on_option
@workspace_option
def map_(files: tuple[str, ...], output: Path, on: dt.date | None, workspace: str | None) -> None:
    """Write one page with the layered map of articles.

    The page is self-contained and needs no network. Without FILE it shows the workspace's articles, and the samples
    where that is empty.

    \b
    Example:
      dateline map report.txt -o map.html --on 2017-08-01
    """
    from geo.files import write_whole
    from geo.pipeline import map_page

    check_kept(output, files)
    settings = settings_of(workspace)
    readings, unreadable = readings_of(files, settings)
    write_whole(output, map_page(readings, on, settings).encode())
    wrote(output)
    unreadable.fail_if_any()


@click.command()
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option("-o", "--output", type=SHEET_FILE, required=True, help=".png, .svg, .pdf or .pptx.")
@on_option
@click.option(
    "--size", type=SIZE, metavar="WIDTHxHEIGHT", default="1920x1080", show_default=True, help="Size in pixels."
)
@bbox_option
@click.option("--layers", type=LAYERS, help="Layers to draw, comma-separated.")
@click.option("--title", help="Title of the sheet.")
@click.option(
    "--lang", type=click.Choice(["en", "ar", "ru"]), default="en", show_default=True, help="Language of the sheet."
)
@click.option("--made-on", type=DAY, default=today, help="Day printed as made on; by default today.")
@workspace_option
def brief(files: tuple[str, ...], output: Path, workspace: str | None, **options: Any) -> None:
    """Draw one briefing sheet.

    It carries a map, title, legend, scale bar, sources and dates. Without FILE it shows the workspace's articles,
    and the samples where that is empty.

    \b
    Example:
      dateline brief report.txt -o sheet.png --on 2017-08-01
    """
    from geo.briefing.sheet import draw_sheet
    from geo.pipeline import BriefOptions
    from geo.pipeline import brief as brief_of

    check_kept(output, files)
    settings = settings_of(workspace)
    readings, unreadable = readings_of(files, settings)
    draw_sheet(brief_of(readings, BriefOptions(**options), settings), output)
    wrote(output)
    unreadable.fail_if_any()


@click.command()
@click.argument("layer", type=LAYER)
@click.option(
    "-o",
    "--output",
    type=PATH,
    required=True,
    help="Its suffix chooses the format: .geojson, .gpkg, .fgb, .kml, .kmz, .parquet, .csv or .shp.zip.",
)
@on_option
@bbox_option
@workspace_option
def export(layer: str, output: Path, workspace: str | None, on: dt.date | None, bbox: Bbox | None) -> None:
    """Write a layer of the workspace for GIS tools.

    Layers: places, mentions, footprints, zones, posts, governorates, countries. Mentions may go to a new folder, as
    GeoParquet with one file a country and month.

    \b
    Example:
      dateline export places -o places.geojson
      dateline export mentions -o mentions/
    """
    settings = settings_of(workspace)
    if layer == "mentions" and not output.suffix:
        _export_partitions(output, settings)
        return
    # Before the workspace is read: it may be large.
    LAYER_FILE.convert(str(output), None, click.get_current_context())
    from geo.exports.write import write_layer
    from geo.pipeline import build_layers

    readings, _ = readings_of((), settings)
    write_layer(build_layers(readings, on, [layer], settings)[layer], output, bbox)
    wrote(output)


def _export_partitions(folder: Path, settings: Settings) -> None:
    from geo.batch import open_with_samples
    from geo.batch.partitions import export_partitions

    with open_with_samples(settings) as workspace:
        export_partitions(workspace, folder)
    wrote(folder)
