"""The map's style sheets and scripts: Leaflet's, put beside this file when the package is built, and our own."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from geo.errors import DataFileError

_HERE = Path(__file__).parent

STYLE_SHEETS = ("leaflet/leaflet.css", "map.css")
SCRIPTS = ("leaflet/leaflet.js", "map.js", "fetching.js", "popup.js", "labels.js", "controls.js")
"""In the order in which a page needs them."""

_CSS_URL = re.compile(r"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def asset_path(name: str) -> Path:
    """Return the file of an asset named as in `STYLE_SHEETS` and `SCRIPTS`, or of an image a style sheet names.

    Raises
    ------
    DataFileError
        There is no such file: the package was not built as a whole.
    """
    for folder in (_HERE / "static", _HERE / "assets"):
        path = folder / name
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    raise DataFileError(
        f"The map's file {name} is missing from {_HERE / 'assets'}.",
        "Install Dateline again with pip, or in a checkout run: pip install -e .",
    )


def asset_files() -> Mapping[str, Path]:
    """Return every file a page with linked assets may ask for, by its name under the assets' address.

    Raises
    ------
    DataFileError
        One is missing: the package was not built as a whole.
    """
    sheets = {name: asset_path(name).read_text(encoding="utf-8") for name in STYLE_SHEETS}
    images = [
        f"{Path(name).parent}/{url}" for name, css in sheets.items() for url in _CSS_URL.findall(css) if "#" not in url
    ]
    return {name: asset_path(name) for name in (*STYLE_SHEETS, *SCRIPTS, *images)}


@lru_cache(maxsize=32)
def script_text(name: str) -> str:
    """Return a script ready to stand inside a page."""
    return _SOURCE_MAP.sub("", asset_path(name).read_text(encoding="utf-8")).strip()


@lru_cache(maxsize=32)
def style_text(name: str) -> str:
    """Return a style sheet ready to stand inside a page, its images as data."""
    css = asset_path(name).read_text(encoding="utf-8")
    return _CSS_URL.sub(lambda match: _inlined(match, Path(name).parent), css).strip()


def _inlined(match: re.Match[str], folder: Path) -> str:
    url = match.group(1)
    if url.startswith(("#", "data:")):
        return match.group(0)
    return f"url({data_uri(f'{folder}/{url}')})"


def data_uri(name: str) -> str:
    """Return a PNG as a data URI."""
    return f"data:image/png;base64,{base64.b64encode(asset_path(name).read_bytes()).decode('ascii')}"
