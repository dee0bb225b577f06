from dataclasses import replace
from pathlib import Path

import pytest
from layer_cast import empty_layer, mixed_layer, places_layer, zones_layer

from geo.briefing.sheet import Sheet, default_bbox, draw_sheet, parse_size, sheet_bbox, sheet_bytes, suffix_of
from geo.errors import InputError, OutputError, UnknownNameError


@pytest.mark.parametrize(
    ("text", "size"), [("1920x1080", (1920, 1080)), ("800X600", (800, 600)), ("800 × 600", (800, 600))]
)
def test_size_is_read(text: str, size: tuple[int, int]) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize(
    "text", ["", "1920", "1920x", "axb", "-800x600", "1920x1080x2", "800.5x600", "٨٠٠x600", "9" * 5000 + "x1"]
)
def test_size_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(InputError, match="is not a width and a height"):
        parse_size(text)


@pytest.mark.parametrize("text", ["10x10", "99999x600", "8000x8000"])
def test_size_that_cannot_be_drawn_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="cannot be drawn"):
        parse_size(text)


def test_unknown_suffix_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match=r"\.png, \.svg, \.pdf, \.pptx"):
        suffix_of("sheet.docx")


def test_unknown_language_lists_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="en, ar, ru"):
        sheet_bytes(Sheet((zones_layer(),), lang="xx"), "png")


def test_map_shows_the_approximate_layers_else_all_else_the_world() -> None:
    assert default_bbox([places_layer(), zones_layer()]) == (36, 35, 37.5, 36)
    assert default_bbox([replace(mixed_layer(), approximate=True), zones_layer()]) == (36, 35, 37.5, 36)
    assert default_bbox([places_layer()]) == (36.123456789, 34.72682, 36.72339, 35.987654321)
    assert default_bbox([empty_layer()]) == (-180, -90, 180, 90)


def test_base_map_has_to_fill_more_than_the_bbox() -> None:
    west, south, east, north = sheet_bbox([zones_layer()])
    assert west < 36
    assert south < 35
    assert east > 37.5
    assert north > 36


def test_failing_write_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        draw_sheet(Sheet((zones_layer(),)), tmp_path / "missing" / "sheet.svg")
    assert list(tmp_path.iterdir()) == []
