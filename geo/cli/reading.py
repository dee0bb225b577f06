"""``dateline read``, ``resolve``, ``footprint`` and ``evaluate``: from text to places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli.parameters import FILE, check_kept, settings_of
from geo.cli.talk import Unreadable

if TYPE_CHECKING:
    from geo.model import Reading


@click.command()
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
    """Print the mentions and places of articles.

    FILE is a report, feed, table, corpus, archive or folder; - reads standard input. Text, HTML, PDF, DOCX, RSS, Atom,
    JSONL, CSV and Parquet are known. What cannot be read is reported, and the rest is read all the same.

    \b
    Example:
      dateline read report.txt --format jsonl
    """
    from geo.exports import readings as records

    unreadable = Unreadable()
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


@click.command()
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


@click.command()
@click.argument("phrase")
@click.option("--format", "format_", type=click.Choice(["geojson", "wkt"]), default="geojson", show_default=True)
def footprint(phrase: str, format_: str) -> None:
    """Print the area that a phrase stands for.

    It has three extents: core (surely inside), zone (best estimate), possible. English, Russian and Arabic; names
    without context mean the best-known place, so name the country or province where that is another.

    \b
    Example:
      dateline footprint "the north of the province Homs"
      dateline footprint "Turkish provinces bordering Syria" > provinces.geojson
      dateline footprint "20 km north-east of Nairobi" --format wkt
      dateline footprint "parts of Latakia, Hama and Aleppo provinces"
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


@click.command()
@click.argument("gold", type=click.Path(path_type=Path), metavar="GOLD.jsonl")
@click.option("--predictions", type=FILE, metavar="OUT.jsonl", help="Write what was found.")
@click.option("--page", type=FILE, metavar="OUT.html", help="Write a page of hits and misses.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def evaluate(gold: Path, predictions: Path | None, page: Path | None, as_json: bool) -> None:
    """Score Dateline against an annotated corpus.

    \b
    Example:
      dateline evaluate gold.jsonl --page misses.html
    """
    from geo.articles.reader import read_articles
    from geo.evaluation.evaluate import evaluate as evaluate_corpus
    from geo.gazetteer.index import open_index
    from geo.model import Article
    from geo.pipeline import find_places_all

    check_kept(predictions, [gold])
    check_kept(page, [gold])
    settings = settings_of(None)
    readings = find_places_all((a for a in read_articles([str(gold)]) if isinstance(a, Article)), settings)
    report = evaluate_corpus(gold, readings, open_index(settings), predictions=predictions, page=page)
    click.echo(report.json() if as_json else report.table())
