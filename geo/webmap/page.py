"""The page around a map: title, heading, language, a list of the features, and the map's files inlined or linked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from branca.element import Element, Figure
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from geo.webmap.assets import SCRIPTS, STYLE_SHEETS, data_uri, script_text, style_text
from geo.webmap.describe import script_json
from geo.webmap.links import check_offline
from geo.webmap.listing import sections

if TYPE_CHECKING:
    from geo.webmap.build import DatelineMap


@dataclass(frozen=True, slots=True)
class Assets:
    """How a page gets the map's style sheets and scripts.

    Attributes
    ----------
    base_url
        Address they are linked from, without the last slash; None to put them into the page.
    nonce
        The Content-Security-Policy's nonce for what is inline; None for none.
    """

    base_url: str | None = None
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class PageOptions:
    """What stands around the map.

    Attributes
    ----------
    subtitle
        A line below the title; empty for none.
    bare
        Only the map fills the page; heading and list are there for screen readers and without scripts.
    """

    title: str = "Map"
    subtitle: str = ""
    lang: str = "en"
    bare: bool = False
    assets: Assets = Assets()


@dataclass(frozen=True, slots=True)
class MapParts:
    """Markup of a map for a page of one's own: for its head, for where the map goes, and for the end of its body."""

    head: Markup
    body: Markup
    script: Markup


class Page(Figure):
    """The document that Folium writes a map into, also when a user calls ``map.save``."""

    def __init__(self) -> None:
        super().__init__()
        self.options = PageOptions()

    def render(self, **kwargs: Any) -> str:
        """Return the page as HTML."""
        parts = _parts(self, self.options.assets)
        layers = [layer for child in self._children.values() for layer in getattr(child, "layers", ())]
        text = _template("page.html").render(page=self.options, parts=parts, sections=sections(layers))
        # Half a surrogate pair, which JSON can bring in, is no character and cannot be written.
        return text.encode("utf-8", "replace").decode("utf-8")


def render_page(made: DatelineMap, options: PageOptions | None = None) -> str:
    """Return a map as one page that loads nothing from another host.

    Only a map made with ``online_tiles`` can: OpenStreetMap's tiles, once its reader switches them on.

    Raises
    ------
    OutputError
        The page would load something from another host.
    """
    page = _page(made)
    page.options = options or PageOptions()
    text = page.render()
    check_offline(text)
    return text


def map_parts(made: DatelineMap, assets: Assets | None = None) -> MapParts:
    """Return the markup of a map for a page of one's own.

    The map fills the element its body is put into, which must be positioned and have a height.
    """
    return _parts(_page(made), assets or Assets())


def _icons(page: Figure, assets: Assets) -> str:
    """Return the script that gives a user's own markers Leaflet's pin: inlined, it has no address to load it from."""
    import folium

    if assets.base_url is not None or not any(isinstance(element, folium.Marker) for element in _elements(page)):
        return ""
    names = {"iconUrl": "marker-icon.png", "iconRetinaUrl": "marker-icon-2x.png", "shadowUrl": "marker-shadow.png"}
    images = {option: data_uri(f"leaflet/images/{name}") for option, name in names.items()}
    return f"L.Icon.Default.mergeOptions({script_json({'imagePath': '', **images})});\n"


def _elements(element: Element) -> Iterator[Element]:
    for child in element._children.values():
        yield child
        yield from _elements(child)


def _page(made: DatelineMap) -> Page:
    root = made.get_root()
    assert isinstance(root, Page), "build_map puts every map into a page"
    return root


def _parts(page: Figure, assets: Assets) -> MapParts:
    template: Any = _template("parts.html").module
    with _left_as_it_was(page):
        for child in page._children.values():
            child.render()
        # Elements that a user added may bring style sheets and scripts of their own in Folium's header.
        added = [child.render() for name, child in page.header._children.items() if name != "meta_http"]
        head = template.head(assets, _style_sheets(assets), [_trusted(text) for text in added])
        script = template.script(assets, _scripts(assets), _trusted(_icons(page, assets) + page.script.render()))
        return MapParts(head, _trusted(page.html.render()), script)


@contextmanager
def _left_as_it_was(page: Figure) -> Iterator[None]:
    """Take out of a page again what Folium's elements put into it when they render: twice would be once too often."""
    figures = (page.header, page.html, page.script)
    before = [figure._children.copy() for figure in figures]
    try:
        yield
    finally:
        for figure, children in zip(figures, before, strict=True):
            figure._children = children


def _trusted(text: str) -> Markup:
    """Mark as markup: the package's own files, and what Folium made of elements whose data `script_json` guards."""
    return Markup(text)  # noqa: S704


def _style_sheets(assets: Assets) -> Sequence[Any]:
    return STYLE_SHEETS if assets.base_url is not None else [_trusted(style_text(name)) for name in STYLE_SHEETS]


def _scripts(assets: Assets) -> Sequence[Any]:
    return SCRIPTS if assets.base_url is not None else [_trusted(script_text(name)) for name in SCRIPTS]


@lru_cache(maxsize=8)
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("geo.webmap"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
