"""Take the README's picture of the viewer, with the sample reports, in Chromium.

usage: python scripts/take_pictures.py
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from geo.settings import load_settings
from webapp import create_app
from webapp.server import run_server

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "viewer.png"
SIZE = {"width": 1280, "height": 800}
READY = "document.querySelectorAll('.leaflet-container path').length > 0"


def main() -> None:
    """Serve an empty workspace, which starts with the samples, and take its first page."""
    found: list[str] = []
    ready = threading.Event()

    def announce(address: str) -> None:
        found.append(address)
        ready.set()

    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load_settings(workspace=f"sqlite:///{Path(folder) / 'workspace.db'}"))
        threading.Thread(target=run_server, args=(app, "127.0.0.1", 0, announce), daemon=True).start()
        ready.wait()
        take(found[0], PICTURE)


def take(address: str, path: Path) -> None:
    """Take a picture of a page once its map is drawn."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)  # type: ignore[arg-type]
        page.goto(address)
        page.wait_for_function(READY)
        page.wait_for_timeout(500)
        path.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=path)
        browser.close()
    print(path)


if __name__ == "__main__":
    main()
