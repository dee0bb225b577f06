"""``dateline watch``."""

from __future__ import annotations

import logging
import signal
from contextlib import suppress
from threading import Event
from types import FrameType
from typing import TYPE_CHECKING

import click

from geo.cli.parameters import settings_of, workspace_option

if TYPE_CHECKING:
    from geo.watching import Arrival


@click.command()
@click.argument("source", metavar="FOLDER|FEED")
@click.option(
    "--interval", type=click.FloatRange(0.1), metavar="SECONDS", help="Time between two looks. [1; feeds: 300]"
)
@click.option("--once", is_flag=True, help="Read what is new and end, for a scheduled run.")
@workspace_option
def watch(source: str, interval: float | None, once: bool, workspace: str | None) -> None:
    """Ingest what arrives in a folder or a feed.

    It goes on until stopped with Ctrl+C. FOLDER may also be a file or a pattern in quotes; FEED is the address of a
    feed or page, which needs DATELINE_FETCH=1. Files are read when they no longer change. What was read is remembered
    between runs.

    \b
    Example:
      dateline watch incoming/
      DATELINE_FETCH=1 dateline watch https://example.org/feed.rss --interval 600
    """
    from geo.logs import set_up_logging
    from geo.watching import Watch
    from geo.watching import watch as watch_source

    settings, tell = settings_of(workspace), _print
    if settings.log == "json":
        set_up_logging(settings.log_level, settings.log)
        tell = _log
    with suppress(KeyboardInterrupt):
        signal.signal(signal.SIGTERM, _interrupt)
        watch_source(Watch(source, tell, interval, once, Event()), settings)


def _print(arrival: Arrival) -> None:
    click.echo(" ".join(str(arrival).split()))


def _log(arrival: Arrival) -> None:
    """Log what was read, at WARNING where a part of it could not be."""
    from geo.logs import FIELDS

    report = arrival.report
    fields = {"source": arrival.source, "read": report.read, "new": report.new, "failed": report.failed}
    level = logging.WARNING if report.failed else logging.INFO
    logging.getLogger(__name__).log(level, "%s", arrival, extra={FIELDS: fields})


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
