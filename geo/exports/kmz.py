"""KMZ: KML zipped, with a disc of its own for points, so that nothing is fetched from elsewhere."""

from __future__ import annotations

import io

from geo.exports.base import Format
from geo.exports.kml import ICON_RADIUS, document
from geo.files import zipped
from geo.model import Layer

ICON = "files/disc.png"


def encode(layer: Layer) -> bytes:
    """Return a layer as KMZ; areas of points stand for counts, as on every output."""
    return zipped({"doc.kml": document(layer, ICON), ICON: disc()})


FORMAT = Format("kmz", "KMZ (Google Earth)", "application/vnd.google-earth.kmz", encode)


def disc() -> bytes:
    """Return a white disc as PNG; KML multiplies it with each symbol's colour."""
    from PIL import Image, ImageDraw

    size = int(8 * ICON_RADIUS)
    mask = Image.new("L", (size, size), 0)
    ImageDraw.Draw(mask).ellipse((2, 2, size - 3, size - 3), fill=255)
    picture = Image.new("LA", (size, size), 255)
    picture.putalpha(mask)
    out = io.BytesIO()
    picture.resize((size // 2, size // 2)).save(out, "PNG")
    return out.getvalue()
