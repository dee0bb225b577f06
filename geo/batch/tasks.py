"""What workers do that keep what they read by themselves; each task may be done twice and keeps it once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from geo.batch.outages import steadily
from geo.batch.reading import ReadBatch, Reader, each, lost
from geo.batch.report import Done, Failure
from geo.errors import WorkspaceError
from geo.model import Article, Reading

if TYPE_CHECKING:
    from geo.workspace.packing import PackedReading
    from geo.workspace.workspace import Workspace


def store(workspace: Workspace, results: Sequence[PackedReading | Failure]) -> Done:
    """Store what was read in a batch; a server out of reach for a moment is waited for."""
    failures = tuple(item for item in results if isinstance(item, Failure))
    packed = [item for item in results if not isinstance(item, Failure)]
    return Done.of(steadily(workspace.add_packed, packed), failures)


@dataclass(frozen=True, repr=False)  # a cluster logs what fails by its repr, and the URL may hold a password
class StoreTask:
    """Reads batches and stores them in a workspace."""

    read: ReadBatch
    url: str

    def __call__(self, articles: Sequence[Article]) -> list[Done]:
        """Return what became of the batch, as a list of one."""
        return [store(_workspace(self.url), self.read(articles))]


def url_of(workspace: Workspace) -> str:
    """Return the URL by which a cluster's workers reach a workspace, its password included.

    Raises
    ------
    WorkspaceError
        It is an SQLite file, which only one machine can write to.
    """
    address = workspace.engine.url
    if address.get_backend_name() == "sqlite":
        remedy = "Give a PostgreSQL workspace, or a folder with --to."
        raise WorkspaceError("A cluster's workers cannot write to an SQLite workspace.", remedy)
    return address.render_as_string(hide_password=False)


@lru_cache(maxsize=4)
def _workspace(url: str) -> Workspace:
    from geo.workspace.workspace import open_workspace

    return steadily(open_workspace, url)


@dataclass(frozen=True)
class StageTask:
    """Reads batches and stages their mentions in a folder of GeoParquet; one that is staged is not read again."""

    read: Reader
    made_by: str
    folder: Path

    def __call__(self, articles: Sequence[Article]) -> list[Done]:
        """Return what became of the batch, as a list of one."""
        from geo.exports.partitions import note, noted, stage
        from geo.workspace.packing import content_hash

        name = self._name(articles)
        staged = noted(self.folder, f"{name}.json")
        if staged is not None:
            failures = tuple(Failure(**failure) for failure in json.loads(staged))
            return [Done(new=len(articles) - len(failures), failures=failures)]
        results = each(self.read, articles)
        failures = tuple(item for item in results if isinstance(item, Failure))
        readings = [item for item in results if isinstance(item, Reading)]
        stage(self.folder, name, ((content_hash(item.article), self.made_by, item) for item in readings))
        note(self.folder, f"{name}.json", json.dumps([asdict(failure) for failure in failures]).encode())
        return [Done(new=len(readings), failures=failures)]

    def _name(self, articles: Sequence[Article]) -> str:
        """Return the name of a batch: the same for the same texts read by the same version."""
        from geo.workspace.packing import content_hash

        content = "\n".join([self.made_by, *map(content_hash, articles)])
        return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def lost_batch(article: Article, how: str) -> Done:
    """Return what became of an article that its reader died of."""
    return Done(failures=(lost(article, how),))
