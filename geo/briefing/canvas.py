"""Drawing on a sheet in pixels from its upper left corner, and saving it with bytes that repeat."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from geo.model import HATCH_SPACING, HATCH_WIDTH, Symbol

if TYPE_CHECKING:
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from shapely.geometry.base import BaseGeometry

DPI = 96
"""CSS pixels an inch: what `Symbol` counts in."""

_FONTS = {"normal": "DejaVuSans.ttf", "bold": "DejaVuSans-Bold.ttf", "italic": "DejaVuSans-Oblique.ttf"}
_LOCK = threading.Lock()  # matplotlib's settings belong to the whole process.

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Ink:
    """How text looks: size in pixels of a 1920 × 1080 sheet, colours as ``#rrggbb``."""

    size: float
    colour: str = "#1d2730"
    face: str = "normal"
    halo: str | None = None
    halo_width: float = 3.0


class Canvas:
    """A sheet to draw on; what is drawn later lies on top.

    Parameters
    ----------
    width, height
        In pixels.
    unit
        Pixels of this sheet for one pixel of a 1920 × 1080 one: text, lines and symbols grow with it.
    """

    def __init__(self, width: int, height: int, unit: float) -> None:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.width, self.height, self.unit = width, height, unit
        self.figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI, facecolor="white")
        self._renderer: Any = FigureCanvasAgg(self.figure).get_renderer()  # type: ignore[no-untyped-call]
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set(xlim=(0, width), ylim=(height, 0))
        self._axes.set_axis_off()
        self._order = 1.0
        self._widths: dict[tuple[str, str, float], float] = {}

    def draw(
        self,
        geometry: BaseGeometry,
        symbol: Symbol,
        radius: float | None = None,
        within: BaseGeometry | None = None,
    ) -> None:
        """Draw a geometry (pixels of the sheet) as its symbol says; discs of points are cut off at ``within``."""
        if geometry.is_empty:
            return
        if geometry.geom_type.endswith("Point"):
            self._points(geometry, symbol, radius or symbol.radius or 3.0, within)
        elif geometry.geom_type.endswith("Polygon"):
            self._area(geometry, symbol)
        elif geometry.geom_type == "GeometryCollection":
            for part in geometry.geoms:  # type: ignore[attr-defined]
                self.draw(part, symbol, radius, within)
        else:
            self._stroke(geometry, symbol)

    def fill(self, area: BaseGeometry, symbol: Symbol) -> None:
        """Fill or hatch an area as its symbol says, without its outline."""
        if symbol.fill is None or area.is_empty:
            return
        if symbol.hatch:
            lines = hatch_lines(area, HATCH_SPACING * self.unit)
            self._stroke(lines, Symbol("", stroke=symbol.fill, width=HATCH_WIDTH), symbol.fill_opacity)
        else:
            self._patch(_path(area), facecolor=symbol.fill, alpha=symbol.fill_opacity, linewidth=0)

    def outline(self, area: BaseGeometry, symbol: Symbol) -> None:
        """Draw an area's outline as its symbol says."""
        self._stroke(area.boundary, symbol)

    def box(self, left: float, top: float, width: float, height: float, symbol: Symbol) -> None:
        """Draw a rectangle."""
        from shapely import box

        self.draw(box(left, top, left + width, top + height), symbol)

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 1.0) -> None:
        """Draw a line through points."""
        from shapely import LineString

        self.draw(LineString(points), Symbol("", stroke=colour, width=width))

    def dot(self, x: float, y: float, radius: float, colour: str) -> None:
        """Draw a small disc."""
        from shapely import Point

        self.draw(Point(x, y), Symbol("", fill=colour), radius)

    def text(self, x: float, y: float, words: str, ink: Ink, align: Align = "left") -> None:
        """Write one line; ``y`` is its baseline."""
        from matplotlib import patheffects

        item = self._axes.text(
            x, y, words, color=ink.colour, ha=align, va="baseline", parse_math=False, zorder=self._next(),
            fontproperties=_font(ink.face, self._points_of(ink.size)), clip_on=False,
        )  # fmt: skip
        if ink.halo:
            width = self._points_of(2 * ink.halo_width)
            item.set_path_effects([patheffects.withStroke(linewidth=width, foreground=ink.halo)])

    def text_width(self, words: str, ink: Ink) -> float:
        """Return the width of one line, in pixels."""
        key = words, ink.face, ink.size
        if key not in self._widths:
            font = _font(ink.face, self._points_of(ink.size))
            self._widths[key] = float(self._renderer.get_text_width_height_descent(words, font, ismath=False)[0])
        return self._widths[key]

    def fitted(self, words: str, ink: Ink, width: float, smallest: float) -> tuple[str, Ink]:
        """Return one line that is at most so wide: in smaller letters, then cut where even those are too large."""
        while self.text_width(words, ink) > width and ink.size - 1 >= smallest:
            ink = replace(ink, size=ink.size - 1)
        if self.text_width(words, ink) <= width:
            return words, ink
        kept = next((n for n in range(len(words), 0, -1) if self.text_width(words[:n] + "…", ink) <= width), 0)
        return words[:kept].rstrip() + "…", ink

    def wrap(self, words: str, ink: Ink, width: float) -> list[str]:
        """Return text as lines that are at most so wide, broken at blanks; a longer word has a line of its own."""
        lines: list[list[str]] = []
        blank, reached = self.text_width(" ", ink), 0.0
        for word in filter(None, words.split(" ")):
            reached += blank + self.text_width(word, ink)
            if not lines or reached > width:
                lines.append([])
                reached = self.text_width(word, ink)
            lines[-1].append(word)
        return [" ".join(line) for line in lines]

    def save(self, suffix: str, about: Mapping[str, str]) -> bytes:
        """Return the sheet as a ``png``, ``svg`` or ``pdf`` file; ``about`` has Title, Author and Description."""
        out = io.BytesIO()
        self.figure.savefig(out, format=suffix, dpi=DPI, metadata=_metadata(suffix, about))
        return out.getvalue()

    def _points_of(self, pixels: float) -> float:
        return pixels * self.unit * 72 / DPI

    def _next(self) -> float:
        self._order += 1
        return self._order

    def _area(self, geometry: BaseGeometry, symbol: Symbol) -> None:
        self.fill(geometry, symbol)
        self.outline(geometry, symbol)

    def _stroke(self, geometry: BaseGeometry, symbol: Symbol, opacity: float = 1.0) -> None:
        if symbol.stroke is None or geometry.is_empty:
            return
        look: dict[str, Any] = {
            "edgecolor": symbol.stroke,
            "linewidth": self._points_of(symbol.width),
            "alpha": opacity,
        }
        if symbol.dash:
            look |= {"linestyle": (0, tuple(length / symbol.width for length in symbol.dash)), "capstyle": "butt"}
        self._patch(_path(geometry), facecolor="none", joinstyle="round", **look)

    def _points(self, geometry: BaseGeometry, symbol: Symbol, radius: float, within: BaseGeometry | None) -> None:
        from shapely import get_parts

        look = Symbol("", symbol.fill, symbol.stroke, symbol.fill_opacity, symbol.width, symbol.dash)
        for point in get_parts([geometry]):
            disc = point.buffer(radius * self.unit, quad_segs=16)
            self._area(disc if within is None else disc.intersection(within), look)

    def _patch(self, path: Path, **look: Any) -> None:
        from matplotlib.patches import PathPatch

        # Not add_patch: that would measure every curve to scale axes that are fixed.
        self._axes.add_artist(PathPatch(path, zorder=self._next(), clip_on=False, **look))


@lru_cache(maxsize=256)
def _font(face: str, size: float) -> FontProperties:
    """Return a face of the font that comes with matplotlib, so that every machine draws the same."""
    from matplotlib import get_data_path
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=f"{get_data_path()}/fonts/ttf/{_FONTS[face]}", size=size)


def _path(geometry: BaseGeometry) -> Path:
    """Return lines or areas as one matplotlib path; holes stay holes, as rings of areas turn opposite ways."""
    from matplotlib.path import Path
    from shapely import get_parts, get_rings, orient_polygons

    areas = geometry.geom_type.endswith("Polygon")
    parts = get_parts(orient_polygons(geometry))
    strokes = get_rings(parts) if areas else parts
    return Path.make_compound_path(*(Path(stroke.coords, closed=stroke.is_closed) for stroke in strokes))


def hatch_lines(area: BaseGeometry, spacing: float) -> BaseGeometry:
    """Return lines rising to the right, ``spacing`` apart, over an area (y runs down).

    All lie on one grid, so that neighbouring areas are hatched without a break.
    """
    import numpy as np
    from shapely import MultiLineString

    left, top, right, bottom = area.bounds
    step = spacing * 2**0.5
    starts = np.arange(np.ceil((left + top) / step), np.floor((right + bottom) / step) + 1) * step
    lines = [[(total - top, top), (total - bottom, bottom)] for total in starts]
    return MultiLineString(lines).intersection(area)


def _metadata(suffix: str, about: Mapping[str, str]) -> dict[str, Any]:
    """Return what a file says of itself, without the hour or the program's version: same sheet, same bytes."""
    if suffix == "png":
        return {"Software": None, **about}
    if suffix == "svg":
        return {"Date": None, "Creator": about["Author"], "Title": about["Title"], "Description": about["Description"]}
    subject = {"Title": about["Title"], "Author": about["Author"], "Subject": about["Description"]}
    return {"CreationDate": None, "Creator": None, "Producer": None, **subject}


@contextmanager
def drawing_settings() -> Iterator[None]:
    """Set what matplotlib would take from the user's own files or from chance; sheets are drawn one at a time.

    Without hinting, letters are as wide in pixels as in vector files, so that what is measured fits in both.
    """
    import matplotlib as mpl

    ours: Any = {"svg.hashsalt": "dateline", "svg.fonttype": "path", "pdf.fonttype": 42, "text.hinting": "no_hinting"}
    with _LOCK, mpl.rc_context(ours):
        yield
