"""Parameters that several commands share, and how their text is read."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from geo.errors import InputError, UnknownNameError
from geo.geometry import parse_bbox
from geo.settings import Settings, load_settings


class Parsed(click.ParamType[Any]):
    """A parameter read by one of our parsers, whose error becomes a usage error: nothing has been done by then."""

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
    return Path(text)


def _sheet_file(text: str) -> Path:
    from geo.briefing.sheet import suffix_of

    suffix_of(text)
    return Path(text)


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

on_option = click.option("--on", type=DAY, help="Day the zones stand for, YYYY-MM-DD.")
workspace_option = click.option("--workspace", metavar="URL", help="Workspace to use instead of the configured one.")
bbox_option = click.option("--bbox", type=BBOX, help="Only what touches west,south,east,north (degrees).")
output_option = click.option("-o", "--output", type=click.Path(path_type=Path), required=True, help="File to write.")


def settings_of(workspace: str | None) -> Settings:
    """Return the settings, with another workspace where a command was given one."""
    settings = load_settings()
    return settings if workspace is None else replace(settings, workspace=workspace)
