"""Dateline's settings: one frozen object, read once from ``DATELINE_*`` variables and flags.

Each setting is documented on its field; ``docs/settings.md`` is checked against this file by a test.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, get_type_hints

from geo.errors import InputError


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

    cache_dir: Annotated[Path, "Folder for what is built once: the gazetteer's index and computed zones."] = field(
        default_factory=_user_cache
    )
    workspace: Annotated[str, "URL of the workspace: sqlite:///file.db or postgresql://user@host/database."] = field(
        default_factory=_user_workspace
    )
    boundaries: Annotated[
        Path | None, "GeoJSON or GeoPackage of first-level units to use in place of Natural Earth's."
    ] = None
    zones: Annotated[Path | None, "Folder of zone data files to use in place of those that come with Dateline."] = None
    geocoder: Annotated[
        str, "geopy geocoder to ask for what the gazetteer lacks, as nominatim?user_agent=my-newsroom; empty for none."
    ] = field(default="", repr=False)  # its options may hold a key
    online_tiles: Annotated[bool, "Offer OpenStreetMap tiles in the layer control, off until chosen: 1 or 0."] = False
    log_level: Annotated[str, "How much is logged: DEBUG, INFO, WARNING or ERROR."] = "WARNING"


def setting_docs() -> dict[str, str]:
    """Return what each setting means, by its variable's name (``DATELINE_…``)."""
    hints = get_type_hints(Settings, include_extras=True)
    return {f"DATELINE_{name.upper()}": hint.__metadata__[0] for name, hint in hints.items()}


def _convert(variable: str, hint: object, text: str) -> object:
    if hint is bool:
        if text.lower() not in {"0", "1", "true", "false"}:
            raise InputError(f"{variable} is {text!r}.", "Set it to 1 or 0.")
        return text.lower() in {"1", "true"}
    return text if hint is str else Path(text).expanduser()


def load_settings(environ: Mapping[str, str] | None = None, **flags: object) -> Settings:
    """Read settings from ``DATELINE_*`` variables; flags that are not None outrank them.

    Parameters
    ----------
    environ
        Variables to read; the process's own by default.

    Raises
    ------
    InputError
        A variable holds a value that its setting cannot take.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, object] = {}
    for name, hint in get_type_hints(Settings).items():
        variable = f"DATELINE_{name.upper()}"
        if text := environ.get(variable, ""):
            values[name] = _convert(variable, hint, text)
    values |= {name: value for name, value in flags.items() if value is not None}
    return Settings(**values)  # type: ignore[arg-type]
