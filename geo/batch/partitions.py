"""A workspace's mentions as a folder of partitioned GeoParquet."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from geo.exports.parquet import require_pyarrow
from geo.exports.partitions import merge, stage
from geo.files import folder_whole

if TYPE_CHECKING:
    from geo.workspace.workspace import Workspace

_BATCH = 500


def export_partitions(workspace: Workspace, folder: Path) -> int:
    """Write all mentions to a new folder, reviewed as people did; return how many files it has.

    Raises
    ------
    OutputError
        pyarrow is not installed, or the folder is there and not empty or cannot be written; nothing is left behind.
    """
    from geo.workspace.packing import content_hash

    require_pyarrow()
    readings = workspace.readings(evidence=False)
    with folder_whole(folder) as temporary:
        number = 0
        while batch := list(islice(readings, _BATCH)):
            stage(temporary, str(number), ((content_hash(item.article), "", item) for item in batch))
            number += 1
        return merge(temporary)
