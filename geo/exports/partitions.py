"""Mentions as partitioned GeoParquet: one file a country and month, for engines that read such folders.

A folder is filled in two steps. First batches are staged: each writes its pieces under names of its own, so that a
batch done twice overwrites itself. Then the pieces of each country and month are merged into its one file, sorted and
each mention once, so that the file's bytes depend on what it holds alone. Files appear whole; staged pieces go when all
is merged.

The folders are named as Hive names partitions, which Spark, DuckDB, pyarrow and Dask understand:
``country=SY/month=2017-06/mentions.parquet``.
"""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import OutputError
from geo.exports.parquet import require_pyarrow
from geo.files import write_whole
from geo.model import Reading, mention_row

if TYPE_CHECKING:
    import pyarrow as pa

MISSING = "__HIVE_DEFAULT_PARTITION__"
"""Stands for no country (unresolved, or in no single one) and for no date; those engines read it as null."""

COLUMNS = (
    *("content_hash", "position", "article", "date", "title", "source", "language", "made_by"),
    *("start", "end", "text", "kind", "sentence", "place", "name", "feature", "admin1", "confidence", "lon", "lat"),
)
_NUMBERS = {
    **dict.fromkeys(("position", "start", "end"), "int32"),
    **dict.fromkeys(("confidence", "lon", "lat"), "float64"),
}
_STAGED, _MERGING, _NAME = ".staged", "merging", "mentions.parquet"


def stage(folder: Path, batch: str, readings: Iterable[tuple[str, str, Reading]]) -> None:
    """Write the mentions of a batch as pieces to be merged.

    Parameters
    ----------
    batch
        A name made from the batch's content: the same batch overwrites its own pieces.
    readings
        Content hash, version of the reader, and reading of each article.

    Raises
    ------
    OutputError
        pyarrow is not installed, or the folder cannot be written.
    """
    require_pyarrow()
    pieces: dict[Path, list[dict[str, Any]]] = {}
    for content_hash, made_by, reading in readings:
        for row in _rows(content_hash, made_by, reading):
            pieces.setdefault(_partition(row.pop("country"), row["date"]), []).append(row)
    for partition, rows in pieces.items():
        path = folder / _STAGED / partition / f"{batch}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, _parquet(_table(rows)))


def note(folder: Path, name: str, content: bytes) -> None:
    """Keep a note beside the staged pieces, until they are merged."""
    path = folder / _STAGED / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{folder} cannot be made: {error.strerror}.", "Give another folder.") from error
    write_whole(path, content)


def noted(folder: Path, name: str) -> bytes | None:
    """Return a note, or None."""
    path = folder / _STAGED / name
    return path.read_bytes() if path.is_file() else None


def merge(folder: Path) -> int:
    """Merge all staged pieces into the files of their countries and months; return how many files were written.

    What was ended in the middle goes on when called again.
    """
    staged = folder / _STAGED
    if not staged.is_dir():
        return 0
    note(folder, _MERGING, b"")
    partitions = sorted(path.relative_to(staged) for path in staged.glob("country=*/month=*"))
    for partition in partitions:
        pieces = sorted((staged / partition).glob("*.parquet"))
        _write_partition(folder / partition / _NAME, pieces)
    shutil.rmtree(staged)
    return len(partitions)


def finish_merging(folder: Path) -> None:
    """Finish a merge that was ended in the middle; staged pieces of a run that was not yet there stay."""
    if noted(folder, _MERGING) is not None:
        merge(folder)


def content_hashes(folder: Path) -> Iterator[str]:
    """Yield the content hashes of the articles whose mentions are in the folder, some more than once."""
    import pyarrow.parquet as pq

    for path in sorted(folder.glob(f"country=*/month=*/{_NAME}")):
        yield from pq.read_table(path, columns=["content_hash"], partitioning=None)["content_hash"].unique().to_pylist()


def _rows(content_hash: str, made_by: str, reading: Reading) -> Iterator[dict[str, Any]]:
    article = reading.article
    told = {
        "content_hash": content_hash,
        "made_by": made_by,
        "date": article.date.isoformat() if article.date else None,
        "title": article.title,
        "source": article.source,
        "language": article.language,
    }
    for position, resolution in enumerate(reading.resolutions):
        yield {**mention_row(article, resolution), **told, "position": position}


def _partition(country: str | None, date: str | None) -> Path:
    # A country's code comes from a gazetteer that may be the user's own: it must not lead out of the folder.
    safe = country if country and re.fullmatch("[A-Za-z0-9-]{1,8}", country) else MISSING
    return Path(f"country={safe}") / f"month={date[:7] if date else MISSING}"


def _table(rows: list[dict[str, Any]]) -> pa.Table:
    import pyarrow as pa

    return pa.Table.from_pylist([{name: _plain(row[name]) for name in COLUMNS} for row in rows], _schema())


def _schema() -> pa.Schema:
    import pyarrow as pa

    return pa.schema([(name, _NUMBERS.get(name, "string")) for name in COLUMNS])


def _plain(value: Any) -> Any:
    """Return a value without halves of characters, which Arrow cannot hold."""
    return value.encode("utf-8", "replace").decode("utf-8") if isinstance(value, str) else value


def _parquet(table: pa.Table) -> bytes:
    import pyarrow.parquet as pq

    out = io.BytesIO()
    pq.write_table(table, out, compression="zstd")
    return out.getvalue()


def _write_partition(path: Path, pieces: Iterable[Path]) -> None:
    """Write a partition's one file anew, with what it has and the pieces."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = [path] if path.is_file() else []
    read = [pq.read_table(piece, columns=list(COLUMNS), partitioning=None) for piece in (*known, *pieces)]
    tables = [table.replace_schema_metadata(None).cast(_schema()) for table in read]
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, _geoparquet(_each_once(pa.concat_tables(tables))))


def _each_once(table: pa.Table) -> pa.Table:
    import numpy as np

    table = table.sort_by([("content_hash", "ascending"), ("position", "ascending")])
    hashes, positions = table["content_hash"].to_numpy(), table["position"].to_numpy()
    first = np.ones(len(table), dtype=bool)
    first[1:] = (hashes[1:] != hashes[:-1]) | (positions[1:] != positions[:-1])
    return table.filter(first)


def _geoparquet(table: pa.Table) -> bytes:
    import geopandas as gpd

    from geo.geometry import CRS

    frame = table.to_pandas()
    points = gpd.points_from_xy(frame["lon"], frame["lat"]).astype(object)
    points[frame["lon"].isna()] = None
    out = io.BytesIO()
    shapes = gpd.GeoSeries(points, crs=CRS)
    gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS).to_parquet(
        out, schema_version="1.1.0", write_covering_bbox=True, compression="zstd", index=False
    )
    return out.getvalue()
