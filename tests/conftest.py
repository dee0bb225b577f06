"""Fixtures that many tests share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from real_browser import chromium
from real_postgresql import new_database, server

from geo.settings import Settings, load_settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of reports, corpora and facts beside the repository; its tests are skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared")
    return folder


@pytest.fixture(scope="session")
def cache_dir() -> Path:
    """The user's own cache: the gazetteer's index is built once, and named after what it is made from."""
    return load_settings().cache_dir


@pytest.fixture(scope="session")
def session_settings(cache_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with a workspace that the whole session reads; a test that writes takes `settings`."""
    return settings_in(tmp_path_factory.mktemp("workspace"), cache_dir)


@pytest.fixture
def settings(cache_dir: Path, tmp_path: Path) -> Settings:
    """Settings with an empty workspace of the test's own."""
    return settings_in(tmp_path, cache_dir)


def settings_in(folder: Path, cache_dir: Path) -> Settings:
    """Return settings whose workspace is a file in a folder."""
    return Settings(cache_dir=cache_dir, workspace=f"sqlite:///{folder / 'workspace.db'}")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The URL of a real PostgreSQL server's database; tests that write make one of their own with `new_database`."""
    with server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty store of each kind: what takes this runs on both."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'new folder' / 'workspace.db'}"
    return new_database(request.getfixturevalue("postgresql"))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, for tests that open pages; they are skipped where there is none."""
    with chromium() as started:
        yield started
