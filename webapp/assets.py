"""The files that pages load: their addresses change with what is in them, so that a browser asks for each only once."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, current_app, request, send_file

from geo.webmap.assets import asset_files

if TYPE_CHECKING:
    from flask import Flask

blueprint = Blueprint("assets", __name__, url_prefix="/static/map")

FOREVER = "public, max-age=31536000, immutable"
"""How long a file may be kept that never changes under its address: a year, the longest that caches heed."""

_OWN, _MAPS = "static", "assets.asset"


def install(app: Flask) -> None:
    """Put the version of the files into their addresses, and tell browsers how long to keep them."""
    app.register_blueprint(blueprint)
    app.url_defaults(_add_version)
    app.after_request(_say_how_long)


@blueprint.get("/<v>/<path:name>")
def asset(v: str, name: str) -> Response:
    """Return one of the map's scripts, style sheets or images; pages of another version get this one's."""
    path = asset_files().get(name) or abort(404)
    return send_file(path)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint in (_OWN, _MAPS):
        values.setdefault("v", _version(endpoint))


def _say_how_long(response: Response) -> Response:
    endpoint = request.endpoint or ""
    asked = request.args.get("v") or (request.view_args or {}).get("v")
    if endpoint in (_OWN, _MAPS) and response.status_code < 400 and asked == _version(endpoint):
        response.headers["Cache-Control"] = FOREVER
    return response


def _version(endpoint: str) -> str:
    # The map's files may be missing where the package was not built; then pages that need none still have theirs.
    return _map_version() if endpoint == _MAPS else _own_version(Path(str(current_app.static_folder)))


@lru_cache(maxsize=1)
def _map_version() -> str:
    return _fingerprint(asset_files().values())


@lru_cache(maxsize=1)
def _own_version(folder: Path) -> str:
    return _fingerprint(path for path in folder.rglob("*") if path.is_file())


def _fingerprint(files: Iterable[Path]) -> str:
    together = sha256()
    for file in sorted(files):
        together.update(sha256(file.read_bytes()).digest())
    return together.hexdigest()[:12]
