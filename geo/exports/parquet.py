"""GeoParquet, for tools that read columns; needs the optional package pyarrow."""

from __future__ import annotations

import io
import json
from importlib.util import find_spec

from geo.errors import OutputError
from geo.exports.base import Format, about
from geo.exports.frames import plain_frame
from geo.model import Layer


def encode(layer: Layer) -> bytes:
    """Return a layer as GeoParquet 1.1; title, sources and date are JSON in the file's metadata, key ``dateline``.

    Raises
    ------
    OutputError
        pyarrow is not installed.
    """
    require_pyarrow()
    import pyarrow.parquet as pq

    first, out = io.BytesIO(), io.BytesIO()
    plain_frame(layer).to_parquet(first, schema_version="1.1.0", write_covering_bbox=True)
    table = pq.read_table(first)
    told = {b"dateline": json.dumps(about(layer), ensure_ascii=False).encode()}
    pq.write_table(table.replace_schema_metadata({**table.schema.metadata, **told}), out, compression="zstd")
    return out.getvalue()


def require_pyarrow() -> None:
    """Raise OutputError where pyarrow is not installed."""
    if find_spec("pyarrow") is None:
        remedy = "Install it with: pip install 'dateline[parquet]'"
        raise OutputError("GeoParquet needs the package pyarrow, which is not installed.", remedy)


FORMAT = Format("parquet", "GeoParquet", "application/vnd.apache.parquet", encode)
