"""``dateline ingest``."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import click

from geo.cli.parameters import settings_of, workspace_option
from geo.cli.talk import FAILED, complain

if TYPE_CHECKING:
    from geo.batch import Failure, IngestReport

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1), help="Processes to read with.")
@click.option("--dask", metavar="ADDRESS", help="Read on a Dask cluster, by its scheduler's address.")
@click.option("--to", metavar="FOLDER", type=_FOLDER, help="Write GeoParquet by country and month, not the workspace.")
@click.option("--dry-run", is_flag=True, help="Tell what would be stored, and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@workspace_option
def ingest(sources: tuple[str, ...], dry_run: bool, as_json: bool, workspace: str | None, **how: Any) -> None:
    """Read reports into the workspace.

    SOURCE is a file, folder, pattern, archive, feed, corpus, or - for standard input. Text, HTML, PDF, DOCX, RSS, Atom,
    JSONL, CSV and Parquet are known; patterns stand in quotes; addresses on the web are fetched where DATELINE_FETCH=1
    is set. An article that is there already is not stored again; what was interrupted goes on when called again. What
    cannot be read is listed, and the rest is read all the same.

    \b
    Example:
      dateline ingest reports/ more.jsonl "archive/**/*.html"
      dateline ingest corpus.jsonl.gz --dry-run
      dateline ingest corpus.jsonl.gz --workers 2
      dateline ingest corpus.jsonl.gz --dask tcp://host:8786 --to mentions/
    """
    from geo.articles.reader import Access
    from geo.batch import Options
    from geo.batch import ingest as ingest_sources

    with _Bar(sources) as bar:
        access = Access(consumed=bar.consumed)
        options = Options(**how, dry_run=dry_run, progress=bar.show, refused=bar.refuse, access=access)
        report = ingest_sources(sources, settings_of(workspace), options)
    for notice in report.notices:
        complain(notice)
    click.echo(_as_json(report) if as_json else _summary(report, dry_run))
    if report.failed or report.interrupted:
        sys.exit(FAILED)


def _summary(report: IngestReport, dry_run: bool) -> str:
    return f"Nothing was stored. {report.summary()}" if dry_run else report.summary()


def _as_json(report: IngestReport) -> str:
    return json.dumps({"read": report.read, **asdict(report)}, ensure_ascii=False, indent=1)


class _Bar:
    """A progress bar on stderr, where that is a terminal: by bytes where the sources' sizes are known, else a count."""

    def __init__(self, sources: Sequence[str]) -> None:
        from tqdm import tqdm

        from geo.articles.sources import size_of

        shown = sys.stderr.isatty()
        self._total = size_of(sources) if shown else None
        unit = {"unit": "B", "unit_scale": True, "total": self._total} if self._total else {"unit": " articles"}
        self._bar = tqdm(disable=not shown, file=sys.stderr, leave=False, **unit)
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def consumed(self, count: int) -> None:
        """Go on by bytes read; what is read twice counts once."""
        if self._total:
            self._bar.update(min(count, self._total - self._bar.n))

    def show(self, report: IngestReport) -> None:
        """Tell how far the run is."""
        done = report.read + report.failed
        if self._total:
            rate = done / max(1e-9, time.monotonic() - self._began)
            self._bar.set_postfix_str(f"{done} articles, {rate:.0f}/s")
        else:
            self._bar.update(done - self._bar.n)

    def refuse(self, failure: Failure) -> None:
        """List a failure, above the bar."""
        self._bar.clear()
        complain(str(failure))
