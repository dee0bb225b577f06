"""The flow in one place: article → mentions → places → footprints → zones → layers → map | export | briefing.

Every function here is one arrow or a short run of them; what an arrow does lives in the folder of its name. Functions
import their step when called, so that a command loads only what it uses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING

from geo.errors import InputError, UnknownNameError
from geo.geometry import Bbox
from geo.model import Article, Footprint, Layer, Place, Reading, Resolution, Zone
from geo.settings import Settings, load_settings

if TYPE_CHECKING:
    import geopandas as gpd

    from geo.briefing.sheet import Sheet
    from geo.gazetteer.boundaries import Boundaries
    from geo.gazetteer.index import Index
    from geo.layers.counted import Counted
    from geo.webmap.build import DatelineMap


BRIEF_LAYERS = ("places", "zones")
"""What a briefing sheet shows where nothing else is asked for: one message a sheet."""

MAP_LAYERS = ("places", "mentions", "footprints", "zones", "posts", "governorates")
"""What a web map shows; countries would cover the base map's own borders."""

MAP_TITLE = "Map of the places in news reports"

REPORT_LAYERS = {"places", "mentions", "footprints"}
"""The layers that are read from reports."""

_MOST_ARTICLES, _MOST_CHARACTERS = 64, 200_000
"""Articles that are read together."""


@lru_cache(maxsize=1)
def default_settings() -> Settings:
    """Return the settings of this process, read once."""
    return load_settings()


def read_article(source: str | Path | IO[str] | IO[bytes], *, id: str | None = None) -> Article:
    """Read one article from a path, an address on the web where `Settings.fetch` allows it, a file object or its text.

    Raises
    ------
    InputNotFoundError
        There is no such file.
    InputError
        It cannot be read as an article.
    """
    from geo.articles.reader import Access, read_article

    return read_article(source, id=id, access=Access(fetch=default_settings().fetch))


def geoparse(article: Article | str, settings: Settings | None = None) -> Reading:
    """Read an article: find its mentions, resolve them to places and draw its locative expressions.

    Parameters
    ----------
    article
        An article, or bare text.

    Returns
    -------
    Reading
        One resolution a mention, unresolved ones included; no mentions for a text that names no place.
    """
    return next(geoparse_all([article], settings))


def geoparse_all(articles: Iterable[Article | str], settings: Settings | None = None) -> Iterator[Reading]:
    """Read articles one after the other, as `geoparse` does, but much faster: some are read together.

    What an article says does not bear on any other; memory does not grow with their number.
    """
    from geo.footprints.footprints import find_footprints
    from geo.gazetteer.boundaries import open_boundaries

    settings = settings or default_settings()
    boundaries, index = open_boundaries(settings.boundaries), _index(settings)
    for places in find_places_all(articles, settings):
        footprints = find_footprints(places.article, places.resolutions, boundaries, index)
        yield replace(places, footprints=footprints)


def find_places(article: Article | str, settings: Settings | None = None) -> Reading:
    """Read an article as far as its places: `geoparse` without footprints."""
    return next(find_places_all([article], settings))


def find_places_all(articles: Iterable[Article | str], settings: Settings | None = None) -> Iterator[Reading]:
    """Read articles as far as their places: `geoparse_all` without footprints."""
    from geo.recognition.recognise import recognise_all
    from geo.resolution.resolve import resolve_all

    index = _index(settings or default_settings())
    for batch in _batches(map(_article, articles)):
        found = resolve_all([*zip(batch, recognise_all(batch, index), strict=True)], index)
        yield from (Reading(article, resolutions) for article, resolutions in zip(batch, found, strict=True))


def _batches(articles: Iterable[Article]) -> Iterator[list[Article]]:
    """Yield articles some at a time: enough to be read together quickly, few enough to fit in memory."""
    batch: list[Article] = []
    length = 0
    for article in articles:
        batch.append(article)
        length += len(article.text)
        if len(batch) == _MOST_ARTICLES or length > _MOST_CHARACTERS:
            yield batch
            batch, length = [], 0
    if batch:
        yield batch


def build_index(settings: Settings | None = None, *, force: bool = False) -> Path:
    """Build what reading builds at first use, where it is not there yet: the gazetteer's index, the units' outlines.

    Returns
    -------
    Path
        The folder of the index; with ``force`` it is built again.
    """
    from geo.footprints.atlas import open_atlas
    from geo.gazetteer.build import build_index

    settings = settings or default_settings()
    folder = build_index(settings, force=force)
    open_atlas(_index(settings))
    return folder


def resolve(
    name: str,
    *,
    near: str | None = None,
    country: str | None = None,
    limit: int = 5,
    settings: Settings | None = None,
) -> list[Resolution]:
    """Return the places a name may stand for, best first; an empty list where there is none.

    An online geocoder, where one is set, is asked for what the gazetteer does not have.

    Parameters
    ----------
    near
        A place that gives the context ("Syria", "Damascus").
    country
        ISO 3166-1 alpha-2 code that the place must lie in.
    limit
        The most to return.

    Raises
    ------
    UnknownNameError
        ``near`` names no known place, or no country has the code.
    """
    from geo.resolution.resolve import resolve_name

    settings = settings or default_settings()
    found = resolve_name(name, _index(settings), near=near, country=country, limit=limit)
    if found or not settings.geocoder:
        return found
    from geo.gazetteer.online import resolve_online

    return resolve_online(name, settings)[:limit]


def footprint(phrase: str, settings: Settings | None = None) -> Footprint:
    """Return the footprint of a locative expression ("the north of the province Homs").

    Raises
    ------
    InputError
        The phrase is empty or too long, names no known place, or says what has no shape.
    """
    from geo.footprints.footprints import footprint_of
    from geo.gazetteer.boundaries import open_boundaries
    from geo.phrases import check_phrase, resolved_in

    settings = settings or default_settings()
    check_phrase(phrase)
    index = _index(settings)
    found = resolved_in(phrase, find_places(phrase, settings).resolutions, index)
    return footprint_of(phrase, found, open_boundaries(settings.boundaries), index)


def zones_on(on: str | dt.date | None = None, settings: Settings | None = None) -> tuple[Zone, ...]:
    """Return the zones that held on a day, by default the day named in the zones' data; () where none did."""
    from geo.zones.zones import zones_on as zones_of_day

    return zones_of_day(parse_day(on), settings or default_settings())


def zones(on: str | dt.date | None = None, settings: Settings | None = None) -> gpd.GeoDataFrame:
    """Return the zones that held on a day: one row a zone and extent, EPSG:4326.

    Columns include ``zone`` (id) and ``extent`` (core, zone, possible). The frame is empty on a day without zones.

    Raises
    ------
    InputError
        ``on`` is not a date.
    """
    return zones_layer_on(on, settings=settings).features


def zones_layer_on(
    on: str | dt.date | None = None, zone_id: str | None = None, settings: Settings | None = None
) -> Layer:
    """Return the layer of the zones that held on a day, of one of them where ``zone_id`` is given.

    Raises
    ------
    UnknownNameError
        No zone has that id, on any day.
    """
    from geo.layers.build import zones_layer
    from geo.zones.zones import zone_ids

    settings = settings or default_settings()
    if zone_id is not None and zone_id not in zone_ids(settings):
        raise UnknownNameError(f"There is no zone {zone_id!r}.", f"The zones are {', '.join(zone_ids(settings))}.")
    return zones_layer([zone for zone in zones_on(on, settings) if zone_id in {None, zone.id}])


def no_zones_reason(on: dt.date | None, settings: Settings | None = None) -> str:
    """Say why there are no zones on a day."""
    from geo.zones.zones import timeline

    days = timeline(settings or default_settings())
    return f"No zone held on {on or days.default_day}; zones are known from {days.first_day} to {days.last_day}."


def build_layers(
    readings: Sequence[Reading],
    on: str | dt.date | None = None,
    names: Sequence[str] | None = None,
    settings: Settings | None = None,
    counted: Sequence[Counted] | None = None,
) -> dict[str, Layer]:
    """Return layers by name, in drawing order.

    Parameters
    ----------
    readings
        What the places, mentions and footprints are taken from; may be empty.
    on
        The day of the zones; None for the default day of the zones' data.
    names
        The layers wanted; all of them by default.
    counted
        All places with their counts, where the readings are only some of the articles; by default counted here.

    Raises
    ------
    UnknownNameError
        A name is not that of a layer.
    """
    from geo.layers import build

    settings = settings or default_settings()
    wanted = list(names) if names is not None else list(build.LAYER_NAMES)
    for name in wanted:
        check_layer_name(name)
    told = _Told(readings, counted)
    return {name: _layer(name, told, parse_day(on), settings) for name in wanted}


@dataclass(frozen=True, slots=True)
class _Told:
    """What articles say: readings of them, and the counts of all places where the readings are only some."""

    readings: Sequence[Reading]
    counted: Sequence[Counted] | None

    @property
    def places(self) -> list[Place]:
        """Every place once."""
        if self.counted is not None:
            return [item.place for item in self.counted]
        return list({place.id: place for reading in self.readings for place in reading.places}.values())

    def country_names(self, boundaries: Boundaries) -> dict[str, str]:
        """Return the names of the places' countries, by ISO 3166-1 alpha-2 code."""
        return {code: boundaries.country_name(code) for code in {place.country for place in self.places} if code}


def check_layer_name(name: str) -> None:
    """Raise UnknownNameError where no layer has that name."""
    from geo.layers.build import LAYER_NAMES

    if name not in LAYER_NAMES:
        raise UnknownNameError(f"There is no layer {name!r}.", f"The layers are {', '.join(LAYER_NAMES)}.")


def _layer(name: str, told: _Told, day: dt.date | None, settings: Settings) -> Layer:
    from geo.gazetteer.boundaries import open_boundaries
    from geo.layers import build

    boundaries = open_boundaries(settings.boundaries)
    builders: dict[str, Callable[[], Layer]] = {
        "places": lambda: _places_layer(told),
        "mentions": lambda: build.mentions_layer(told.readings),
        "footprints": lambda: build.footprints_layer(told.readings),
        "zones": lambda: build.zones_layer(zones_on(day, settings)),
        "posts": lambda: build.posts_layer(zones_on(day, settings)),
        "governorates": lambda: build.governorates_layer(boundaries, build.countries_in_focus(told.places)),
        "countries": lambda: build.countries_layer(boundaries, told.country_names(boundaries)),
    }
    return builders[name]()


def _places_layer(told: _Told) -> Layer:
    from geo.layers import build

    if told.counted is None:
        return build.places_layer(told.readings)
    return build.counted_places_layer(told.counted, told.readings)


def footprint_layer(footprint: Footprint) -> Layer:
    """Return the layer of a bare phrase's footprint."""
    from geo.layers.build import footprints_layer

    phrase = Article(id="phrase", text=footprint.phrase)
    return footprints_layer([Reading(phrase, (), (footprint,))])


def webmap(
    readings: Reading | Sequence[Reading],
    *,
    zones: gpd.GeoDataFrame | None = None,
    on: str | dt.date | None = None,
    settings: Settings | None = None,
) -> DatelineMap:
    """Return the layered map of one reading or several: a `folium.Map` that loads nothing from another host.

    Parameters
    ----------
    zones
        As `zones` returns them, perhaps fewer rows; those of ``on`` by default.
    """
    from geo.layers.basemap import web_base_layers
    from geo.webmap.build import MapOptions, build_map
    from geo.webmap.extent import focus_bounds, region_around

    settings = settings or default_settings()
    found = [readings] if isinstance(readings, Reading) else list(readings)
    layers = build_layers(found, on, MAP_LAYERS, settings)
    if zones is not None:
        layers["zones"] = replace(layers["zones"], features=zones)
    bounds = focus_bounds(list(layers.values()))
    options = MapOptions(online_tiles=settings.online_tiles, bounds=bounds)
    return build_map(layers, web_base_layers(region_around(bounds)), options)


def map_page(readings: Sequence[Reading], on: dt.date | None = None, settings: Settings | None = None) -> str:
    """Return the layered map of readings as one self-contained page."""
    from geo.webmap.page import PageOptions, render_page

    title = readings[0].article.title if len(readings) == 1 else None
    return render_page(webmap(readings, on=on, settings=settings), PageOptions(title=title or MAP_TITLE))


@dataclass(frozen=True, slots=True)
class BriefOptions:
    """What a briefing sheet shows; the fields mean what those of `geo.briefing.sheet.Sheet` mean.

    ``layers`` names them, the topmost first; None for `BRIEF_LAYERS`.
    """

    on: dt.date | None = None
    size: tuple[int, int] = (1920, 1080)
    bbox: Bbox | None = None
    layers: Sequence[str] | None = None
    title: str | None = None
    lang: str = "en"
    made_on: dt.date | None = None


def brief(
    readings: Sequence[Reading],
    options: BriefOptions,
    settings: Settings | None = None,
    counted: Sequence[Counted] | None = None,
) -> Sheet:
    """Return the briefing sheet of readings; `geo.briefing.sheet` writes it. ``counted`` is as in `build_layers`."""
    from geo.briefing.sheet import Sheet, sheet_bbox
    from geo.briefing.texts import reports_line
    from geo.layers.basemap import base_layers

    names = options.layers or BRIEF_LAYERS
    layers = tuple(build_layers(readings, options.on, names, settings, counted).values())
    told = [reading.article for reading in readings] if REPORT_LAYERS & set(names) else []
    return Sheet(
        layers=layers,
        basemap=base_layers(sheet_bbox(layers, options.bbox, options.size)),
        title=options.title or "",
        subtitle=reports_line(told, options.lang),
        size=options.size,
        bbox=options.bbox,
        on=options.on,
        made_on=options.made_on,
        lang=options.lang,
    )


def parse_day(on: str | dt.date | None) -> dt.date | None:
    """Read a day given as ``YYYY-MM-DD``; dates and None stay as they are, of a time its day is taken.

    Raises
    ------
    InputError
        The text is not a date.
    """
    if isinstance(on, dt.datetime):
        return on.date()
    if on is None or isinstance(on, dt.date):
        return on
    try:
        return dt.date.fromisoformat(on)
    except ValueError as error:
        raise InputError(f"{on!r} is not a date.", "Give it as YYYY-MM-DD, for example 2017-08-01.") from error


def _article(article: Article | str) -> Article:
    from geo.articles.compose import article_of
    from geo.articles.document import Document

    return article if isinstance(article, Article) else article_of(Document(article))


def _index(settings: Settings) -> Index:
    from geo.gazetteer.index import open_index

    return open_index(settings)
