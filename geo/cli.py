"""The command line: one command an arrow of the flow, and one a way out.

Commands parse, call `geo.pipeline` and print. Errors are one plain line on stderr; exit codes are 0 done, 1 failed,
2 wrong usage.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from geo.errors import DatelineError, InputError, UnknownNameError
from geo.geometry import Bbox, parse_bbox
from geo.settings import Settings, load_settings

if TYPE_CHECKING:
    from geo.model import Reading

DONE, FAILED, WRONG_USAGE = 0, 1, 2
T = TypeVar("T")


class _Parsed(click.ParamType[Any]):
    """A parameter read by one of our parsers, whose error becomes a usage error."""

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._parse(value) if isinstance(value, str) else value
        except (InputError, UnknownNameError) as error:
            self.fail(str(error), param, ctx)


def _day(text: str) -> dt.date | None:
    from geo.pipeline import parse_day

    return parse_day(text)


def _layer_name(text: str) -> str:
    from geo.pipeline import check_layer_name

    check_layer_name(text)
    return text


def _layer_names(text: str) -> tuple[str, ...]:
    return tuple(_layer_name(name.strip()) for name in text.split(","))


def _size(text: str) -> tuple[int, int]:
    from geo.briefing.sheet import parse_size

    return parse_size(text)


def _today() -> str:
    """Return the day the command runs; a set ``SOURCE_DATE_EPOCH`` stands in for the clock."""
    seconds = float(os.environ.get("SOURCE_DATE_EPOCH") or time.time())
    return dt.datetime.fromtimestamp(seconds, dt.UTC).date().isoformat()


DAY = _Parsed("YYYY-MM-DD", _day)
BBOX = _Parsed("W,S,E,N", parse_bbox)
LAYER = _Parsed("LAYER", _layer_name)
LAYERS = _Parsed("NAME,…", _layer_names)
SIZE = _Parsed("WIDTHxHEIGHT", _size)

on_option = click.option("--on", type=DAY, help="Day the zones stand for, YYYY-MM-DD.")
workspace_option = click.option("--workspace", metavar="URL", help="Workspace to use instead of the configured one.")
bbox_option = click.option("--bbox", type=BBOX, help="Only what touches west,south,east,north (degrees).")
output_option = click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dateline", prog_name="dateline")
def cli() -> None:
    """Turn news reports into layered maps, offline.

    \b
    Example:
      dateline read report.txt
      dateline map report.txt -o map.html
      dateline serve
    """


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="0 takes a free port.")
@workspace_option
def serve(host: str, port: int, workspace: str | None) -> None:
    """Serve the web app; an empty workspace starts with the sample articles.

    \b
    Example:
      dateline serve --port 8080
    """
    from webapp import create_app
    from webapp.server import run_server

    app = create_app(_settings(workspace))
    run_server(app, host, port, lambda address: click.echo(f"Dateline is at {address} (Ctrl+C stops it)"))


@cli.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE…")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["table", "json", "jsonl", "geojson", "csv"]),
    default="table",
    show_default=True,
    help="How to print.",
)
def read(files: tuple[str, ...], format_: str) -> None:
    """Print the mentions and places of each article; - reads standard input.

    Takes text, HTML, feeds and JSONL with one {"id", "text"} a line. What cannot be read is reported, and the rest is
    read all the same.

    \b
    Example:
      dateline read report.txt --format jsonl
    """
    from geo.exports import readings as records

    unreadable = _Unreadable()
    found = unreadable.readings(files)
    writers: dict[str, Callable[[Iterable[Reading]], Iterable[str]]] = {
        "table": records.table_lines,
        "json": records.json_array,
        "jsonl": records.json_lines,
        "csv": records.csv_lines,
        "geojson": _mentions_geojson,
    }
    for line in writers[format_](found):
        click.echo(line, nl=False)
    unreadable.fail_if_any()


def _mentions_geojson(readings: Iterable[Reading]) -> Iterator[str]:
    from geo.exports.write import layer_bytes
    from geo.pipeline import build_layers

    yield layer_bytes(build_layers(list(readings), names=["mentions"])["mentions"], "geojson").decode()


@cli.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--near", metavar="PLACE", help='Place that gives the context, as "Syria".')
@click.option("--country", metavar="CC", help="Country the place must lie in, two letters.")
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100), help="Most candidates a name.")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
def resolve(names: tuple[str, ...], near: str | None, country: str | None, limit: int, format_: str) -> None:
    """Print the places each name may stand for, best first.

    \b
    Example:
      dateline resolve "Deraa" "East Guta" --near Syria
    """
    import json

    from geo.exports.readings import query_record
    from geo.pipeline import resolve as resolve_name

    answers = [(name, resolve_name(name, near=near, country=country, limit=limit)) for name in names]
    if format_ == "json":
        click.echo(json.dumps([query_record(*answer) for answer in answers], ensure_ascii=False, indent=1))
        return
    for name, candidates in answers:
        _print_candidates(name, candidates)


def _print_candidates(name: str, candidates: Sequence[Any]) -> None:
    from geo.exports.readings import aligned, printable

    click.echo(printable(name))
    rows = [
        (
            *(c.place.name, c.place.feature, c.place.admin1 or "", c.place.country or ""),
            *(f"{c.place.lat:.3f}", f"{c.place.lon:.3f}", f"{c.confidence:.2f}", c.place.id),
        )
        for c in candidates
    ]
    header = ("place", "feature", "admin1", "country", "lat", "lon", "sure", "id")
    click.echo("".join(aligned([header, *rows])) if rows else "  no such place in the gazetteer\n", nl=False)


@cli.command()
@click.argument("phrase")
@click.option("--format", "format_", type=click.Choice(["geojson", "wkt"]), default="geojson", show_default=True)
def footprint(phrase: str, format_: str) -> None:
    """Print the area a phrase stands for: core, zone and possible.

    \b
    Example:
      dateline footprint "the north of the province Homs"
    """
    from geo.model import EXTENTS
    from geo.pipeline import footprint as footprint_of

    found = footprint_of(phrase)
    if format_ == "wkt":
        for extent in EXTENTS:
            click.echo(f"{extent}\t{found.extent(extent).wkt}")
        return
    from geo.exports.write import layer_bytes
    from geo.pipeline import footprint_layer

    click.echo(layer_bytes(footprint_layer(found), "geojson"), nl=False)


@cli.command()
@on_option
@click.option("--zone", "zone_id", metavar="ID", help="Only this zone.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="GeoJSON file; printed without it.")
def zones(on: dt.date | None, zone_id: str | None, output: Path | None) -> None:
    """Print or write the zones that held on a day, as GeoJSON.

    \b
    Example:
      dateline zones --on 2017-08-01 -o zones.geojson
    """
    from geo.exports.write import layer_bytes, write_layer
    from geo.pipeline import no_zones_reason, zones_layer_on

    layer = zones_layer_on(on, zone_id)
    if layer.features.empty:
        _complain(no_zones_reason(on))
    if output is None:
        click.echo(layer_bytes(layer, "geojson"), nl=False)
    else:
        write_layer(layer, output)
        _wrote(output)


@cli.command("map")
@click.argument("files", nargs=-1, metavar="[FILE…]")
@output_option
@on_option
@workspace_option
def map_(files: tuple[str, ...], output: Path, on: dt.date | None, workspace: str | None) -> None:
    """Write one self-contained page with the layered map of the articles.

    Without FILE it shows the workspace's articles, and the samples where that is empty.

    \b
    Example:
      dateline map report.txt -o map.html --on 2017-08-01
    """
    from geo.files import write_whole
    from geo.pipeline import map_page

    settings = _settings(workspace)
    readings, unreadable = _readings(files, settings)
    write_whole(output, map_page(readings, on, settings).encode())
    _wrote(output)
    unreadable.fail_if_any()


@cli.command()
@click.argument("files", nargs=-1, metavar="[FILE…]")
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help=".png, .svg, .pdf or .pptx.")
@on_option
@click.option("--size", type=SIZE, default="1920x1080", show_default=True, help="Pixels.")
@bbox_option
@click.option("--layers", type=LAYERS, help="Layers to draw, comma-separated.")
@click.option("--title", help="Title of the sheet.")
@click.option("--lang", type=click.Choice(["en", "ar", "ru"]), default="en", show_default=True)
@click.option("--made-on", type=DAY, default=_today, help="Day printed as made on; by default today.")
@workspace_option
def brief(files: tuple[str, ...], output: Path, workspace: str | None, **options: Any) -> None:
    """Draw one briefing sheet: map, legend, scale bar, sources, dates.

    Without FILE it shows the workspace's articles, and the samples where that is empty.

    \b
    Example:
      dateline brief report.txt -o sheet.png --on 2017-08-01
    """
    from geo.briefing.sheet import draw_sheet, suffix_of
    from geo.pipeline import BriefOptions
    from geo.pipeline import brief as brief_of

    suffix_of(output.name)
    settings = _settings(workspace)
    readings, unreadable = _readings(files, settings)
    draw_sheet(brief_of(readings, BriefOptions(**options), settings), output)
    _wrote(output)
    unreadable.fail_if_any()


@cli.command()
@click.argument("layer", type=LAYER)
@click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="The suffix chooses the format.")
@on_option
@bbox_option
@workspace_option
def export(layer: str, output: Path, on: dt.date | None, bbox: Bbox | None, workspace: str | None) -> None:
    """Write a layer of the workspace for GIS tools.

    Layers: places, mentions, footprints, zones, posts, governorates, countries.

    \b
    Example:
      dateline export places -o places.geojson
    """
    from geo.exports.write import write_layer
    from geo.pipeline import build_layers

    settings = _settings(workspace)
    readings, _ = _readings((), settings)
    write_layer(build_layers(readings, on, [layer], settings)[layer], output, bbox)
    _wrote(output)


@cli.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes to read with.")
@workspace_option
def ingest(sources: tuple[str, ...], workers: int, workspace: str | None) -> None:
    """Read files, folders, feeds and JSONL into the workspace.

    An article that is there already is not stored again; what was interrupted goes on when called again.

    \b
    Example:
      dateline ingest reports/ more.jsonl
    """
    from tqdm import tqdm

    from geo.batch import IngestReport
    from geo.batch import ingest as ingest_sources

    with tqdm(unit=" articles", disable=None, file=sys.stderr, leave=False) as bar:

        def show(report: IngestReport) -> None:
            bar.update(report.read + report.failed - bar.n)

        report = ingest_sources(sources, _settings(workspace), workers=workers, progress=show)
    click.echo(report.summary())
    for failure in report.failures:
        _complain(str(failure))
    if report.failures or report.interrupted:
        sys.exit(FAILED)


@cli.group()
def gazetteer() -> None:
    """Build, describe and extend the local index of place names.

    \b
    Example:
      dateline gazetteer info
    """


@gazetteer.command("build")
@click.option("--force", is_flag=True, help="Build again even where the index is there.")
def gazetteer_build(force: bool) -> None:
    """Build the index now instead of at first use.

    \b
    Example:
      dateline gazetteer build
    """
    from geo.gazetteer.build import build_index

    click.echo(f"The index is in {build_index(_settings(None), force=force)}")


@gazetteer.command("info")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def gazetteer_info(as_json: bool) -> None:
    """Say what the index holds.

    \b
    Example:
      dateline gazetteer info
    """
    import json

    from geo.gazetteer.index import index_info

    facts = index_info(_settings(None))
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        for key, value in facts.items():
            click.echo(f"{key}: {value:,}" if isinstance(value, int) else f"{key}: {value}")


@gazetteer.command("add")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
def gazetteer_add(files: tuple[Path, ...]) -> None:
    """Add places: GeoNames dumps, Who's On First records, CSV.

    \b
    Example:
      dateline gazetteer add SY.txt
    """
    from geo.gazetteer.add import add_file

    for file in files:
        click.echo(add_file(file, _settings(None)).summary())


@cli.command()
@click.argument("gold", type=click.Path(path_type=Path), metavar="GOLD.jsonl")
@click.option("--predictions", type=click.Path(path_type=Path), metavar="OUT.jsonl", help="Write what was found.")
@click.option("--page", type=click.Path(path_type=Path), metavar="OUT.html", help="Write a page of hits and misses.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(gold: Path, predictions: Path | None, page: Path | None, as_json: bool) -> None:
    """Score Dateline against an annotated corpus.

    \b
    Example:
      dateline evaluate gold.jsonl --page misses.html
    """
    from geo.articles.reader import read_articles
    from geo.evaluation import evaluate as evaluate_corpus
    from geo.gazetteer.index import open_index
    from geo.model import Article
    from geo.pipeline import find_places

    settings = _settings(None)
    readings = (find_places(a, settings) for a in read_articles([str(gold)]) if isinstance(a, Article))
    report = evaluate_corpus(gold, readings, open_index(settings), predictions=predictions, page=page)
    click.echo(report.json() if as_json else report.table())


def _settings(workspace: str | None) -> Settings:
    settings = load_settings()
    return settings if workspace is None else replace(settings, workspace=workspace)


class _Unreadable:
    """Reports inputs that cannot be read on stderr, lets the rest go on, and makes the command fail in the end."""

    def __init__(self) -> None:
        self.count = 0

    def readings(self, files: Sequence[str]) -> Iterator[Reading]:
        from geo.articles.reader import read_articles
        from geo.model import Article
        from geo.pipeline import geoparse

        for article in read_articles(files):
            if isinstance(article, Article):
                yield geoparse(article)
            else:
                self.count += 1
                _complain(article.reason)

    def fail_if_any(self) -> None:
        if self.count:
            sys.exit(FAILED)


def _readings(files: Sequence[str], settings: Settings) -> tuple[list[Reading], _Unreadable]:
    """Return the readings of files, or those of the workspace where no file is given."""
    unreadable = _Unreadable()
    if not files:
        from geo.batch import open_with_samples

        return list(open_with_samples(settings).readings()), unreadable
    readings = list(unreadable.readings(files))
    if not readings:
        unreadable.fail_if_any()
    return readings, unreadable


def _wrote(path: Path) -> None:
    click.echo(f"Wrote {path}", err=True)


def _complain(message: str) -> None:
    click.echo(f"dateline: {' '.join(message.split())}", err=True)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        cli.main(args=list(args) if args is not None else None, prog_name="dateline", standalone_mode=False)
    except SystemExit as stop:
        return int(stop.code or DONE)
    except (click.ClickException, click.Abort, DatelineError, KeyboardInterrupt, BrokenPipeError) as error:
        return _report(error)
    return DONE


def _report(error: BaseException) -> int:
    """Say what went wrong in one line and return the exit code for it."""
    if isinstance(error, BrokenPipeError):
        # The reader of our output has gone (as `| head` does): nothing is left to say, nor to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
    elif isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        _complain(f"{error.format_message()} See `{context.command_path if context else 'dateline'} --help`.")
    else:
        _complain(str(error) if isinstance(error, DatelineError) else "interrupted.")
    return WRONG_USAGE if isinstance(error, click.UsageError) else FAILED


if __name__ == "__main__":
    sys.exit(main())
