"""A real browser with the network cut off, for the tests that open pages."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Request

ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
)


@dataclass(slots=True)
class Seen:
    """What a page did: errors it reported, and requests to hosts other than its own."""

    errors: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start Chromium; without it skip the test, or fail it where real parts are required."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None or find_spec("playwright") is None:
        missing = pytest.fail if os.environ.get("DATELINE_REQUIRE_REAL_PARTS") == "1" else pytest.skip
        missing("needs Chromium and playwright")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def watched_page(
    browser: Browser, own: str = "file:", width: int = 1280, height: int = 800
) -> Iterator[tuple[Page, Seen]]:
    """Open an empty page that notes console errors, page errors and requests that do not start with ``own``."""
    seen = Seen()

    def note(request: Request) -> None:
        if not request.url.startswith((own, "data:", "blob:")):
            seen.foreign.append(request.url)

    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.on("request", note)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda said: seen.errors.append(said.text) if said.type in ("error", "warning") else None)
    yield page, seen
    context.close()
