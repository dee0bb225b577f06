"""The command line: one command an arrow of the flow, and one a way out.

Commands parse, call `geo.pipeline` and print. Errors are one plain line on stderr; exit codes are 0 done, 1 failed,
2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from geo import __version__
from geo.cli import drawing, gazetteer, ingesting, reading, serving, watching, workspace
from geo.cli.talk import DONE, FAILED, WRONG_USAGE, complain
from geo.errors import DatelineError

__all__ = ["DONE", "FAILED", "WRONG_USAGE", "cli", "main"]

COMMANDS = (
    serving.serve,
    reading.read,
    reading.resolve,
    reading.footprint,
    drawing.zones,
    drawing.map_,
    drawing.brief,
    drawing.export,
    ingesting.ingest,
    watching.watch,
    gazetteer.gazetteer,
    workspace.workspace,
    reading.evaluate,
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dateline")
def cli() -> None:
    """Turn news reports into layered maps, offline.

    \b
    Example:
      dateline read report.txt
      dateline map report.txt -o map.html
      dateline serve
    """


for command in COMMANDS:
    cli.add_command(command)


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        cli.main(args=list(args) if args is not None else None, prog_name="dateline", standalone_mode=False)
    except SystemExit as stop:
        return int(stop.code or DONE)
    except (click.ClickException, click.Abort, DatelineError, KeyboardInterrupt, OSError) as error:
        return _report(error)
    return DONE


def _report(error: BaseException) -> int:
    """Say what went wrong in one line and return the exit code for it."""
    if isinstance(error, OSError) and not isinstance(error, DatelineError):
        return _report_refusal(error)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
    elif isinstance(error, click.ClickException):
        context = getattr(error, "ctx", None)
        complain(f"{error.format_message()} See `{context.command_path if context else 'dateline'} --help`.")
    else:
        complain(str(error) if isinstance(error, DatelineError) else "interrupted.")
    return WRONG_USAGE if isinstance(error, click.UsageError) else FAILED


def _report_refusal(error: OSError) -> int:
    """Report what the system refused: most often the standard output, which is not tried again when Python ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if isinstance(error, BrokenPipeError):
        return DONE  # the reader of our output has gone, as `| head` does
    what = error.filename or "The output"
    complain(f"{what} cannot be written or read: {error.strerror or error}. Check the path and the room on its disk.")
    return FAILED
