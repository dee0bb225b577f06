"""Dateline's settings: one frozen object, read once from ``DATELINE_*`` variables and flags.

Each setting is documented on its field; ``docs/settings.md`` is checked against this file by a test.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Literal, get_args, get_origin, get_type_hints

from geo.errors import InputError

_PREFIX = "DATELINE_"
_NEAR = 0.8
"""How alike names are that are taken for misspelt ones, as difflib's ratio: REVIEW and REVIEWS are .92."""


def data_dir() -> Path:
    """Return the folder with the data files that come with Dateline.

    An installed package carries it as ``geo/data``; in a checkout it is ``data`` beside ``geo``.
    """
    installed = Path(__file__).parent / "data"
    return installed if installed.is_dir() else Path(__file__).parent.parent / "data"


def _user_cache() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("dateline", appauthor=False)


def _user_workspace() -> str:
    from platformdirs import user_data_path

    return f"sqlite:///{user_data_path('dateline', appauthor=False) / 'workspace.db'}"


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. Build it with `load_settings`, or directly in tests."""

    cache_dir: Annotated[
        Path, "Folder for what is built once: the gazetteer's index, units' outlines, computed zones."
    ] = field(default_factory=_user_cache)
    workspace: Annotated[str, "URL of the workspace: sqlite:///file.db or postgresql://user@host/database."] = field(
        default_factory=_user_workspace, repr=False
    )  # it may hold a password
    boundaries: Annotated[
        Path | None, "GeoJSON or GeoPackage of first-level units to use in place of Natural Earth's."
    ] = None
    zones: Annotated[Path | None, "Folder of zone data files to use in place of those that come with Dateline."] = None
    geocoder: Annotated[
        str, "geopy geocoder to ask for what the gazetteer lacks, as nominatim?user_agent=my-newsroom; empty for none."
    ] = field(default="", repr=False)  # its options may hold a key
    fetch: Annotated[bool, "Fetch pages and feeds given by their http or https address: 1 or 0."] = False
    online_tiles: Annotated[bool, "Offer OpenStreetMap tiles in the layer control, off until chosen: 1 or 0."] = False
    reviews: Annotated[bool, "Let whoever reaches the web app accept, correct and reject places: 1 or 0."] = True
    log_level: Annotated[
        Literal["DEBUG", "INFO", "WARNING", "ERROR"], "How much is logged: DEBUG, INFO, WARNING or ERROR."
    ] = "WARNING"
    log: Annotated[Literal["text", "json"], "How it is logged: text for people, json for one object a line."] = "text"
    hosts: Annotated[
        str,
        "Names the web app answers to beside localhost and IP addresses: maps.example.org, .example.org for all in it.",
    ] = ""
    trusted_proxies: Annotated[
        int, "How many reverse proxies in front of the web app set X-Forwarded-For, -Proto and -Host; 0 believes none."
    ] = 0


def setting_docs() -> dict[str, str]:
    """Return what each setting means, by its variable's name (``DATELINE_…``)."""
    hints = get_type_hints(Settings, include_extras=True)
    return {f"{_PREFIX}{name.upper()}": hint.__metadata__[0] for name, hint in hints.items()}


def _convert(variable: str, hint: object, text: str) -> object:
    if hint is bool:
        return _one_of(variable, {"true": "1", "false": "0"}.get(text.lower(), text), ("1", "0")) == "1"
    if hint is int:
        return _whole_number(variable, text)
    if get_origin(hint) is Literal:
        return _one_of(variable, text, get_args(hint))
    return text if hint is str else Path(text).expanduser()


def _whole_number(variable: str, text: str) -> int:
    try:
        number = int(text)
    except ValueError:
        number = -1
    if number < 0:
        raise InputError(f"{variable} is {text!r}.", "Set it to a whole number from 0.")
    return number


def _one_of(variable: str, text: str, allowed: Sequence[str]) -> str:
    if text not in allowed:
        raise InputError(f"{variable} is {text!r}.", f"Set it to {', '.join(allowed[:-1])} or {allowed[-1]}.")
    return text


def _value(environ: Mapping[str, str], variable: str) -> str:
    """Return a variable's value, or the content of the file that the variable with ``_FILE`` behind it names."""
    file = environ.get(f"{variable}_FILE", "")
    if environ.get(variable) or not file:
        return environ.get(variable, "")
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"The file {file} that {variable}_FILE names cannot be read."
        raise InputError(message, f"Check its permissions, or set {variable}.") from error


def _refuse_misspelt(environ: Mapping[str, str], names: Sequence[str]) -> None:
    """Refuse variables that are spelt nearly like a setting's: they would change nothing, and nobody would be told.

    Others that begin alike are left alone: a service of this name in Kubernetes gives each container some.
    """
    known = [name + ending for name in names for ending in ("", "_FILE")]
    given = sorted(name.removeprefix(_PREFIX) for name in environ if name.startswith(_PREFIX))
    for name in given:
        near = [] if name in known else _near(name, known)
        if near:
            raise InputError(f"{_PREFIX}{name} is no setting.", f"Did you mean {_PREFIX}{near[0]}?")


def _near(name: str, known: Sequence[str]) -> list[str]:
    from difflib import get_close_matches

    return get_close_matches(name, known, 1, _NEAR)


def load_settings(environ: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """Read settings from ``DATELINE_*`` variables; flags that are not None outrank them.

    A variable with ``_FILE`` behind its name gives the file that holds the value, as secrets are handed over.

    Parameters
    ----------
    environ
        Variables to read; the process's own by default.

    Raises
    ------
    InputError
        A variable holds a value that its setting cannot take, or has a misspelt name.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    hints = get_type_hints(Settings)
    _refuse_misspelt(environ, [name.upper() for name in hints])
    for name, hint in hints.items():
        variable = f"{_PREFIX}{name.upper()}"
        if text := _value(environ, variable):
            values[name] = _convert(variable, hint, text)
    values |= {name: value for name, value in flags.items() if value is not None}
    return Settings(**values)  # type: ignore[arg-type]
