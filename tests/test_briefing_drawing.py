import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from layer_cast import HOSTILE, LAYERS, SOURCES, places_layer, zones_layer
from PIL import Image
from pptx import Presentation

from geo.briefing.blocks import Block
from geo.briefing.canvas import drawing_settings
from geo.briefing.drawing import draw
from geo.briefing.sheet import SUFFIXES, Sheet, sheet_bytes
from geo.model import Layer, Source

SHEET = Sheet((places_layer(), zones_layer()), title="A title", size=(640, 400), made_on=dt.date(2020, 1, 2))


def _blocks(sheet: Sheet) -> tuple[Block, ...]:
    with drawing_settings():
        return draw(sheet).blocks


def _texts(sheet: Sheet) -> str:
    """Return everything that stands in the blocks of a sheet."""
    runs = [run for block in _blocks(sheet) for lines in block.paragraphs for line in lines for run in line]
    return " ".join(text for text, _ in runs)


def _pixels(content: bytes) -> Any:
    return np.asarray(Image.open(io.BytesIO(content)).convert("RGB"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_same_sheet_same_bytes(suffix: str) -> None:
    assert sheet_bytes(SHEET, suffix) == sheet_bytes(SHEET, suffix)


@pytest.mark.parametrize(
    ("suffix", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml"), ("pdf", b"%PDF"), ("pptx", b"PK")]
)
def test_each_suffix_is_what_it_says(suffix: str, start: bytes) -> None:
    assert sheet_bytes(SHEET, suffix).startswith(start)


@pytest.mark.parametrize("size", [(640, 400), (481, 977), (700, 700)])
@pytest.mark.parametrize("lang", ["en", "ar"])
def test_picture_has_its_size_and_nothing_is_cut_off(size: tuple[int, int], lang: str) -> None:
    pixels = _pixels(sheet_bytes(replace(SHEET, size=size, lang=lang), "png"))
    assert pixels.shape == (size[1], size[0], 3)
    edges = [pixels[:4], pixels[-4:], pixels[:, :4], pixels[:, -4:]]
    assert all((edge == 255).all() for edge in edges)


@pytest.mark.parametrize("make", LAYERS.values(), ids=list(LAYERS))
def test_every_layer_can_be_drawn(make: Callable[[], Layer]) -> None:
    pixels = _pixels(sheet_bytes(Sheet((make(),), size=(480, 480)), "png"))
    assert len(np.unique(pixels.reshape(-1, 3), axis=0)) > 50


def test_zones_are_drawn_in_their_hue() -> None:
    pixels = _pixels(sheet_bytes(replace(SHEET, bbox=(36.1, 35.1, 36.3, 35.3)), "png"))
    red, _, blue = pixels[200, 180].astype(int)
    assert red - blue > 60


def test_sheet_says_what_it_shows_as_of_when_and_how_sure() -> None:
    said = _texts(SHEET)
    for words in ("A title", "As of 15 September 2017", "Made on 2 January 2020", "approximate", "legal status"):
        assert words in said
    for words in ("Projection: Lambert azimuthal", "Sources", "1.\u00a0GeoNames, CC BY 4.0.", "2.\u00a0A report"):
        assert words in said


def test_sheet_without_words_of_its_own_says_what_its_layers_are() -> None:
    said = _texts(replace(SHEET, title=" ", made_on=None))
    assert "Places · De-escalation zones" in said
    assert "Made from data as of 15 September 2017" in said


def test_day_given_outranks_the_layers() -> None:
    assert "As of 1 August 2017" in _texts(replace(SHEET, on=dt.date(2017, 8, 1)))


def test_reproducible_builds_may_set_the_day_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert "Made on 2 January 1970" in _texts(replace(SHEET, made_on=None))


def test_sources_that_do_not_fit_are_counted() -> None:
    many = tuple(Source(f"A source with a rather long title, number {n}") for n in range(200))
    said = _texts(replace(SHEET, basemap=(replace(places_layer(), sources=many),)))
    assert "1.\u00a0GeoNames" in said
    assert "more, named in the layers’ files" in said


def test_a_source_of_several_layers_is_named_once_and_the_link_after_all() -> None:
    base = replace(places_layer(), sources=(*SOURCES, Source("Another")))
    said = _texts(replace(SHEET, basemap=(base,), link="https://example.org/map"))
    assert "3.\u00a0Another." in said
    assert "https://example.org/map" in said


def test_long_title_has_two_lines_and_a_mark() -> None:
    title = _blocks(replace(SHEET, title="word " * 80))[0]
    assert len(title.paragraphs[0]) == 2
    assert title.paragraphs[0][1][0][0].endswith("…")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_hostile_words_are_words(suffix: str) -> None:
    hostile = replace(SHEET, title=HOSTILE, subtitle="$\\frac{1}{0}$ <b>", link=HOSTILE)
    hostile = replace(hostile, basemap=(replace(places_layer(), sources=(Source(HOSTILE),)),))
    assert len(sheet_bytes(hostile, suffix)) > 1000


def _slide(sheet: Sheet) -> Any:
    deck = Presentation(io.BytesIO(sheet_bytes(sheet, "pptx")))
    assert len(deck.slides) == 1
    return deck.slides[0]


def test_slide_has_text_that_can_be_edited() -> None:
    slide = _slide(SHEET)
    texts = {shape.name: shape.text_frame.text for shape in slide.shapes if shape.has_text_frame}
    assert slide.shapes.title.text_frame.text == "A title"
    assert texts["Facts"] == "As of 15 September 2017"
    assert texts["Sources"].startswith("Sources\n1.\u00a0GeoNames")
    assert "approximate" in texts["Notes"]


def test_slide_notes_and_picture_tell_the_sources() -> None:
    slide = _slide(SHEET)
    picture = next(shape for shape in slide.shapes if shape.name == "Map")
    assert "2. A report, The Example, 2017-09-15 https://example.org" in slide.notes_slide.notes_text_frame.text
    assert "legal status" in picture._element.nvPicPr.cNvPr.get("descr")


def test_slide_in_arabic_runs_from_right_to_left() -> None:
    paragraph = _slide(replace(SHEET, lang="ar")).shapes.title.text_frame.paragraphs[0]
    assert paragraph._p.pPr.get("rtl") == "1"


def test_slide_is_dated_as_the_sheet() -> None:
    properties = Presentation(io.BytesIO(sheet_bytes(SHEET, "pptx"))).core_properties
    assert properties.created == properties.modified == dt.datetime(2020, 1, 2)


@pytest.mark.parametrize("size", [(640, 400), (480, 800)])
def test_crowded_legend_stays_above_the_footer(size: tuple[int, int]) -> None:
    crowd = tuple(replace(zones_layer(), name=f"zones{n}") for n in range(9))
    sheet = Sheet((*crowd, places_layer()), size=size, bbox=(36.1, 35.1, 36.2, 35.2))
    pixels = _pixels(sheet_bytes(sheet, "png"))
    footer = round(min(block.rect[1] for block in _blocks(sheet)[2:]))
    assert (pixels[footer - 3 : footer - 1] == 255).all()
