"""FlatGeobuf: one binary file that can be read in part over HTTP."""

from __future__ import annotations

import json

from geo.exports.base import Format, about, abstract, plain
from geo.exports.frames import gdal_bytes, plain_frame
from geo.model import Layer


def encode(layer: Layer) -> bytes:
    """Return a layer as FlatGeobuf; with a spatial index where every feature has a geometry, as the index needs it."""
    frame = plain_frame(layer)
    indexed = len(frame) > 0 and not frame.geometry.isna().any()
    return gdal_bytes(
        frame,
        f"{layer.name}.fgb",
        "FlatGeobuf",
        SPATIAL_INDEX="YES" if indexed else "NO",
        TITLE=plain(layer.title),
        DESCRIPTION=abstract(layer),
        layer_metadata={"dateline": json.dumps(about(layer), ensure_ascii=False)},
    )


FORMAT = Format("fgb", "FlatGeobuf", "application/vnd.flatgeobuf", encode)
