"""Everything a sheet says in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from geo.briefing.notes import credit, number_sources, projection_line
from geo.briefing.projection import Frame
from geo.briefing.sheet import Sheet, day_made, day_shown
from geo.briefing.words import Words, clean, words_in
from geo.model import Article, Layer, Source

_MOST_NAMED = 3
"""Layers in a title that nobody gave."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What a sheet says above and below its map.

    Attributes
    ----------
    numbers
        By layer name, the numbers of its sources as ``[1–3, 5]``.
    """

    title: str
    subtitle: str
    as_of: str
    notes: tuple[str, ...]
    sources: tuple[Source, ...]
    numbers: Mapping[str, str]


def sheet_words(sheet: Sheet) -> Words:
    """Return the words of the sheet's language, with the names that its layers know in that language."""
    return words_in(sheet.lang).with_terms(dict(_own_names(sheet)))


def _own_names(sheet: Sheet) -> Iterator[tuple[str, str]]:
    column = f"name_{sheet.lang}"
    for layer in sheet.layers:
        if {"name", column} <= set(layer.features.columns):
            for name, translated in zip(layer.features["name"], layer.features[column], strict=True):
                if isinstance(name, str) and isinstance(translated, str):
                    yield name, translated


def texts_of(sheet: Sheet, words: Words) -> Texts:
    """Return what the sheet says: the words given to it, or those of its layers."""
    sources, numbers = number_sources([(layer.name, layer.sources) for layer in (*sheet.layers, *sheet.basemap)])
    day = day_shown(sheet)
    as_of = words.say("as_of", date=words.date(day)) if day else ""
    title = clean(sheet.title) or " · ".join(_short_title(layer, words) for layer in _told(sheet))
    return Texts(title, clean(sheet.subtitle), as_of, tuple(_notes(sheet, words)), tuple(sources), numbers)


def reports_line(articles: Sequence[Article], language: str) -> str:
    """Return from how many reports, of which days, a sheet was made: a subtitle; empty for none.

    Raises
    ------
    UnknownNameError
        Sheets are not drawn in that language.
    """
    words = words_in(language)
    if not articles:
        return ""
    reports = words.count("reports", len(articles))
    days = sorted(article.date for article in articles if article.date)
    if not days:
        return reports
    if days[0] == days[-1]:
        return words.say("reports_dated", reports=reports, first=words.date(days[0]))
    return words.say("reports_between", reports=reports, first=words.date(days[0]), last=words.date(days[-1]))


def _short_title(layer: Layer, words: Words) -> str:
    """Return a layer's title without the word that the sheet says elsewhere."""
    return words.term(layer.title.removesuffix(" (approximate)"))


def _told(sheet: Sheet) -> list[Layer]:
    """Return the layers that name the sheet: the first that show something, or the first where none does."""
    return ([layer for layer in sheet.layers if len(layer.features)] or list(sheet.layers))[:_MOST_NAMED]


def _notes(sheet: Sheet, words: Words) -> Iterator[str]:
    yield f"{words.say('approximate_shapes')} {words.say('disclaimer')}"
    made, shown = day_made(sheet), day_shown(sheet)
    if made:
        yield words.say("made_on", date=words.date(made))
    elif shown:
        yield words.say("data_of", date=words.date(shown))
    if sheet.link:
        yield clean(sheet.link)


def with_projection(texts: Texts, frame: Frame, words: Words) -> Texts:
    """Return the texts with the projection's name among the notes."""
    return replace(texts, notes=(projection_line(frame, words), *texts.notes))


def about(texts: Texts) -> dict[str, str]:
    """Return what the file says of itself: title, author and description."""
    told = [texts.subtitle, texts.as_of, *texts.notes, *(credit(source) for source in texts.sources)]
    return {"Title": texts.title, "Author": "Dateline", "Description": " ".join(part for part in told if part)}
