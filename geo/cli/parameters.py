"""Parameters that several commands share, and how their text is read."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from geo.errors import InputError, UnknownNameError
from geo.files import check_target
from geo.geometry import parse_bbox
from geo.settings import Settings, load_settings


class Parsed(click.ParamType[Any]):
    """A parameter read by one of our parsers, whose error becomes a usage error: nothing has been done by then.

    A file that cannot be written fails the command as early, but is no wrong usage.
    """

    def __init__(self, name: str, parse: Callable[[str], Any]) -> None:
        self.name = name
        self._parse = parse

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return what the text stands for, or report wrong usage."""
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


def _layer_file(text: str) -> Path:
    from geo.exports.write import format_of

    format_of(text)
    return _file_to_write(text)


def _sheet_file(text: str) -> Path:
    from geo.briefing.sheet import suffix_of

    suffix_of(text)
    return _file_to_write(text)


def _path_to_write(text: str) -> Path:
    if text == "-":
        raise InputError("This cannot be written to standard output.", "Give the path of a file.")
    return Path(text)


def _file_to_write(text: str) -> Path:
    path = _path_to_write(text)
    check_target(path)
    return path


def today() -> str:
    """Return the day the command runs; a set ``SOURCE_DATE_EPOCH`` stands in for the clock.

    Raises
    ------
    InputError
        ``SOURCE_DATE_EPOCH`` is not a time in seconds.
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    try:
        return dt.datetime.fromtimestamp(float(epoch or time.time()), dt.UTC).date().isoformat()
    except (ValueError, OverflowError, OSError) as error:
        raise InputError(f"SOURCE_DATE_EPOCH is {epoch!r}.", "Set it to seconds since 1970, or unset it.") from error


DAY = Parsed("YYYY-MM-DD", _day)
BBOX = Parsed("W,S,E,N", parse_bbox)
LAYER = Parsed("LAYER", _layer_name)
LAYERS = Parsed("NAME,…", _layer_names)
SIZE = Parsed("WIDTHxHEIGHT", _size)
LAYER_FILE = Parsed("PATH", _layer_file)
SHEET_FILE = Parsed("PATH", _sheet_file)
FILE = Parsed("PATH", _file_to_write)
PATH = Parsed("PATH", _path_to_write)
"""Of a file, or of a folder that does not exist yet."""

on_option = click.option("--on", type=DAY, help="Day the zones stand for, YYYY-MM-DD.")
workspace_option = click.option("--workspace", metavar="URL", help="Workspace to use instead of the configured one.")
bbox_option = click.option("--bbox", type=BBOX, help="Only what touches west,south,east,north (degrees).")
output_option = click.option("-o", "--output", type=FILE, required=True, help="File to write.")


def check_kept(output: Path | None, inputs: Iterable[str | Path]) -> None:
    """Refuse to write over a file that is read.

    Raises
    ------
    InputError
        The output is one of the inputs, by whatever path.
    """
    if output is None or not output.exists():
        return
    if any(Path(path).exists() and output.samefile(path) for path in inputs):
        raise InputError(f"{output} is read, and would be lost.", "Write to another file.")


def settings_of(workspace: str | None) -> Settings:
    """Return the settings, with another workspace where a command was given one."""
    settings = load_settings()
    return settings if workspace is None else replace(settings, workspace=workspace)
