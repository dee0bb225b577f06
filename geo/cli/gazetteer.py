"""``dateline gazetteer``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli.parameters import settings_of


@click.group()
def gazetteer() -> None:
    """Build, describe and extend the index of places.

    \b
    Example:
      dateline gazetteer info
    """


@gazetteer.command("build")
@click.option("--force", is_flag=True, help="Build again even where the index is there.")
def gazetteer_build(force: bool) -> None:
    """Build the index and the outlines of units.

    Both are made at first use otherwise.

    \b
    Example:
      dateline gazetteer build
    """
    from geo.pipeline import build_index

    click.echo(f"The index is in {build_index(settings_of(None), force=force)}")


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

    facts = index_info(settings_of(None))
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
        click.echo(add_file(file, settings_of(None)).summary())
