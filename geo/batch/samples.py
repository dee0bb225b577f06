"""The sample articles that an empty workspace starts with."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from geo.batch.reading import PipelineReader, Reader, version_of_reading
from geo.batch.report import IngestReport
from geo.batch.run import ingest_into
from geo.batch.zones import keep_zones
from geo.errors import WorkspaceError
from geo.settings import Settings, data_dir

if TYPE_CHECKING:
    from geo.workspace.workspace import Workspace

_log = logging.getLogger(__name__)


def open_with_samples(settings: Settings) -> Workspace:
    """Open the settings' workspace, with the zones as they are now; an empty one gets the sample articles.

    Raises
    ------
    WorkspaceError
        It cannot be opened or written.
    DataFileError
        A zone's data file is wrong.
    """
    from geo.workspace.workspace import open_workspace

    workspace = open_workspace(settings.workspace)
    try:
        keep_zones(workspace, settings)
        if not workspace.count():
            read = PipelineReader(settings)
            load_samples(workspace, read, made_by=version_of_reading(settings))
    except BaseException:
        workspace.close()
        raise
    return workspace


def load_samples(workspace: Workspace, read: Reader, *, made_by: str = "") -> IngestReport:
    """Read the sample articles that come with Dateline into a workspace; one that cannot be read is logged.

    Raises
    ------
    WorkspaceError
        None of them can be read.
    """
    report = ingest_into(workspace, sample_files(), read, made_by=made_by)
    for failure in report.failures:
        _log.warning("A sample article cannot be read: %s", failure)
    if not report.read:
        reason = report.failures[0] if report.failures else "there are none"
        raise WorkspaceError(f"The sample articles cannot be read: {reason}", "Install Dateline again.")
    return report


def sample_files() -> list[Path]:
    """Return the sample articles that come with Dateline."""
    return sorted((data_dir() / "articles").glob("*.txt"))
