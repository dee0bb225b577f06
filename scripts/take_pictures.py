"""Take the README's picture of the viewer, with the sample reports, in Chromium."""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "viewer.png"
SIZE = {"width": 1280, "height": 800}
READY = "document.querySelectorAll('.leaflet-container path').length > 0"


def main() -> None:
    """Serve an empty workspace, which starts with the samples, and take its first page."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    with tempfile.TemporaryDirectory() as folder, served(f"sqlite:///{Path(folder) / 'workspace.db'}") as address:
        take(address, PICTURE)


@contextmanager
def served(workspace: str) -> Iterator[str]:
    """Serve a workspace in a process of its own, and give its address once the pages are ready."""
    command = [sys.executable, "-m", "geo.cli", "serve", "--port", "0", "--workspace", workspace]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None, "it is piped"
        try:
            found = next((found for line in server.stdout if (found := re.search(r"http://\S+", line))), None)
            if found is None:
                sys.exit("dateline serve ended before it was ready.")
            yield found[0]
        finally:
            server.terminate()


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
