"""``dateline ingest``."""

from __future__ import annotations

import sys

import click

from geo.cli.parameters import settings_of, workspace_option
from geo.cli.talk import FAILED, complain


@click.command()
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

    from geo.batch import IngestReport, Options
    from geo.batch import ingest as ingest_sources

    with tqdm(unit=" articles", disable=None, file=sys.stderr, leave=False) as bar:

        def show(report: IngestReport) -> None:
            bar.update(report.read + report.failed - bar.n)

        report = ingest_sources(sources, settings_of(workspace), Options(workers=workers, progress=show))
    click.echo(report.summary())
    for notice in report.passed_over:
        complain(notice)
    for failure in report.failures:
        complain(str(failure))
    if report.failures or report.interrupted:
        sys.exit(FAILED)
